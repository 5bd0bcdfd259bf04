// Wakes one who waits, again and again, and tells them once when there is nothing to wait for any more.
import { untilAborted } from '../db/waiting.ts'

export interface Bell {
  /** Wakes who waits; unheard where nobody does. */
  ring(): void
  /** Whoever waits, now or later, is rejected with this. */
  fail(error: unknown): void
  /** Resolves at the next ring. Rejects once it has failed, and with the signal's reason. */
  rung(signal: AbortSignal): Promise<void>
  /** Throws what it has failed with. */
  check(): void
}

/** A failure is kept as a value: a promise of it would keep something of every wait that was raced with it. */
export function makeBell(): Bell {
  const failures: unknown[] = []
  let wake: () => void = () => undefined
  const check = () => {
    if (failures.length > 0) throw failures[0]
  }
  return {
    ring: () => wake(),
    fail(error) {
      failures.push(error)
      wake()
    },
    async rung(signal) {
      check()
      const { promise, resolve } = Promise.withResolvers<undefined>()
      wake = () => resolve(undefined)
      await untilAborted(promise, signal)
      check()
    },
    check,
  }
}
