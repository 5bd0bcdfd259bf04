// Which profile opens a file already, under whatever name.
import { stat } from 'node:fs/promises'
import type { Profile } from '../../shared/profiles.ts'

/**
 * The profile that opens this file already, under this name or another: a second name (a hard link) would give SQLite
 * two logs for one file, which can damage it.
 */
export async function profileOfFile(file: string, profiles: readonly Profile[]): Promise<Profile | undefined> {
  const wanted = await identityOf(file)
  for (const profile of profiles) {
    if (profile.dialect !== 'sqlite') continue
    if (profile.file === file) return profile
    if (wanted !== null && (await identityOf(profile.file)) === wanted) return profile
  }
  return undefined
}

/** The same for all names of one file; null when it cannot be told. */
async function identityOf(file: string): Promise<string | null> {
  const facts = await stat(file, { bigint: true }).catch(() => null)
  return facts && facts.ino !== 0n ? `${facts.dev}:${facts.ino}` : null
}
