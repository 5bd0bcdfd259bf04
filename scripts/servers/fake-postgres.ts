// A fake PostgreSQL server that speaks enough of the protocol (version 3.0) for real drivers to connect and query, and does in
// every phase what a test tells it: any error, closing, resetting, silence, nonsense, and every way of asking for a password.
import { createHash, randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { completionOf, PostgresSettings, stateAfter, type TransactionState } from './fake-postgres-defaults.ts'
import { beginScram } from './fake-scram.ts'
import {
  FakeSession,
  listen,
  type Answer,
  type FakeServer,
  type Seen,
  type ServerError,
  type TlsFiles,
} from './fake-server.ts'

export type { Answer, FakeServer, Seen } from './fake-server.ts'

export interface FakePostgresOptions {
  port?: number
  /** How the password is asked for: 3, 5 or 10 of the protocol, or not at all. SCRAM when left out. */
  auth?: 'none' | 'cleartext' | 'md5' | 'scram'
  /** The one that is right; any other is refused with 28P01. */
  password?: string
  /** Answers a request for TLS with it; without, with 'N'. */
  tls?: TlsFiles
  /** Asked when a client has connected, before anything is read: only an answer without words makes sense. */
  onAccept?: (session: PostgresSession) => Answer | undefined
  /** Asked when a client has said who it is, before it is asked for a password, and again after the password was right. */
  onConnect?: (connect: PostgresConnect) => Answer | undefined | Promise<Answer | undefined>
  /** Asked for every statement, in the simple and the extended protocol; undefined is an answer of the fake's own. */
  onQuery?: (query: PostgresQuery) => Answer | undefined | Promise<Answer | undefined>
}

export interface PostgresConnect {
  when: 'before-password' | 'after-password'
  user: string
  database: string
  session: PostgresSession
}

export interface PostgresQuery {
  sql: string
  /** As text; empty in the simple protocol. */
  values: (string | null)[]
  isInTransaction: boolean
  session: PostgresSession
}

/** What a client's first packet may be. */
const SSL_REQUEST = 80_877_103
const GSS_REQUEST = 80_877_104
const CANCEL_REQUEST = 80_877_102

export class PostgresSession extends FakeSession {
  readonly settings: PostgresSettings
  state: TransactionState = 'I'

  constructor(id: number, socket: Socket) {
    super(id, socket)
    this.settings = new PostgresSettings(id)
  }

  send(type: string, ...parts: Part[]): void {
    this.write(message(type, ...parts))
  }

  /** An error that nobody asked for: "terminating connection due to administrator command" to an idle session. */
  fail({ code, message: words = `fake ${code}`, severity = 'ERROR', close }: ServerError): void {
    this.send('E', 'S', text(severity), 'V', text(severity), 'C', text(String(code)), 'M', text(words), byte(0))
    if (close ?? severity !== 'ERROR') this.close()
  }

  ready(): void {
    this.send('Z', this.state)
  }
}

export function startFakePostgres(options: FakePostgresOptions = {}): Promise<FakeServer<PostgresSession>> {
  return listen(
    options.port,
    (id, socket) => new PostgresSession(id, socket),
    (session, seen) => talk(session, seen, options),
  )
}

async function talk(session: PostgresSession, seen: Seen, options: FakePostgresOptions): Promise<void> {
  await session.breakOff(options.onAccept?.(session) ?? 'ok')
  const startup = await readStartup(session, seen, options)
  if (!startup) return
  const { user = '', database = user } = startup
  const ask = async (when: PostgresConnect['when']) => {
    const answer = await session.breakOff((await options.onConnect?.({ when, user, database, session })) ?? 'ok')
    if (typeof answer === 'object' && 'error' in answer) session.fail({ severity: 'FATAL', ...answer.error })
    return !session.isOver
  }
  if (!(await ask('before-password'))) return
  if (!(await authenticate(session, user, seen, options))) return
  if (!(await ask('after-password'))) return
  session.send('R', int32(0))
  for (const name of ['server_version', 'client_encoding', 'standard_conforming_strings'])
    session.send('S', text(name), text(session.settings.get(name) ?? (name === 'client_encoding' ? 'UTF8' : 'on')))
  session.send('K', int32(session.id), int32(session.id))
  session.ready()
  await serve(session, seen, options)
}

/** The settings of the start-up message; null for a request to cancel. */
async function readStartup(session: PostgresSession, seen: Seen, { tls }: FakePostgresOptions) {
  for (;;) {
    const length = (await session.read(4)).readInt32BE()
    const body = await session.read(length - 4)
    const code = body.readInt32BE()
    if (code === SSL_REQUEST || code === GSS_REQUEST) {
      const isOffered = code === SSL_REQUEST && tls !== undefined
      session.write(Buffer.from(isOffered ? 'S' : 'N'))
      if (isOffered) session.encrypt(tls)
    } else if (code === CANCEL_REQUEST) {
      seen.cancels += 1
      return null
    } else {
      const words = body.subarray(4).toString().split('\0')
      const pairs = words.flatMap((word, index) => (index % 2 === 0 && word ? [[word, words[index + 1] ?? '']] : []))
      return Object.fromEntries(pairs) as Record<string, string>
    }
  }
}

async function authenticate(session: PostgresSession, user: string, seen: Seen, options: FakePostgresOptions) {
  const { auth = 'scram', password = 'secret' } = options
  if (auth === 'none') return true
  const answer = async () => {
    const { body } = await readMessage(session)
    return body
  }
  const attempt = () => {
    seen.attempts += 1
    seen.users.push(user)
  }
  let isRight: boolean
  if (auth === 'scram') {
    session.send('R', int32(10), text('SCRAM-SHA-256'), byte(0))
    const first = await answer()
    attempt()
    const scram = beginScram(first.subarray(first.indexOf(0) + 5).toString(), password)
    session.send('R', int32(11), scram.challenge)
    const end = scram.finish((await answer()).toString())
    if (end !== null) session.send('R', int32(12), end)
    isRight = end !== null
  } else {
    const salt = randomBytes(4)
    if (auth === 'md5') session.send('R', int32(5), salt)
    else session.send('R', int32(3))
    const given = (await answer()).toString().replace(/\0$/, '')
    attempt()
    if (auth === 'cleartext') seen.clearBytes += Buffer.byteLength(given)
    isRight = given === (auth === 'cleartext' ? password : `md5${md5(md5(password + user), salt)}`)
  }
  if (!isRight) {
    const words = `password authentication failed for user "${user}"`
    session.fail({ code: '28P01', severity: 'FATAL', message: words })
  }
  return isRight
}

const md5 = (...parts: (string | Buffer)[]) => {
  const hash = createHash('md5')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}

/** A statement of the extended protocol, between Bind and Execute. */
interface Portal {
  sql: string
  values: (string | null)[]
  /** Asked for once: at Describe, or at Execute where nothing was described. */
  answer?: QueryAnswer
}

type QueryAnswer = 'ok' | Extract<Answer, { error: ServerError } | { rows: unknown } | { tag: string }>

async function serve(session: PostgresSession, seen: Seen, options: FakePostgresOptions): Promise<void> {
  const prepared = new Map<string, string>()
  let portal: Portal = { sql: '', values: [] }
  let isSkipping = false
  const ask = async (sql: string, values: (string | null)[]): Promise<QueryAnswer> => {
    seen.queries.push(sql)
    const isInTransaction = session.state !== 'I'
    const told = await options.onQuery?.({ sql, values, isInTransaction, session })
    if (told === undefined && session.state === 'E' && !/^\s*(commit|end|rollback|abort)\b/i.test(sql))
      return { error: { code: '25P02', message: 'current transaction is aborted, commands ignored until its end' } }
    return session.breakOff(told ?? session.settings.answer(sql))
  }
  const fail = (error: ServerError) => {
    if (session.state === 'T') session.state = 'E'
    session.fail(error)
  }
  for (;;) {
    const { type, body } = await readMessage(session)
    if (type === 'X') return
    if (type === 'S') {
      isSkipping = false
      session.ready()
    } else if (isSkipping) {
      // After an error everything up to Sync is left unanswered.
      continue
    } else if (type === 'Q') {
      const sql = body.toString().replace(/\0$/, '')
      const answer = await ask(sql, [])
      if (typeof answer === 'object' && 'error' in answer) fail(answer.error)
      else complete(session, sql, answer, true)
      session.ready()
    } else if (type === 'P') {
      const [name = '', sql = ''] = body.toString().split('\0')
      prepared.set(name, sql)
      session.send('1')
    } else if (type === 'B') {
      const { statement, values } = readBind(body)
      portal = { sql: prepared.get(statement) ?? '', values }
      session.send('2')
    } else if (type === 'D' || type === 'E') {
      if (type === 'D' && body.toString('latin1', 0, 1) === 'S')
        portal = { sql: prepared.get(body.toString().slice(1, -1)) ?? '', values: [] }
      const answer = (portal.answer ??= await ask(portal.sql, portal.values))
      if (typeof answer === 'object' && 'error' in answer) {
        isSkipping = true
        fail(answer.error)
      } else if (type === 'E') complete(session, portal.sql, answer, false)
      else {
        if (body.toString('latin1', 0, 1) === 'S') session.send('t', int16(0))
        describe(session, answer)
      }
    } else if (type === 'C') session.send('3')
    if (session.isOver) return
  }
}

function readBind(body: Buffer): { statement: string; values: (string | null)[] } {
  let at = body.indexOf(0) + 1
  const statement = body.subarray(at, body.indexOf(0, at)).toString()
  at = body.indexOf(0, at) + 1
  at += 2 + body.readInt16BE(at) * 2
  const count = body.readInt16BE(at)
  at += 2
  const values = Array.from({ length: count }, () => {
    const length = body.readInt32BE(at)
    at += 4
    if (length < 0) return null
    at += length
    return body.subarray(at - length, at).toString()
  })
  return { statement, values }
}

const columnsOf = ({ rows, columns }: Extract<Answer, { rows: unknown }>) =>
  columns ?? (rows[0] ?? ['']).map((_value, index) => `column${index + 1}`)

function describe(session: PostgresSession, answer: QueryAnswer): void {
  if (typeof answer !== 'object' || !('rows' in answer)) return session.send('n')
  const TEXT = 25
  const fields = columnsOf(answer).flatMap((name) => [
    ...[text(name), int32(0), int16(0)],
    ...[int32(TEXT), int16(-1), int32(-1), int16(0)],
  ])
  session.send('T', int16(columnsOf(answer).length), ...fields)
}

function complete(session: PostgresSession, sql: string, answer: QueryAnswer, isSimple: boolean): void {
  if (typeof answer === 'object' && 'rows' in answer) {
    if (isSimple) describe(session, answer)
    for (const row of answer.rows) {
      const cells = row.flatMap((cell) => (cell === null ? [int32(-1)] : [int32(Buffer.byteLength(cell)), cell]))
      session.send('D', int16(row.length), ...cells)
    }
    session.send('C', text(`SELECT ${answer.rows.length}`))
    return
  }
  // The simple protocol takes several statements at once.
  const statements = isSimple ? sql.split(';').filter((part) => part.trim() !== '') : [sql]
  if (statements.length === 0) return session.send('I')
  for (const statement of statements) {
    const wasFailed = session.state === 'E' && /^\s*(commit|end)\b/i.test(statement)
    session.state = stateAfter(statement, session.state)
    const tag = typeof answer === 'object' && 'tag' in answer ? answer.tag : completionOf(statement)
    session.send('C', text(wasFailed ? 'ROLLBACK' : tag))
  }
}

async function readMessage(session: PostgresSession): Promise<{ type: string; body: Buffer }> {
  const head = await session.read(5)
  return { type: head.toString('latin1', 0, 1), body: await session.read(head.readInt32BE(1) - 4) }
}

type Part = Buffer | string

const byte = (value: number) => Buffer.from([value])
/** With the NUL that ends it. */
const text = (value: string) => Buffer.from(`${value}\0`)

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

function message(type: string, ...parts: Part[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)))
  return Buffer.concat([Buffer.from(type, 'latin1'), int32(body.length + 4), body])
}
