// Wraps the event stream of a long call, whose errors and end come after the handler itself has returned.

type Events = AsyncIterator<unknown, unknown, unknown> & AsyncIterable<unknown>

export function isEventStream(output: unknown): output is Events {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output && 'next' in output
}

/**
 * The same events; errors go through `worded`, and a reader that leaves early fires `left` at once. An async generator
 * hears of leaving only at its next `yield`, so without `left` its database work would run on.
 */
export function watchEvents(events: Events, worded: (error: unknown) => unknown, left: AbortController): Events {
  return {
    async next() {
      try {
        return await events.next()
      } catch (error) {
        throw worded(error)
      }
    },
    async return(value) {
      left.abort()
      return (await events.return?.(value)) ?? { done: true, value }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
