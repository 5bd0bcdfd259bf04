// Profiles that reach their database through an SSH server, as a page meets them: both engines, TLS, losses, passwords by role.
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { serverAccount } from '../../../scripts/servers/account.ts'
import { startFakePostgres } from '../../../scripts/servers/fake-postgres.ts'
import { describeWithMariadb, describeWithPostgres, describeWithSshd } from '../../../scripts/servers/missing.ts'
import type { TestServer } from '../../../scripts/servers/server.ts'
import { makeKey } from '../../../scripts/servers/ssh-keys.ts'
import type { TestSshd } from '../../../scripts/servers/sshd.ts'
import { giveTo } from '../../../scripts/servers/template.ts'
import type { ConnectionState } from '../../shared/connections.ts'
import { sshSettings, type SshSettings } from '../../shared/reaching.ts'
import { xorSecrets } from '../profiles/secrets.test-setup.ts'
import { startPasswordServer } from '../ssh/ssh.test-setup.ts'
import { coreWithServers, type CoreWithServers } from './servers.test-setup.ts'

const isOpen = ({ state }: ConnectionState) => state === 'open'
const hasFailed = ({ state }: ConnectionState) => state === 'failed'
const needsPassword = ({ state }: ConnectionState) => state === 'needs-password'
const isReconnecting = (state: ConnectionState) => state.state === 'waiting' && state.why === 'reconnect'

const folder = mkdtempSync(join(tmpdir(), 'roster-test-tunnel-'))
// A server that runs as a system account reads its certificate here.
chmodSync(folder, 0o755)
const known = getCACertificates('default')

/** For the name alone: what is reached by its number is then somebody else. */
function certificate(account: string) {
  const files = { key: join(folder, `${account}.key`), cert: join(folder, `${account}.pem`) }
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1']
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  execFileSync('openssl', [...args, ...names, '-keyout', files.key, '-out', files.cert], { stdio: 'pipe' })
  giveTo(serverAccount(account), files.key)
  return files
}
const ofPostgres = certificate('postgres')
const ofMariadb = certificate('mysql')

let core: CoreWithServers
beforeAll(async () => {
  setDefaultCACertificates([...known, ...[ofPostgres, ofMariadb].map(({ cert }) => readFileSync(cert, 'utf8'))])
  core = await coreWithServers(xorSecrets())
})
afterAll(async () => {
  setDefaultCACertificates(known)
  await core.close()
  rmSync(folder, { recursive: true })
})

let keyFile: string | null = null
function through(sshd: TestSshd): SshSettings {
  if (keyFile === null) {
    keyFile = join(core.folder, 'key')
    sshd.authorize(makeKey(keyFile))
  }
  return sshSettings.parse({ host: sshd.host, port: sshd.port, user: sshd.user, auth: 'key', keyFile })
}

/** Trusts whatever is shown. */
async function trustShown(profileId: string): Promise<void> {
  const failed = await core.until(profileId, hasFailed)
  const shown = failed.state === 'failed' ? failed.cause?.hostKey : undefined
  if (!shown) throw new Error(`No host key was shown: ${JSON.stringify(failed)}`)
  await core.api.connections.trustHostKey(shown)
}

const lettingIn = (sshd: TestSshd) => sshd.log().split('Accepted publickey').length - 1

