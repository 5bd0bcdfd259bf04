// Events of a long task on their way to the one who reads them, so that the work never waits for the reader.

export interface EventQueue<T> extends AsyncIterable<T> {
  push(event: T): void
  /** No more events; the reader sees those that are left, then the end, or `error` thrown. Later calls do nothing. */
  end(error?: Error): void
}

/** For few and small events: nothing holds back who pushes, so state must be coalesced before (at most 10 a second). */
export function eventQueue<T>(): EventQueue<T> {
  const waiting: T[] = []
  let ended: { error: Error | undefined } | null = null
  let wake: () => void = () => undefined

  return {
    push(event) {
      if (ended) return
      waiting.push(event)
      wake()
    },
    end(error) {
      ended ??= { error }
      wake()
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const event = waiting.shift()
        if (event !== undefined) {
          yield event
          continue
        }
        if (ended) {
          if (ended.error) throw ended.error
          return
        }
        await new Promise<void>((resolve) => (wake = resolve))
      }
    },
  }
}

/**
 * Runs `work`, which pushes events, and gives them out as they come. A reader that leaves early fires the signal that
 * `work` was given, and waits until it has ended: nothing runs on behind its back.
 */
export async function* streamEvents<T>(
  signal: AbortSignal,
  work: (push: (event: T) => void, signal: AbortSignal) => Promise<void>,
): AsyncGenerator<T, void> {
  const left = new AbortController()
  const queue = eventQueue<T>()
  const working = work((event) => queue.push(event), AbortSignal.any([signal, left.signal])).then(
    () => queue.end(),
    (error: unknown) => queue.end(error instanceof Error ? error : new Error(String(error))),
  )
  try {
    yield* queue
  } finally {
    left.abort()
    await working
  }
}
