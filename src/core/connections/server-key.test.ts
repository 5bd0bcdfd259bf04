// The consent to use a MySQL server's key, from the profile to the socket: for opening, for a test, and for both logins.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startFakeMysql } from '../../../scripts/servers/fake-mysql.ts'
import type { ConnectionState } from '../../shared/connections.ts'
import { profileSettings } from '../../shared/profiles.ts'
import { coreWithServers, type CoreWithServers } from './servers.test-setup.ts'

const isSettled = ({ state }: ConnectionState) => state === 'open' || state === 'failed'

let core: CoreWithServers
beforeAll(async () => {
  core = await coreWithServers()
})
afterAll(() => core.close())

const at = (port: number) => ({ host: '127.0.0.1', port, database: 'app', user: 'ada' })
const settingsOf = (port: number, more: object) =>
  profileSettings.parse({ name: 'Shop', dialect: 'mysql', ...at(port), secret: { kind: 'ask' }, ...more })

test('a profile has not agreed unless it says so, and only MySQL can', () => {
  expect(settingsOf(1, {})).toMatchObject({ fetchServerKey: false })
  const postgres = { ...settingsOf(1, {}), dialect: 'postgres' }
  expect(profileSettings.safeParse(postgres).success).toBe(false)
})

test('a profile that has not agreed stops after one attempt, and says what can be done', async () => {
  await using fake = await startFakeMysql({ auth: 'caching-full' })
  const profileId = await core.add({ kind: 'mysql', ...at(fake.port), password: 'secret' }, { tries: 3, delay: 0.05 })
  await core.api.connections.open({ profileId })
  expect(await core.until(profileId, isSettled)).toMatchObject({
    state: 'failed',
    cause: { reason: 'unsafe', hint: expect.stringContaining('Encrypt the password') as string },
  })
  expect(fake.seen).toMatchObject({ connections: 1, keyRequests: 0, clearBytes: 0 })
})

test('one that has opens with one attempt, and so does its login for migrations', async () => {
  const facts = [...['8.4.3', 'MySQL', 'app', 'ada@%', 'STRICT_ALL_TABLES', '+00:00'], ...['0', '5', 'db', 'SYSTEM']]
  const rows = [[...facts, 'utf8mb4', 'utf8mb4_bin', '0']]
  await using fake = await startFakeMysql({
    auth: 'caching-full',
    onQuery({ sql }) {
      if (sql.startsWith('SELECT VERSION()')) return { rows }
      // A run waits for its lock as long as nobody says that there is none.
      return sql.includes('get_lock') ? { error: { code: '1305' } } : undefined
    },
  })
  const settings = settingsOf(fake.port, {
    fetchServerKey: true,
    poolSize: 1,
    schemaLogin: { user: 'owner', secret: { kind: 'ask' } },
  })
  const { id: profileId } = await core.api.profiles.create({ settings, password: 'secret', schemaPassword: 'secret' })
  await core.api.connections.open({ profileId })
  expect(await core.until(profileId, isSettled)).toMatchObject({ state: 'open' })
  expect(fake.seen).toMatchObject({ connections: 1, attempts: 1, keyRequests: 1, clearBytes: 0 })
  // The fake has no tables to migrate; what counts is how it is reached.
  const run = async () => {
    for await (const _ of await core.api.migrations.run({ profileId, action: { kind: 'all' } }));
  }
  await run().catch(() => undefined)
  expect(fake.seen.users).toContain('owner')
  expect(fake.seen.keyRequests).toBe(fake.seen.attempts)
  await core.api.connections.close({ profileId })
})

test('a test of settings uses what the form says', async () => {
  await using fake = await startFakeMysql({ auth: 'caching-full' })
  const outcome = async (fetchServerKey: boolean) =>
    core.api.profiles.test({ settings: settingsOf(fake.port, { fetchServerKey }), password: 'secret' })
  expect(await outcome(false)).toMatchObject({ outcome: 'failed', cause: { reason: 'unsafe' } })
  expect(fake.seen.keyRequests).toBe(0)
  expect(await outcome(true)).toMatchObject({ outcome: 'connected' })
  expect(fake.seen).toMatchObject({ keyRequests: 1, clearBytes: 0 })
})
