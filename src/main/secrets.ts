// Secrets through Electron's safeStorage: its asynchronous calls alone, and a real keychain unless the person agreed to less.
import type { SafeStorage } from 'electron'
import type { Secrets } from '../core/host.ts'
import type { Log } from '../core/log.ts'

/** What is used of Electron's safeStorage. The synchronous calls are deprecated and block the main process. */
export type AsyncStorage = Pick<
  SafeStorage,
  'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'
>

export interface SecretsOptions {
  storage: AsyncStorage
  /** `process.platform`: only Linux has back ends to tell apart, and `getSelectedStorageBackend` exists only there. */
  platform: NodeJS.Platform
  /** Asked anew each time: an agreement may come, or be taken back, while Roster runs. */
  hasConsent: () => boolean
  log: Log
}

/** Names of Linux back ends that keep the key away from other people. A new name is no keychain until it is added here. */
const KEYCHAINS: readonly string[] = ['gnome_libsecret', 'kwallet', 'kwallet5', 'kwallet6']

const NO_KEYCHAIN =
  'Nothing was stored: this system has no keychain that Roster could use. Set up GNOME Keyring or KWallet, or agree to store secrets without one.'
const NOT_USABLE =
  'Nothing was stored: the keychain of this system cannot be used now. Unlock it, or allow Roster to use it, and try again.'

/** To be called once the app is ready: safeStorage answers "unknown" before. */
export function createSecrets({ storage, platform, hasConsent, log }: SecretsOptions): Secrets {
  const isKeychain = () => platform !== 'linux' || KEYCHAINS.includes(storage.getSelectedStorageBackend())
  const mayStore = () => isKeychain() || hasConsent()

  async function seal(text: string): Promise<Uint8Array> {
    if (!mayStore()) throw new Error(NO_KEYCHAIN)
    if (!(await isUsable(storage))) throw new Error(NOT_USABLE)
    try {
      return Uint8Array.from(await storage.encryptStringAsync(text))
    } catch (cause) {
      throw new Error(NOT_USABLE, { cause })
    }
  }

  async function decrypt(sealed: Uint8Array) {
    try {
      return await storage.decryptStringAsync(Buffer.from(sealed))
    } catch (cause) {
      const why = (await isUsable(storage))
        ? 'it was sealed with another key, or is damaged. Enter it again to store it anew.'
        : 'the keychain of this system cannot be used now. Unlock it, or allow Roster to use it, and try again.'
      throw new Error(`The stored secret could not be read: ${why}`, { cause })
    }
  }

  return {
    isAvailable: async () => mayStore() && (await isUsable(storage)),
    seal,
    async open(sealed, renew) {
      const first = await decrypt(sealed)
      if (!first.shouldReEncrypt) return first.result
      // Electron asks for a second call then: it gives the text as the new key has it.
      const { result } = await decrypt(sealed)
      try {
        if (renew && mayStore()) await renew(await seal(result))
      } catch (error) {
        // The old bytes can still be read; the next opening tries again.
        log('warn', 'a secret could not be sealed anew', error)
      }
      return result
    },
  }
}

async function isUsable(storage: AsyncStorage): Promise<boolean> {
  try {
    return await storage.isAsyncEncryptionAvailable()
  } catch {
    return false
  }
}
