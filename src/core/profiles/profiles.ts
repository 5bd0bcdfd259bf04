// The profiles a person works with: listed, added for a file, opened, renamed and forgotten.
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Profile } from '../../shared/profiles.ts'
import { openSqlite } from '../db/sqlite/connect.ts'
import { api } from '../implement.ts'

export const profilesRouter = {
  list: api.profiles.list.handler(({ context }) => context.core.profiles.list()),

  addFile: api.profiles.addFile.handler(async ({ context, input }) => {
    const { host, files, profiles } = context.core
    const file = await files.resolve(input.path)
    const known = await profileOf(file, profiles.list().profiles)
    if (known) return known
    // Opened before it is stored: what is no database says so in its own words, and no profile is left behind.
    const database = openSqlite(host, { file, create: false })
    try {
      await database.facts()
    } finally {
      await database.close()
    }
    context.signal.throwIfAborted()
    return profiles.add({ name: basename(file), file })
  }),

  open: api.profiles.open.handler(({ context, input }) => context.core.databases.of(input.profileId).facts()),

  rename: api.profiles.rename.handler(({ context, input }) =>
    context.core.profiles.rename(input.profileId, input.name),
  ),

  remove: api.profiles.remove.handler(async ({ context, input }) => {
    context.core.profiles.get(input.profileId)
    await context.core.databases.close(input.profileId)
    await context.core.profiles.remove(input.profileId)
    context.core.staged.forgetProfile(input.profileId)
    return {}
  }),
}

/**
 * The profile that opens this file already, under this name or another: a second name (a hard link) would give SQLite
 * two logs for one file, which can damage it.
 */
async function profileOf(file: string, profiles: readonly Profile[]): Promise<Profile | undefined> {
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
