// The places of a pool: so many at once, and whoever comes later waits in line for a limited time.

interface Waiter {
  give(): void
  fail(error: Error): void
}

export interface Slots {
  readonly used: number
  readonly waiting: number
  readonly limit: number
  /**
   * Resolves with a place, in the order of asking. After `milliseconds`, and then again every 100 ms, `late` is asked for
   * the error to reject with; null goes on waiting.
   */
  take(signal: AbortSignal, milliseconds: number, late: () => Error | null): Promise<void>
  /** Gives a place back. */
  free(): void
  /** 1 or more. Places above a smaller limit go as they are given back. */
  setLimit(limit: number): void
  /** Everybody in line is rejected. */
  failAll(error: Error): void
}

const ASK_AGAIN = 100

export function openSlots(initialLimit: number, onChange: () => void): Slots {
  let limit = initialLimit
  let used = 0
  const line: Waiter[] = []

  function serve(): void {
    while (used < limit) {
      const next = line.shift()
      if (!next) break
      used += 1
      next.give()
    }
    onChange()
  }

  return {
    get used() {
      return used
    },
    get waiting() {
      return line.length
    },
    get limit() {
      return limit
    },
    take(signal, milliseconds, late) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason as Error)
        const leave = () => {
          clearTimeout(timer)
          signal.removeEventListener('abort', abort)
          const place = line.indexOf(waiter)
          if (place >= 0) line.splice(place, 1)
        }
        const waiter: Waiter = {
          give: () => {
            leave()
            resolve()
          },
          fail: (error) => {
            leave()
            reject(error)
          },
        }
        const abort = () => {
          waiter.fail(signal.reason as Error)
          onChange()
        }
        const ask = () => {
          const error = late()
          if (!error) {
            timer = setTimeout(ask, ASK_AGAIN)
            return
          }
          waiter.fail(error)
          onChange()
        }
        let timer = setTimeout(ask, milliseconds)
        signal.addEventListener('abort', abort, { once: true })
        line.push(waiter)
        serve()
      })
    },
    free() {
      used -= 1
      serve()
    },
    setLimit(next) {
      limit = next
      serve()
    },
    failAll(error) {
      for (const waiter of [...line]) waiter.fail(error)
      onChange()
    },
  }
}
