// Opening: as many attempts as the profile says and no more, told as they happen, and ended at a word.
import { expect, test } from 'vitest'
import type { ConnectionState } from '../../shared/connections.ts'
import { EngineError, sql, timed } from '../db/server/scripted-engine.test-setup.ts'
import { unavailable } from '../refusal.ts'
import { hasFailed, isOpen, isPaused, pause, scene } from './connection.test-setup.ts'

const never = new AbortController().signal

test('opens with one attempt, phase after phase', async () => {
  const { connection, engine, seen, until } = scene()
  expect(() => connection.database()).toThrow(/not open/)
  connection.open(false)
  await until(isOpen)
  const phases = seen.map(({ state }) => (state.state === 'waiting' ? state.phase : state.state))
  expect([...new Set(phases)]).toEqual(['resolve', 'connect', 'authenticate', 'open'])
  expect(engine.connects).toBe(1)
  expect((await connection.database().read(sql('echo x'), never)).rows).toEqual([['x']])
  // The connection of the attempt is the one that is used.
  expect(engine.connects).toBe(1)
  await connection.close()
  expect(engine.open).toEqual([])
})

test('tries as often and as far apart as the profile says, then stops', async () => {
  const { connection, engine, until } = scene({ tries: 3, delay: 0.2 })
  engine.refuses = new EngineError('refused')
  connection.open(false)
  const { ms, value } = await timed(until(hasFailed))
  expect(engine.connects).toBe(3)
  expect(ms).toBeGreaterThanOrEqual(390)
  expect(ms).toBeLessThan(1_000)
  expect(value).toMatchObject({ why: 'open', cause: { reason: 'refused', isTemporary: true } })
  expect((value as { history: { number: number; phase: string }[] }).history).toMatchObject([
    { number: 1, phase: 'connect' },
    { number: 2, phase: 'connect' },
    { number: 3, phase: 'connect' },
  ])
  await pause(400)
  expect(engine.connects).toBe(3)
})

test('says while it waits which attempt, why, and when the next one comes', async () => {
  const { connection, engine, until } = scene({ tries: 3, delay: 0.2 })
  engine.refuses = new EngineError('refused')
  connection.open(false)
  const state = await until(isPaused)
  if (state.state !== 'waiting') throw new Error('It waits.')
  expect(state).toMatchObject({ why: 'open', attempt: 1, tries: 3, until: null, cause: { reason: 'refused' } })
  expect((state.nextTryAt ?? 0) - Date.now()).toBeGreaterThan(150)
  expect((state.nextTryAt ?? 0) - Date.now()).toBeLessThanOrEqual(200)
  await connection.close()
})

test('app first, server after: opens with the next attempt', async () => {
  const { connection, engine, until } = scene({ tries: 5, delay: 0.2 })
  engine.refuses = new EngineError('refused')
  connection.open(false)
  await pause(450)
  engine.refuses = null
  const { ms } = await timed(until(isOpen))
  expect(ms).toBeLessThan(250)
  expect(engine.connects).toBe(4)
  await connection.close()
})

test('a wrong password is tried once and shown within a second', async () => {
  const { connection, engine, until } = scene({ tries: 5, delay: 0.05 })
  engine.refuses = new EngineError('authentication')
  connection.open(false)
  const { ms, value } = await timed(until(hasFailed))
  expect(ms).toBeLessThan(1_000)
  expect(value).toMatchObject({ cause: { reason: 'authentication', isTemporary: false } })
  await pause(300)
  expect(engine.connects).toBe(1)
})

test.each(['ask', 'keychain'] as const)('a wrong password from %s is forgotten and asked for again', async (kind) => {
  const scenery = scene({ tries: 5, delay: 0.05, secret: { kind } })
  const { connection, engine, until } = scenery
  engine.refuses = new EngineError('authentication')
  connection.open(false)
  const state = await until((each) => each.state === 'needs-password')
  expect(state).toMatchObject({ user: 'ann', problem: expect.stringMatching(/refused/) as string })
  expect(scenery.forgotten).toBe(1)
  await pause(200)
  expect(engine.connects).toBe(1)
  // The right one was given meanwhile.
  engine.refuses = null
  connection.open(false)
  await until(isOpen)
  await connection.close()
})

