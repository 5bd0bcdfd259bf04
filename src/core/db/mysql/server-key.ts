// Encrypts a password with the RSA key that a server has handed out. It hides the password from those who only listen, and
// from nobody who can hand out a key: `authenticate.ts` asks for one only where the person has agreed to that.
import { constants, createPublicKey, publicEncrypt, type KeyObject } from 'node:crypto'
import { ownFailure } from './own-failure.ts'

/** Of what MySQL makes for itself; a shorter key could be broken by who listens. */
const LEAST_BITS = 2048
/** What OAEP with SHA-1, which MySQL has fixed, takes of each block. */
const OAEP_BYTES = 42
/** A key of 16,384 bits in PEM has 2.8 kB. */
const LONGEST_PEM = 4096

/**
 * MySQL documentation, "Caching SHA-2 Pluggable Authentication" and "SHA-256 ...": RSA-OAEP of (password and NUL) XOR challenge.
 * Throws ROSTER_NOT_MYSQL for what is no RSA key in PEM or no challenge of 20 bytes, ROSTER_UNSAFE for a key that is too short.
 */
export function encryptFor(pem: Buffer, challenge: Buffer, password: string): Buffer {
  const key = readKey(pem)
  if (challenge.length !== 20) throw ownFailure('ROSTER_NOT_MYSQL', 'The challenge of the server has no 20 bytes.')
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (bits < LEAST_BITS)
    throw ownFailure(
      'ROSTER_UNSAFE',
      `The key of the server has ${bits} bits; fewer than ${LEAST_BITS} are not safe. The password was not sent.`,
    )
  const text = Buffer.from(`${password}\0`)
  if (text.length > Math.ceil(bits / 8) - OAEP_BYTES)
    throw ownFailure('ROSTER_UNSAFE', 'The password is too long for the key of the server. It was not sent.')
  const masked = Buffer.from(text.map((byte, index) => byte ^ (challenge[index % 20] as number)))
  return publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, masked)
}

function readKey(pem: Buffer): KeyObject {
  try {
    if (pem.length > LONGEST_PEM) throw new Error('It is too long.')
    const key = createPublicKey(pem)
    if (key.asymmetricKeyType !== 'rsa') throw new Error('It is no RSA key.')
    return key
  } catch (error) {
    throw ownFailure('ROSTER_NOT_MYSQL', 'What the server hands out as its key is no RSA key.', error)
  }
}
