// What stands around the connections of a server: cancelling, losing, noticing, closing, against a scripted engine.
import { describe, expect, test } from 'vitest'
import { Refusal } from '../../refusal.ts'
import { failureOf } from '../failure-of.ts'
import { reconnecting } from '../reconnecting.test-setup.ts'
import {
  EngineError,
  never,
  overEngine,
  scriptedEngine,
  sql,
  timed,
  type Engine,
} from './scripted-engine.test-setup.ts'
import { sleep } from '../waiting.ts'

const reasonOf = (error: unknown) => (error instanceof Refusal ? (error.data as { reason: string }).reason : error)
const first = (engine: Engine) => engine.sessions[0] as NonNullable<Engine['sessions'][0]>

const waitingFor = (engine: Engine) => reconnecting((whenUsable) => overEngine(engine, { whenUsable }))

describe.concurrent('cancelling', () => {
  test('the caller is free at once, the statement ends on the server, the connection is used again', async () => {
    const engine = scriptedEngine()
    const database = overEngine(engine)
    const cancel = new AbortController()
    const reading = timed(database.read(sql('sleep 60000'), cancel.signal))
    await sleep(50)
    cancel.abort(new Error('enough'))
    const { ms, error } = await reading
    expect(ms).toBeLessThan(100)
    expect((error as Error).message).toBe('enough')
    await sleep(100)
    expect(first(engine)).toMatchObject({ isRunning: false, isOpen: true })
    await database.read(sql('echo'), never())
    expect(first(engine).asked).toEqual(['sleep 60000', 'ping', 'echo'])
    expect(engine.open).toHaveLength(1)
    await database.close()
  })

  test('a cancellation that comes late never meets the next statement', async () => {
    const engine = scriptedEngine()
    engine.connectTime = 20
    const database = overEngine(engine, { limit: 1 })
    await database.read(sql('echo'), never())
    let failed = 0
    for (let at = 0; at < 30; at += 1) {
      const cancel = new AbortController()
      const reading = database.read(sql(`sleep ${15 + at}`), cancel.signal).catch(() => null)
      setTimeout(() => cancel.abort(new Error('enough')), 5)
      await reading
      const { error } = await timed(database.read(sql('echo'), never()))
      if (error !== undefined) failed += 1
    }
    expect(failed).toBe(0)
    await database.close()
  })

  test('a server that does not listen: the socket is ended after 3 s, and the place is free', async () => {
    const engine = scriptedEngine()
    engine.listensToCancel = false
    const dialect = { ...engine.dialect, stopSession: () => sql('echo') }
    const database = overEngine(engine, { limit: 1, dialect })
    const cancel = new AbortController()
    const reading = timed(database.read(sql('sleep 60000'), cancel.signal))
    await sleep(50)
    cancel.abort(new Error('enough'))
    await reading
    const { ms, error } = await timed(database.read(sql('echo'), never()))
    expect(error).toBeUndefined()
    expect(ms).toBeGreaterThan(2_900)
    expect(ms).toBeLessThan(3_400)
    await database.close()
  })

  test('a statement that does not end at the word is ended with its session', async () => {
    const engine = scriptedEngine()
    engine.listensToCancel = false
    const database = overEngine(engine, { limit: 1 })
    const reading = timed(database.read(sql('sleep 60000'), AbortSignal.timeout(50)))
    await reading
    await sleep(1_300)
    expect(first(engine).isOpen).toBe(false)
    await database.close()
  })

  test('in a transaction: the statement is stopped, the rollback waits for its end; a COMMIT is never stopped', async () => {
    const engine = scriptedEngine()
    engine.cancelDelay = 200
    const database = overEngine(engine)
    const cancel = new AbortController()
    const connection = await database.takeForTransaction(cancel.signal)
    await connection.begin()
    const running = timed(connection.run(sql('sleep 60000')))
    await sleep(20)
    cancel.abort(new Error('enough'))
    expect((await running).ms).toBeLessThan(100)
    const { ms, error } = await timed(connection.rollback())
    expect(error).toBeUndefined()
    expect(ms).toBeGreaterThan(150)
    connection.release(false)
    expect(first(engine).asked).toEqual(['begin', 'sleep 60000', 'ping', 'rollback'])
    expect(first(engine).most).toBe(1)

    engine.commitTime = 100
    const late = new AbortController()
    const second = await database.takeForTransaction(late.signal)
    await second.begin()
    const committing = second.commit()
    await sleep(30)
    late.abort(new Error('too late'))
    await committing
    second.release(false)
    expect(engine.connects).toBe(2)
    await database.close()
  })
})

