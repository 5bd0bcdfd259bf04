// Inside the child: messages to and from Roster, whichever host has started the process.
import type { FromChild, ToChild } from './module-protocol.ts'

/** Electron's utility processes have this in place of `process.send`. */
interface ParentPort {
  on(event: 'message', listener: (event: { data: unknown }) => void): void
  postMessage(message: unknown): void
}

export interface ParentChannel {
  /** Throws where something of the message cannot be copied. */
  send(message: FromChild): void
  /** Calls back when what was sent is on its way; at the latest after half a second. */
  flush(then: () => void): void
  onMessage(listener: (message: ToChild) => void): void
}

/** Takes the channel away from whatever else runs in the process. */
export function parentChannel(): ParentChannel {
  const { parentPort } = process as { parentPort?: ParentPort }
  if (parentPort) {
    return {
      send: (message) => parentPort.postMessage(message),
      flush: (then) => void setTimeout(then, 100),
      onMessage: (listener) => parentPort.on('message', ({ data }) => listener(data as ToChild)),
    }
  }
  const send = process.send?.bind(process)
  delete process.send
  // The parent is gone.
  process.on('disconnect', () => process.exit(0))
  return {
    send: (message) => void (process.connected && send?.(message, () => undefined)),
    flush(then) {
      setTimeout(then, 500)
      if (process.connected) send?.({ kind: 'log', text: '' } satisfies FromChild, () => then())
    },
    onMessage: (listener) => void process.on('message', (message) => listener(message as ToChild)),
  }
}
