// Salted digests, `sha1$salt$hex` and bare hexadecimal: PyDAL, Django and old Werkzeug write the same and mean different things.
import { createHash, createHmac } from 'node:crypto'
import type { DigestReading } from './hashing-protocol.ts'

/** PyDAL guesses the algorithm of bare digits by how many there are. */
const BY_LENGTH: Readonly<Record<number, string>> = {
  32: 'md5',
  40: 'sha1',
  56: 'sha224',
  64: 'sha256',
  96: 'sha384',
  128: 'sha512',
}

export function digestOf(hash: string): { digest: string; salt: string; hex: string } {
  const [digest = '', salt = '', hex] = hash.split('$')
  return hex === undefined ? { digest: BY_LENGTH[hash.length] ?? 'md5', salt: '', hex: hash } : { digest, salt, hex }
}

/** What the password would be stored as, in hexadecimal, one for each reading. `key`: web2py's, with its algorithm in front. */
export function digestReadings(
  digest: string,
  secret: Buffer,
  salt: string,
  key: string | null,
  reading: DigestReading,
): string[] {
  const salted = Buffer.from(salt, 'utf8')
  const after = createHash(digest).update(secret).update(salted).digest('hex')
  const before = createHash(digest).update(salted).update(secret).digest('hex')
  if (reading === 'django') return [before]
  const pydal =
    key === null
      ? [after]
      : [
          createHmac(digest, keyOf(key) + salt)
            .update(secret)
            .digest('hex'),
          after,
        ]
  if (reading === 'pydal') return pydal
  // Werkzeug before 2.3: keyed by the salt.
  return [...pydal, before, createHmac(digest, salted).update(secret).digest('hex')]
}

/** `sha512:<text>`: the key is what stands behind the colon. */
const keyOf = (key: string) => (key.includes(':') ? (key.split(':')[1] ?? '') : key)
