// After a loss: quick attempts, what was asked meanwhile goes on, and a person decides when it takes too long.
import { afterEach, expect, test, vi } from 'vitest'
import { EngineError, sql, timed } from '../db/server/scripted-engine.test-setup.ts'
import { hasFailed, isOpen, isReconnecting, pause, scene } from './connection.test-setup.ts'

const never = new AbortController().signal

afterEach(() => void vi.useRealTimers())

/** Opens it, then the server goes away: it ends what is open and refuses what is new. */
async function lost(given: Parameters<typeof scene>[0] = {}, refuses = new EngineError('refused')) {
  const scenery = scene(given)
  scenery.connection.open(false)
  await scenery.until(isOpen)
  scenery.engine.refuses = refuses
  for (const session of scenery.engine.open) session.kill()
  return scenery
}

test('is open again within a second after the server takes connections', async () => {
  const { connection, engine, until } = await lost()
  await until(isReconnecting)
  await pause(1_500)
  expect(connection.state).toMatchObject({ state: 'waiting', why: 'reconnect', tries: null })
  engine.refuses = null
  const { ms } = await timed(until(isOpen))
  expect(ms).toBeLessThan(1_100)
  await connection.close()
})

test('begins within 100 ms and is never further apart than a second', async () => {
  const { connection, engine, until } = await lost()
  await until(isReconnecting)
  const before = engine.connects
  await pause(250)
  expect(engine.connects - before).toBeGreaterThanOrEqual(1)
  const soon = engine.connects
  await pause(3_200)
  expect(engine.connects - soon).toBeGreaterThanOrEqual(3)
  expect(engine.connects - soon).toBeLessThan(40)
  await connection.close()
})

test('a read that was asked while it is lost is answered when it is back', async () => {
  const { connection, engine, until } = await lost()
  await until(isReconnecting)
  const reading = connection.database().read(sql('echo later'), never)
  await pause(300)
  engine.refuses = null
  expect((await reading).rows).toEqual([['later']])
  await connection.close()
})

test('a read that waits can be cancelled, and ends when the profile is closed', async () => {
  const { connection, until } = await lost()
  await until(isReconnecting)
  const cancel = new AbortController()
  const cancelled = connection.database().read(sql('echo x'), cancel.signal)
  const closed = connection.database().read(sql('echo x'), never)
  cancelled.catch(() => undefined)
  closed.catch(() => undefined)
  cancel.abort(new Error('cancelled'))
  await expect(cancelled).rejects.toThrow('cancelled')
  await connection.close()
  await expect(closed).rejects.toThrow(/closed|not open/)
})

test('after a minute a person decides, and can try again', async () => {
  vi.useFakeTimers()
  const scenery = scene()
  const { connection, engine } = scenery
  connection.open(false)
  await vi.advanceTimersByTimeAsync(20)
  expect(connection.state.state).toBe('open')
  engine.refuses = new EngineError('refused')
  for (const session of engine.open) session.kill()
  await vi.advanceTimersByTimeAsync(59_000)
  expect(connection.state).toMatchObject({ state: 'waiting', why: 'reconnect' })
  await vi.advanceTimersByTimeAsync(1_500)
  expect(connection.state).toMatchObject({ state: 'failed', why: 'reconnect', cause: { reason: 'refused' } })
  const before = engine.connects
  await vi.advanceTimersByTimeAsync(60_000)
  expect(engine.connects).toBe(before)
  engine.refuses = null
  connection.retryNow()
  await vi.advanceTimersByTimeAsync(20)
  expect(connection.state.state).toBe('open')
  const closing = connection.close()
  await vi.advanceTimersByTimeAsync(3_000)
  await closing
})

test('a password that is refused meanwhile is tried once and asked for', async () => {
  const scenery = await lost({ secret: { kind: 'ask' } }, new EngineError('authentication'))
  const before = scenery.engine.connects
  await scenery.until(({ state }) => state === 'needs-password')
  await pause(300)
  expect(scenery.engine.connects - before).toBeLessThanOrEqual(1)
  expect(scenery.forgotten).toBe(1)
  expect(scenery.engine.open).toEqual([])
})

test('what waiting cannot mend stops at once, and names it', async () => {
  const { connection, engine, until } = await lost({}, new EngineError('host-blocked'))
  expect(await until(hasFailed)).toMatchObject({ why: 'reconnect', cause: { reason: 'host-blocked' } })
  // The opening, and the one that found it out: more tries would make it worse.
  expect(engine.connects).toBe(2)
  expect(() => connection.database()).toThrow(/not open/)
  await connection.close()
})

test('cancel ends reconnecting; nothing is tried until a person says so', async () => {
  const { connection, engine, until } = await lost()
  await until(isReconnecting)
  connection.cancel()
  expect(connection.state).toMatchObject({ state: 'failed', why: 'reconnect', cause: null })
  const before = engine.connects
  await pause(500)
  expect(engine.connects).toBe(before)
  engine.refuses = null
  connection.open(false)
  await until(isOpen)
  await connection.close()
})

test('distrust tests what is open before it is used again', async () => {
  const { connection, engine, until } = scene()
  connection.open(false)
  await until(isOpen)
  const session = engine.open[0]
  const before = session?.asked.filter((word) => word === 'ping').length ?? 0
  connection.distrust()
  await connection.database().read(sql('echo x'), never)
  const pings = engine.sessions.flatMap(({ asked }) => asked).filter((word) => word === 'ping').length
  expect(pings).toBeGreaterThan(before)
  await connection.close()
})
