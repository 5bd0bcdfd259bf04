// TLS for the driver: certificate and name are checked before anything secret is sent, and there is no way around it.
import { checkServerIdentity, TLSSocket } from 'node:tls'
import type { Connection, SslOptions } from 'mysql2'
import { ownFailure } from './own-failure.ts'

/** The part of the driver that is no public API; the version is pinned, and `tls.test.ts` fails when it changes. */
interface Upgrade {
  stream: unknown
  startTLS(onSecure: (error?: Error) => void): void
}

/** A new object for every connection, so that the driver never resumes a session and skips a check with it. */
export function tlsOptions(): SslOptions {
  // Whom the process trusts is trusted here. `rejectUnauthorized` is said, so that no variable of the environment changes it;
  // the name is compared by `checkIdentity`.
  return { rejectUnauthorized: true, minVersion: 'TLSv1.2', verifyIdentity: false }
}

/**
 * The driver compares the certificate with "localhost" when the host is an IP address, so the name is compared here, between
 * the TLS handshake and the first packet that depends on the password. Returns whether that has happened.
 */
export function checkIdentity(connection: Connection, host: string, onSecured: () => void): () => boolean {
  const upgrade = connection as unknown as Upgrade
  const startTls = upgrade.startTLS.bind(connection)
  let isChecked = false
  upgrade.startTLS = (onSecure) => {
    startTls((error) => {
      const problem = error ?? problemWith(upgrade.stream, host)
      // The driver puts a code of its own in place of this one, which tells a lost connection from a wrong certificate.
      if (problem) return onSecure(Object.assign(problem, { tlsCode: (problem as NodeJS.ErrnoException).code }))
      isChecked = true
      onSecured()
      onSecure()
    })
  }
  return () => isChecked
}

function problemWith(stream: unknown, host: string): Error | undefined {
  if (!(stream instanceof TLSSocket) || !stream.authorized)
    return ownFailure('ROSTER_UNSAFE', 'The connection is not encrypted with a certificate that is trusted.')
  return checkServerIdentity(host, stream.getPeerCertificate())
}
