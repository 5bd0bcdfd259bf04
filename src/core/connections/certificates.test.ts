// The files of a profile's certificates: what cannot be used is named, with its path, before anything is sent.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { platform, tmpdir } from 'node:os'
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
const openssl = (args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' })
function selfSigned() {
  const [key, cert] = [join(folder, 'own.key'), join(folder, 'own.pem')]
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  openssl(['req', '-x509', ...ec, '-subj', '/CN=own', '-keyout', key, '-out', cert])
  return { key, cert }
}
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
  ['is a folder', () => folder, 'cannot be read'],
])('names a file that %s', async (_, make, words) => {
  const path = make()
  const reading = readCertificates(files({ ca: path }), () => Promise.resolve(null))
  await expect(reading).rejects.toThrow(`The file ${path} of the profile ${words}.`)
})

it.skipIf(platform() === 'win32')('waits for no pipe', async () => {
  const ca = join(folder, 'pipe.pem')
  execFileSync('mkfifo', [ca])
  await expect(readCertificates(files({ ca }), () => Promise.resolve(null))).rejects.toThrow('cannot be read')
})

it('says what a file in another form seems to be', async () => {
  const { key, cert } = selfSigned()
  const to = (name: string) => join(folder, name)
  openssl(['x509', '-in', cert, '-outform', 'DER', '-out', to('own.der')])
  openssl(['pkcs12', '-export', '-in', cert, '-inkey', key, '-passout', 'pass:geheim', '-out', to('own.p12')])
  openssl(['ec', '-in', key, '-outform', 'DER', '-out', to('key.der')])
  for (const [name, words] of [
    ['key.der', 'openssl pkey'],
    ['own.der', 'openssl x509'],
    ['own.p12', 'openssl pkcs12'],
  ] as const) {
    const reading = readCertificates(files({ certificate: to(name) }), () => Promise.resolve(null))
    await expect(reading).rejects.toMatchObject({ data: { hint: expect.stringContaining(words) as string } })
  }
})
