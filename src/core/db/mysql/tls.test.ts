// TLS: certificate and name are checked before anything secret is sent, against fake servers and a real one.
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates, TLSSocket } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { startFakeMysql } from '../../../../scripts/servers/fake-mysql.ts'
import { describeWithMariadb } from '../../../../scripts/servers/missing.ts'
import { mysql } from './mysql.ts'
import { failureOf, fakeLogin, listening, loginTo, phasesOf, quietly, rowsOf } from './mysql.test-setup.ts'

const folder = mkdtempSync(join(tmpdir(), 'roster-test-tls-'))
// A server that runs as a system account reads its files too.
chmodSync(folder, 0o755)
const known = getCACertificates('default')

function make(name: string, subject: string) {
  const files = { key: join(folder, `${name}.key`), cert: join(folder, `${name}.pem`) }
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1']
  const names = ['-subj', '/CN=localhost', '-addext', `subjectAltName=${subject}`]
  execFileSync('openssl', [...args, ...names, '-keyout', files.key, '-out', files.cert], { stdio: 'pipe' })
  chmodSync(files.key, 0o644)
  return { files, key: readFileSync(files.key), cert: readFileSync(files.cert, 'utf8') }
}
const good = make('good', 'IP:127.0.0.1,DNS:localhost')
const named = make('named', 'DNS:localhost')
const unknown = make('unknown', 'IP:127.0.0.1,DNS:localhost')

const packet = (number: number, body: Buffer) => Buffer.concat([Buffer.from([body.length, 0, 0, number]), body])

const trust = (...certificates: string[]) => setDefaultCACertificates([...known, ...certificates])
beforeAll(() => trust(good.cert, named.cert))
afterEach(() => vi.unstubAllEnvs())
afterAll(() => {
  trust()
  rmSync(folder, { recursive: true })
})

