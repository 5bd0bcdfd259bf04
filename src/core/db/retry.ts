// The one retry component: opening, reconnecting and replaying a transaction all go through it, and nothing else retries.
import type { Action } from './failure.ts'
import { sleep, untilAborted } from './waiting.ts'

/** How long to wait between two attempts, and when to give up. All times in milliseconds. */
export interface Schedule {
  /** Attempts in all, 1 or more; null when only time bounds them. */
  tries: number | null
  /** From the first attempt on; null when only the number of tries bounds it. */
  limit: number | null
  /** Before the second attempt. */
  first: number
  /** What each wait is of the one before. */
  factor: 1 | 2
  /** The longest wait. */
  cap: number
  /** Full jitter: anything from 0 to the wait, so that many clients do not come back at the same moment. */
  hasJitter: boolean
}

/** Opening a profile: as many tries, as far apart, as it says. */
export function opening(tries: number, delay: number): Schedule {
  return { tries, limit: null, first: delay, factor: 1, cap: delay, hasJitter: false }
}

/** After a connection was lost. */
export const RECONNECTING: Schedule = {
  tries: null,
  limit: 60_000,
  first: 100,
  factor: 2,
  cap: 1_000,
  hasJitter: true,
}

/** A transaction that the server undid: five runs more. */
export const REPLAYING: Schedule = { tries: 6, limit: null, first: 50, factor: 2, cap: 800, hasJitter: true }

/** `wait-slowly`: where more tries would add to the trouble. */
const SLOW_FIRST = 1_000
const SLOW_CAP = 15_000
/** `again-once`. */
const AT_ONCE = 100

export interface FailedAttempt {
  /** From 1. */
  number: number
  /** When it began, milliseconds since 1970. */
  at: number
  /** How long it took. */
  ms: number
  error: unknown
  /** When the next one begins, milliseconds since 1970; null when this was the last. */
  nextTryAt: number | null
}

export interface RetryOptions<T> {
  schedule: Schedule
  /** Cancel: the result rejects with the signal's reason at once, whatever the attempt does. */
  signal: AbortSignal
  attempt(signal: AbortSignal, number: number): Promise<T>
  /** What the table says about an error of an attempt (see `decide`). */
  decide(error: unknown): Action
  onAttempt?(number: number, at: number): void
  onFailed?(failed: FailedAttempt): void
  /** From 0 up to 1; Math.random unless told. */
  random?: () => number
}

export interface Retrying<T> {
  /** The first success; otherwise the error of the last attempt. */
  result: Promise<T>
  /** Begins the next attempt now, if one is being waited for. */
  retryNow(): void
}

/** Attempts until one succeeds, the table says to stop, or the schedule is over. */
export function retry<T>(options: RetryOptions<T>): Retrying<T> {
  let wake: () => void = () => undefined

  async function wait(milliseconds: number): Promise<void> {
    const early = new AbortController()
    wake = () => early.abort()
    const ended = AbortSignal.any([options.signal, early.signal])
    await sleep(milliseconds, ended).catch(() => options.signal.throwIfAborted())
    wake = () => undefined
  }

  async function run(): Promise<T> {
    const { schedule, signal } = options
    const until = schedule.limit === null ? Infinity : Date.now() + schedule.limit
    const taken: Partial<Record<Action, number>> = {}
    for (let number = 1; ; number += 1) {
      signal.throwIfAborted()
      const at = Date.now()
      options.onAttempt?.(number, at)
      try {
        return await untilAborted(options.attempt(signal, number), signal)
      } catch (error) {
        signal.throwIfAborted()
        const action = options.decide(error)
        taken[action] = (taken[action] ?? 0) + 1
        const pause = pauseAfter(action, taken[action], schedule, options.random ?? (() => Math.random()))
        const isLast = pause === null || number >= (schedule.tries ?? Infinity) || Date.now() >= until
        // The last attempt of a schedule that is bounded by time falls on its end.
        const nextTryAt = isLast ? null : Math.min(Date.now() + pause, until)
        options.onFailed?.({ number, at, ms: Date.now() - at, error, nextTryAt })
        if (nextTryAt === null) throw error
        await wait(Math.max(0, nextTryAt - Date.now()))
      }
    }
  }

  return { result: run(), retryNow: () => wake() }
}

/** `nth`: how often this action was taken, from 1. Null: no further attempt. */
function pauseAfter(action: Action, nth: number, schedule: Schedule, random: () => number): number | null {
  switch (action) {
    case 'wait':
    case 'replay':
      return spread(Math.min(schedule.first * schedule.factor ** (nth - 1), schedule.cap), schedule.hasJitter, random)
    case 'wait-slowly':
      return Math.max(
        schedule.first,
        spread(Math.min(SLOW_FIRST * 2 ** (nth - 1), SLOW_CAP), schedule.hasJitter, random),
      )
    case 'again-once':
    case 'prepare-again':
      return nth === 1 ? AT_ONCE : null
    case 'replay-once':
      return nth === 1 ? schedule.first : null
    case 'unknown':
    case 'stop':
      return null
  }
}

function spread(milliseconds: number, hasJitter: boolean, random: () => number): number {
  return hasJitter ? Math.round(milliseconds * random()) : milliseconds
}
