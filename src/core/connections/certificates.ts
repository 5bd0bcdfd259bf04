// Reads the certificate files of a profile, at every connection, so that a renewed certificate is used at once.
import type { CertificateFiles } from '../../shared/reaching.ts'
import type { Certificates } from '../db/server/link.ts'
import { unavailable } from '../refusal.ts'
import { readSmallFile } from '../small-file.ts'

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
    bytes = await readSmallFile(path)
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    throw refused(`The file ${path} of the profile cannot be read.`, words)
  }
  if (bytes.includes('-----BEGIN ')) return bytes.toString('latin1')
  throw refused(`The file ${path} of the profile is not in PEM form.`, seemsToBe(bytes))
}

/** By the first bytes: DER is a sequence with its length, of a byte in a small key; version 3 at its beginning: PKCS #12. */
function seemsToBe(bytes: Buffer): string {
  const [tag, length = 0] = bytes
  if (tag !== 0x30 || (length !== 0x81 && length !== 0x82 && length !== bytes.length - 2)) return ''
  return bytes.subarray(4, 7).equals(Buffer.from([2, 1, 3]))
    ? 'It seems to be PKCS #12 (.p12, .pfx): openssl pkcs12 takes the certificate and the key out of it.'
    : 'It seems to be in DER form: openssl x509 or openssl pkey turns it into PEM.'
}

const refused = (message: string, words: string) =>
  unavailable('local', message, `Choose it again in the profile. ${words}`.trim())
