// TLS for the driver: the server is judged before anything secret is sent, and there is no way around it.
import { TLSSocket } from 'node:tls'
import type { Connection, SslOptions } from 'mysql2'
import type { Login } from '../server/link.ts'
import { judgePeer, tlsContext } from '../server/tls.ts'
import { ownFailure } from './own-failure.ts'

/** The part of the driver that is no public API; the version is pinned, and `tls.test.ts` fails when it changes. */
interface Upgrade {
  stream: unknown
  startTLS(onSecure: (error?: Error) => void): void
  write(bytes: Uint8Array): void
}

const TOO_EARLY = 'The server went on speaking before the connection was encrypted.'

/** A new object for every connection, so that the driver never resumes a session and skips a check with it. */
export function tlsOptions(login: Login): SslOptions {
  // Judged by `checkPeer`; said here, so that no variable of the environment changes it.
  return { ...tlsContext(login), rejectUnauthorized: false, verifyIdentity: false } as SslOptions
}

/** Judges the server between the TLS handshake and the first packet of the login. Returns whether that has happened. */
export function checkPeer(connection: Connection, login: Login, onSecured: () => void): () => boolean {
  const upgrade = connection as unknown as Upgrade
  const startTls = upgrade.startTLS.bind(connection)
  const write = upgrade.write.bind(connection)
  let isChecked = false
  upgrade.startTLS = (onSecure) => {
    // What came along with the greeting was said by anybody: an answer to it would wait for the handshake, and go out before
    // the server is judged.
    upgrade.write = (bytes) => {
      if (!isChecked) connection.emit('error', ownFailure('ROSTER_UNSAFE', TOO_EARLY))
      else write(bytes)
    }
    startTls((error) => {
      const problem = error ?? problemWith(upgrade.stream, login)
      // The driver puts a code of its own in place of this one, which tells a lost connection from a wrong certificate.
      if (problem) return onSecure(Object.assign(problem, { tlsCode: (problem as NodeJS.ErrnoException).code }))
      isChecked = true
      onSecured()
      onSecure()
    })
  }
  return () => isChecked
}

function problemWith(stream: unknown, login: Login): Error | undefined {
  if (!(stream instanceof TLSSocket)) return ownFailure('ROSTER_UNSAFE', 'The connection is not encrypted.')
  try {
    judgePeer(stream, login)
    return undefined
  } catch (error) {
    return error as Error
  }
}
