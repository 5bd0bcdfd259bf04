// A fake MySQL server that speaks enough of the protocol (version 10) for real drivers to connect and query, and does in every
// phase what a test tells it: any error, closing, silence, nonsense, every way of logging in, and asking for a client's file.
import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { cachingAnswer, decryptPassword, nativeAnswer, publicKey } from './fake-mysql-auth.ts'
import { changesOf, isInTransactionAfter, MysqlSettings } from './fake-mysql-defaults.ts'
import {
  binaryRow,
  columnPacket,
  eofPacket,
  errorPacket,
  greeting,
  int,
  lenenc,
  nul,
  okPacket,
  readLogin,
  STATUS,
  textRow,
} from './fake-mysql-packets.ts'
import {
  FakeSession,
  listen,
  type Answer,
  type FakeServer,
  type Seen,
  type ServerError,
  type TlsFiles,
} from './fake-server.ts'

export type { FakeServer, Seen } from './fake-server.ts'

/** `localInfile` asks the client for this file of its machine, as a rogue server would; then the statement is done. */
export type MysqlAnswer = Answer | { localInfile: string }

/**
 * - `native`: mysql_native_password.
 * - `caching-fast`: caching_sha2_password whose server knows the password already.
 * - `caching-full`: it does not, and wants the password itself: over TLS in clear, otherwise encrypted with the server's key.
 * - `sha256`: sha256_password, the same without the fast path.
 * - `clear`: mysql_clear_password.
 * - `old`: the plugin of MySQL before 4.1, which no current driver has.
 */
export type MysqlAuth = 'native' | 'caching-fast' | 'caching-full' | 'sha256' | 'clear' | 'old'

export interface FakeMysqlOptions {
  port?: number
  /** As the greeting tells it; a MySQL 8.4 when left out. `5.5.5-10.11.19-MariaDB` is told as 10.11.19-MariaDB. */
  version?: string
  auth?: MysqlAuth
  /** The greeting names this plugin, and the one of `auth` is asked for by a switch. `clear` and `old` always switch. */
  announce?: 'mysql_native_password' | 'caching_sha2_password'
  /** The one that is right; any other is refused with 1045. */
  password?: string
  tls?: TlsFiles
  /** What it hands out when asked for its key; its own one when left out. */
  serverKey?: string
  /** Asked when a client has connected: an error then takes the place of the greeting, as 1040 and 1129 do. */
  onAccept?: (session: MysqlSession) => Answer | undefined
  /** Asked when a client has said who it is, before it is asked for more, and again after the password was right. */
  onConnect?: (connect: MysqlConnect) => Answer | undefined | Promise<Answer | undefined>
  /** Asked for every statement, also prepared ones, and for pings (`sql` is 'PING'). */
  onQuery?: (query: MysqlQuery) => MysqlAnswer | undefined | Promise<MysqlAnswer | undefined>
}

export interface MysqlConnect {
  when: 'before-password' | 'after-password'
  user: string
  database: string
  session: MysqlSession
}

export interface MysqlQuery {
  sql: string
  isInTransaction: boolean
  session: MysqlSession
}

/** Numbers of the commands that are answered. */
const COMMAND = {
  quit: 1,
  initDb: 2,
  query: 3,
  ping: 14,
  prepare: 22,
  execute: 23,
  closeStatement: 25,
  reset: 31,
} as const

const PLUGINS: Record<MysqlAuth, string> = {
  native: 'mysql_native_password',
  'caching-fast': 'caching_sha2_password',
  'caching-full': 'caching_sha2_password',
  sha256: 'sha256_password',
  clear: 'mysql_clear_password',
  old: 'mysql_old_password',
}

export class MysqlSession extends FakeSession {
  readonly settings: MysqlSettings
  isInTransaction = false
  #sequence = 0

  constructor(id: number, socket: Socket, version: string) {
    super(id, socket)
    this.settings = new MysqlSettings(id, version.replace(/^5\.5\.5-/, ''))
  }

  get status(): number {
    return STATUS.autocommit | (this.isInTransaction ? STATUS.inTransaction : 0)
  }

  async readPacket(): Promise<Buffer> {
    const head = await this.read(4)
    this.#sequence = (head[3] ?? 0) + 1
    return this.read(head.readUIntLE(0, 3))
  }