describe('TLS', () => {
  it('is verified, by name and by number, and then the password itself may go', async () => {
    for (const auth of ['native', 'caching-fast', 'caching-full', 'sha256'] as const) {
      await using fake = await startFakeMysql({ tls: good, auth })
      for (const host of ['127.0.0.1', 'localhost']) {
        const phases = await phasesOf(fakeLogin(fake, { tls: 'verify', host }))
        expect(phases.slice(-4)).toEqual(['connect', 'tls', 'authenticate', 'ready'])
      }
      expect(fake.seen.attempts).toBe(2)
    }
  })

  it.for(['caching-full', 'sha256'] as const)(
    'is the same whether the key of the server may be used without it or not: %s',
    async (auth) => {
      for (const fetchServerKey of [false, true]) {
        await using fake = await startFakeMysql({ tls: good, auth })
        await (await mysql.connect(fakeLogin(fake, { tls: 'verify', fetchServerKey }), quietly())).end()
        await (await mysql.openKnex(fakeLogin(fake, { tls: 'verify', fetchServerKey }), quietly())).close()
        expect(fake.seen).toMatchObject({ attempts: 2, keyRequests: 0, clearBytes: 2 * 'secret'.length })
        await using bad = await startFakeMysql({ tls: unknown, auth })
        const login = fakeLogin(bad, { tls: 'verify', fetchServerKey })
        expect(await failureOf(mysql.connect(login, quietly()))).toMatchObject({ kind: 'tls' })
        await using plain = await startFakeMysql({ auth })
        const there = fakeLogin(plain, { tls: 'verify', fetchServerKey })
        expect(await failureOf(mysql.connect(there, quietly()))).toMatchObject({ kind: 'tls' })
        for (const { seen } of [bad, plain]) expect(seen).toMatchObject({ attempts: 0, keyRequests: 0, users: [] })
      }
    },
  )

  it('is no reason to send a password in clear for another system', async () => {
    await using fake = await startFakeMysql({ tls: good, auth: 'clear' })
    expect(await failureOf(mysql.connect(fakeLogin(fake, { tls: 'verify' }), quietly()))).toMatchObject({
      kind: 'unsafe',
    })
    expect(fake.wasSent('secret')).toBe(false)
  })

  it.each([
    ['a certificate that nobody vouches for', () => unknown],
    // The driver alone would compare a host that is a number with "localhost".
    ['a certificate of another name', () => named],
  ])('stops at %s, also when the process is told not to look', async (_, files) => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    await using fake = await startFakeMysql({ tls: files(), auth: 'sha256' })
    const login = fakeLogin(fake, { tls: 'verify' })
    expect(await failureOf(mysql.connect(login, quietly()))).toMatchObject({ kind: 'tls' })
    expect(await failureOf(mysql.openKnex(login, quietly()))).toMatchObject({ kind: 'tls' })
    expect([fake.seen.attempts, fake.wasSent('secret')]).toEqual([0, false])
  })

  it('is never given up for a server that has none', async () => {
    await using fake = await startFakeMysql()
    const login = fakeLogin(fake, { tls: 'verify' })
    expect(await failureOf(mysql.connect(login, quietly()))).toMatchObject({ kind: 'tls' })
    expect(fake.seen).toMatchObject({ attempts: 0, users: [] })
  })

  /** A server whose greeting goes through the hands of somebody in between. */
  async function between(meddle: (socket: Socket, greeting: Buffer) => void) {
    const fake = await startFakeMysql({ tls: good })
    const listener = createServer((socket) => {
      socket.on('error', () => undefined)
      const inner = connect(fake.port, '127.0.0.1')
      inner.on('error', () => undefined)
      inner.once('data', (greeting) => {
        meddle(socket, greeting)
        inner.destroy()
      })
    })
    const port = await listening(listener)
    return {
      fake,
      port,
      [Symbol.asyncDispose]: async () => {
        listener.close()
        await fake[Symbol.asyncDispose]()
      },
    }
  }

  it.each([
    // "You are in", and a wish to see the answer to a challenge, sent along with the greeting by somebody in between.
    ['a welcome', Buffer.from([7, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0])],
    [
      'a challenge',
      packet(2, Buffer.concat([Buffer.from([0xfe]), Buffer.from('mysql_native_password\0'), Buffer.alloc(20, 7)])),
    ],
  ])('believes nothing that was said before it: %s', async (_, said) => {
    await using liar = await between((socket, greeting) => socket.write(Buffer.concat([greeting, said])))
    const login = fakeLogin(liar, { tls: 'verify' })
    expect(await failureOf(mysql.connect(login, quietly({ limit: 1000 })))).toMatchObject({ kind: 'unsafe' })
  })

  it('answers no challenge that came behind a greeting in pieces', async () => {
    await using fake = await startFakeMysql({ tls: unknown })
    const inner = connect(fake.port, '127.0.0.1')
    const [greeting] = (await once(inner, 'data')) as [Buffer]
    inner.destroy()
    const wish = Buffer.concat([Buffer.from([0xfe]), Buffer.from('mysql_native_password\0'), Buffer.alloc(21, 7)])
    for (const at of [1, 4, 10, greeting.length - 1]) {
      const read: Buffer[] = []
      const closed = Promise.withResolvers<void>()
      const liar = createServer((socket) => {
        socket.on('error', () => undefined).on('close', () => closed.resolve())
        socket.setNoDelay(true).write(greeting.subarray(0, at))
        const rest = Buffer.concat([greeting.subarray(at), packet(2, wish)])
        // Once the first piece was read, and found too short to be judged.
        setImmediate(() => setImmediate(() => setImmediate(() => socket.write(rest))))
        socket.once('readable', () => {
          // The client's wish for TLS; what follows is its handshake.
          socket.read(36)
          const secure = new TLSSocket(socket, { isServer: true, key: unknown.key, cert: unknown.cert })
          secure.on('data', (bytes: Buffer) => read.push(bytes)).on('error', () => undefined)
        })
      })
      const port = await listening(liar)
      const failure = await failureOf(mysql.connect(fakeLogin({ port }, { tls: 'verify' }), quietly()))
      expect(failure).toMatchObject({ kind: 'unsafe', code: 'ROSTER_UNSAFE' })
      await closed.promise
      expect(Buffer.concat(read)).toHaveLength(0)
      liar.close()
    }
  })

  it('waits for a server that is gone in the middle of it', async () => {
    await using flaky = await between((socket, greeting) => {
      socket.write(greeting)
      socket.once('data', () => socket.resetAndDestroy())
    })
    const login = fakeLogin(flaky, { tls: 'verify' })
    expect(await failureOf(mysql.connect(login, quietly()))).toMatchObject({ kind: 'lost' })
  })
})

describeWithMariadb(
  'TLS of MariaDB',
  (server) => {
    it('is spoken by cells and by knex alike', async () => {
      const login = loginTo(server(), { tls: 'verify' })
      expect(await phasesOf(login)).toEqual(['connect', 'tls', 'authenticate', 'ready'])
      const link = await mysql.connect(login, quietly())
      expect(await rowsOf(link, "show status like 'Ssl_version'")).toEqual([['Ssl_version', 'TLSv1.3']])
      await link.end()
      const opened = await mysql.openKnex(login, quietly())
      const [rows] = (await opened.knex.raw("show status like 'Ssl_version'")) as [{ Value: string }[]]
      expect(rows[0]?.Value).toBe('TLSv1.3')
      await opened.close()
    })

    it('is refused where nobody vouches for the server', async () => {
      trust()
      expect(await failureOf(mysql.connect(loginTo(server(), { tls: 'verify' }), quietly()))).toMatchObject({
        kind: 'tls',
      })
      trust(good.cert, named.cert)
    })
  },
  { settings: { ssl_cert: good.files.cert, ssl_key: good.files.key } },
)
