// The fake MySQL against the real driver: every phase is reached, every answer is told apart, every password is counted.
import { execFileSync } from 'node:child_process'
import { createReadStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mysql, { type Connection, type ConnectionOptions, type RowDataPacket } from 'mysql2/promise'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startFakeMysql, type FakeMysqlOptions, type MysqlAuth } from './fake-mysql.ts'

const PASSWORD = 'canary-7f3a'
const connections: Connection[] = []

async function open(port: number, config: ConnectionOptions = {}): Promise<Connection> {
  const login = { host: '127.0.0.1', port, user: 'ada', password: PASSWORD, database: 'users' }
  const connection = await mysql.createConnection({ ...login, rowsAsArray: true, ...config })
  connection.on('error', () => undefined)
  connections.push(connection)
  return connection
}

async function connected(options: FakeMysqlOptions, config?: ConnectionOptions) {
  const fake = await startFakeMysql({ password: PASSWORD, ...options })
  return { fake, connection: await open(fake.port, config) }
}

interface Told {
  code?: string
  errno?: number
  sqlState?: string
  message: string
}

const failureOf = (work: Promise<unknown>): Promise<Told> =>
  work.then(
    () => ({ code: 'none', message: '' }),
    ({ code, errno, sqlState, message }: Told) => ({ code, errno, sqlState, message }) as Told,
  )

afterEach(() => {
  for (const connection of connections.splice(0)) connection.destroy()
})

const folder = mkdtempSync(join(tmpdir(), 'roster-test-fake-'))
const files = { key: join(folder, 'key.pem'), cert: join(folder, 'cert.pem') }
beforeAll(() => {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1']
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1']
  execFileSync('openssl', [...args, ...subject, '-keyout', files.key, '-out', files.cert], { stdio: 'pipe' })
})
afterAll(() => rmSync(folder, { recursive: true }))
const tls = () => ({ key: readFileSync(files.key), cert: readFileSync(files.cert) })

describe('logging in', () => {
  const ways: [auth: MysqlAuth, announce: FakeMysqlOptions['announce'], clear: boolean][] = [
    ['native', undefined, false],
    ['native', 'caching_sha2_password', false],
    ['caching-fast', undefined, false],
    ['caching-fast', 'mysql_native_password', false],
    // Encrypted with the key that the server gives: the driver does so of itself.
    ['caching-full', undefined, false],
    ['sha256', undefined, false],
    ['clear', undefined, true],
  ]
  it.for(ways)('by %s, announced as %s', async ([auth, announce, isClear]) => {
    const { fake, connection } = await connected(
      { auth, ...(announce ? { announce } : {}) },
      {
        enableCleartextPlugin: true,
      },
    )
    await using _ = fake
    expect((await connection.query<RowDataPacket[]>('select 7'))[0]).toEqual([['7']])
    expect([fake.seen.attempts, fake.seen.users]).toEqual([1, ['ada']])
    expect(fake.seen.clearBytes).toBe(isClear ? PASSWORD.length : 0)
    expect(fake.wasSent(PASSWORD)).toBe(isClear)
    expect(fake.seen.keyRequests).toBe(auth === 'caching-full' || auth === 'sha256' ? 1 : 0)
    await connection.end()
  })

  it('asks for the password itself over TLS', async () => {
    const { fake } = await connected({ auth: 'caching-full', tls: tls() }, { ssl: { ca: tls().cert } })
    await using _ = fake
    expect([fake.seen.attempts, fake.seen.clearBytes]).toEqual([1, PASSWORD.length])
  })

  it.for(['native', 'caching-fast', 'caching-full', 'sha256'] as const)(
    'refuses a wrong password by %s',
    async (auth) => {
      await using fake = await startFakeMysql({ auth, password: PASSWORD })
      expect(await failureOf(open(fake.port, { password: 'wrong' }))).toMatchObject({ errno: 1045, sqlState: '28000' })
      expect(fake.seen.attempts).toBe(1)
    },
  )

  it('switches to plugins that no driver answers, and gets nothing', async () => {
    for (const auth of ['clear', 'old'] as const) {
      await using fake = await startFakeMysql({ auth, password: PASSWORD })
      expect((await failureOf(open(fake.port))).code).not.toBe('none')
      expect([fake.seen.clearBytes, fake.wasSent(PASSWORD)]).toEqual([0, false])
    }
  })

  it.for(['accept', 'before-password', 'after-password'] as const)('gives any error: %s', async (phase) => {
    const answer = { error: { code: 1040, message: 'Too many connections', sqlState: '08004' } }
    await using fake = await startFakeMysql({
      password: PASSWORD,
      onAccept: () => (phase === 'accept' ? answer : undefined),
      onConnect: ({ when, database }) => (when === phase && database === 'users' ? answer : undefined),
    })
    const failure = await failureOf(open(fake.port))
    expect(failure).toMatchObject({ errno: 1040, message: 'Too many connections' })
    // MySQL tells no SQLSTATE before it knows its client.
    expect(failure.sqlState || '').toBe(phase === 'accept' ? '' : '08004')
    expect(fake.seen.attempts).toBe(phase === 'after-password' ? 1 : 0)
  })

  it.for(['close', 'reset', 'garbage', 'hang'] as const)('can do something else: %s', async (answer) => {
    for (const options of [{ onAccept: () => answer }, { onConnect: () => answer }]) {
      await using fake = await startFakeMysql({ password: PASSWORD, ...options })
      const failure = await failureOf(open(fake.port, { connectTimeout: 300 }))
      const codes = { close: 'PROTOCOL_CONNECTION_LOST', reset: 'ECONNRESET', garbage: /./, hang: 'ETIMEDOUT' }
      expect(failure.code ?? 'garbage').toMatch(codes[answer])
      expect(fake.seen.attempts).toBe(0)
    }
  })
})

