// Whether the person agreed to keep secrets without a real keychain: one small file in the data folder.
import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'

const FILE = 'secrets-without-keychain.json'

/** Anything but the stored agreement itself is a no: a damaged file must not open what nobody agreed to. */
export function hasConsent(dataFolder: string): boolean {
  try {
    const stored: unknown = JSON.parse(readFileSync(join(dataFolder, FILE), 'utf8'))
    return typeof stored === 'object' && stored !== null && 'agreed' in stored && stored.agreed === true
  } catch {
    return false
  }
}

/** Taking an agreement back leaves what was sealed readable, and seals nothing more. */
export async function storeConsent(dataFolder: string, isGiven: boolean): Promise<void> {
  const file = join(dataFolder, FILE)
  if (!isGiven) return rm(file, { force: true })
  await writeFileAtomic(file, `${JSON.stringify({ agreed: true, at: new Date().toISOString() })}\n`, {
    mode: 0o600,
    fsync: true,
  })
}
