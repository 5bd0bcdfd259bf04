// Where passwords come from, and what lies on the disk of them.
import { mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { profile as profileSchema, type SecretSource, type ServerProfile } from '../../shared/profiles.ts'
import type { Secrets } from '../host.ts'
import { openPasswords } from './passwords.ts'
import { xorSecrets } from './secrets.test-setup.ts'

let dataFolder: string
beforeEach(() => (dataFolder = realpathSync(mkdtempSync(join(tmpdir(), 'roster-passwords-')))))
afterEach(() => rmSync(dataFolder, { recursive: true, force: true }))

const file = () => join(dataFolder, 'passwords.sealed')
const open = (secrets: Secrets | null, environment: NodeJS.ProcessEnv = {}) =>
  openPasswords({ dataFolder, secrets, log: () => undefined }, environment)

function shop(secret: SecretSource, schema: SecretSource | null = null, id = 'shop'): ServerProfile {
  return profileSchema.parse({
    ...{ id, name: 'Shop', isSample: false, dialect: 'postgres', host: 'db1', port: 5432, database: 'shop' },
    ...{ user: 'app', secret, schemaLogin: schema && { user: 'owner', secret: schema } },
  }) as ServerProfile
}

describe('the keychain', () => {
  const profile = shop({ kind: 'keychain' }, { kind: 'keychain' })

  test('keeps one sealed text for each login, in a file for this person alone', async () => {
    const passwords = open(xorSecrets())
    await passwords.put(profile, 'runtime', 'canary-runtime')
    await passwords.put(profile, 'schema', 'canary-schema')
    const later = open(xorSecrets())
    expect(await later.of(profile, 'runtime')).toBe('canary-runtime')
    expect(await later.of(profile, 'schema')).toBe('canary-schema')
    expect(statSync(file()).mode & 0o777).toBe(0o600)
    expect(readdirSync(dataFolder)).toEqual(['passwords.sealed'])
    expect(readFileSync(file(), 'utf8')).not.toContain('canary')
    await later.drop('shop', 'schema')
    expect([later.has(profile, 'runtime'), later.has(profile, 'schema')]).toEqual([true, false])
    await expect(later.of(profile, 'schema')).rejects.toMatchObject({ data: { reason: 'local' } })
  })

  test('an entry moved to another profile does not open there', async () => {
    const passwords = open(xorSecrets())
    await passwords.put(profile, 'runtime', 'canary-runtime')
    writeFileSync(file(), readFileSync(file(), 'utf8').replace('"profileId":"shop"', '"profileId":"evil"'))
    await expect(passwords.of(shop({ kind: 'keychain' }, null, 'evil'), 'runtime')).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      message: expect.stringContaining('another login') as string,
    })
  })

  test('without one nothing is stored, and what is stored is out of reach', async () => {
    await expect(open(null).put(profile, 'runtime', 'canary-runtime')).rejects.toMatchObject({ code: 'NOT_STORED' })
    expect(readdirSync(dataFolder)).toEqual([])
    const refusing = { ...xorSecrets(), seal: () => Promise.reject(new Error('The keychain is locked.')) }
    await expect(open(refusing).put(profile, 'runtime', 'canary-runtime')).rejects.toMatchObject({
      code: 'NOT_STORED',
      message: 'The keychain is locked.',
    })
    expect(readdirSync(dataFolder)).toEqual([])
    await open(xorSecrets()).put(profile, 'runtime', 'canary-runtime')
    await expect(open(null).of(profile, 'runtime')).rejects.toMatchObject({ data: { reason: 'local' } })
  })

  test('a damaged file is left as it is', async () => {
    writeFileSync(file(), 'junk')
    const passwords = open(xorSecrets())
    await expect(passwords.put(profile, 'runtime', 'canary-runtime')).rejects.toMatchObject({ code: 'NOT_STORED' })
    await expect(passwords.of(profile, 'runtime')).rejects.toMatchObject({ data: { reason: 'local' } })
    expect(passwords.has(profile, 'runtime')).toBe(false)
    expect(readFileSync(file(), 'utf8')).toBe('junk')
  })

  test('a key that was replaced seals the password anew', async () => {
    await open(xorSecrets(1)).put(profile, 'runtime', 'canary-runtime')
    const before = readFileSync(file(), 'utf8')
    expect(await open(xorSecrets(2, 1)).of(profile, 'runtime')).toBe('canary-runtime')
    expect(readFileSync(file(), 'utf8')).not.toBe(before)
    expect(await open(xorSecrets(2)).of(profile, 'runtime')).toBe('canary-runtime')
  })
})

test('a variable of the environment is read each time, and named when it is missing', async () => {
  const environment: NodeJS.ProcessEnv = {}
  const passwords = open(null, environment)
  const profile = shop({ kind: 'environment', variable: 'SHOP_PW' })
  await expect(passwords.of(profile, 'runtime')).rejects.toMatchObject({
    message: expect.stringContaining('SHOP_PW') as string,
    data: { reason: 'local' },
  })
  environment.SHOP_PW = 'one'
  expect(await passwords.of(profile, 'runtime')).toBe('one')
  environment.SHOP_PW = ''
  expect(await passwords.of(profile, 'runtime')).toBe('')
})

test('what is asked for lives in memory until it is forgotten', async () => {
  const passwords = open(xorSecrets())
  const profile = shop({ kind: 'ask' })
  await expect(passwords.of(profile, 'runtime')).rejects.toMatchObject({ data: { reason: 'needs-password' } })
  passwords.remember('shop', 'runtime', 'canary-asked')
  expect(await passwords.of(profile, 'runtime')).toBe('canary-asked')
  // Without a login of its own, schema work has the first.
  expect(await passwords.of(profile, 'schema')).toBe('canary-asked')
  passwords.forget('shop')
  await expect(passwords.of(profile, 'runtime')).rejects.toMatchObject({ data: { reason: 'needs-password' } })
  expect(readdirSync(dataFolder)).toEqual([])
})

test('none is null, which is not an empty password', async () => {
  expect(await open(null).of(shop({ kind: 'none' }), 'runtime')).toBeNull()
})
