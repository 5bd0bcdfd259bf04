// Which ways to log in are taken. A password goes out as the answer to a challenge, or over TLS whose certificate and name
// were checked, and in no other way.
//
// - mysql_native_password and the fast path of caching_sha2_password are challenges: fine on any connection.
// - caching_sha2_password and sha256_password may ask for the password itself. Over verified TLS it is sent. Without, the
//   driver would fetch an RSA key from the server and encrypt the password with it; but whoever sits in between gives a key of
//   his own and reads the password. So that is refused, and it is said what to do.
// - mysql_clear_password is never answered, over TLS neither: it is made for passwords of other systems.
// - mysql_old_password is not known to the driver, nor is anything else.
import { createHash } from 'node:crypto'
import { TLSSocket } from 'node:tls'
import type { ConnectionOptions } from 'mysql2'
import { ownFailure } from './own-failure.ts'

type Plugin = NonNullable<ConnectionOptions['authPlugins']>[string]

const FAST_SUCCESS = 3
const FULL = 4

const sha256 = (...parts: Uint8Array[]) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** MySQL documentation, "Caching SHA-2 Pluggable Authentication": SHA256(p) XOR SHA256(SHA256(SHA256(p)) + challenge). */
function answerTo(challenge: Buffer, password: string): Buffer {
  if (password === '') return Buffer.alloc(0)
  const once = sha256(Buffer.from(password))
  const mask = sha256(sha256(once), challenge)
  return Buffer.from(once.map((byte, index) => byte ^ (mask[index] as number)))
}

const inClear = (password: string) => Buffer.from(`${password}\0`)

/** True for TLS whose certificate the system trusts. Whether its name is the right one was looked at in `secure.ts`. */
export function isVerified(stream: unknown): boolean {
  return stream instanceof TLSSocket && stream.authorized
}

export function unsafe(method: string): Error {
  return ownFailure(
    'ROSTER_UNSAFE',
    `The server asks for the password itself (${method}) over a connection that is not verified. The password was not sent.`,
  )
}

/** The driver's own plugins are replaced by these, except the one for challenges of mysql_native_password. */
export function authPlugins(password: string | null): Record<string, Plugin> {
  const secret = password ?? ''
  const streamOf = ({ connection }: Parameters<Plugin>[0]) => (connection as unknown as { stream: unknown }).stream
  return {
    caching_sha2_password: (meta) => {
      let isFirst = true
      return (data) => {
        if (isFirst) {
          isFirst = false
          return answerTo(data.subarray(0, 20), secret)
        }
        if (data.length === 1 && data[0] === FAST_SUCCESS) return null
        if (data.length === 1 && data[0] === FULL) {
          if (!isVerified(streamOf(meta))) throw unsafe('caching_sha2_password, full authentication')
          return inClear(secret)
        }
        throw ownFailure('ROSTER_NOT_MYSQL', 'The server answers caching_sha2_password with something unknown.')
      }
    },
    sha256_password: (meta) => () => {
      if (secret !== '' && !isVerified(streamOf(meta))) throw unsafe('sha256_password')
      return secret === '' ? Buffer.from([0]) : inClear(secret)
    },
    mysql_clear_password: () => () => {
      throw ownFailure(
        'ROSTER_UNSAFE',
        'The server asks for the password in clear (mysql_clear_password). The password was not sent.',
      )
    },
  }
}