test('nothing is tried while there is no password', async () => {
  const scenery = scene({ secret: { kind: 'ask' } })
  const { connection, engine, until } = scenery
  scenery.noPassword = unavailable('needs-password', 'It asks for its password.', 'Enter it.')
  connection.open(false)
  const state = await until((each) => each.state === 'needs-password')
  expect(state).toMatchObject({ problem: null })
  expect(engine.connects).toBe(0)
  expect(() => connection.database()).toThrow(/needs the password of ann/)
})

test('a variable that is not set stops it in its own words', async () => {
  const scenery = scene()
  scenery.noPassword = unavailable('local', 'The variable X is not set.', 'Set X.')
  scenery.connection.open(false)
  const state = await scenery.until(hasFailed)
  expect(state).toMatchObject({ cause: { reason: 'local', message: 'The variable X is not set.', hint: 'Set X.' } })
})

test.each(['in a pause', 'in an attempt that hangs'])('cancel takes effect within 100 ms %s', async (when) => {
  const { connection, engine, until } = scene({ tries: 5, delay: 0.3 })
  if (when === 'in a pause') engine.refuses = new EngineError('refused')
  else engine.isFrozen = true
  connection.open(false)
  if (when === 'in a pause') await until(isPaused)
  else await pause(50)
  const before = engine.connects
  const began = performance.now()
  connection.cancel()
  expect(await until(hasFailed)).toMatchObject({ why: 'open', cause: null })
  expect(performance.now() - began).toBeLessThan(100)
  engine.refuses = null
  engine.isFrozen = false
  await pause(500)
  expect(engine.connects).toBe(before)
  expect(engine.open).toEqual([])
  expect(connection.state.state).toBe('failed')
})

test('retry now begins the next attempt at once, beyond the tries of the profile', async () => {
  const { connection, engine, until } = scene({ tries: 2, delay: 30 })
  engine.refuses = new EngineError('refused')
  connection.open(false)
  await until(isPaused)
  for (let tries = 3; tries <= 5; tries++) {
    const before = engine.connects
    connection.retryNow()
    const { ms } = await timed(until((state) => isPaused(state) && engine.connects > before))
    expect(ms).toBeLessThan(200)
    expect(connection.state).toMatchObject({ tries, attempt: tries - 1 })
  }
  engine.refuses = null
  connection.retryNow()
  await until(isOpen)
  await connection.close()
})

test('what has failed can be tried again, and remembers why it failed before', async () => {
  const { connection, engine, until } = scene({ tries: 1 })
  engine.refuses = new EngineError('refused')
  connection.open(false)
  await until(hasFailed)
  connection.retryNow()
  const state = await until((each) => each.state === 'failed' && each.history.length === 2)
  expect(state).toMatchObject({ history: [{ number: 1 }, { number: 1 }] })
  engine.refuses = null
  connection.retryNow()
  await until(isOpen)
  await connection.close()
})

test.each(['in a pause', 'in an attempt that hangs'])('closing ends the waiting %s', async (when) => {
  const { connection, engine } = scene({ tries: 5, delay: 0.2 })
  if (when === 'in a pause') engine.refuses = new EngineError('refused')
  else engine.isFrozen = true
  connection.open(false)
  await pause(50)
  const { ms } = await timed(connection.close())
  expect(ms).toBeLessThan(3_000)
  expect(connection.state).toEqual({ state: 'closed' })
  const before = engine.connects
  engine.refuses = null
  engine.isFrozen = false
  await pause(400)
  expect(engine.connects).toBe(before)
  expect(connection.state).toEqual({ state: 'closed' })
  expect(engine.open).toEqual([])
})

