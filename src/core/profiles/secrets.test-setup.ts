// A keychain for tests: sealing that hides the text from a search, with a key that can be replaced.
import type { Secrets } from '../host.ts'

const mask = (bytes: Uint8Array, key: number) => bytes.map((byte) => byte ^ (0xa5 + key))

/** `key` seals; what `oldKey` had sealed still opens, and is sealed anew. */
export function xorSecrets(key = 0, oldKey?: number): Secrets {
  const seal = (text: string) => Promise.resolve(Uint8Array.of(key, ...mask(Buffer.from(text), key)))
  return {
    isAvailable: () => Promise.resolve(true),
    seal,
    async open(sealed, renew) {
      const [used = -1, ...bytes] = sealed
      if (used !== key && used !== oldKey) throw new Error('The stored secret was sealed with another key.')
      const text = Buffer.from(mask(Uint8Array.from(bytes), used)).toString()
      if (used !== key) await renew?.(await seal(text))
      return text
    },
  }
}
