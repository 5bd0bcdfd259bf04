// safeStorage: sealed text under a key of this process's own, with the back end that the test has chosen.
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import type Electron from 'electron'
import { modelled } from './not-modelled.ts'
import { life } from './life.ts'

export type Backend = 'available' | 'basic_text' | 'unavailable'

let backend = (process.env.STANDIN_SAFE_STORAGE ?? 'available') as Backend
let shouldReEncrypt = false

/** The same for every start with the same data, as a keychain's is; no secret of anybody. */
const key = () =>
  createHash('sha256')
    .update(`stand-in ${process.env.STANDIN_KEYCHAIN ?? ''}`)
    .digest()

export const keychain = {
  be: (next: Backend) => void (backend = next),
  rotate: () => void (shouldReEncrypt = true),
}

function mustBeAvailable(): void {
  if (!life.isReady) throw new Error('safeStorage cannot be used before app is ready')
  if (backend === 'unavailable') throw new Error('Encryption is not available')
}

/**
 * electron.d.ts, interface SafeStorage: the asynchronous half. With `basic_text` sealing works, but under a password that
 * is in Electron's source; isAsyncEncryptionAvailable says true for it as well (electron.d.ts names no exception).
 */
export const safeStorage = modelled('safeStorage', {
  isAsyncEncryptionAvailable: () => Promise.resolve(life.isReady && backend !== 'unavailable'),
  encryptStringAsync(text) {
    return Promise.resolve().then(() => {
      mustBeAvailable()
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key(), iv)
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([Buffer.from('v11'), iv, cipher.getAuthTag(), sealed])
    })
  },
  decryptStringAsync(sealed) {
    return Promise.resolve().then(() => {
      mustBeAvailable()
      if (sealed.subarray(0, 3).toString() !== 'v11') throw new Error('Error while decrypting the ciphertext')
      const decipher = createDecipheriv('aes-256-gcm', key(), sealed.subarray(3, 15))
      decipher.setAuthTag(sealed.subarray(15, 31))
      const result = Buffer.concat([decipher.update(sealed.subarray(31)), decipher.final()]).toString('utf8')
      return { result, shouldReEncrypt }
    })
  },
  /** "unknown - When the function is called before app has emitted the ready event." */
  getSelectedStorageBackend() {
    if (!life.isReady) return 'unknown'
    return backend === 'available' ? 'gnome_libsecret' : 'basic_text'
  },
} satisfies Pick<
  Electron.SafeStorage,
  'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'
>)