describe.concurrent('losing', () => {
  test('a killed session: the read runs once more, nothing is told', async () => {
    const engine = scriptedEngine()
    const { database, losses } = waitingFor(engine)
    const reading = timed(database.read(sql('sleep 200'), never()))
    await sleep(50)
    first(engine).kill()
    const { error, ms } = await reading
    expect(error).toBeUndefined()
    expect(ms).toBeLessThan(600)
    expect(losses).toEqual([])
    await database.close()
  })

  test('once more is once', async () => {
    const engine = scriptedEngine()
    const { database } = waitingFor(engine)
    const reading = timed(database.read(sql('sleep 200'), never()))
    await sleep(50)
    engine.open.forEach((session) => session.kill())
    await sleep(150)
    engine.open.forEach((session) => session.kill())
    const { error } = await reading
    expect(reasonOf(error)).toBe('lost')
    expect(failureOf(error)?.kind).toBe('lost')
    await database.close()
  })

  test('a server that is restarted: told once, reads wait and succeed within a second of its return', async () => {
    const engine = scriptedEngine()
    const { database, losses } = waitingFor(engine)
    await Promise.all([1, 2, 3].map(() => database.read(sql('sleep 20'), never())))
    engine.refuses = new EngineError('refused')
    engine.open.forEach((session) => session.kill())
    const reads = [1, 2, 3, 4, 5].map((at) => timed(database.read(sql(`echo ${at}`), never())))
    await sleep(1_500)
    expect(losses).toEqual(['refused'])
    engine.refuses = null
    const back = performance.now()
    expect((await Promise.all(reads)).map(({ error }) => error)).toEqual(Array(5).fill(undefined))
    expect(performance.now() - back).toBeLessThan(1_200)
    expect(losses).toEqual(['refused'])
    await database.close()
  })

  test('nobody asks, and the loss is noticed all the same', async () => {
    const engine = scriptedEngine()
    const { database, losses } = waitingFor(engine)
    await database.read(sql('echo'), never())
    engine.refuses = new EngineError('refused')
    first(engine).kill()
    await sleep(100)
    expect(losses).toEqual(['refused'])
    await database.close()
  })

  test('a read that waits keeps its own deadline', async () => {
    const engine = scriptedEngine()
    const { database } = waitingFor(engine)
    engine.refuses = new EngineError('refused')
    const { ms, error } = await timed(database.read(sql('echo'), AbortSignal.timeout(700)))
    expect(ms).toBeGreaterThan(650)
    expect(ms).toBeLessThan(900)
    expect((error as Error).name).toBe('TimeoutError')
    await database.close()
  })

  test('inside of a transaction nothing is run again: the failure is told', async () => {
    const engine = scriptedEngine()
    const { database } = waitingFor(engine)
    const connection = await database.takeForTransaction(never())
    await connection.begin()
    const running = timed(connection.run(sql('sleep 200')))
    await sleep(50)
    first(engine).kill()
    const { error } = await running
    expect(failureOf(error)?.kind).toBe('lost')
    expect(reasonOf(error)).toBe('lost')
    connection.release(true)
    expect(engine.sessions.flatMap(({ asked }) => asked.filter((one) => one.startsWith('sleep')))).toHaveLength(1)
    await database.close()
  })

  test('a read that waited for a lock says so before the words of the server', async () => {
    const database = overEngine(scriptedEngine())
    const { error } = await timed(database.read(sql('fail lock-timeout'), never()))
    expect(error).toMatchObject({
      code: 'QUERY_FAILED',
      message: expect.stringMatching(/^Another session holds a lock on what was asked for\. .+\. ./) as string,
    })
    await database.close()
  })

  test('other errors: the code of the engine, the constraint, read-only', async () => {
    const engine = scriptedEngine()
    const database = overEngine(engine)
    const errorOf = async (kind: string) => (await timed(database.read(sql(`fail ${kind}`), never()))).error
    expect(await errorOf('resources')).toMatchObject({ code: 'QUERY_FAILED', data: { code: 'resources' } })
    expect(await errorOf('read-only')).toMatchObject({ code: 'READ_ONLY' })
    const constraint = await errorOf('constraint')
    expect(database.constraint(constraint)).toMatchObject({ kind: 'unique' })
    expect(database.constraint(new Error('a bug'))).toBeNull()
    expect(engine.sessions).toHaveLength(1)
    await database.close()
  })
})