const tests = (sshd: () => TestSshd, server: () => TestServer) => {
  const phases = new Set<string>()

  it('is opened once its host key is trusted, shared by all connections, and closed with the profile', async () => {
    const ssh = through(sshd())
    await core.api.connections.forgetHostKey({ host: ssh.host, port: ssh.port })
    const before = lettingIn(sshd())
    const profileId = await core.add(server(), { ssh })
    await core.api.connections.open({ profileId })
    await trustShown(profileId)
    expect(lettingIn(sshd())).toBe(before)
    await core.api.connections.retryNow({ profileId })
    const opened = core.until(profileId, (state) => {
      if (state.state === 'waiting') phases.add(state.phase)
      return isOpen(state)
    })
    await opened
    expect(phases.has('tunnel') && !phases.has('resolve')).toBe(true)
    const looks = Array.from({ length: 4 }, () => core.api.tables.list({ profileId }))
    await Promise.all(looks)
    expect(lettingIn(sshd()) - before).toBe(1)
    expect(sshd().connections()).toBe(1)
    await core.api.connections.close({ profileId })
    await vi.waitFor(() => expect(sshd().connections()).toBe(0))
  })

  it('is reconnected when the tunnel was lost, and what was asked meanwhile is answered', async () => {
    const profileId = await core.add(server(), { ssh: through(sshd()) })
    await core.api.connections.open({ profileId })
    await core.until(profileId, isOpen)
    await sshd().stop()
    const seen = await core.until(profileId, isReconnecting)
    const asking = core.api.tables.list({ profileId })
    const refused = (state: ConnectionState) => state.state === 'waiting' && state.cause?.reason === 'refused'
    expect(seen).toMatchObject({ why: 'reconnect' })
    expect(await core.until(profileId, refused)).toMatchObject({
      cause: { message: `Nothing listens at the SSH server 127.0.0.1:${sshd().port} yet.` },
    })
    await sshd().start()
    await core.until(profileId, isOpen)
    await asking
    await core.api.connections.close({ profileId })
  })

  it('says what the SSH server meets behind it, and tells a wrong password of the database from one of its own', async () => {
    const ssh = through(sshd())
    const nowhere = await core.add({ ...server(), port: 9 }, { ssh, tries: 1 })
    await core.api.connections.open({ profileId: nowhere })
    expect(await core.until(nowhere, hasFailed)).toMatchObject({
      cause: { reason: 'refused', message: 'As seen from 127.0.0.1, nothing listens at 127.0.0.1:9 yet.' },
    })
    const wrong = await core.add(server(), { ssh }, 'wrong-one')
    await core.api.connections.open({ profileId: wrong })
    expect(await core.until(wrong, needsPassword)).toMatchObject({ role: 'runtime', user: server().user })
    await core.api.connections.close({ profileId: wrong })
  })

  it('verifies the certificate of the database, with the name of the database', async () => {
    const settings = { ssh: through(sshd()), tls: 'verify' as const }
    const named = await core.add({ ...server(), host: 'localhost' }, settings)
    await core.api.connections.open({ profileId: named })
    await core.until(named, isOpen)
    await core.api.tables.list({ profileId: named })
    await core.api.connections.close({ profileId: named })
    const numbered = await core.add({ ...server(), host: '127.0.0.1' }, settings)
    await core.api.connections.open({ profileId: numbered })
    expect(await core.until(numbered, hasFailed)).toMatchObject({ cause: { reason: 'tls' } })
  })

  it('is tried with settings that are not stored, which leaves nothing', async () => {
    const before = lettingIn(sshd())
    const { host, port, database, user, password, kind } = server()
    const at = { dialect: kind, name: 'Tried', host, port, database, user, secret: { kind: 'ask' as const } }
    const test = await core.api.profiles.test({ settings: { ...at, ssh: through(sshd()) }, password })
    expect(test).toMatchObject({ outcome: 'connected' })
    expect(lettingIn(sshd()) - before).toBe(1)
    await vi.waitFor(() => expect(sshd().connections()).toBe(0))
  })
}

describeWithSshd('through a tunnel', (sshd) => {
  const files = { ssl_cert_file: ofPostgres.cert, ssl_key_file: ofPostgres.key }
  describeWithPostgres('PostgreSQL', (server) => tests(sshd, server), { settings: { ssl: 'on', ...files } })
  const pem = { 'ssl-cert': ofMariadb.cert, 'ssl-key': ofMariadb.key }
  describeWithMariadb('MariaDB', (server) => tests(sshd, server), { settings: pem })
})

