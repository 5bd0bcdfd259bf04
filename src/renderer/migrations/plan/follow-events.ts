// Reads a stream of the host to its end and hands its events on in bundles, so that a page draws ten times a second at most.

/** Milliseconds between two bundles. */
const PAUSE = 100

/** Resolves at the end of the stream, rejects when it breaks off; what came before has been handed on by then. */
export async function followEvents<Event>(
  open: () => Promise<AsyncIterable<Event>>,
  onEvents: (events: readonly Event[]) => void,
): Promise<void> {
  let waiting: Event[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (waiting.length === 0) return
    const events = waiting
    waiting = []
    onEvents(events)
  }
  try {
    for await (const event of await open()) {
      waiting.push(event)
      timer ??= setTimeout(flush, PAUSE)
    }
  } finally {
    flush()
  }
}
