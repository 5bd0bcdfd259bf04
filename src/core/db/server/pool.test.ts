// The pool against a scripted engine: bounds on both sides of every time, and exact counts.
import { describe, expect, test } from 'vitest'
import { Refusal } from '../../refusal.ts'
import { failureOf } from '../failure-of.ts'
import { EngineError, never, overEngine, scriptedEngine, sql, timed } from './scripted-engine.test-setup.ts'
import { sleep } from '../waiting.ts'

const reasonOf = (error: unknown) => (error instanceof Refusal ? (error.data as { reason: string }).reason : error)

describe.concurrent('giving out', () => {
  test('nothing is connected before the first use; one after the other use one connection', async () => {
    const engine = scriptedEngine()
    const database = overEngine(engine)
    expect(engine.connects).toBe(0)
    for (let at = 0; at < 10; at += 1) await database.read(sql('echo'), never())
    expect(engine.connects).toBe(1)
    expect(database.pool()).toMatchObject({ used: 0, idle: 1, waiting: 0, limit: 3, holders: [] })
    await database.close()
    expect(engine.open).toHaveLength(0)
  })

  test('200 at once: never more connections than the limit, never two statements on one, all answered', async () => {
    const engine = scriptedEngine()
    const database = overEngine(engine, { limit: 9 })
    const all = Array.from({ length: 200 }, async (_, at) => {
      if (at % 4 > 0) return database.read(sql(`echo ${at}`), never())
      const connection = await database.takeForTransaction(never())
      await connection.begin()
      await connection.run(sql(`first ${at}`))
      await connection.run(sql(`second ${at}`))
      await connection.commit()
      connection.release(false)
      return null
    })
    const answers = await Promise.all(all)
    expect(answers.flatMap((answer, at) => (answer && answer.rows[0]?.[0] !== String(at) ? [at] : []))).toEqual([])
    expect(engine.sessions).toHaveLength(9)
    expect(engine.sessions.map(({ most }) => most)).toEqual(Array(9).fill(1))
    for (const { asked } of engine.sessions) {
      const at = asked.flatMap((one, place) => (one === 'begin' ? [place] : []))
      for (const place of at) {
        const [, first, second, end] = asked.slice(place, place + 4)
        expect([first?.split(' ')[0], second?.split(' ')[0], end]).toEqual(['first', 'second', 'commit'])
        expect(first?.split(' ')[1]).toBe(second?.split(' ')[1])
      }
    }
    await database.close()
    expect(engine.open).toHaveLength(0)
  })

  test('after 5 s in line the refusal names the holder and its SQL', async () => {
    const engine = scriptedEngine()
    const database = overEngine(engine, { limit: 2 })
    const short = database.read(sql('sleep 8000'), never())
    await sleep(50)
    const second = database.read(sql('sleep 7000'), never())
    await sleep(50)
    const { ms, error } = await timed(database.read(sql('echo'), never()))
    expect(ms).toBeGreaterThan(4_900)
    expect(ms).toBeLessThan(5_400)
    expect(reasonOf(error)).toBe('busy')
    expect((error as Error).message).toBe(
      'All 2 connections are in use. The longest has been reading for 5 s: sleep 8000',
    )
    await Promise.all([short, second])
    await database.close()
  })

  test('a hanging connect is told as such, not as a full pool', async () => {
    const engine = scriptedEngine()
    engine.isFrozen = true
    const database = overEngine(engine, { limit: 1, whenUsable: () => Promise.resolve() })
    let lost = 0
    database.onLost(() => (lost += 1))
    const both = [timed(database.takeForTransaction(never())), timed(database.takeForTransaction(never()))]
    for (const { ms, error } of await Promise.all(both)) {
      expect(reasonOf(error)).toBe('no-answer')
      expect(ms).toBeLessThan(17_000)
    }
    expect(lost).toBe(1)
    await database.close()
  }, 40_000)

  test('giving up leaves the line at once, and the connection to the next', async () => {
    const engine = scriptedEngine()
    engine.connectTime = 300
    const database = overEngine(engine, { limit: 1 })
    const cancel = new AbortController()
    const first = timed(database.read(sql('echo'), cancel.signal))
    await sleep(50)
    cancel.abort(new Error('enough'))
    const { ms, error } = await first
    expect(ms).toBeLessThan(150)
    expect((error as Error).message).toBe('enough')
    await database.read(sql('echo'), never())
    await sleep(400)
    expect(database.pool()).toMatchObject({ used: 0, idle: 1 })
    expect(engine.open).toHaveLength(1)
    await database.close()
  })

  test('a refused password is tried once, whoever else wants a connection', async () => {
    const engine = scriptedEngine()
    engine.refuses = new EngineError('authentication')
    engine.connectTime = 50
    const database = overEngine(engine, { limit: 9 })
    const lost: string[] = []
    database.onLost(({ kind }) => lost.push(kind))
    const all = await Promise.all(Array.from({ length: 20 }, () => timed(database.read(sql('echo'), never()))))
    expect(engine.connects).toBe(1)
    expect(all.map(({ error }) => reasonOf(error))).toEqual(Array(20).fill('authentication'))
    expect(lost).toEqual(['authentication'])
    expect(JSON.stringify(all.map(({ error }) => [String(error), (error as Refusal).data]))).not.toContain('canary')
    await database.close()
  })
})

