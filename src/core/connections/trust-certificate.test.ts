// Trusting a certificate closes what is open and keeps its passwords, but not for a profile that leads elsewhere by then.
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect, it, vi } from 'vitest'
import { makeAuthority } from '../../../scripts/servers/authority.ts'
import { startFakePostgres } from '../../../scripts/servers/fake-postgres.ts'
import { createHeadlessHost } from '../../headless/host.ts'
import { profileSettings } from '../../shared/profiles.ts'
import { createCore } from '../core.ts'
import { router } from '../router.ts'

it('gives no password to a host that the profile got while its connections were closed', async () => {
  using authority = makeAuthority()
  const tls = authority.selfSigned('own')
  await using fake = await startFakePostgres({ password: 'canary', tls })
  const dataFolder = mkdtempSync(join(tmpdir(), 'roster-trust-'))
  const core = await createCore(createHeadlessHost({ version: 'test', dataFolder }))
  const api = createRouterClient(router, { context: { core } })
  const at = { host: '127.0.0.1', port: fake.port }
  const { fingerprint256: fingerprint } = new X509Certificate(tls.cert)
  const login = { dialect: 'postgres', name: 'Shop', database: 'app', user: 'ada', secret: { kind: 'ask' } }
  const settings = profileSettings.parse({ ...login, ...at, tls: 'verify', pins: [{ ...at, fingerprint }] })
  const elsewhere = profileSettings.parse({ ...login, ...at, host: 'localhost', tls: 'verify' })
  try {
    const made = await api.profiles.create({ settings, password: 'canary' })
    const { id: profileId } = made
    await api.connections.open({ profileId })
    await vi.waitUntil(() => core.databases.connection(profileId).state.state === 'open')
    await api.connections.trustCertificate({ profileId, ...at, fingerprint })
    await vi.waitUntil(() => core.databases.connection(profileId).state.state === 'open')
    expect(core.passwords.has(made, 'runtime')).toBe(true)

    const close = core.databases.close.bind(core.databases)
    core.databases.close = async (id) => {
      core.databases.close = close
      await close(id)
      await api.profiles.update({ profileId, settings: elsewhere })
    }
    await api.connections.trustCertificate({ profileId, ...at, fingerprint })
    expect(core.profiles.get(profileId)).toMatchObject({ host: 'localhost' })
    expect(core.passwords.has(core.profiles.get(profileId), 'runtime')).toBe(false)
  } finally {
    await core.close()
    rmSync(dataFolder, { recursive: true, force: true })
  }
})
