// Reads the certificate files of a profile, at every connection, so that a renewed certificate is used at once.
import { readFile } from 'node:fs/promises'
import type { CertificateFiles } from '../../shared/reaching.ts'
import type { Certificates } from '../db/server/link.ts'
import { unavailable } from '../refusal.ts'

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
  return readFile(path, 'utf8').catch((error: unknown) => {
    const words = error instanceof Error ? error.message : String(error)
    throw unavailable(
      'local',
      `The file ${path} of the profile cannot be read.`,
      `Choose it again in the profile. ${words}`,
    )
  })
}