describe.concurrent('trust', () => {
  test('a connection is pinged after more than 500 ms idle, and not before', async () => {
    const engine = scriptedEngine()
    const database = overEngine(engine)
    await database.read(sql('echo a'), never())
    await sleep(300)
    await database.read(sql('echo b'), never())
    await sleep(700)
    await database.read(sql('echo c'), never())
    expect(engine.sessions.map(({ asked }) => asked)).toEqual([['echo a', 'echo b', 'ping', 'echo c']])
    await database.close()
  })

  test('a silent one is replaced after 2 s, within the deadline of its caller', async () => {
    const engine = scriptedEngine()
    const database = overEngine(engine)
    await database.read(sql('echo a'), never())
    await sleep(600)
    ;(engine.sessions[0] as { isFrozen: boolean }).isFrozen = true
    const { ms, error } = await timed(database.read(sql('echo b'), never()))
    expect(error).toBeUndefined()
    expect(ms).toBeGreaterThan(1_900)
    expect(ms).toBeLessThan(2_500)
    expect(engine.open).toHaveLength(1)
    await database.close()
  })

  test('one that was killed puts all older ones to the test, and nobody notices', async () => {
    const engine = scriptedEngine()
    const database = overEngine(engine)
    await Promise.all([1, 2, 3].map((at) => database.read(sql(`sleep ${at * 5}`), never())))
    for (const session of engine.sessions) session.asked.length = 0
    engine.sessions[0]?.kill()
    const all = await Promise.all([1, 2, 3].map((at) => timed(database.read(sql(`sleep ${at * 20}`), never()))))
    expect(all.map(({ error }) => error)).toEqual([undefined, undefined, undefined])
    expect(engine.sessions[1]?.asked[0]).toBe('ping')
    expect(engine.sessions[2]?.asked[0]).toBe('ping')
    await database.close()
  })

  test('after sleep every idle connection is pinged before it is used, however short it was idle', async () => {
    const engine = scriptedEngine()
    const database = overEngine(engine)
    await database.read(sql('echo a'), never())
    database.distrust()
    await database.read(sql('echo b'), never())
    expect(engine.sessions[0]?.asked).toEqual(['echo a', 'ping', 'echo b'])
    await database.close()
  })

  test('an old connection is replaced when it is given back, never while it is used', async () => {
    const engine = scriptedEngine()
    const database = overEngine(engine, { times: { pool: { lifetime: 300 } } })
    expect((await database.read(sql('sleep 500'), never())).rows).toHaveLength(1)
    await database.read(sql('echo'), never())
    expect(engine.sessions.map(({ asked }) => asked)).toEqual([['sleep 500'], ['echo']])
    await database.close()
  })

  test('idle connections are ended after a while', async () => {
    const engine = scriptedEngine()
    const database = overEngine(engine, { times: { pool: { idle: 200 } } })
    await Promise.all([1, 2, 3].map(() => database.read(sql('sleep 10'), never())))
    expect(engine.open).toHaveLength(3)
    await sleep(600)
    expect(engine.open).toHaveLength(0)
    expect(database.pool()).toMatchObject({ used: 0, idle: 0 })
    await database.close()
  })
})

describe.concurrent('a server without free connections', () => {
  test('the pool goes on with one connection, and grows again later', async () => {
    const engine = scriptedEngine()
    engine.slots = 2
    const database = overEngine(engine, { limit: 5, times: { pool: { shrunk: 1_000 } } })
    const lost: string[] = []
    database.onLost(({ kind }) => lost.push(kind))
    await Promise.all([1, 2, 3, 4, 5].map(() => database.read(sql('sleep 100'), never())))
    expect(lost).toEqual([])
    expect(database.pool()).toMatchObject({ limit: 1, used: 0, idle: 1 })
    expect(engine.open).toHaveLength(1)
    engine.slots = 100
    await sleep(1_100)
    await Promise.all([1, 2, 3, 4, 5].map(() => database.read(sql('sleep 100'), never())))
    expect(engine.open).toHaveLength(5)
    await database.close()
  })

  test('without a single connection the failure is told, to wait slowly', async () => {
    const engine = scriptedEngine()
    engine.slots = 0
    const database = overEngine(engine)
    const { error } = await timed(database.tryConnect({ signal: never(), onPhase: () => undefined }))
    expect(failureOf(error)?.kind).toBe('too-many-connections')
    expect(database.pool()?.limit).toBe(1)
    await database.close()
  })
})

test('holders: session, use, since, and SQL without values', async () => {
  const engine = scriptedEngine()
  const database = overEngine(engine)
  let changes = 0
  database.onPoolChange(() => (changes += 1))
  const reading = database.read({ sql: 'sleep 200', values: ['secret value'] }, never())
  await sleep(50)
  const holder = database.pool()?.holders[0]
  expect(holder).toMatchObject({ session: '1', use: 'reading', sql: 'sleep 200' })
  expect(Date.now() - (holder?.since ?? 0)).toBeLessThan(1_000)
  await reading
  expect(changes).toBeGreaterThan(1)
  const long = database.read(sql(`echo ${'x'.repeat(5_000)}`), never())
  await sleep(1)
  expect(database.pool()?.holders[0]?.sql).toHaveLength(2_000)
  await long
  await database.close()
})
