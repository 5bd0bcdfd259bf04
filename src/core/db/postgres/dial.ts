// A socket to the server, encrypted and verified where the profile says so, before a byte of the protocol's own is sent.
import { connect, isIP, type NetConnectOpts, type Socket } from 'node:net'
import type { ConnectPhase } from '../../../shared/connections.ts'
import type { Login } from '../server/link.ts'
import { encrypt } from './encrypt.ts'
import { happens } from './happens.ts'

/** Milliseconds of silence until the system asks whether the other end is still there. */
const KEEP_ALIVE = 10_000

type Address = Pick<Login, 'host' | 'port' | 'tls'>

/** The name is looked up at every call. Aborting destroys the socket; the promise then rejects with what it met. */
export async function dial(
  address: Address,
  signal: AbortSignal,
  onPhase: (phase: ConnectPhase) => void,
): Promise<Socket> {
  const { host, tls } = address
  const isName = isIP(host) === 0 && !host.startsWith('/')
  onPhase(isName ? 'resolve' : 'connect')
  const socket = connect(placeOf(address))
  // Kept until the end, so that no later error of the socket is without a listener.
  socket.on('error', () => undefined)
  signal.addEventListener('abort', () => socket.destroy(), { once: true })
  if (signal.aborted) socket.destroy()
  if (isName) socket.once('lookup', (error: Error | null) => error ?? onPhase('connect'))
  await happens(socket, 'connect')
  if (tls === 'off') return socket
  onPhase('tls')
  return encrypt(socket, host)
}

function placeOf({ host, port }: Address): NetConnectOpts {
  // As every PostgreSQL client reads it: a folder in place of a host holds the server's socket.
  if (host.startsWith('/')) return { path: `${host}/.s.PGSQL.${port}` }
  return { host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE }
}
