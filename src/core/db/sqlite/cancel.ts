// Cancelling: the caller is free at once, and a child that is still busy is ended, for SQLite here has no interrupt.

/** Milliseconds a child gets to finish by itself after its caller has given up; starting another costs more. */
const GRACE = 30

/** Resolves as `promise` does, or rejects with the signal's reason as soon as it is aborted. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error)
    if (signal.aborted) {
      promise.catch(() => undefined)
      return onAbort()
    }
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

/** Like `untilAborted`, and calls `kill` when `work` has not ended 30 ms after the abort. */
export function stopWhenAborted<T>(work: Promise<T>, signal: AbortSignal, kill: () => void): Promise<T> {
  const onAbort = () => {
    const timer = setTimeout(kill, GRACE)
    const clear = () => clearTimeout(timer)
    work.then(clear, clear)
  }
  if (signal.aborted) onAbort()
  else {
    signal.addEventListener('abort', onAbort, { once: true })
    const forget = () => signal.removeEventListener('abort', onAbort)
    work.then(forget, forget)
  }
  return untilAborted(work, signal)
}
