// The fake PostgreSQL against the real driver: every phase is reached, every answer is told apart, every password is counted.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeAll, afterAll, describe, expect, it } from 'vitest'
import { startFakePostgres, type FakePostgresOptions } from './fake-postgres.ts'

const PASSWORD = 'canary-7f3a'
const clients: pg.Client[] = []

/** A client that may use the password, also when it is not the right one. */
function clientOf(port: number, config: pg.ClientConfig = {}): pg.Client {
  const client = new pg.Client({
    ...{ host: '127.0.0.1', port, user: 'ada', password: PASSWORD, database: 'users', ssl: false },
    ...config,
  })
  client.on('error', () => undefined)
  clients.push(client)
  return client
}

async function connected(options: FakePostgresOptions, config?: pg.ClientConfig) {
  const fake = await startFakePostgres({ password: PASSWORD, ...options })
  const client = clientOf(fake.port, config)
  await client.connect()
  return { fake, client }
}

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => ({ code: 'none', message: '' }),
    (error: { code?: string; message: string }) => ({ code: error.code, message: error.message }),
  )

afterEach(() => {
  for (const client of clients.splice(0)) void client.end().catch(() => undefined)
})

describe('logging in', () => {
  it.for(['scram', 'md5', 'cleartext', 'none'] as const)('asks for the password by %s, and counts', async (auth) => {
    const { fake, client } = await connected({ auth })
    await using _ = fake
    expect((await client.query<[string]>({ text: 'select 7', rowMode: 'array' })).rows).toEqual([['7']])
    expect(fake.seen.attempts).toBe(auth === 'none' ? 0 : 1)
    expect(fake.seen.clearBytes).toBe(auth === 'cleartext' ? PASSWORD.length : 0)
    expect(fake.wasSent(PASSWORD)).toBe(auth === 'cleartext')
    await client.end()
  })

  it.for(['scram', 'md5', 'cleartext'] as const)('refuses a wrong password by %s', async (auth) => {
    await using fake = await startFakePostgres({ auth, password: PASSWORD })
    const failure = await failureOf(clientOf(fake.port, { password: 'wrong' }).connect())
    expect(failure).toMatchObject({ code: '28P01', message: 'password authentication failed for user "ada"' })
    expect([fake.seen.attempts, fake.seen.users]).toEqual([1, ['ada']])
  })

  it.for(['before-password', 'after-password'] as const)('gives any error %s', async (phase) => {
    await using fake = await startFakePostgres({
      password: PASSWORD,
      onConnect: ({ when, database }) => (when === phase && database === 'users' ? { error: { code: '57P03' } } : 'ok'),
    })
    expect(await failureOf(clientOf(fake.port).connect())).toMatchObject({ code: '57P03' })
    expect(fake.seen.attempts).toBe(phase === 'before-password' ? 0 : 1)
  })

  it.for(['close', 'reset', 'garbage', 'hang'] as const)('can do something else: %s', async (answer) => {
    for (const options of [{ onAccept: () => answer }, { onConnect: () => answer }]) {
      await using fake = await startFakePostgres({ password: PASSWORD, ...options })
      const failure = await failureOf(clientOf(fake.port, { connectionTimeoutMillis: 300 }).connect())
      if (answer === 'reset') expect(failure.code).toBe('ECONNRESET')
      else expect(failure).toMatchObject({ code: undefined, message: expect.any(String) as string })
      expect(fake.seen.attempts).toBe(0)
    }
  })
})

