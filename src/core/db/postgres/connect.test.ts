// Connecting to PostgreSQL: what is told on the way, what is never sent, what ends it, and how often a password is tried.
import { connect as connectSocket, createServer, type Socket } from 'node:net'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { startFakePostgres } from '../../../../scripts/servers/fake-postgres.ts'
import { startProxy } from '../../../../scripts/servers/fault-proxy.ts'
import { describeWithPostgres } from '../../../../scripts/servers/missing.ts'
import type { ConnectPhase } from '../../../shared/connections.ts'
import { connect } from './connect.ts'
import { openKnex } from './knex.ts'
import { stopStatement } from './sessions.ts'
import { failureOf, fakeLogin, linkTo, loginTo, quietly, rowsOf } from './postgres.test-setup.ts'

afterEach(() => vi.unstubAllEnvs())

async function phasesOf(login: Parameters<typeof connect>[0]) {
  const phases: ConnectPhase[] = []
  const link = connect(login, quietly({ onPhase: (phase) => phases.push(phase) }))
  await link.then(
    (open) => open.end(),
    () => undefined,
  )
  return phases
}

describeWithPostgres('connecting', (server) => {
  it('tells every phase, and looks a name up', async () => {
    expect(await phasesOf(loginTo(server(), { host: 'localhost' }))).toEqual([
      'resolve',
      'connect',
      'authenticate',
      'ready',
    ])
    expect(await phasesOf(loginTo(server()))).toEqual(['connect', 'authenticate', 'ready'])
    expect(await phasesOf(loginTo(server(), { password: 'wrong' }))).toEqual(['connect', 'authenticate'])
    expect(await phasesOf(loginTo(server(), { host: 'nowhere.invalid' }))).toEqual(['resolve'])
  })

  it('sets the session up', async () => {
    const link = await linkTo(server())
    const names = ['TimeZone', 'DateStyle', 'IntervalStyle', 'standard_conforming_strings', 'bytea_output']
    const more = ['lock_timeout', 'idle_in_transaction_session_timeout', 'application_name', 'client_encoding']
    const list = [...names, ...more, 'default_transaction_read_only'].map((name) => `current_setting('${name}')`)
    expect(await rowsOf(link, `select ${list.join(', ')}`)).toEqual([
      ['UTC', 'ISO, YMD', 'postgres', 'on', 'hex', '5s', '1min', 'Roster', 'UTF8', 'on'],
    ])
    expect(await rowsOf(link, 'select pg_backend_pid()')).toEqual([[BigInt(link.session)]])
    await link.end()
  })

  it('leaves a session that a pooler shares as it was in all that could end the work of others', async () => {
    // As PgBouncer does: the number that it tells is its own.
    await using proxy = await startProxy(server(), {
      onServerBytes: (bytes) => {
        const key = bytes.indexOf(Buffer.from([0x4b, 0, 0, 0, 12]))
        if (key !== -1) bytes.writeInt32BE(1_234_567, key + 5)
        return undefined
      },
    })
    const link = await linkTo(server(), { port: proxy.port })
    expect(link.isPooled).toBe(true)
    const names = ['default_transaction_read_only', 'lock_timeout', 'idle_in_transaction_session_timeout', 'TimeZone']
    const list = `select ${names.map((name) => `current_setting('${name}')`).join(', ')}`
    expect(await rowsOf(link, list)).toEqual([['off', '0', '0', 'UTC']])
    await link.begin()
    expect(await rowsOf(link, list)).toEqual([['off', '5s', '0', 'UTC']])
    await link.commit()
    expect(await rowsOf(link, list)).toEqual([['off', '0', '0', 'UTC']])
    // What runs in that session by now may be somebody else's: it is stopped only while it is Roster's.
    const other = await linkTo(server())
    const stop = async () => (await other.query(stopStatement(link.session, link.isPooled))).rows.length
    expect(await stop()).toBe(1)
    await rowsOf(link, `select set_config('application_name', 'the application', false)`)
    expect(await stop()).toBe(0)
    for (const one of [link, other]) await one.end()
  })

  it('overrules what a role sets for itself', async () => {
    const role = server().unique('odd')
    await server().admin(`create role ${role} login password 'p'; alter role ${role} set datestyle = 'German';
      alter role ${role} set timezone = 'Asia/Tokyo'; alter role ${role} set extra_float_digits = -10;
      alter role ${role} set bytea_output = 'escape'; alter role ${role} set intervalstyle = 'iso_8601'`)
    const link = await linkTo(server(), { user: role, password: 'p' })
    const sql = `select timestamptz '2026-11-22 12:00+00', pi(), '\\x00ff'::bytea, interval '1 day'`
    expect(await rowsOf(link, sql)).toEqual([
      ['2026-11-22 12:00:00+00', '3.141592653589793', new Uint8Array([0, 255]), '1 day'],
    ])
    await link.end()
  })

  it('takes nothing from the environment of libpq', async () => {
    const strange = {
      PGHOST: 'nowhere.invalid',
      PGPORT: '1',
      PGUSER: 'nobody',
      PGPASSWORD: 'wrong',
      PGDATABASE: 'nothing',
      PGSSLMODE: 'require',
      PGSSLNEGOTIATION: 'nonsense',
      PGOPTIONS: '-c work_mem=13MB -c search_path=pg_catalog',
      PGAPPNAME: 'somebody',
      PGREPLICATION: 'database',
      PGCLIENT_ENCODING: 'LATIN1',
      PGPASSFILE: '/nonexistent',
      PGBINARY: 'true',
    }
    for (const [name, value] of Object.entries(strange)) vi.stubEnv(name, value)
    const link = await linkTo(server())
    const sql = `select current_setting('application_name'), current_setting('work_mem') <> '13MB', current_schema()`
    expect(await rowsOf(link, sql)).toEqual([['Roster', 't', 'public']])
    await link.end()
    const knex = await openKnex(loginTo(server()), quietly())
    const { rows } = await knex.knex.raw<{ rows: unknown[] }>('show application_name')
    expect(rows).toEqual([{ application_name: 'Roster' }])
    await knex.close()
    // Without a password of its own none is found elsewhere.
    expect(await failureOf(linkTo(server(), { password: null }))).toMatchObject({ kind: 'authentication' })
  })

  it('tries a wrong password exactly once', async () => {
    const role = server().unique('once')
    await server().admin(`create role ${role} login password 'right'`)
    const began = performance.now()
    expect(await failureOf(linkTo(server(), { user: role, password: 'wrong' }))).toEqual({
      kind: 'authentication',
      code: '28P01',
      message: `password authentication failed for user "${role}"`,
    })
    expect(performance.now() - began).toBeLessThan(1000)
    if (server().isOwn) {
      const refused = server()
        .log()
        .match(new RegExp(`password authentication failed for user "${role}"`, 'g'))
      expect(refused).toHaveLength(1)
    }
  })

  it('says that a database or a user is not there', async () => {
    expect(await failureOf(linkTo(server(), { database: 'nothing' }))).toMatchObject({ kind: 'no-database' })
    expect(await failureOf(linkTo(server(), { user: 'nobody' }))).toMatchObject({ kind: 'authentication' })
    expect(await failureOf(linkTo(server(), { database: 'app\0options\0-c work_mem=13MB' }))).toMatchObject({
      kind: 'other',
      code: 'ROSTER_NAME',
    })
    expect(await failureOf(linkTo(server(), { port: 1 }))).toMatchObject({ kind: 'refused', code: 'ECONNREFUSED' })
    expect(await failureOf(linkTo(server(), { host: 'nowhere.invalid' }))).toMatchObject({ kind: 'name-unknown' })
  })

  it.runIf(process.platform === 'linux')('has the system ask after 10 s of silence', async () => {
    const link = await linkTo(server())
    const far = `:${server().port.toString(16).toUpperCase().padStart(4, '0')}`
    // Of each connection: number, near end, far end, state, queues, and the timer that runs with its hundredths of a second.
    const timers = readFileSync('/proc/net/tcp', 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[2]?.endsWith(far) && fields[3] === '01')
      .map((fields) => fields[5]?.split(':') ?? [])
    const [kind, left] = timers.at(-1) ?? []
    expect(kind).toBe('02')
    expect(parseInt(left ?? '', 16)).toBeGreaterThan(900)
    expect(parseInt(left ?? '', 16)).toBeLessThanOrEqual(1000)
    await link.end()
  })
})

