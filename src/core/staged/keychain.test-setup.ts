// A keychain for tests: a real cipher with a key of its own, so that what is not sealed by it cannot be opened.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Secrets } from '../host.ts'

export function keychain(key: Uint8Array = randomBytes(32)): Secrets {
  return {
    isAvailable: () => Promise.resolve(true),
    seal(text) {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, iv)
      return Promise.resolve(Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]))
    },
    async open(sealed) {
      const bytes = Buffer.from(sealed)
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
      decipher.setAuthTag(bytes.subarray(-16))
      return Promise.resolve(decipher.update(bytes.subarray(12, -16)).toString('utf8') + decipher.final('utf8'))
    },
  }
}
