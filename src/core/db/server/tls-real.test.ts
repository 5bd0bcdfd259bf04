// TLS with real servers: every mode, certificates of our own that the server asks for, what the facts say of it, and a login
// that is bound to its connection.
import { X509Certificate } from 'node:crypto'
import { chmodSync, chownSync, copyFileSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { connect as connectTls, TLSSocket } from 'node:tls'
import { afterAll, expect, it, vi } from 'vitest'
import { serverAccount } from '../../../../scripts/servers/account.ts'
import { makeAuthority, type Issued } from '../../../../scripts/servers/authority.ts'
import { describeWithMariadb, describeWithPostgres } from '../../../../scripts/servers/missing.ts'
import type { TestServer } from '../../../../scripts/servers/server.ts'
import type { TlsMode } from '../../../shared/reaching.ts'
import type { Failure } from '../failure.ts'
import { mysql } from '../mysql/mysql.ts'
import { listening } from '../mysql/mysql.test-setup.ts'
import { postgres } from '../postgres/postgres.ts'
import type { Certificates, Login } from './link.ts'
import { openServerDatabase } from './server-database.ts'
import type { ServerDialect } from './server-dialect.ts'

const authority = makeAuthority()
const other = makeAuthority('Another authority')
afterAll(() => {
  authority[Symbol.dispose]()
  other[Symbol.dispose]()
})
const good = authority.issue('good')
const client = authority.issue('client', { passphrase: 'geheim', commonName: 'certified', names: '' })
const trusting = (ca: string): Certificates => ({ ca, certificate: null, key: null, passphrase: null })
const withClient = { ca: authority.ca, certificate: client.cert, key: client.key, passphrase: 'geheim' }
const fingerprintOf = ({ cert }: Issued) => new X509Certificate(cert).fingerprint256
const quietly = () => ({ signal: new AbortController().signal, onPhase: () => undefined })

async function tried(dialect: ServerDialect, login: Login): Promise<Failure | null> {
  try {
    await (await dialect.connect(login, quietly())).end()
    return null
  } catch (error) {
    return dialect.classify(error)
  }
}

/** What a person reads beside the server's name. */
async function encryptionIn(dialect: ServerDialect, login: Login): Promise<string | undefined> {
  const opened = openServerDatabase({
    dialect,
    login: () => Promise.resolve(login),
    schemaLogin: null,
    poolSize: { limit: 1, from: { kind: 'explicit' } },
    whenUsable: () => Promise.resolve(),
    log: () => undefined,
  })
  try {
    const { details } = await opened.facts()
    return details.find(({ name }) => name === 'Encryption')?.value
  } finally {
    await opened.close()
  }
}

const loginTo = ({ host, port, user, password, database }: TestServer, tls: TlsMode, rest: Partial<Login> = {}) => {
  const certificates = trusting(authority.ca)
  return { host, port, user, password, database, isReadOnly: false, tls, certificates, ...rest }
}

interface Real {
  dialect: ServerDialect
  /** A login, in the server's log. */
  logged: RegExp
  /** Makes the user `certified`, who needs a certificate; answers with the password that is needed beside it. */
  makeUser: () => Promise<Login['password']>
}

function realServer(server: () => TestServer, { dialect, logged, makeUser }: Real) {
  it.each(['require', 'verify-ca', 'verify'] as const)(
    'is spoken in the mode %s, by cells and by knex',
    async (mode) => {
      expect(await tried(dialect, loginTo(server(), mode))).toBeNull()
      const opened = await dialect.openKnex(loginTo(server(), mode), quietly())
      await opened.knex.raw('select 1')
      await opened.close()
    },
  )

  it('is refused where nobody vouches for the server, and taken with a pin', async () => {
    const logins = () => server().log().match(logged)?.length ?? 0
    const before = logins()
    const certificates = trusting(other.ca)
    expect(await tried(dialect, loginTo(server(), 'verify', { certificates }))).toMatchObject({ kind: 'tls' })
    const { host, port } = server()
    const pins = [{ host, port, fingerprint: fingerprintOf(good) }]
    expect(await tried(dialect, loginTo(server(), 'verify', { certificates, pins }))).toBeNull()
    // Of the two, the second alone.
    await vi.waitFor(() => expect(logins()).toBeGreaterThan(before))
    expect(logins()).toBe(before + 1)
  })

  it('is told among the facts', async () => {
    const { host, port } = server()
    const pins = [{ host, port, fingerprint: fingerprintOf(good) }]
    expect(await encryptionIn(dialect, loginTo(server(), 'off'))).toBe('none')
    expect(await encryptionIn(dialect, loginTo(server(), 'require'))).toBe('TLS 1.3, not verified')
    expect(await encryptionIn(dialect, loginTo(server(), 'verify-ca'))).toBe('TLS 1.3, certificate verified')
    expect(await encryptionIn(dialect, loginTo(server(), 'verify', { pins }))).toBe('TLS 1.3, certificate pinned')
  })

  it('shows the certificate of the profile where the server wants one', async () => {
    const password = await makeUser()
    const login = loginTo(server(), 'verify', { user: 'certified', password })
    expect(await tried(dialect, login)).toMatchObject({ kind: 'authentication' })
    expect(await tried(dialect, { ...login, certificates: withClient })).toBeNull()
  })
}

describeWithMariadb(
  'TLS of MariaDB, by an authority',
  (server) =>
    realServer(server, {
      dialect: mysql,
      logged: /\bConnect\t/g,
      async makeUser() {
        await server().admin(`CREATE USER certified@'%' IDENTIFIED BY 'too' REQUIRE X509`)
        await server().admin(`GRANT ALL ON ${server().database}.* TO certified@'%'`)
        return 'too'
      },
    }),
  { settings: { general_log: 'ON', ssl_cert: good.files.cert, ssl_key: good.files.key, ssl_ca: authority.caFile } },
)

const folder = dirname(good.files.key)
/** PostgreSQL takes a key that others may read from nobody. */
const closedKey = join(folder, 'closed.key')
const { uid, gid } = serverAccount('postgres')
copyFileSync(good.files.key, closedKey)
chmodSync(closedKey, 0o600)
if (uid !== undefined && gid !== undefined) chownSync(closedKey, uid, gid)
const access = join(folder, 'pg_hba.conf')
writeFileSync(access, 'hostssl all certified all cert\nhost all all all scram-sha-256\n', { mode: 0o644 })

describeWithPostgres(
  'TLS of PostgreSQL, by an authority',
  (server) => {
    realServer(server, {
      dialect: postgres,
      logged: /connection authorized:/g,
      async makeUser() {
        await server().admin('create role certified login')
        return null
      },
    })

    it('binds the login to its connection: nobody passes it on, not with a certificate that is trusted either', async () => {
      const theirs = authority.issue('theirs')
      const between = createServer((near) => {
        near.on('error', () => undefined)
        const far = connect(server().port, '127.0.0.1').on('error', () => undefined)
        near.once('data', (wish) => {
          near.pause()
          far.write(wish)
          far.once('data', () => {
            near.write('S')
            const inner = new TLSSocket(near, { isServer: true, key: theirs.key, cert: theirs.cert })
            const outer = connectTls({ socket: far, rejectUnauthorized: false })
            for (const each of [inner, outer]) each.on('error', () => undefined)
            inner.pipe(outer).pipe(inner)
          })
        })
      })
      const port = await listening(between)
      const failure = await tried(postgres, loginTo(server(), 'verify', { port }))
      expect(failure).toMatchObject({ kind: 'authentication', message: expect.stringContaining('binding') as string })
      between.close()
    })
  },
  {
    settings: {
      ...{ ssl: 'on', ssl_cert_file: good.files.cert, ssl_key_file: closedKey, ssl_ca_file: authority.caFile },
      hba_file: access,
    },
  },
)
