// Which ways to log in are taken. A password goes out as the answer to a challenge, or over TLS whose other end
// is verified, and in no other way.
//
// - mysql_native_password and the fast path of caching_sha2_password are challenges: fine on any connection.
// - caching_sha2_password and sha256_password may ask for the password itself. Over verified TLS it is sent. Without, the
//   driver would fetch an RSA key from the server and encrypt the password with it; but whoever sits in between gives a key of
//   their own and reads the password. So that is refused, and it is said what to do, unless the person has agreed to it for
//   this profile (`fetchServerKey`).
// - mysql_clear_password is never answered, over TLS neither: it is made for passwords of other systems.
// - mysql_old_password is not known to the driver, nor is anything else.
import { createHash } from 'node:crypto'
import { TLSSocket } from 'node:tls'
import type { ConnectionOptions } from 'mysql2'
import type { Login } from '../server/link.ts'
import { isVerifiedPeer, notVerified } from '../server/tls.ts'
import { ownFailure } from './own-failure.ts'
import { encryptFor } from './server-key.ts'

type Plugin = NonNullable<ConnectionOptions['authPlugins']>[string]

const FAST_SUCCESS = 3
const FULL = 4
/** What asks for the server's key. */
const KEY_REQUEST = { caching_sha2_password: 2, sha256_password: 1 } as const

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

function needsKey(method: string): Error {
  return ownFailure(
    'ROSTER_NEEDS_KEY',
    `The server asks for the password itself (${method}) over a connection that is not verified. The password was not sent.`,
  )
}

const notSent = (method: string) =>
  `The server asks for the password itself (${method}), and its certificate is not verified. The password was not sent.`

const unknown = (method: string) =>
  ownFailure('ROSTER_NOT_MYSQL', `The server answers ${method} with something unknown.`)

/** The driver's own plugins are replaced by these, except the one for challenges of mysql_native_password. */
export function authPlugins({
  password,
  tls,
  fetchServerKey = false,
  host,
  port,
}: Pick<Login, 'host' | 'port' | 'password' | 'tls' | 'fetchServerKey'>): Record<string, Plugin> {
  const secret = password ?? ''

  /** Full authentication: the password over verified TLS; otherwise, with consent, one request for a key and one answer to it. */
  function passwordItself({ connection }: Parameters<Plugin>[0], method: keyof typeof KEY_REQUEST, words: string) {
    const { stream } = connection as unknown as { stream: unknown }
    let stage: 'begin' | 'key-asked' | 'done' = 'begin'
    return (data: Buffer, challenge: Buffer): Buffer => {
      if (stage === 'key-asked') {
        stage = 'done'
        return encryptFor(data, challenge, secret)
      }
      if (stage === 'done') throw unknown(method)
      if (isVerifiedPeer(stream)) {
        stage = 'done'
        return inClear(secret)
      }
      if (stream instanceof TLSSocket) throw notVerified(stream, { host, port }, notSent(words))
      // A profile with TLS has no use for a key that nothing vouches for, whatever became of its connection.
      if (!fetchServerKey || tls !== 'off') throw needsKey(words)
      stage = 'key-asked'
      return Buffer.from([KEY_REQUEST[method]])
    }
  }

  return {
    caching_sha2_password: (meta) => {
      const full = passwordItself(meta, 'caching_sha2_password', 'caching_sha2_password, full authentication')
      let challenge: Buffer | null = null
      let isFull = false
      return (data) => {
        if (!challenge) {
          challenge = Buffer.from(data.subarray(0, 20))
          return answerTo(challenge, secret)
        }
        if (!isFull && data.length === 1 && data[0] === FAST_SUCCESS) return null
        if (!isFull && !(data.length === 1 && data[0] === FULL)) throw unknown('caching_sha2_password')
        isFull = true
        return full(data, challenge)
      }
    },
    sha256_password: (meta) => {
      const full = passwordItself(meta, 'sha256_password', 'sha256_password')
      let challenge: Buffer | null = null
      return (data) => {
        challenge ??= Buffer.from(data.subarray(0, 20))
        return secret === '' ? Buffer.from([0]) : full(data, challenge)
      }
    },
    mysql_clear_password: () => () => {
      throw ownFailure(
        'ROSTER_UNSAFE',
        'The server asks for the password in clear (mysql_clear_password). The password was not sent.',
      )
    },
  }
}
