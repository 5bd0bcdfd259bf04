// The retry component: how often, how far apart, and how fast it obeys.
import { describe, expect, test } from 'vitest'
import type { Action } from './failure.ts'
import { opening, RECONNECTING, REPLAYING, retry, type FailedAttempt, type Schedule } from './retry.ts'
import { timed } from './server/scripted-engine.test-setup.ts'
import { sleep } from './waiting.ts'

const hang = () => new Promise<never>(() => undefined)

function failing(schedule: Schedule, actions: Action[], more: { random?: () => number; signal?: AbortSignal } = {}) {
  const failed: FailedAttempt[] = []
  let attempts = 0
  const retrying = retry<string>({
    schedule,
    signal: more.signal ?? new AbortController().signal,
    attempt: () => {
      attempts += 1
      return attempts > actions.length ? Promise.resolve('done') : Promise.reject(new Error(`no ${attempts}`))
    },
    decide: () => actions[attempts - 1] as Action,
    onFailed: (each) => failed.push(each),
    ...(more.random && { random: more.random }),
  })
  const pauses = () => failed.map(({ at, ms, nextTryAt }) => (nextTryAt === null ? null : nextTryAt - at - ms))
  return { ...retrying, failed, pauses, count: () => attempts }
}
const near = (pauses: (number | null)[], wanted: (number | null)[]) =>
  pauses.every((pause, at) => {
    const want = wanted[at]
    return pause === null || want === null || want === undefined ? pause === want : Math.abs(pause - want) <= 3
  }) && pauses.length === wanted.length

describe.concurrent('retry', () => {
  test('opening: so many tries, so far apart, then the last error', async () => {
    const run = failing(opening(3, 200), ['wait', 'wait', 'wait', 'wait'])
    const { ms, error } = await timed(run.result)
    expect((error as Error).message).toBe('no 3')
    expect(ms).toBeGreaterThan(395)
    expect(ms).toBeLessThan(600)
    expect(near(run.pauses(), [200, 200, null])).toBe(true)
    expect(run.failed.map(({ number }) => number)).toEqual([1, 2, 3])
  })

  test('reconnecting: 100 ms, doubled, never above 1 s; with full jitter', async () => {
    const waits = Array<Action>(6).fill('wait')
    const run = failing(RECONNECTING, waits, { random: () => 0.999 })
    await expect(run.result).resolves.toBe('done')
    expect(near(run.pauses(), [100, 200, 400, 800, 999, 999])).toBe(true)
    const quick = failing(RECONNECTING, waits, { random: () => 0 })
    expect((await timed(quick.result)).ms).toBeLessThan(100)
  })

  test('reconnecting gives up when its time is over, with a last attempt at the end', async () => {
    const run = failing({ ...RECONNECTING, limit: 500 }, Array<Action>(50).fill('wait'), { random: () => 0.99 })
    const { ms, error } = await timed(run.result)
    expect(error).toBeInstanceOf(Error)
    expect(ms).toBeGreaterThan(495)
    expect(ms).toBeLessThan(620)
    expect(run.failed.at(-2)?.nextTryAt).toBeLessThanOrEqual((run.failed[0]?.at ?? 0) + 500)
  })

  test('slowly: a second and more, up to 15 s', async () => {
    const cancel = new AbortController()
    const run = failing(RECONNECTING, Array<Action>(9).fill('wait-slowly'), {
      random: () => 0.999,
      signal: cancel.signal,
    })
    run.result.catch(() => undefined)
    for (let at = 0; at < 6; at += 1) {
      await sleep(20)
      run.retryNow()
    }
    await sleep(20)
    cancel.abort()
    expect(near(run.pauses(), [999, 1998, 3996, 7992, 14985, 14985, 14985])).toBe(true)
  })

  test.each<[Action, number]>([
    ['stop', 1],
    ['unknown', 1],
    ['again-once', 2],
    ['replay-once', 2],
    ['prepare-again', 2],
    ['replay', 6],
  ])('%s: %i attempts', async (action, attempts) => {
    const run = failing(REPLAYING, Array<Action>(20).fill(action), { random: () => 0.1 })
    await expect(run.result).rejects.toThrow(`no ${attempts}`)
    expect(run.count()).toBe(attempts)
  })

  test('Retry now ends the wait', async () => {
    const run = failing(opening(5, 60_000), ['wait'])
    await sleep(50)
    run.retryNow()
    const { ms, value } = await timed(run.result)
    expect(value).toBe('done')
    expect(ms).toBeLessThan(50)
  })

  test('Cancel rejects within 100 ms, in a wait and in an attempt that hears nothing', async () => {
    for (const attempt of [hang, () => Promise.reject(new Error('no'))]) {
      const cancel = new AbortController()
      const { result } = retry({
        schedule: opening(5, 60_000),
        signal: cancel.signal,
        attempt,
        decide: () => 'wait',
      })
      result.catch(() => undefined)
      await sleep(30)
      cancel.abort(new Error('cancelled'))
      const { ms, error } = await timed(result)
      expect((error as Error).message).toBe('cancelled')
      expect(ms).toBeLessThan(100)
    }
  })
})