test('a missing database is waited for only where the profile says so', async () => {
  const stops = scene({ tries: 5, delay: 0.1 })
  stops.engine.refuses = new EngineError('no-database')
  stops.connection.open(false)
  expect(await stops.until(hasFailed)).toMatchObject({ cause: { reason: 'no-database', isTemporary: false } })
  expect(stops.engine.connects).toBe(1)

  const waits = scene({ tries: 5, delay: 0.1, waitForDatabase: true })
  waits.engine.refuses = new EngineError('no-database')
  waits.connection.open(false)
  expect(await waits.until(isPaused)).toMatchObject({ cause: { reason: 'no-database', isTemporary: true } })
  waits.engine.refuses = null
  await waits.until(isOpen)
  await waits.connection.close()
})

test('a name that nobody knows is looked up twice', async () => {
  const { connection, engine, until } = scene({ tries: 5, delay: 0.1 })
  engine.refuses = new EngineError('name-unknown')
  connection.open(false)
  const { ms } = await timed(until(hasFailed))
  expect(engine.connects).toBe(2)
  expect(ms).toBeLessThan(500)
})

test('a server without free connections is asked slowly', async () => {
  const { connection, engine, until } = scene({ tries: 3, delay: 0.1 })
  engine.refuses = new EngineError('too-many-connections')
  connection.open(false)
  const state = await until(isPaused)
  if (state.state !== 'waiting') throw new Error('It waits.')
  expect((state.nextTryAt ?? 0) - Date.now()).toBeGreaterThan(900)
  await connection.close()
})

test('waits until the migrations are applied, and can be opened without', async () => {
  const scenery = scene({ tries: 20, delay: 0.1, waitForMigrations: true })
  scenery.isMigrated = false
  const { connection, engine, until } = scenery
  connection.open(false)
  const reached = (state: ConnectionState) => isPaused(state) && state.state === 'waiting' && state.attempt > 2
  expect(await until(reached)).toMatchObject({ phase: 'migrated', cause: { reason: 'not-migrated' } })
  // One connection all the while.
  expect(engine.connects).toBe(1)
  expect(() => connection.database()).toThrow(/still being opened/)
  scenery.isMigrated = true
  await until(isOpen)
  await connection.close()

  scenery.isMigrated = false
  connection.open(false)
  await until(isPaused)
  connection.open(true)
  expect(connection.state.state).toBe('open')
  expect((await connection.database().read(sql('echo x'), never)).rows).toEqual([['x']])
  await connection.close()
  expect(engine.open).toEqual([])
})

test('a server that goes away while its migrations are waited for is waited for', async () => {
  const scenery = scene({ tries: 20, delay: 0.1, waitForMigrations: true })
  scenery.isMigrated = false
  const { connection, engine, until } = scenery
  connection.open(false)
  await until((state) => state.state === 'waiting' && state.phase === 'migrated')
  engine.refuses = new EngineError('refused')
  for (const session of engine.open) session.kill()
  await until((state) => isPaused(state) && state.state === 'waiting' && state.cause?.reason === 'refused')
  engine.refuses = null
  scenery.isMigrated = true
  await until(isOpen)
  await connection.close()
})

test('gives up waiting for migrations after the tries, and keeps no connection', async () => {
  const scenery = scene({ tries: 3, delay: 0.05, waitForMigrations: true })
  scenery.isMigrated = false
  scenery.connection.open(false)
  expect(await scenery.until(hasFailed)).toMatchObject({ cause: { reason: 'not-migrated' } })
  await pause(100)
  expect(scenery.engine.open).toEqual([])
})

test('remembers the latest 50 failures', async () => {
  const { connection, engine, until } = scene({ tries: 60, delay: 0 })
  engine.refuses = new EngineError('refused')
  connection.open(false)
  const state = await until(hasFailed)
  if (state.state !== 'failed') throw new Error('It failed.')
  expect(state.history.length).toBe(50)
  expect([state.history[0]?.number, state.history.at(-1)?.number]).toEqual([11, 60])
})
