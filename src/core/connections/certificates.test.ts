// The files of a profile's certificates: what cannot be used is named, with its path, before anything is sent.
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { CertificateFiles } from '../../shared/reaching.ts'
import { readCertificates } from './certificates.ts'

const folder = mkdtempSync(join(tmpdir(), 'roster-certificates-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = (name: string, content: string | Uint8Array) => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}
const files = (some: Partial<CertificateFiles>): CertificateFiles => ({
  ...{ ca: null, certificate: null, key: null, secret: { kind: 'none' } },
  ...some,
})
const PEM = '-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n'

it('reads what is named, and asks for the passphrase only where there is a key', async () => {
  const asked: string[] = []
  const passphraseOf = () => {
    asked.push('passphrase')
    return Promise.resolve('geheim')
  }
  const ca = file('ca.pem', PEM)
  expect(await readCertificates(files({ ca }), passphraseOf)).toEqual({
    ...{ ca: PEM, certificate: null, key: null, passphrase: null },
  })
  expect(asked).toEqual([])
  const key = file('key.pem', '-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n')
  expect(await readCertificates(files({ ca, key }), passphraseOf)).toMatchObject({ passphrase: 'geheim' })
})

it.each([
  ['is missing', () => join(folder, 'nowhere.pem'), 'cannot be read'],
  ['is in DER form', () => file('ca.der', new Uint8Array([0x30, 0x82, 1, 0])), 'is not in PEM form'],
  ['is something else', () => file('notes.txt', 'hello'), 'is not in PEM form'],
  [
    'is far too long',
    () => {
      const path = file('huge.pem', PEM)
      truncateSync(path, 2_000_000)
      return path
    },
    'cannot be read',
  ],
])('names a file that %s', async (_, make, words) => {
  const path = make()
  const reading = readCertificates(files({ ca: path }), () => Promise.resolve(null))
  await expect(reading).rejects.toThrow(`The file ${path} of the profile ${words}.`)
})
