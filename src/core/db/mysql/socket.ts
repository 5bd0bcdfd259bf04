// The way to the server: its name is looked up anew at every attempt, and its addresses are tried in turn.
import { lookup } from 'node:dns/promises'
import { connect, isIP, type Socket } from 'node:net'
import type { ConnectPhase } from '../../../shared/connections.ts'

/** The system waits two hours before it looks whether an idle peer is still there. */
const KEEP_ALIVE = 10_000

export interface Way {
  host: string
  port: number
  /** Aborting destroys the socket; the promise rejects with the signal's reason. */
  signal: AbortSignal
  onPhase: (phase: ConnectPhase) => void
}

/** Rejects with the system's error of the last address, or with the signal's reason. */
export async function reach({ host, port, signal, onPhase }: Way): Promise<Socket> {
  signal.throwIfAborted()
  const isName = isIP(host) === 0 && !isPath(host)
  if (isName) onPhase('resolve')
  const addresses = isName ? await unlessAborted(resolve(host), signal) : [host]
  onPhase('connect')
  let failure: unknown
  for (const address of addresses) {
    try {
      return await dial(address, port, signal)
    } catch (error) {
      signal.throwIfAborted()
      failure = error
    }
  }
  throw failure
}

/** In place of a host: the server's socket on this machine. */
export const isPath = (host: string) => host.startsWith('/')

async function resolve(host: string): Promise<string[]> {
  const found = await lookup(host, { all: true })
  return [...new Set(found.map(({ address }) => address))]
}

function dial(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  const socket = connect(
    isPath(host) ? { path: host } : { host, port, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE, noDelay: true },
  )
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      socket.destroy()
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    socket.once('error', (error) => {
      signal.removeEventListener('abort', onAbort)
      reject(error)
    })
    socket.once('connect', () => {
      signal.removeEventListener('abort', onAbort)
      socket.removeAllListeners('error')
      // From here on whoever uses it listens; until then an error must not be the end of the process.
      socket.on('error', () => undefined)
      resolve(socket)
    })
  })
}

/** A lookup cannot be stopped, only left behind. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error)
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
