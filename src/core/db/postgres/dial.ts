// A socket to the server, encrypted and verified where the profile says so, before a byte of the protocol's own is sent.
import { connect, isIP, type NetConnectOpts, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { ConnectPhase } from '../../../shared/connections.ts'
import type { Login } from '../server/link.ts'
import { PostgresProblem } from './problem.ts'

/** Milliseconds of silence until the system asks whether the other end is still there. */
const KEEP_ALIVE = 10_000

/** "I would like to encrypt": length and number (PostgreSQL documentation, "Message Formats", SSLRequest). */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])

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

async function encrypt(socket: Socket, host: string): Promise<Socket> {
  socket.write(SSL_REQUEST)
  const answer = (await happens(socket, 'data')) as Buffer
  // One byte and no more: what came with it was sent by nobody that is verified.
  if (answer.length !== 1 || answer[0] !== 'S'.charCodeAt(0)) {
    socket.destroy()
    const isRefused = answer.length === 1 && answer[0] === 'N'.charCodeAt(0)
    throw isRefused
      ? new PostgresProblem('tls', 'ROSTER_NO_TLS', 'The server does not support encrypted connections (TLS).')
      : new PostgresProblem('protocol', 'ROSTER_PROTOCOL', 'The answer to the request for TLS is not PostgreSQL.')
  }
  const secure = connectTls({
    socket,
    host,
    // A number is no name for SNI (RFC 6066); the certificate is then compared with `host`.
    ...(isIP(host) === 0 ? { servername: host } : {}),
    // Said explicitly, so that NODE_TLS_REJECT_UNAUTHORIZED changes nothing.
    rejectUnauthorized: true,
  })
  secure.on('error', () => socket.destroy())
  await happens(secure, 'secureConnect')
  if (!secure.authorized) throw secure.authorizationError
  return secure
}

/** Resolves with the event's first argument; rejects when the socket fails or ends before. */
function happens(socket: Socket, event: 'connect' | 'data' | 'secureConnect'): Promise<unknown> {
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