describe('passwords without TLS', () => {
  /** A request to log in: its kind, and what belongs to it. */
  const request = (kind: number, more = '') => {
    const message = Buffer.alloc(9 + more.length, 'R')
    message.writeUInt32BE(8 + more.length, 1)
    message.writeUInt32BE(kind, 5)
    message.write(more, 9, 'latin1')
    return message
  }
  const [inClear, asMd5, SASL] = [request(3), request(5, 'salt'), request(10, 'SCRAM-SHA-256\0\0')]

  it.each(['cleartext', 'md5'] as const)('are not sent when the server asks for %s', async (auth) => {
    await using fake = await startFakePostgres({ auth })
    expect(await failureOf(connect(fakeLogin(fake), quietly()))).toMatchObject({ kind: 'unsafe' })
    expect(await failureOf(openKnex(fakeLogin(fake), quietly()))).toMatchObject({ kind: 'unsafe' })
    expect([fake.seen.connections, fake.seen.attempts, fake.wasSent('secret')]).toEqual([2, 0, false])
  })

  it.each([
    ['after the beginning of SCRAM', [[SASL], [inClear]]],
    ['as MD5 after the beginning of SCRAM', [[SASL], [asMd5]]],
    ['in one breath with SCRAM', [[inClear, SASL]]],
    ['behind SCRAM in one breath', [[SASL, inClear]]],
  ])('are not sent when the server asks for them %s', async (_when, answers) => {
    const [heard, left] = [[] as Buffer[], new Map<Socket, Buffer[][]>()]
    const listener = createServer((socket) => {
      left.set(socket, [...answers])
      socket.on('error', () => undefined)
      socket.on('data', (bytes) => {
        heard.push(bytes)
        socket.write(Buffer.concat(left.get(socket)?.shift() ?? []))
      })
    })
    const port = await listening(listener)
    expect(await failureOf(connect(fakeLogin({ port }), quietly()))).toMatchObject({ kind: 'unsafe' })
    expect(await failureOf(openKnex(fakeLogin({ port }), quietly()))).toMatchObject({ kind: 'unsafe' })
    const said = Buffer.concat(heard).toString('latin1')
    expect([left.size, said.includes('secret'), said.includes('md5')]).toEqual([2, false, false])
    listener.close()
  })

  it('are proven by SCRAM, and a server that does not know them is left', async () => {
    await using fake = await startFakePostgres({ password: 'another' })
    expect(await failureOf(connect(fakeLogin(fake), quietly()))).toMatchObject({ kind: 'authentication' })
    expect([fake.seen.attempts, fake.wasSent('secret')]).toEqual([1, false])
  })

  it('are not asked for by a server that trusts', async () => {
    await using fake = await startFakePostgres({ auth: 'none' })
    const link = await connect(fakeLogin(fake, { password: null }), quietly())
    await link.end()
    expect(fake.seen.attempts).toBe(0)
  })
})