describe.concurrent('noticing', () => {
  test('a frozen server is noticed in at most 15 s, and an honest long read survives', async () => {
    const engine = scriptedEngine()
    const { database, losses } = waitingFor(engine)
    const honest = timed(database.read(sql('sleep 7500'), never()))
    await sleep(7_600)
    expect((await honest).error).toBeUndefined()
    expect(losses).toEqual([])
    expect(engine.sessions.flatMap(({ asked }) => asked.filter((one) => one === 'state 1'))).toHaveLength(1)

    const connection = await database.takeForTransaction(never())
    await connection.begin()
    engine.isFrozen = true
    const { ms, error } = await timed(connection.run(sql('echo')))
    expect(failureOf(error)?.kind).toBe('no-answer')
    expect(ms).toBeGreaterThan(5_000)
    expect(ms).toBeLessThan(15_000)
    expect(losses).toEqual(['no-answer'])
    connection.release(true)
    engine.isFrozen = false
    await database.read(sql('echo'), never())
    await database.close()
  }, 40_000)

  test('after sleep what is running is looked at now', async () => {
    const engine = scriptedEngine()
    const { database, losses } = waitingFor(engine)
    const connection = await database.takeForTransaction(never())
    await connection.begin()
    engine.isFrozen = true
    const running = timed(connection.run(sql('echo')))
    await sleep(20)
    database.distrust()
    const { ms, error } = await running
    expect(failureOf(error)?.kind).toBe('no-answer')
    expect(ms).toBeGreaterThan(4_400)
    expect(ms).toBeLessThan(5_400)
    expect(losses).toEqual(['no-answer'])
    connection.release(true)
    engine.isFrozen = false
    await database.close()
  })

  test('a session that is gone, and an answer that was lost, are noticed while the server lives', async () => {
    for (const isGone of [true, false]) {
      const engine = scriptedEngine()
      const database = overEngine(engine, {
        times: { watch: { first: 200, next: 200, doubtful: 500, tick: 50, limit: 500 } },
      })
      const connection = await database.takeForTransaction(never())
      await connection.begin()
      first(engine).isFrozen = true
      const running = timed(connection.run(sql('echo')))
      await sleep(20)
      // Nothing of the end reaches this side.
      if (isGone) first(engine).isOpen = false
      const { ms, error } = await running
      expect(failureOf(error)?.kind).toBe('lost')
      // What is not there is believed at once; what has finished may have finished just now.
      expect(ms).toBeGreaterThan(isGone ? 190 : 690)
      expect(ms).toBeLessThan(isGone ? 500 : 1_200)
      connection.release(true)
      await database.close()
    }
  })
})

