// TLS for a socket that is there: asked for in PostgreSQL's own way, and verified before a byte of the protocol is sent.
import { isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import type { Login } from '../server/link.ts'
import { judgePeer, tlsContext } from '../server/tls.ts'
import { happens } from './happens.ts'
import { PostgresProblem } from './problem.ts'

/** "I would like to encrypt": length and number (PostgreSQL documentation, "Message Formats", SSLRequest). */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])

type Wish = Pick<Login, 'host' | 'port' | 'tls' | 'certificates' | 'pins'>

/** Ends the socket when the other end is not who it should be; throws a TlsProblem then. */
export async function encrypt(socket: Duplex, login: Wish): Promise<TLSSocket> {
  const { host } = login
  const context = tlsContext(login)
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
    ...context,
    socket,
    host,
    // A number is no name for SNI (RFC 6066).
    ...(isIP(host) === 0 ? { servername: host } : {}),
    // Judged below, with the certificate at hand; no variable of the environment changes that.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  })
  secure.on('error', () => socket.destroy())
  await happens(secure, 'secureConnect')
  try {
    judgePeer(secure, login)
  } catch (error) {
    socket.destroy()
    throw error
  }
  return secure
}