describe('TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'roster-test-tls-'))
  const known = getCACertificates('default')
  const make = (name: string, subject: string, days = 1) => {
    const files = { key: join(folder, `${name}.key`), cert: join(folder, `${name}.pem`) }
    const args = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      String(days),
    ]
    const names = ['-subj', '/CN=localhost', '-addext', `subjectAltName=${subject}`]
    execFileSync('openssl', [...args, ...names, '-keyout', files.key, '-out', files.cert], { stdio: 'pipe' })
    return { key: readFileSync(files.key), cert: readFileSync(files.cert, 'utf8') }
  }
  let good: ReturnType<typeof make>
  let named: ReturnType<typeof make>
  let unknown: ReturnType<typeof make>
  beforeAll(() => {
    good = make('good', 'IP:127.0.0.1,DNS:localhost')
    named = make('named', 'DNS:db.example.com')
    unknown = make('unknown', 'IP:127.0.0.1,DNS:localhost')
    setDefaultCACertificates([...known, good.cert, named.cert])
  })
  afterAll(() => {
    setDefaultCACertificates(known)
    rmSync(folder, { recursive: true })
  })

  it('is verified, by name and by number, and then any way of asking is safe', async () => {
    await using fake = await startFakePostgres({ tls: good, auth: 'cleartext' })
    for (const host of ['127.0.0.1', 'localhost']) {
      const phases: ConnectPhase[] = []
      const login = fakeLogin(fake, { tls: 'verify', host })
      const link = await connect(login, quietly({ onPhase: (phase) => phases.push(phase) }))
      expect(phases.slice(-4)).toEqual(['connect', 'tls', 'authenticate', 'ready'])
      await link.end()
    }
    expect(fake.seen.attempts).toBe(2)
  })

  it.each([
    ['a certificate that nobody vouches for', () => unknown, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['a certificate of another name', () => named, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('stops at %s, also when the process is told not to look', async (_, files, code) => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    await using fake = await startFakePostgres({ tls: files(), auth: 'cleartext' })
    expect(await failureOf(connect(fakeLogin(fake, { tls: 'verify' }), quietly()))).toMatchObject({ kind: 'tls', code })
    expect(await failureOf(openKnex(fakeLogin(fake, { tls: 'verify' }), quietly()))).toMatchObject({ kind: 'tls' })
    expect([fake.seen.attempts, fake.wasSent('secret')]).toEqual([0, false])
  })

  it('is never given up for a server that has none', async () => {
    await using fake = await startFakePostgres()
    expect(await failureOf(connect(fakeLogin(fake, { tls: 'verify' }), quietly()))).toMatchObject({ kind: 'tls' })
    expect(fake.seen).toMatchObject({ attempts: 0, users: [] })
  })

  it('takes no byte that came before it', async () => {
    const listener = createServer((socket) => {
      // An answer in clear behind the one letter: what a program in between could slip in.
      socket.once('data', () => socket.write('SR\0\0\0\u0008\0\0\0\0'))
      socket.on('error', () => undefined)
    })
    const port = await listening(listener)
    const login = fakeLogin({ port }, { tls: 'verify' })
    expect(await failureOf(connect(login, quietly()))).toMatchObject({ kind: 'protocol' })
    listener.close()
  })
})

describe('limits of connecting', () => {
  it('ends within 100 ms of an abort, in every phase, and the socket is gone', async () => {
    for (const tls of ['off', 'verify'] as const) {
      const sockets = new Set<Socket>()
      const listener = createServer((socket) => {
        sockets.add(socket)
        socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
        socket.resume()
      })
      const port = await listening(listener)
      const control = new AbortController()
      const connecting = connect(fakeLogin({ port }, { tls }), quietly({ signal: control.signal }))
      await vi.waitFor(() => expect(sockets.size).toBe(1))
      const reason = new Error('enough')
      const began = performance.now()
      control.abort(reason)
      await expect(connecting).rejects.toBe(reason)
      expect(performance.now() - began).toBeLessThan(100)
      await vi.waitFor(() => expect(sockets.size).toBe(0))
      listener.close()
    }
  })

  it('does not begin for a caller who has given up', async () => {
    await using fake = await startFakePostgres()
    await expect(connect(fakeLogin(fake), quietly({ signal: AbortSignal.abort(new Error('no')) }))).rejects.toThrow(
      'no',
    )
    expect(fake.seen.connections).toBe(0)
  })

  it('gives up a server that says nothing, and one that says nothing after the password', async () => {
    for (const when of ['before-password', 'after-password']) {
      await using fake = await startFakePostgres({
        onConnect: (connecting) => (connecting.when === when ? 'hang' : undefined),
      })
      const began = performance.now()
      const failure = await failureOf(connect(fakeLogin(fake), quietly({ limit: 300 })))
      expect(failure).toEqual({ kind: 'no-answer', code: 'ROSTER_TIMEOUT', message: 'No answer within 0.3 s.' })
      expect(performance.now() - began).toBeGreaterThanOrEqual(295)
    }
  })

  it('counts the look at the settings in', async () => {
    await using fake = await startFakePostgres({ onQuery: () => 'hang' })
    expect(await failureOf(connect(fakeLogin(fake), quietly({ limit: 300 })))).toMatchObject({ kind: 'no-answer' })
  })

  it('refuses a session that does not take its settings', async () => {
    await using fake = await startFakePostgres({
      onQuery: ({ sql }) => (sql.includes('set_config') ? { rows: [['as told']] } : undefined),
    })
    await using proxy = await startProxy({ host: '127.0.0.1', port: fake.port })
    expect(await failureOf(connect(fakeLogin(proxy), quietly()))).toMatchObject({ code: 'ROSTER_SETTINGS' })
    await vi.waitFor(() => expect(proxy.connections.size).toBe(0))
  })

  it('survives answers that are no PostgreSQL, and ways to authenticate that nobody knows', async () => {
    const strange = [
      Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'),
      Buffer.from([0x4a, 0, 0, 0, 10, 0x35, 0x2e, 0x35, 0, 1, 0, 0, 0]),
      // Kerberos: pg 8.23 throws inside of its parser.
      Buffer.from(['R'.charCodeAt(0), 0, 0, 0, 8, 0, 0, 0, 7]),
    ]
    const kinds: string[] = []
    for (const bytes of strange) {
      const listener = createServer((socket) => {
        socket.on('error', () => undefined)
        socket.once('data', () => socket.end(bytes))
      })
      const port = await listening(listener)
      kinds.push((await failureOf(connect(fakeLogin({ port }), quietly({ limit: 1000 })))).kind)
      listener.close()
    }
    expect(kinds).toEqual(['protocol', 'protocol', 'protocol'])
  })
})

async function listening(listener: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const address = listener.address()
  if (address === null || typeof address === 'string') throw new Error('No port.')
  // Proves that it listens.
  connectSocket(address.port, '127.0.0.1')
    .on('error', () => undefined)
    .destroy()
  return address.port
}
