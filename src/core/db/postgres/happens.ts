// Waits for one event of a socket, or for its end.
import type { Duplex } from 'node:stream'
import { PostgresProblem } from './problem.ts'

/** Resolves with the event's first argument; rejects when the socket fails or ends before. */
export function happens(socket: Duplex, event: 'data' | 'secureConnect'): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onEvent = (first: unknown) => {
      forget()
      resolve(first)
    }
    const onError = (error: Error) => {
      forget()
      socket.destroy()
      reject(error)
    }
    const onClose = () => onError(new PostgresProblem('lost', 'ECONNRESET', 'The server closed the connection.'))
    const forget = () => {
      socket.off(event, onEvent).off('error', onError).off('close', onClose)
    }
    socket.once(event, onEvent).once('error', onError).once('close', onClose)
  })
}