describe('passwords on the way', () => {
  const SSH = 'canary-ssh-41'
  const DATABASE = 'canary-db-42'

  it('are asked for one after the other, each by its login; a refused one again; and kept where each belongs', async () => {
    await using sshServer = await startPasswordServer(SSH, ['password'])
    await using fake = await startFakePostgres({ password: DATABASE })
    const ssh = sshSettings.parse({
      ...{ host: sshServer.host, port: sshServer.port, user: 'ann', auth: 'password', secret: { kind: 'ask' } },
    })
    const at = { kind: 'postgres' as const, host: '127.0.0.1', port: fake.port, database: 'people', user: 'bob' }
    const profileId = await core.add({ ...at, password: '' }, { ssh }, null)
    const give = (role: 'ssh' | 'runtime', password: string, keep = false) =>
      core.api.connections.givePassword({ profileId, role, password, keep })
    const asks = (role: string) => (state: ConnectionState) =>
      needsPassword(state) && 'role' in state && state.role === role

    await core.api.connections.open({ profileId })
    const owner = `ann@${sshServer.host}`
    expect(await core.until(profileId, asks('ssh'))).toMatchObject({ user: owner, problem: null })
    await give('ssh', 'wrong-one')
    expect(await core.until(profileId, asks('runtime'))).toMatchObject({ user: 'bob', problem: null })
    await give('runtime', DATABASE)
    await trustShown(profileId)
    expect(sshServer.tried).toEqual([])
    await core.api.connections.open({ profileId })
    const again = await core.until(profileId, asks('ssh'))
    expect(again).toMatchObject({ user: owner, problem: expect.stringContaining('refused the user ann') as string })
    expect(sshServer.tried).toEqual(['none', 'password wrong-one'])
    expect(fake.seen.connections).toBe(0)
    await give('ssh', SSH, true)
    await core.until(profileId, isOpen)
    expect(sshServer.tried.slice(2)).toEqual(['none', `password ${SSH}`])
    const { profiles } = await core.api.profiles.list()
    expect(profiles.find(({ id }) => id === profileId)).toMatchObject({
      secret: { kind: 'ask' },
      ssh: { secret: { kind: 'keychain' } },
    })
    await core.api.connections.close({ profileId })
    await core.api.connections.open({ profileId })
    expect(await core.until(profileId, needsPassword)).toMatchObject({ role: 'runtime', problem: null })
    await core.api.connections.close({ profileId })
  })

  it('that are not taken any more are sent once, and again when a person says so', async () => {
    vi.stubEnv('ROSTER_TEST_SSH', SSH)
    await using sshServer = await startPasswordServer(SSH, ['password'])
    await using fake = await startFakePostgres({ password: DATABASE })
    const { host, port } = sshServer
    const secret = { kind: 'environment', variable: 'ROSTER_TEST_SSH' }
    const ssh = sshSettings.parse({ host, port, user: 'ann', auth: 'password', secret })
    const at = { kind: 'postgres' as const, host: '127.0.0.1', port: fake.port, database: 'people', user: 'bob' }
    const profileId = await core.add({ ...at, password: DATABASE }, { ssh })
    await core.api.connections.open({ profileId })
    await trustShown(profileId)
    await core.api.connections.retryNow({ profileId })
    await core.until(profileId, isOpen)

    sshServer.password = 'another'
    sshServer.tried.length = 0
    sshServer.dropAll()
    expect(await core.until(profileId, hasFailed)).toMatchObject({
      why: 'reconnect',
      cause: { reason: 'authentication' },
    })
    expect(sshServer.tried).toEqual(['none', `password ${SSH}`])
    sshServer.password = SSH
    await core.api.connections.retryNow({ profileId })
    await core.until(profileId, isOpen)
    await core.api.connections.close({ profileId })
    vi.unstubAllEnvs()
  })
})