describe('TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'roster-test-tls-'))
  const files = { key: join(folder, 'key.pem'), cert: join(folder, 'cert.pem') }
  beforeAll(() => {
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1']
    const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1']
    execFileSync('openssl', [...args, ...subject, '-keyout', files.key, '-out', files.cert], { stdio: 'pipe' })
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('is refused without a key, and done with one', async () => {
    await using plain = await startFakePostgres({ password: PASSWORD })
    const refused = await failureOf(clientOf(plain.port, { ssl: true }).connect())
    expect(refused.message).toBe('The server does not support SSL connections')
    const cert = readFileSync(files.cert)
    const { fake, client } = await connected(
      { tls: { key: readFileSync(files.key), cert }, auth: 'cleartext' },
      { ssl: { ca: cert } },
    )
    await using _ = fake
    await client.query('select 1')
    // Decrypted: what the server was told, not what went over the wire.
    expect([fake.wasSent(PASSWORD), fake.seen.attempts]).toEqual([true, 1])
    await client.end()
  })
})

describe('statements', () => {
  it('answers with rows, words of completion and errors, in both protocols', async () => {
    const { fake, client } = await connected({
      onQuery: ({ sql, values }) => {
        if (sql.startsWith('select name'))
          return {
            rows: [
              ['Ada', null],
              [values[0] ?? '-', 'x'],
            ],
            columns: ['name', 'b'],
          }
        if (sql.startsWith('update')) return { tag: 'UPDATE 3' }
        if (sql.startsWith('delete')) return { error: { code: '23503', message: 'still referenced' } }
        return undefined
      },
    })
    await using _ = fake
    const simple = await client.query<[string]>({ text: 'select name', rowMode: 'array' })
    expect([simple.fields.map(({ name }) => name), simple.rows]).toEqual([
      ['name', 'b'],
      [
        ['Ada', null],
        ['-', 'x'],
      ],
    ])
    const extended = await client.query<[string]>({ text: 'select name where $1', values: ['v'], rowMode: 'array' })
    expect(extended.rows).toEqual([
      ['Ada', null],
      ['v', 'x'],
    ])
    expect((await client.query('update t set a = $1', [1])).rowCount).toBe(3)
    expect(await failureOf(client.query('delete from t'))).toEqual({ code: '23503', message: 'still referenced' })
    expect(await failureOf(client.query('delete from t where a = $1', [1]))).toMatchObject({ code: '23503' })
    // The connection goes on after an error.
    expect((await client.query('insert into t values ($1)', [1])).command).toBe('INSERT')
    expect(fake.seen.queries).toHaveLength(6)
    await client.end()
  })

  it('knows transactions: begun, failed, and a COMMIT that is answered with ROLLBACK', async () => {
    const states: boolean[] = []
    const { fake, client } = await connected({
      onQuery: ({ sql, isInTransaction }) => {
        states.push(isInTransaction)
        return sql === 'bad' ? { error: { code: '40001' } } : undefined
      },
    })
    await using _ = fake
    await client.query('BEGIN READ WRITE; SAVEPOINT a')
    expect(client.getTransactionStatus()).toBe('T')
    expect(await failureOf(client.query('bad'))).toMatchObject({ code: '40001' })
    expect(client.getTransactionStatus()).toBe('E')
    expect(await failureOf(client.query('select 1'))).toMatchObject({ code: '25P02' })
    expect((await client.query('COMMIT')).command).toBe('ROLLBACK')
    expect((await client.query('BEGIN')).command).toBe('BEGIN')
    expect((await client.query('COMMIT')).command).toBe('COMMIT')
    expect(states).toEqual([false, true, true, true, false, true])
    await client.end()
  })

  it.for(['close', 'reset', 'hang', 'garbage'] as const)(
    'can do something else with a statement in flight: %s',
    async (answer) => {
      const { fake, client } = await connected({ onQuery: ({ sql }) => (sql === 'COMMIT' ? answer : undefined) })
      await using _ = fake
      await client.query('BEGIN')
      const outcome = await Promise.race([
        failureOf(client.query('COMMIT')),
        new Promise<'silent'>((resolve) => setTimeout(() => resolve('silent'), 300)),
      ])
      // Nonsense reads as the beginning of a message of a gigabyte: only a limit of the client's own ends that.
      if (answer === 'hang' || answer === 'garbage') expect(outcome).toBe('silent')
      else if (answer === 'reset') expect(outcome).toMatchObject({ code: 'ECONNRESET' })
      else expect(outcome).toMatchObject({ message: 'Connection terminated unexpectedly' })
      expect(fake.seen.queries).toEqual(['BEGIN', 'COMMIT'])
    },
  )

  it('ends a session that is idle, with words or without', async () => {
    for (const end of ['words', 'reset'] as const) {
      const { fake, client } = await connected({})
      await using _ = fake
      const ended = new Promise<void>((resolve) => client.once('end', () => resolve()))
      const told = new Promise<Error>((resolve) => client.once('error', resolve))
      const [session] = fake.sessions
      if (end === 'words') session?.fail({ code: '57P01', severity: 'FATAL' })
      else session?.reset()
      expect(await told).toMatchObject({ code: end === 'words' ? '57P01' : 'ECONNRESET' })
      await ended
      expect(fake.seen.queries).toEqual([])
    }
  })

  it('remembers what a session was set to, and tells it', async () => {
    const { fake, client } = await connected({})
    await using _ = fake
    const ask = async (text: string) => (await client.query<string[]>({ text, rowMode: 'array' })).rows
    expect(
      await ask(`select set_config('DateStyle', 'ISO, YMD', false), set_config('lock_timeout', '5s', false)`),
    ).toEqual([['ISO, YMD', '5s']])
    await ask(`set TimeZone to 'UTC'`)
    expect(
      await ask(`select pg_backend_pid()::text, current_setting('datestyle'), current_setting('TimeZone')`),
    ).toEqual([['1', 'ISO, YMD', 'UTC']])
    expect(await ask('show server_version')).toEqual([['16.14']])
    await client.end()
  })

  it('tells stop() about a mistake in a callback, so that the test fails', async () => {
    const { fake, client } = await connected({
      onQuery: () => {
        throw new Error('a mistake')
      },
    })
    expect(await failureOf(client.query('select 1'))).not.toMatchObject({ code: 'none' })
    await expect(fake.stop()).rejects.toThrow('a mistake')
  })
})
