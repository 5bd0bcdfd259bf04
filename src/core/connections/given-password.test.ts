// A password that a person gives: used at once, kept in memory until the profile is closed, or in the keychain when told.
import { afterEach, expect, test } from 'vitest'
import { startFakePostgres } from '../../../scripts/servers/fake-postgres.ts'
import type { ConnectionState } from '../../shared/connections.ts'
import { xorSecrets } from '../profiles/secrets.test-setup.ts'
import { coreWithServers, type CoreWithServers } from './servers.test-setup.ts'

const PASSWORD = 'canary-b7730'
const isOpen = ({ state }: ConnectionState) => state === 'open'
const needsPassword = ({ state }: ConnectionState) => state === 'needs-password'

let core: CoreWithServers
afterEach(() => core.close())

const addressOf = ({ port }: { port: number }) => ({
  ...{ kind: 'postgres' as const, host: '127.0.0.1', port, database: 'people', user: 'ann', password: '' },
})

/** A profile whose password nobody has given yet, asked for. */
async function asked(fake: { port: number }): Promise<string> {
  const profileId = await core.add(addressOf(fake), {}, null)
  await core.api.connections.open({ profileId })
  await core.until(profileId, needsPassword)
  return profileId
}

test('is kept until the profile is closed, and no longer', async () => {
  core = await coreWithServers()
  await using fake = await startFakePostgres({ password: PASSWORD })
  const profileId = await asked(fake)
  expect(fake.seen.connections).toBe(0)
  await core.api.connections.givePassword({ profileId, password: PASSWORD, role: 'runtime', keep: false })
  await core.until(profileId, isOpen)
  await core.api.connections.close({ profileId })
  await core.api.connections.open({ profileId })
  expect(await core.until(profileId, needsPassword)).toMatchObject({ problem: null })
  await core.api.connections.close({ profileId })
})

test('is kept in the keychain when told, and used without asking from then on', async () => {
  core = await coreWithServers(xorSecrets())
  await using fake = await startFakePostgres({ password: PASSWORD })
  const profileId = await asked(fake)
  await core.api.connections.givePassword({ profileId, password: PASSWORD, role: 'runtime', keep: true })
  await core.until(profileId, isOpen)
  const { profiles } = await core.api.profiles.list()
  expect(profiles.find(({ id }) => id === profileId)).toMatchObject({ secret: { kind: 'keychain' }, isSample: false })
  await core.api.connections.close({ profileId })
  await core.api.connections.open({ profileId })
  await core.until(profileId, isOpen)
  await core.api.connections.close({ profileId })
})

test('is not kept for a profile that was changed meanwhile, and the change stays', async () => {
  const secrets = xorSecrets()
  const sealing = Promise.withResolvers<undefined>()
  const going = Promise.withResolvers<undefined>()
  core = await coreWithServers({
    ...secrets,
    seal: async (text) => {
      sealing.resolve(undefined)
      await going.promise
      return secrets.seal(text)
    },
  })
  await using fake = await startFakePostgres({ password: PASSWORD })
  const profileId = await asked(fake)
  const given = core.api.connections.givePassword({ profileId, password: PASSWORD, role: 'runtime', keep: true })
  given.catch(() => undefined)
  await sealing.promise
  const stored = (await core.api.profiles.list()).profiles.find(({ id }) => id === profileId)
  if (stored?.dialect !== 'postgres') throw new Error('There is no such profile.')
  const { id: _id, isSample: _isSample, ...settings } = stored
  await core.api.profiles.update({ profileId, settings: { ...settings, host: 'localhost' } })
  going.resolve(undefined)
  await expect(given).rejects.toMatchObject({ code: 'NOT_STORED' })
  const { profiles } = await core.api.profiles.list()
  expect(profiles.find(({ id }) => id === profileId)).toMatchObject({ host: 'localhost', secret: { kind: 'ask' } })
  expect(await core.api.profiles.hasPasswords({ profileId })).toMatchObject({ runtime: false })
  await core.api.connections.close({ profileId })
})

test('changes nothing where it was to be kept and there is no keychain', async () => {
  core = await coreWithServers()
  await using fake = await startFakePostgres({ password: PASSWORD })
  const profileId = await asked(fake)
  const given = core.api.connections.givePassword({ profileId, password: PASSWORD, role: 'runtime', keep: true })
  await expect(given).rejects.toMatchObject({ code: 'NOT_STORED' })
  const { profiles } = await core.api.profiles.list()
  expect(profiles.find(({ id }) => id === profileId)).toMatchObject({ secret: { kind: 'ask' } })
  expect(core.stateOf(profileId).state).toBe('needs-password')
  expect(fake.seen.connections).toBe(0)
})

test('of the login for migrations is taken without opening anything', async () => {
  core = await coreWithServers()
  await using fake = await startFakePostgres({ password: PASSWORD })
  const schemaLogin = { user: 'owner', secret: { kind: 'ask' as const } }
  const profileId = await core.add(addressOf(fake), { schemaLogin }, null)
  await core.api.connections.givePassword({ profileId, password: PASSWORD, role: 'schema', keep: false })
  expect(await core.api.profiles.hasPasswords({ profileId })).toEqual({
    ...{ runtime: false, schema: true },
    ...{ ssh: false, jump: false, certificate: false },
  })
  expect(core.stateOf(profileId)).toEqual({ state: 'closed' })
  expect(fake.seen.connections).toBe(0)
})
