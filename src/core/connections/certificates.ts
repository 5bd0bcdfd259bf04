// Reads the certificate files of a profile, at every connection, so that a renewed certificate is used at once.
import { readFile, stat } from 'node:fs/promises'
import type { CertificateFiles } from '../../shared/reaching.ts'
import type { Certificates } from '../db/server/link.ts'
import { unavailable } from '../refusal.ts'

/** Bytes of a file of authorities; a system's whole list has a quarter of it. */
const LONGEST = 1_048_576

/** `passphraseOf` is asked only where there is a key. Throws DATABASE_UNAVAILABLE (`local`) that names the file. */
export async function readCertificates(
  files: CertificateFiles,
  passphraseOf: () => Promise<string | null>,
): Promise<Certificates> {
  const [ca, certificate, key] = await Promise.all([files.ca, files.certificate, files.key].map(read))
  return {
    ca: ca ?? null,
    certificate: certificate ?? null,
    key: key ?? null,
    passphrase: files.key === null ? null : await passphraseOf(),
  }
}

async function read(path: string | null): Promise<string | null> {
  if (path === null) return null
  let bytes: Buffer
  try {
    const { size } = await stat(path)
    if (size > LONGEST) throw new Error(`It has ${size} bytes; a certificate or a key has at most ${LONGEST}.`)
    bytes = await readFile(path)
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    throw refused(`The file ${path} of the profile cannot be read.`, words)
  }
  if (bytes.includes('-----BEGIN ')) return bytes.toString('latin1')
  // A DER structure begins with a sequence of a length of two bytes.
  const isDer = bytes[0] === 0x30 && bytes[1] === 0x82
  const words = isDer ? 'It seems to be in DER form: openssl x509 or openssl pkey turns it into PEM.' : ''
  throw refused(`The file ${path} of the profile is not in PEM form.`, words)
}

const refused = (message: string, words: string) =>
  unavailable('local', message, `Choose it again in the profile. ${words}`.trim())
