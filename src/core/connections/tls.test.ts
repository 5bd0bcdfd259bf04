// Certificates as a page meets them: one that is refused and then trusted, one that was replaced, and a key with a passphrase.
import { X509Certificate } from 'node:crypto'
import { copyFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeAuthority, type Issued } from '../../../scripts/servers/authority.ts'
import { startFakeMysql } from '../../../scripts/servers/fake-mysql.ts'
import { startFakePostgres } from '../../../scripts/servers/fake-postgres.ts'
import type { ConnectionState } from '../../shared/connections.ts'
import type { PeerCertificate, Pin } from '../../shared/reaching.ts'
import { coreWithServers, type CoreWithServers } from './servers.test-setup.ts'

const PASSWORD = 'never-in-clear'
const isSettled = ({ state }: ConnectionState) => state === 'open' || state === 'failed' || state === 'needs-password'
const isOpen = ({ state }: ConnectionState) => state === 'open'

const authority = makeAuthority()
const own = authority.selfSigned('own')
const renewed = authority.selfSigned('renewed')
const fingerprintOf = ({ cert }: Issued) => new X509Certificate(cert).fingerprint256

let core: CoreWithServers
beforeAll(async () => {
  core = await coreWithServers()
})
afterAll(async () => {
  await core.close()
  authority[Symbol.dispose]()
})

const engines = {
  postgres: (tls: Issued, port?: number) =>
    startFakePostgres({ auth: 'cleartext', password: PASSWORD, tls, ...(port !== undefined && { port }) }),
  mysql: (tls: Issued, port?: number) =>
    startFakeMysql({ auth: 'caching-full', password: PASSWORD, tls, ...(port !== undefined && { port }) }),
}
const addressOf = (kind: keyof typeof engines, port: number) => ({
  ...{ kind, host: '127.0.0.1', port, database: 'app', user: 'ada', password: PASSWORD },
})

async function refusedCertificate(profileId: string): Promise<PeerCertificate> {
  const state = await core.until(profileId, isSettled)
  expect(state).toMatchObject({ state: 'failed' })
  const { cause } = state as Extract<ConnectionState, { state: 'failed' }>
  return cause?.certificate as PeerCertificate
}

async function pinsOf(profileId: string): Promise<Pin[]> {
  const { profiles } = await core.api.profiles.list()
  const found = profiles.find(({ id }) => id === profileId)
  return found && found.dialect !== 'sqlite' ? found.pins : []
}

/** A certificate that was shown, with nothing sent, then trusted; the profile is closed again. */
async function meetAndTrust(kind: keyof typeof engines, tls: 'verify' | 'require') {
  await using fake = await engines[kind](own)
  const { port } = fake
  const elsewhere = { host: 'elsewhere', port, fingerprint: fingerprintOf(renewed) }
  const profileId = await core.add(addressOf(kind, port), { tls, pins: [elsewhere] })
  await core.api.connections.open({ profileId })
  const { host, port: at, fingerprint } = await refusedCertificate(profileId)
  expect({ host, at, fingerprint }).toEqual({ host: '127.0.0.1', at: port, fingerprint: fingerprintOf(own) })
  expect(fake.wasSent(PASSWORD)).toBe(false)
  if (tls === 'verify') expect(fake.seen).toMatchObject({ attempts: 0, users: [] })
  await core.api.connections.trustCertificate({ profileId, host, port, fingerprint })
  await core.until(profileId, isOpen)
  expect(await pinsOf(profileId)).toEqual([elsewhere, { host, port, fingerprint }])
  await core.api.connections.close({ profileId })
  return { profileId, port }
}

