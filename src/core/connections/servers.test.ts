// Real servers that come late, refuse, go away and come back, as a page meets them.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../../../scripts/servers/free-port.ts'
import { describeWithMariadb, describeWithPostgres } from '../../../scripts/servers/missing.ts'
import type { ServerKind, TestServer } from '../../../scripts/servers/server.ts'
import type { ConnectionState } from '../../shared/connections.ts'
import { coreWithServers, type CoreWithServers } from './servers.test-setup.ts'

const isOpen = ({ state }: ConnectionState) => state === 'open'
const hasFailed = ({ state }: ConnectionState) => state === 'failed'
const needsPassword = ({ state }: ConnectionState) => state === 'needs-password'
const isReconnecting = (state: ConnectionState) => state.state === 'waiting' && state.why === 'reconnect'
const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))

const figure = (words: string) => {
  if (process.env.VERIFY === 'full') console.log(`FIGURE ${words}`)
}

/** Seconds that the server starts after the app: a short form, or from 0 to a minute. */
const LATE = process.env.VERIFY === 'full' ? [0, 1, 2, 4, 8, 15, 30, 60] : [0, 2, 8]

let core: CoreWithServers
beforeAll(async () => {
  core = await coreWithServers()
})
afterAll(() => core.close())

const countOfRefusals: Record<ServerKind, (server: TestServer) => number> = {
  postgres: (server) => server.log().match(/password authentication failed/g)?.length ?? 0,
  mysql: (server) => server.log().match(/Access denied for user/g)?.length ?? 0,
}

for (const [kind, describeWith] of [
  ['postgres', describeWithPostgres],
  ['mysql', describeWithMariadb],
] as const) {
  describeWith(
    `${kind}: a server`,
    (server) => {
      const api = () => core.api

      test('is opened, and its rows are read', async () => {
        const profileId = await core.add(server())
        await expect(api().profiles.open({ profileId })).rejects.toMatchObject({ data: { reason: 'not-open' } })
        await api().connections.open({ profileId })
        await core.until(profileId, isOpen)
        expect((await api().profiles.open({ profileId })).dialect).toBe(kind)
        await api().connections.close({ profileId })
        expect(core.stateOf(profileId)).toEqual({ state: 'closed' })
      })

      test('asks once for a wrong password, within a second, and takes the right one', async () => {
        const profileId = await core.add(server(), {}, 'not-the-password')
        const before = countOfRefusals[kind](server())
        const began = performance.now()
        await api().connections.open({ profileId })
        await core.until(profileId, needsPassword)
        const took = performance.now() - began
        expect(took).toBeLessThan(1_000)
        await pause(500)
        const attempts = countOfRefusals[kind](server()) - before
        figure(`${kind}: wrong password shown after ${took.toFixed(0)} ms, attempts in the server's log ${attempts}`)
        expect(attempts).toBe(1)
        await api().connections.givePassword({ profileId, password: server().password, role: 'runtime', keep: false })
        await core.until(profileId, isOpen)
        await api().connections.close({ profileId })
      })

      test('a database that appears later is waited for where the profile says so', async () => {
        const database = server().unique('late_one')
        const stops = await core.add({ ...server(), database }, { delay: 0.2 })
        await api().connections.open({ profileId: stops })
        expect(await core.until(stops, hasFailed)).toMatchObject({ cause: { reason: 'no-database' } })
        const waits = await core.add({ ...server(), database }, { delay: 0.2, tries: 50, waitForDatabase: true })
        await api().connections.open({ profileId: waits })
        await core.until(waits, (state) => state.state === 'waiting' && state.cause?.reason === 'no-database')
        await server().admin(`CREATE DATABASE ${database}`)
        await core.until(waits, isOpen)
        await api().connections.close({ profileId: waits })
      })

      test('migrations are waited for where the profile says so', async () => {
        const database = server().unique('to_migrate')
        await server().admin(`CREATE DATABASE ${database}`)
        const profileId = await core.add({ ...server(), database }, { delay: 0.2, tries: 100, waitForMigrations: true })
        await api().connections.open({ profileId })
        const waiting = (state: ConnectionState) => state.state === 'waiting' && state.cause?.reason === 'not-migrated'
        expect(await core.until(profileId, waiting)).toMatchObject({ phase: 'migrated' })
        const runner = await core.add({ ...server(), database })
        await api().connections.open({ profileId: runner })
        await core.until(runner, isOpen)
        for await (const event of await api().migrations.run({ profileId: runner, action: { kind: 'all' } })) void event
        await core.until(profileId, isOpen)
        for (const id of [profileId, runner]) await api().connections.close({ profileId: id })
      })

      test('is reconnected after a restart, and what was asked meanwhile is answered', async () => {
        const profileId = await core.add(server())
        await api().connections.open({ profileId })
        await core.until(profileId, isOpen)
        await server().stop()
        await core.until(profileId, isReconnecting)
        const asked = api().tables.list({ profileId })
        await pause(1_000)
        await server().restart()
        const began = performance.now()
        await core.until(profileId, isOpen)
        expect(performance.now() - began).toBeLessThan(3_000)
        await asked
        await api().connections.close({ profileId })
      })

      test('another profile opens while one waits', async () => {
        const waits = await core.add({ ...server(), port: await freePort() })
        await api().connections.open({ profileId: waits })
        await core.until(waits, (state) => state.state === 'waiting' && state.cause?.reason === 'refused')
        const opens = await core.add(server())
        await api().connections.open({ profileId: opens })
        await core.until(opens, isOpen, 2_000)
        expect(core.stateOf(waits).state).toBe('waiting')
        const began = performance.now()
        await api().connections.cancel({ profileId: waits })
        const took = performance.now() - began
        figure(`${kind}: waiting cancelled after ${took.toFixed(1)} ms`)
        expect(took).toBeLessThan(100)
        expect(core.stateOf(waits)).toMatchObject({ state: 'failed', cause: null })
        await api().connections.close({ profileId: opens })
      })

      test('the pool is told with the numbers of the server', async () => {
        const profileId = await core.add(server())
        await api().connections.open({ profileId })
        await core.until(profileId, isOpen)
        const left = new AbortController()
        const pools = await api().connections.pool({ profileId, withServer: true }, { signal: left.signal })
        for await (const pool of pools) {
          if (!pool?.server) continue
          expect(pool).toMatchObject({ waiting: 0, limitFrom: { kind: 'formula', spindles: 1, isStated: false } })
          expect(pool.server.used).toBeGreaterThanOrEqual(1)
          expect(pool.server.limit).toBeGreaterThan(pool.server.used)
          break
        }
        left.abort()
        await api().connections.close({ profileId })
      })

      for (const seconds of LATE) {
        const limit = (seconds + 30) * 1_000
        test(`is opened when it starts ${seconds} s after the app`, { timeout: limit }, async () => {
          await server().stop()
          const profileId = await core.add(server(), { tries: 20 })
          await api().connections.open({ profileId })
          await pause(seconds * 1_000)
          await server().restart()
          const began = performance.now()
          await core.until(profileId, isOpen, 10_000)
          // The attempts are 5 s apart.
          const took = performance.now() - began
          figure(`${kind}: server ${seconds} s after the app, open ${took.toFixed(0)} ms after it takes connections`)
          expect(took).toBeLessThan(6_000)
          await api().connections.close({ profileId })
        })
      }
    },
    { own: true },
  )
}
