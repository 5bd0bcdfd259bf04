// Secrets on a small safeStorage of our own: real encryption, a key that can be taken away and replaced, every back end.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { SafeStorage } from 'electron'
import { describe, expect, it } from 'vitest'
import { createSecrets, type AsyncStorage } from './secrets.ts'

type BackEnd = ReturnType<SafeStorage['getSelectedStorageBackend']>

/** Behaves as electron.d.ts 45.4.1 tells of the asynchronous calls. */
class Storage implements AsyncStorage {
  backEnd: BackEnd = 'gnome_libsecret'
  isThere = true
  /** The newest key is the last. */
  keys = [randomBytes(32)]
  calls: string[] = []

  getSelectedStorageBackend(): BackEnd {
    this.calls.push('getSelectedStorageBackend')
    return this.backEnd
  }
  isAsyncEncryptionAvailable(): Promise<boolean> {
    return Promise.resolve(this.isThere)
  }
  async encryptStringAsync(text: string): Promise<Buffer> {
    this.calls.push('encryptStringAsync')
    await this.#unlocked()
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', this.keys.at(-1) as Buffer, nonce)
    const content = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([Buffer.from([this.keys.length - 1]), nonce, cipher.getAuthTag(), content])
  }
  async decryptStringAsync(sealed: Buffer) {
    this.calls.push('decryptStringAsync')
    await this.#unlocked()
    const key = this.keys[sealed[0] ?? 255]
    if (!key) throw new Error('no such key')
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 13)).setAuthTag(sealed.subarray(13, 29))
    const result = decipher.update(sealed.subarray(29), undefined, 'utf8') + decipher.final('utf8')
    return { result, shouldReEncrypt: sealed[0] !== this.keys.length - 1 }
  }
  #unlocked(): Promise<void> {
    return this.isThere ? Promise.resolve() : Promise.reject(new Error('the key could not be had'))
  }
}

function open(change: { platform?: NodeJS.Platform; isAgreed?: boolean } = {}) {
  const storage = new Storage()
  const agreement = { isGiven: change.isAgreed ?? false }
  const logged: string[] = []
  const secrets = createSecrets({
    storage,
    platform: change.platform ?? 'linux',
    hasConsent: () => agreement.isGiven,
    log: (level, message) => void logged.push(`${level} ${message}`),
  })
  return { storage, secrets, agreement, logged }
}

const SECRET = 'pass \u0000 wörd 🔑'

describe('with a keychain', () => {
  it.each(['gnome_libsecret', 'kwallet', 'kwallet5', 'kwallet6'] as const)('seals and opens (%s)', async (backEnd) => {
    const { storage, secrets } = open()
    storage.backEnd = backEnd
    expect(await secrets.isAvailable()).toBe(true)
    const sealed = await secrets.seal(SECRET)
    expect(Buffer.from(sealed).includes('pass')).toBe(false)
    expect(await secrets.open(sealed)).toBe(SECRET)
  })

  it.each(['darwin', 'win32'] as const)('does not ask for a Linux back end on %s', async (platform) => {
    const { storage, secrets } = open({ platform })
    storage.backEnd = 'unknown'
    expect(await secrets.open(await secrets.seal(SECRET))).toBe(SECRET)
    expect(storage.calls).toEqual(['encryptStringAsync', 'decryptStringAsync'])
  })

  it('is not available while the keychain is locked, agreed or not, and says what to do', async () => {
    for (const isAgreed of [false, true]) {
      const { storage, secrets } = open({ isAgreed })
      const sealed = await secrets.seal(SECRET)
      storage.isThere = false
      expect(await secrets.isAvailable()).toBe(false)
      await expect(secrets.seal(SECRET)).rejects.toThrow(
        'Nothing was stored: the keychain of this system cannot be used',
      )
      await expect(secrets.open(sealed)).rejects.toThrow(
        'could not be read: the keychain of this system cannot be used',
      )
      storage.isThere = true
      expect(await secrets.open(sealed)).toBe(SECRET)
    }
  })

  it('says that bytes which are not what was sealed cannot be read, and shows nothing of them', async () => {
    const { secrets } = open()
    const sealed = await secrets.seal(SECRET)
    const changed = Uint8Array.from(sealed)
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
    for (const bytes of [changed, sealed.subarray(0, -1), new Uint8Array(), new Uint8Array(100)]) {
      await expect(secrets.open(bytes)).rejects.toThrow(
        'The stored secret could not be read: it was sealed with another key, or is damaged. Enter it again to store it anew.',
      )
    }
  })
})

describe('without a keychain', () => {
  it.each(['basic_text', 'unknown', 'something_new' as BackEnd] as const)(
    'nothing is sealed on %s',
    async (backEnd) => {
      const { storage, secrets } = open()
      storage.backEnd = backEnd
      expect(await secrets.isAvailable()).toBe(false)
      await expect(secrets.seal(SECRET)).rejects.toThrow('Nothing was stored: this system has no keychain')
      expect(storage.calls).not.toContain('encryptStringAsync')
    },
  )

  it('an agreement counts from the moment it is given until it is taken back; what was sealed can still be read', async () => {
    const { storage, secrets, agreement } = open()
    storage.backEnd = 'basic_text'
    expect(await secrets.isAvailable()).toBe(false)
    agreement.isGiven = true
    expect(await secrets.isAvailable()).toBe(true)
    const sealed = await secrets.seal(SECRET)
    agreement.isGiven = false
    expect(await secrets.isAvailable()).toBe(false)
    await expect(secrets.seal(SECRET)).rejects.toThrow('no keychain')
    expect(await secrets.open(sealed)).toBe(SECRET)
  })
})

describe('a key that was replaced', () => {
  it('makes the secret be sealed anew, once', async () => {
    const { storage, secrets } = open()
    let stored = await secrets.seal(SECRET)
    storage.keys.push(randomBytes(32))
    const renew = (sealed: Uint8Array) => Promise.resolve(void (stored = sealed))
    expect(await secrets.open(stored, renew)).toBe(SECRET)
    expect(stored[0]).toBe(1)
    // Electron asks for a second reading when it says so.
    expect(storage.calls.filter((call) => call === 'decryptStringAsync')).toHaveLength(2)
    expect(await secrets.open(stored, () => Promise.reject(new Error('must not be called')))).toBe(SECRET)
  })

  it('does not lose the secret when the new bytes cannot be stored', async () => {
    const { storage, secrets, logged } = open()
    const sealed = await secrets.seal(SECRET)
    storage.keys.push(randomBytes(32))
    expect(await secrets.open(sealed, () => Promise.reject(new Error('disk full')))).toBe(SECRET)
    expect(logged).toEqual(['warn a secret could not be sealed anew'])
  })

  it('seals nothing anew without a keychain or an agreement', async () => {
    const { storage, secrets, agreement, logged } = open({ isAgreed: true })
    storage.backEnd = 'basic_text'
    const sealed = await secrets.seal(SECRET)
    storage.keys.push(randomBytes(32))
    agreement.isGiven = false
    expect(await secrets.open(sealed, () => Promise.reject(new Error('must not be called')))).toBe(SECRET)
    expect(storage.calls.filter((call) => call === 'encryptStringAsync')).toHaveLength(1)
    expect(logged).toEqual([])
  })
})