describe.each(['postgres', 'mysql'] as const)('a certificate of %s', (kind) => {
  it.each(['verify', 'require'] as const)(
    'that nobody vouches for (%s) is shown, trusted, and then no other one is',
    async (tls) => {
      const { profileId, port } = await meetAndTrust(kind, tls)
      await using another = await engines[kind](renewed, port)
      // Closing has forgotten it.
      await core.api.connections.givePassword({ profileId, password: PASSWORD, role: 'runtime', keep: false })
      const shown = await refusedCertificate(profileId)
      expect(shown.fingerprint).toBe(fingerprintOf(renewed))
      expect(shown.problem).toContain('another certificate')
      expect(another.seen).toMatchObject({ attempts: 0, users: [] })
      // Looked at, and trusted: in place of the one before.
      await core.api.connections.trustCertificate({ profileId, host: shown.host, port, fingerprint: shown.fingerprint })
      await core.until(profileId, isOpen)
      expect((await pinsOf(profileId)).map((pin) => pin.fingerprint)).toEqual([renewed, renewed].map(fingerprintOf))
      await core.api.connections.close({ profileId })
    },
  )

  it('is asked of an open profile too, whose connections end, and whose password stays', async () => {
    await using fake = await engines[kind](own)
    const { port } = fake
    const pin = { host: '127.0.0.1', port, fingerprint: fingerprintOf(own) }
    const profileId = await core.add(addressOf(kind, port), { tls: 'verify', pins: [pin], poolSize: 1 })
    await core.api.connections.open({ profileId })
    await core.until(profileId, isOpen)
    const trusted = { ...pin, fingerprint: fingerprintOf(renewed) }
    await core.api.connections.trustCertificate({ profileId, ...trusted })
    expect(await refusedCertificate(profileId)).toMatchObject({ fingerprint: fingerprintOf(own) })
    expect(fake.seen).toMatchObject({ connections: 2, attempts: 1 })
  })

  it('of our own has a passphrase, which is asked for by itself, and a wrong one is sent nowhere', async () => {
    await using fake = await engines[kind](own)
    const mine = authority.issue(`mine-${kind}`, { passphrase: 'geheim', commonName: 'ada', names: '' })
    const { port } = fake
    const [certificate, key] = [mine.files.cert, mine.files.key].map((file) => {
      const copy = join(core.folder, basename(file))
      copyFileSync(file, copy)
      return copy
    }) as [string, string]
    const profileId = await core.add(addressOf(kind, port), {
      tls: 'verify',
      pins: [{ host: '127.0.0.1', port, fingerprint: fingerprintOf(own) }],
      tlsFiles: { ca: null, certificate, key, secret: { kind: 'ask' } },
    })
    await core.api.connections.open({ profileId })
    const asked = { state: 'needs-password', role: 'certificate', user: key }
    expect(await core.until(profileId, isSettled)).toMatchObject({ ...asked, problem: null })
    const give = (password: string) =>
      core.api.connections.givePassword({ profileId, password, role: 'certificate', keep: false })
    await give('falsch')
    expect(await core.until(profileId, isSettled)).toMatchObject({
      ...asked,
      problem: expect.stringContaining('does not open the key of the client certificate') as string,
    })
    expect(fake.seen).toMatchObject({ attempts: 0, users: [] })
    await give('geheim')
    await core.until(profileId, isOpen)
    await core.api.connections.close({ profileId })
  })
})

it('a profile remembers 64 certificates, and the oldest goes first', async () => {
  await using fake = await engines.postgres(own)
  const fingerprint = fingerprintOf(own)
  const pins = Array.from({ length: 64 }, (_, index) => ({ host: `db${index}`, port: 1, fingerprint }))
  const profileId = await core.add(addressOf('postgres', fake.port), { tls: 'verify', pins })
  await core.api.connections.trustCertificate({ profileId, host: '127.0.0.1', port: fake.port, fingerprint })
  await core.until(profileId, isOpen)
  const kept = await pinsOf(profileId)
  expect(kept.map(({ host }) => host)).toEqual([...pins.slice(1).map(({ host }) => host), '127.0.0.1'])
  await core.api.connections.close({ profileId })
})

it('only a profile that is there, of a server, has one', async () => {
  const pin = { host: 'db', port: 1, fingerprint: fingerprintOf(own) }
  await expect(core.api.connections.trustCertificate({ profileId: 'nobody', ...pin })).rejects.toMatchObject({
    code: 'PROFILE_NOT_FOUND',
  })
})
