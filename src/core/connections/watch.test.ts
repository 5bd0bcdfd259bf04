// Every page sees the same states: those that are there when it comes, then what changes, at most ten times a second.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startFakePostgres } from '../../../scripts/servers/fake-postgres.ts'
import type { ConnectionState } from '../../shared/connections.ts'
import { coalesce } from '../coalesce.ts'
import { coreWithServers, type CoreWithServers } from './servers.test-setup.ts'

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))
const PASSWORD = 'canary-51b7'

let core: CoreWithServers
beforeAll(async () => {
  core = await coreWithServers()
})
afterAll(() => core.close())

/** A page that reads the states until `leave`. */
async function page() {
  const left = new AbortController()
  const seen = new Map<string, ConnectionState>()
  let events = 0
  const stream = await core.api.connections.watch(undefined, { signal: left.signal })
  const reading = (async () => {
    for await (const news of stream) {
      events += 1
      for (const { profileId, connection } of news) seen.set(profileId, connection)
    }
  })().catch(() => undefined)
  return {
    seen,
    events: () => events,
    async leave() {
      left.abort()
      await reading
    },
  }
}

const addressOf = (port: number) => ({
  ...{ kind: 'postgres' as const, host: '127.0.0.1', port, database: 'people', user: 'ann', password: PASSWORD },
})

test('two pages see the same, also one that came later', async () => {
  await using fake = await startFakePostgres({ password: PASSWORD })
  const profileId = await core.add(addressOf(fake.port))
  const first = await page()
  await core.api.connections.open({ profileId })
  await core.until(profileId, ({ state }) => state === 'open')
  const second = await page()
  await pause(150)
  expect(first.seen.get(profileId)?.state).toBe('open')
  expect(second.seen.get(profileId)).toEqual(first.seen.get(profileId))
  await core.api.connections.close({ profileId })
  await pause(150)
  expect(first.seen.get(profileId)).toEqual({ state: 'closed' })
  expect(second.seen.get(profileId)).toEqual({ state: 'closed' })
  await first.leave()
  await second.leave()
})

test('many changes come together, and the last one is not lost', async () => {
  await using fake = await startFakePostgres({ password: PASSWORD, onConnect: () => ({ error: { code: '57P03' } }) })
  const profileId = await core.add(addressOf(fake.port), { tries: 200, delay: 0 })
  const watching = await page()
  await core.api.connections.open({ profileId })
  const state = await core.until(profileId, (each) => each.state === 'failed')
  await pause(250)
  expect(fake.seen.connections).toBe(200)
  // Each attempt changes the state several times.
  expect(watching.events()).toBeLessThan(150)
  expect(watching.seen.get(profileId)).toEqual(state)
  await core.api.connections.close({ profileId })
  await watching.leave()
})

test('a page never gets a password, nor what it was given', async () => {
  await using fake = await startFakePostgres({ password: 'another' })
  const profileId = await core.add(addressOf(fake.port))
  const watching = await page()
  await core.api.connections.open({ profileId })
  await core.until(profileId, ({ state }) => state === 'needs-password')
  await pause(150)
  expect(watching.seen.get(profileId)?.state).toBe('needs-password')
  expect(JSON.stringify([...watching.seen.values()])).not.toContain(PASSWORD)
  expect(fake.seen.attempts).toBe(1)
  await core.api.connections.close({ profileId })
  await watching.leave()
})

test('a pool that nobody may use is null, and a file has none', async () => {
  for (const profileId of [await core.add(addressOf(1)), 'sample']) {
    const left = new AbortController()
    const pools = await core.api.connections.pool({ profileId, withServer: true }, { signal: left.signal })
    for await (const pool of pools) {
      expect(pool).toBeNull()
      break
    }
    left.abort()
  }
})

test('tells at once, then at most every 100 ms, and the last change always', async () => {
  const told: number[] = []
  const began = performance.now()
  const flow = coalesce(() => told.push(performance.now() - began))
  flow.changed()
  expect(told.length).toBe(1)
  for (let turn = 0; turn < 25; turn++) {
    await pause(10)
    flow.changed()
  }
  await pause(150)
  expect(told.length).toBeGreaterThanOrEqual(3)
  expect(told.length).toBeLessThanOrEqual(6)
  for (const [index, at] of told.entries()) expect(at - (told[index - 1] ?? -100)).toBeGreaterThanOrEqual(95)
  const before = told.length
  flow.changed()
  flow.changed()
  flow.end()
  await pause(150)
  expect(told.length).toBeLessThanOrEqual(before + 1)
})
