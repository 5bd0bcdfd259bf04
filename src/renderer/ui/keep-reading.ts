// Reads a stream of the host for as long as the page is there: asked for again when it ends, once the link is open.
import { linkState, onLinkState } from '../api.ts'

/** Milliseconds before it is asked for again. */
const PAUSE = 300

/** `read` resolves or rejects when the stream has ended. */
export async function keepReading(read: () => Promise<void>): Promise<never> {
  for (;;) {
    // Whatever ended it, asking again is all that can be done; the link says by itself when it is lost.
    await read().catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, PAUSE))
    await untilOpen()
  }
}

function untilOpen(): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (linkState().state !== 'open') return
      stop()
      resolve()
    }
    const stop = onLinkState(look)
    look()
  })
}