  send(packet: Buffer): void {
    this.write(Buffer.concat([int(packet.length, 3), int(this.#sequence & 0xff, 1), packet]))
    this.#sequence += 1
  }

  /** `sqlState` null leaves it out. To an idle session it is what MySQL says before it ends one (4031, 1927). */
  fail({ code, message = `fake ${code}`, sqlState = 'HY000', close = false }: ServerError, isEarly = false): void {
    this.send(errorPacket(Number(code), message, isEarly ? null : sqlState))
    if (close) this.close()
  }

  /** The same without a request before it: the next packet is number 0. */
  failIdle(error: ServerError): void {
    this.#sequence = 0
    this.fail({ close: true, ...error })
  }
}

export function startFakeMysql(options: FakeMysqlOptions = {}): Promise<FakeServer<MysqlSession>> {
  const { version = '8.4.3' } = options
  return listen(
    options.port,
    (id, socket) => new MysqlSession(id, socket, version),
    (session, seen) => talk(session, seen, options, version),
  )
}

async function talk(session: MysqlSession, seen: Seen, options: FakeMysqlOptions, version: string): Promise<void> {
  const accepted = await session.breakOff(options.onAccept?.(session) ?? 'ok')
  if (typeof accepted === 'object' && 'error' in accepted) return session.fail({ ...accepted.error, close: true }, true)
  const { auth = 'native', tls } = options
  const announced = options.announce ?? (auth === 'clear' || auth === 'old' ? 'mysql_native_password' : PLUGINS[auth])
  const challenge = freshChallenge()
  session.send(greeting({ version, thread: session.id, plugin: announced, challenge, hasTls: tls !== undefined }))
  let login = readLogin(await session.readPacket())
  if (login.isTlsRequest && tls) {
    session.encrypt(tls)
    login = readLogin(await session.readPacket())
  }
  const { user, database } = login
  const ask = async (when: MysqlConnect['when']) => {
    const answer = await session.breakOff((await options.onConnect?.({ when, user, database, session })) ?? 'ok')
    if (typeof answer === 'object' && 'error' in answer) session.fail({ close: true, ...answer.error })
    return !session.isOver
  }
  if (!(await ask('before-password'))) return
  const given = { announced, challenge, ...login }
  const isRight = await authenticate(session, seen, given, auth, options)
  if (!isRight) {
    const words = `Access denied for user '${user}'@'127.0.0.1' (using password: YES)`
    return session.fail({ code: 1045, sqlState: '28000', message: words, close: true })
  }
  if (!(await ask('after-password'))) return
  session.send(okPacket(session.status))
  await serve(session, seen, options)
}

/** 20 bytes without a zero among them, which would end it. */
const freshChallenge = () => Buffer.from(randomBytes(20).map((byte) => (byte % 127) + 1))

interface Given {
  announced: string
  challenge: Buffer
  user: string
  plugin: string
  answer: Buffer
}

async function authenticate(
  session: MysqlSession,
  seen: Seen,
  given: Given,
  auth: MysqlAuth,
  { password = 'secret', serverKey }: FakeMysqlOptions,
): Promise<boolean> {
  let { challenge, answer } = given
  const isSwitched = given.plugin !== PLUGINS[auth] || given.announced !== PLUGINS[auth]
  if (isSwitched) {
    challenge = freshChallenge()
    // The old plugin is asked for by one byte alone.
    const rest = auth === 'old' ? [] : [nul(PLUGINS[auth]), challenge, int(0, 1)]
    session.send(Buffer.concat([int(0xfe, 1), ...rest]))
    answer = await session.readPacket()
  }
  seen.attempts += 1
  seen.users.push(given.user)
  const inClear = (bytes: Buffer) => {
    const text = bytes.toString().replace(/\0$/, '')
    seen.clearBytes += Buffer.byteLength(text)
    return text === password
  }
  /** `keyRequest`: the one byte by which a client asks for the server's key instead of sending the password. */
  const isPassword = async (said: Buffer, keyRequest: 1 | 2) => {
    const isRequest = said.equals(Buffer.from([keyRequest]))
    if (isRequest) seen.keyRequests += 1
    if (!isRequest || session.socket instanceof TLSSocket) return inClear(said)
    session.send(Buffer.concat([int(1, 1), serverKey === undefined ? publicKey() : Buffer.from(serverKey)]))
    return decryptPassword(await session.readPacket(), challenge) === password
  }
  switch (auth) {
    case 'native':
      return answer.equals(nativeAnswer(password, challenge))
    case 'clear':
      return inClear(answer)
    case 'old':
      return false
    case 'caching-fast': {
      const isRight = answer.equals(cachingAnswer(password, challenge))
      if (isRight) session.send(Buffer.from([1, 3]))
      return isRight
    }
    case 'caching-full':
      session.send(Buffer.from([1, 4]))
      return isPassword(await session.readPacket(), 2)
    case 'sha256':
      return isPassword(answer, 1)
  }
}

async function serve(session: MysqlSession, seen: Seen, options: FakeMysqlOptions): Promise<void> {
  const prepared = new Map<number, string>()
  const run = async (sql: string, isBinary: boolean) => {
    seen.queries.push(sql)
    const { isInTransaction } = session
    const told = await options.onQuery?.({ sql, isInTransaction, session })
    if (typeof told === 'object' && 'localInfile' in told) {
      await takeFile(session, told.localInfile, seen)
      return session.send(okPacket(session.status))
    }
    const answer = await session.breakOff(told ?? (sql === 'PING' ? 'ok' : session.settings.answer(sql)))
    if (typeof answer === 'object' && 'error' in answer) return session.fail(answer.error)
    if (typeof answer === 'object' && 'rows' in answer) return sendRows(session, answer, isBinary)
    session.isInTransaction = isInTransactionAfter(sql, isInTransaction)
    const tagged = typeof answer === 'object' ? Number(/\d+$/.exec(answer.tag)?.[0] ?? 0) : changesOf(sql)
    session.send(okPacket(session.status, tagged))
  }
  for (;;) {
    const packet = await session.readPacket()
    const text = packet.subarray(1).toString()
    const command = packet[0]
    if (command === COMMAND.quit) return
    if (command === COMMAND.query) await run(text, false)
    else if (command === COMMAND.ping) await run('PING', false)
    else if (command === COMMAND.prepare) {
      prepared.set(prepared.size + 1, text)
      sendPrepared(session, prepared.size, text)
    } else if (command === COMMAND.execute) await run(prepared.get(packet.readUInt32LE(1)) ?? '', true)
    else if (command === COMMAND.initDb || command === COMMAND.reset) session.send(okPacket(session.status))
    else if (command !== COMMAND.closeStatement)
      session.fail({ code: 1047, sqlState: '08S01', message: 'Unknown command' })
    if (session.isOver) return
  }
}

/** What the client sends ends with an empty packet; one that refuses sends only that, or goes. */
async function takeFile(session: MysqlSession, name: string, seen: Seen): Promise<void> {
  session.send(Buffer.concat([int(0xfb, 1), Buffer.from(name)]))
  for (;;) {
    const packet = await session.readPacket()
    if (packet.length === 0) return
    seen.fileBytes += packet.length
  }
}

/** Columns are told with the rows only, which drivers take. */
function sendPrepared(session: MysqlSession, id: number, sql: string): void {
  const parameters = (sql.replaceAll(/'[^']*'/g, '').match(/\?/g) ?? []).length
  session.send(Buffer.concat([int(0, 1), int(id, 4), int(0, 2), int(parameters, 2), int(0, 1), int(0, 2)]))
  for (let index = 0; index < parameters; index += 1) session.send(columnPacket('?'))
  if (parameters > 0) session.send(eofPacket(session.status))
}

function sendRows(
  session: MysqlSession,
  { rows, columns }: Extract<Answer, { rows: unknown }>,
  isBinary: boolean,
): void {
  const names = columns ?? (rows[0] ?? ['']).map((_value, index) => `column${index + 1}`)
  session.send(lenenc(names.length))
  for (const name of names) session.send(columnPacket(name))
  session.send(eofPacket(session.status))
  for (const row of rows) session.send(isBinary ? binaryRow(row) : textRow(row))
  session.send(eofPacket(session.status))
}
