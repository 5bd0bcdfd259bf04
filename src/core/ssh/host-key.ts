// What a host key is called: its type, its fingerprint as OpenSSH writes it, and the algorithms a server proves it with.
import { createHash } from 'node:crypto'
import type { ServerHostKeyAlgorithm } from 'ssh2'

/** As it comes over the wire and stands in base64 in known_hosts: its type, with the length before it, and the numbers. */
export type HostKeyBytes = Buffer

/** "ssh-ed25519"; '' when the bytes are no key. */
export function typeOf(key: HostKeyBytes): string {
  const length = key.length < 4 ? 0 : key.readUInt32BE(0)
  return length <= 64 && key.length >= 4 + length ? key.toString('latin1', 4, 4 + length) : ''
}

/** "SHA256:…", 43 characters of base64 without padding. */
export const fingerprintOf = (key: HostKeyBytes): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`

/** In the order to offer them; RSA with SHA-1 last, for servers that have nothing else. */
const ALGORITHMS: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
  'ssh-rsa',
]
const keyTypeOf = (algorithm: string) => (algorithm.startsWith('rsa-') ? 'ssh-rsa' : algorithm)

/** Those of the types that are known first, so that a server with several keys shows the one that was seen before. */
export function algorithmsFor(knownTypes: readonly string[]): ServerHostKeyAlgorithm[] {
  const isKnown = (algorithm: string) => knownTypes.includes(keyTypeOf(algorithm))
  return [...ALGORITHMS.filter(isKnown), ...ALGORITHMS.filter((algorithm) => !isKnown(algorithm))]
}