describe.concurrent('the outcome of a lost COMMIT', () => {
  test('waits until the old session has ended', async () => {
    const engine = scriptedEngine()
    const database = overEngine(engine)
    const connection = await database.takeForTransaction(never())
    await connection.begin()
    const mark = await connection.mark()
    setTimeout(() => first(engine).kill(), 500)
    const { ms, value } = await timed(database.outcomeOf(mark, never()))
    expect(value).toBe('committed')
    expect(ms).toBeGreaterThan(450)
    expect(ms).toBeLessThan(1_000)
    connection.release(true)
    await database.close()
  })
})

describe.concurrent('closing', () => {
  test.each(['alive', 'frozen'])(
    'with a stuck query on a server that is %s: at most 3 s, nothing is left',
    async (how) => {
      const engine = scriptedEngine()
      const database = overEngine(engine)
      await database.read(sql('echo'), never())
      const reading = timed(database.read(sql('sleep 60000'), never()))
      const connection = await database.takeForTransaction(never())
      await connection.begin()
      const writing = timed(connection.run(sql('sleep 60000')))
      await sleep(50)
      if (how === 'frozen') engine.isFrozen = true
      const { ms, error } = await timed(database.close())
      expect(error).toBeUndefined()
      expect(ms).toBeLessThan(how === 'frozen' ? 3_000 : 300)
      for (const ended of [await reading, await writing]) {
        expect(ended.error).toMatchObject({ code: 'DATABASE_UNAVAILABLE', data: { reason: 'not-open' } })
      }
      connection.release(true)
      expect(engine.open).toEqual([])
      const { error: afterwards } = await timed(database.read(sql('echo'), never()))
      expect(reasonOf(afterwards)).toBe('not-open')
    },
  )

  test('in the middle of connecting', async () => {
    const engine = scriptedEngine()
    engine.isFrozen = true
    const database = overEngine(engine)
    const reading = timed(database.read(sql('echo'), never()))
    const trying = timed(database.tryConnect({ signal: never(), onPhase: () => undefined }))
    await sleep(20)
    expect((await timed(database.close())).ms).toBeLessThan(200)
    expect([reasonOf((await reading).error), reasonOf((await trying).error)]).toEqual(['not-open', 'not-open'])
  })

  test('a connection that arrives after it was given up is ended', async () => {
    const engine = scriptedEngine()
    engine.connectTime = 100
    engine.listensToAbort = false
    const database = overEngine(engine)
    const trying = timed(database.tryConnect({ signal: AbortSignal.timeout(30), onPhase: () => undefined }))
    expect((await trying).ms).toBeLessThan(90)
    await sleep(150)
    expect(engine.sessions).toHaveLength(1)
    expect(engine.open).toHaveLength(0)
    await database.close()
  })

  test('an attempt that is cancelled ends within 100 ms', async () => {
    const engine = scriptedEngine()
    engine.isFrozen = true
    const database = overEngine(engine)
    const cancel = new AbortController()
    const phases: string[] = []
    const trying = timed(database.tryConnect({ signal: cancel.signal, onPhase: (phase) => phases.push(phase) }))
    await sleep(50)
    cancel.abort(new Error('cancelled'))
    const { ms, error } = await trying
    expect(ms).toBeLessThan(150)
    expect((error as Error).message).toBe('cancelled')
    expect(phases).toEqual(['resolve', 'connect'])
    await database.close()
  })
})

test('1,000 connections with faults leave no session, no socket and no timer', async () => {
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
  const engine = scriptedEngine()
  const before = timers()
  for (let at = 0; at < 1_000; at += 1) {
    const database = overEngine(engine)
    const reading = database.read(sql(at % 3 === 0 ? 'sleep 20' : 'echo'), never()).catch(() => null)
    if (at % 2 === 0) await sleep(1)
    if (at % 5 === 0) engine.open.forEach((session) => session.kill())
    await database.close()
    await reading
  }
  expect(engine.open).toHaveLength(0)
  await sleep(300)
  expect(timers() - before).toBeLessThanOrEqual(0)
})
