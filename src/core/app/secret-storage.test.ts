// The agreement to store secrets without a keychain: given, stored for this person alone, taken back, and never assumed.
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Secrets } from '../host.ts'
import { hasConsent } from '../secrets-consent.ts'
import { agreeToPlainSecrets, secretStorage } from './secret-storage.ts'

let dataFolder: string
beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'roster-consent-'))
})
afterEach(() => rmSync(dataFolder, { recursive: true }))

/** A system without a keychain: nothing is sealed unless the person agreed. */
const secrets: Secrets = {
  isAvailable: () => Promise.resolve(hasConsent(dataFolder)),
  seal: () => Promise.reject(new Error('not asked for here')),
  open: () => Promise.reject(new Error('not asked for here')),
}

const confirm = () => Promise.resolve(true)

it('nothing is agreed to when the person says no, whatever the page asks for', async () => {
  const no = () => Promise.resolve(false)
  const answer = await agreeToPlainSecrets({ secrets, dataFolder, confirm: no }, true)
  expect(answer).toEqual({ state: 'refused', isAgreed: false })
  expect(readdirSync(dataFolder)).toEqual([])
})

it('an agreement is stored in the data folder, for this person alone, and can be taken back', async () => {
  expect(await secretStorage({ secrets, dataFolder })).toEqual({ state: 'refused', isAgreed: false })
  expect(await agreeToPlainSecrets({ secrets, dataFolder, confirm }, true)).toEqual({ state: 'ready', isAgreed: true })
  const [file = ''] = readdirSync(dataFolder)
  if (process.platform !== 'win32') expect(statSync(join(dataFolder, file)).mode & 0o777).toBe(0o600)
  expect(await secretStorage({ secrets, dataFolder })).toEqual({ state: 'ready', isAgreed: true })
  expect(await agreeToPlainSecrets({ secrets, dataFolder, confirm }, false)).toEqual({
    state: 'refused',
    isAgreed: false,
  })
  expect(readdirSync(dataFolder)).toEqual([])
  expect(await agreeToPlainSecrets({ secrets, dataFolder, confirm }, false)).toMatchObject({ isAgreed: false })
})

it('a file that does not hold the agreement is a no', async () => {
  await agreeToPlainSecrets({ secrets, dataFolder, confirm }, true)
  const [file = ''] = readdirSync(dataFolder)
  for (const content of ['', '{', 'true', 'null', '[]', '{"agreed":"true"}', '{"agreed":1}', '{"agreed":false}']) {
    writeFileSync(join(dataFolder, file), content)
    expect([content, hasConsent(dataFolder)]).toEqual([content, false])
  }
})

it('the browser host has nothing to agree to', async () => {
  expect(await secretStorage({ secrets: null, dataFolder })).toEqual({ state: 'none', isAgreed: false })
  await expect(agreeToPlainSecrets({ secrets: null, dataFolder, confirm }, true)).rejects.toMatchObject({
    code: 'NO_SECRETS',
  })
  expect(readdirSync(dataFolder)).toEqual([])
})
