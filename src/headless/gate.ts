// Who is asking: only a page of this very host, under this very address. Checked before anything else is looked at.
import type { IncomingMessage } from 'node:http'

/** The refusal of a request, or null when it may go on. */
export type Gate = (request: IncomingMessage) => { status: number; reason: string } | null

/**
 * The Host header must be exactly ours, or another name was made to point here (DNS rebinding). An Origin must be exactly
 * ours wherever a browser sends one, and must be there for whatever does more than read the page's files.
 */
export function createGate(port: number): Gate {
  const host = `127.0.0.1:${port}`
  const origin = `http://${host}`
  return (request) => {
    if (request.headers.host !== host) return { status: 421, reason: 'This address does not belong to Roster.' }
    const isReading = (request.method === 'GET' || request.method === 'HEAD') && request.headers.upgrade === undefined
    if (request.headers.origin === undefined ? !isReading : request.headers.origin !== origin) {
      return { status: 403, reason: 'Only the page of Roster itself may ask this.' }
    }
    return null
  }
}