describe('statements', () => {
  it('answers with rows, counts and errors, as text and prepared', async () => {
    const { fake, connection } = await connected({
      onQuery: ({ sql }) => {
        if (sql.startsWith('select name'))
          return {
            rows: [
              ['Ada', null, 'x'],
              [null, 'é', ''],
            ],
            columns: ['name', 'b', 'c'],
          }
        if (sql.startsWith('update')) return { tag: 'UPDATE 300' }
        if (sql.startsWith('delete')) return { error: { code: 1451, sqlState: '23000', message: 'still referenced' } }
        return undefined
      },
    })
    await using _ = fake
    const expected = [
      ['Ada', null, 'x'],
      [null, 'é', ''],
    ]
    const [rows, fields] = await connection.query('select name')
    expect([rows, fields.map(({ name }) => name)]).toEqual([expected, ['name', 'b', 'c']])
    expect((await connection.execute('select name where a = ?', ['v']))[0]).toEqual(expected)
    expect((await connection.query('update t'))[0]).toMatchObject({ affectedRows: 300 })
    expect(await failureOf(connection.query('delete'))).toMatchObject({ errno: 1451, sqlState: '23000' })
    expect(await failureOf(connection.execute('delete where a = ?', [1]))).toMatchObject({ errno: 1451 })
    expect((await connection.query('insert into t'))[0]).toMatchObject({ affectedRows: 1 })
    await connection.ping()
    expect(fake.seen.queries.at(-1)).toBe('PING')
    await connection.end()
  })

  it('knows transactions', async () => {
    const states: boolean[] = []
    const { fake, connection } = await connected({
      onQuery: ({ sql, isInTransaction }) => {
        states.push(isInTransaction)
        return sql === 'COMMIT' ? { error: { code: 1213, sqlState: '40001' } } : undefined
      },
    })
    await using _ = fake
    await connection.query('START TRANSACTION')
    await connection.query('update t')
    expect(await failureOf(connection.query('COMMIT'))).toMatchObject({ errno: 1213, code: 'ER_LOCK_DEADLOCK' })
    await connection.query('ROLLBACK')
    await connection.query('select 1')
    expect(states).toEqual([false, true, true, true, false])
    await connection.end()
  })

  it.for(['close', 'reset', 'hang', 'garbage'] as const)(
    'can do something else with a statement in flight: %s',
    async (answer) => {
      const { fake, connection } = await connected({ onQuery: ({ sql }) => (sql === 'COMMIT' ? answer : undefined) })
      await using _ = fake
      await connection.query('BEGIN')
      const silence = new Promise<Told>((resolve) => setTimeout(() => resolve({ message: 'silent' }), 300))
      const outcome = await Promise.race([failureOf(connection.query('COMMIT')), silence])
      if (answer === 'hang') expect(outcome.message).toBe('silent')
      else if (answer === 'reset') expect(outcome.code).toBe('ECONNRESET')
      else if (answer === 'close') expect(outcome.code).toBe('PROTOCOL_CONNECTION_LOST')
      expect(outcome.code).not.toBe('none')
      expect(fake.seen.queries).toEqual(['BEGIN', 'COMMIT'])
    },
  )

  it('ends a session that is idle, with words or without', async () => {
    for (const end of ['words', 'reset'] as const) {
      const { fake, connection } = await connected({})
      await using _ = fake
      const told = new Promise<Told>((resolve) => connection.once('error', resolve))
      const [session] = fake.sessions
      if (end === 'words') session?.failIdle({ code: 4031, message: 'The client was disconnected by the server' })
      else session?.reset()
      expect(await told).toMatchObject(
        end === 'words' ? { message: expect.stringMatching(/disconnected|lost/) as string } : { code: 'ECONNRESET' },
      )
    }
  })

  it('asks for a file, and counts what it gets', async () => {
    const canary = join(folder, 'canary')
    writeFileSync(canary, PASSWORD)
    const { fake, connection } = await connected({ onQuery: () => ({ localInfile: canary }) })
    await using _ = fake
    expect((await failureOf(connection.query('select 1'))).code).not.toBe('none')
    expect(fake.seen.fileBytes).toBe(0)
    // A client that gives files away is seen to do so: the count above can fail.
    const given = { sql: 'select 1', infileStreamFactory: (path: string) => createReadStream(path) }
    await (await open(fake.port)).query(given)
    expect([fake.seen.fileBytes, fake.wasSent(PASSWORD)]).toEqual([PASSWORD.length, true])
  })

  it('remembers what a session was set to, and tells it', async () => {
    const { fake, connection } = await connected({ version: '5.5.5-10.11.19-MariaDB' })
    await using _ = fake
    await connection.query(
      `SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE', SESSION autocommit = 1, @@session.time_zone='+00:00'`,
    )
    await connection.query('SET SESSION TRANSACTION READ ONLY')
    const [rows] = await connection.query(
      `SHOW SESSION VARIABLES WHERE Variable_name IN ('sql_mode', 'autocommit', 'tx_read_only', 'transaction_read_only', 'version')`,
    )
    expect(rows).toEqual([
      ['sql_mode', 'STRICT_ALL_TABLES,NO_ZERO_DATE'],
      ['autocommit', 'ON'],
      ['tx_read_only', 'ON'],
      ['version', '10.11.19-MariaDB'],
    ])
    expect((await connection.query('SELECT CONNECTION_ID(), @@time_zone'))[0]).toEqual([['1', '+00:00']])
    await connection.end()
  })
})
