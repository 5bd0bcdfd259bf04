// The server's end of MySQL's ways to log in, for the fake server.
import { constants, createHash, generateKeyPairSync, privateDecrypt, type KeyObject } from 'node:crypto'

const hash = (name: 'sha1' | 'sha256', ...parts: Uint8Array[]) => {
  const made = createHash(name)
  for (const part of parts) made.update(part)
  return made.digest()
}

export const xor = (bytes: Buffer, mask: Buffer) =>
  Buffer.from(bytes.map((byte, index) => byte ^ (mask[index % mask.length] ?? 0)))

/** mysql_native_password: SHA1(p) XOR SHA1(challenge + SHA1(SHA1(p))). */
export function nativeAnswer(password: string, challenge: Buffer): Buffer {
  if (password === '') return Buffer.alloc(0)
  const once = hash('sha1', Buffer.from(password))
  return xor(once, hash('sha1', challenge, hash('sha1', once)))
}

/** The fast path of caching_sha2_password: SHA256(p) XOR SHA256(SHA256(SHA256(p)) + challenge). */
export function cachingAnswer(password: string, challenge: Buffer): Buffer {
  if (password === '') return Buffer.alloc(0)
  const once = hash('sha256', Buffer.from(password))
  return xor(once, hash('sha256', hash('sha256', once), challenge))
}

let keys: { privateKey: KeyObject; publicKey: KeyObject } | null = null

/** Made once: it takes a tenth of a second. */
function keyPair() {
  return (keys ??= generateKeyPairSync('rsa', { modulusLength: 2048 }))
}

export function publicKey(): Buffer {
  return Buffer.from(keyPair().publicKey.export({ type: 'spki', format: 'pem' }))
}

/** The password that a client has encrypted with the key it was given. */
export function decryptPassword(bytes: Buffer, challenge: Buffer): string {
  const key = { key: keyPair().privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING }
  return xor(privateDecrypt(key, bytes), challenge).toString().replace(/\0$/, '')
}
