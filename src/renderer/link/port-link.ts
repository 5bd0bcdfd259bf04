// The desktop door: the one port that the preload passes into the page.
import { setWire } from './calls.ts'
import { LinkLost } from './link-lost.ts'
import { setLinkState } from './link-state.ts'
import { createWire } from './wire.ts'

const CLOSED = 'The connection to Roster’s own process was closed. Retry loads the window again.'

/** Takes a port that this page's own window announces, whenever one comes. */
export function startPortLink(): void {
  addEventListener('message', (event: MessageEvent<unknown>) => {
    const [port] = event.ports
    if (event.source !== window || event.origin !== location.origin || event.data !== 'roster-port' || !port) return
    takePort(port)
  })
}

function takePort(port: MessagePort): void {
  const wire = createWire((frame) => port.postMessage(frame))
  port.addEventListener('message', ({ data }: MessageEvent<string>) => wire.receive(data))
  port.addEventListener('close', () => {
    setWire(null)
    wire.close(new LinkLost(CLOSED))
    setLinkState({ state: 'lost', attempt: 1, nextTryAt: null, message: CLOSED })
  })
  port.start()
  setWire(wire)
  setLinkState({ state: 'open', attempt: 0, nextTryAt: null, message: '' })
}

/** A page has one port for life; a new one comes with a new page. */
export function retryPort(): void {
  location.reload()
}
