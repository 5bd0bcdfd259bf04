// Calls over whichever wire is open: new ones wait a while for it, and those under way say so when it is lost.
import { mapEventIterator, type ClientContext, type ClientLink, type ClientOptions } from '@orpc/client'
import { LinkLost } from './link-lost.ts'
import { linkState, onLinkState } from './link-state.ts'
import type { Wire } from './wire.ts'

/** Milliseconds that a new call waits for the host to be reachable. */
const PATIENCE = 10_000

let wire: Wire | null = null

/** Set before the state becomes `open`, cleared when it stops being so. */
export function setWire(next: Wire | null): void {
  wire = next
}

export const calls: ClientLink<ClientContext> = {
  async call(path, input, options) {
    const open = await whenOpen(options.signal)
    try {
      const output = await open.link.call(path, input, options)
      return isIterator(output) ? watched(output, open, options) : output
    } catch (error) {
      throw plain(error, open, options)
    }
  },
}

function watched(events: AsyncIterator<unknown>, open: Wire, options: ClientOptions<ClientContext>) {
  return mapEventIterator(events, {
    value: (value) => Promise.resolve(value),
    error: (error) => Promise.resolve(plain(error, open, options)),
  })
}

/** The library's own words for a call that was cancelled or cut off name its queues; these say what happened. */
function plain(error: unknown, open: Wire, { signal }: ClientOptions<ClientContext>): unknown {
  if (signal?.aborted) return signal.reason
  return open.closed() ?? error
}

function isIterator(output: unknown): output is AsyncIterator<unknown> {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output
}

function whenOpen(signal: AbortSignal | undefined): Promise<Wire> {
  if (wire && !wire.closed()) return Promise.resolve(wire)
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      stop()
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      act()
    }
    const onAbort = () => settle(() => reject(signal?.reason as Error))
    const look = () => {
      const now = wire
      if (now && !now.closed()) settle(() => resolve(now))
      else if (linkState().state === 'refused') settle(() => reject(new LinkLost(linkState().message)))
    }
    const timer = setTimeout(() => settle(() => reject(new LinkLost(linkState().message))), PATIENCE)
    const stop = onLinkState(look)
    signal?.addEventListener('abort', onAbort, { once: true })
    if (signal?.aborted) onAbort()
    else look()
  })
}
