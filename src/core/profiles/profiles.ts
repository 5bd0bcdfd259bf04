// The profiles a person works with: listed, added for a file, opened, renamed and forgotten.
import { basename } from 'node:path'
import { openSqlite } from '../db/sqlite/connect.ts'
import { api } from '../implement.ts'

export const profilesRouter = {
  list: api.profiles.list.handler(({ context }) => context.core.profiles.list()),

  addFile: api.profiles.addFile.handler(async ({ context, input }) => {
    const { host, files, profiles } = context.core
    const file = await files.resolve(input.path)
    const known = profiles.list().profiles.find((profile) => profile.file === file)
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
    return {}
  }),
}
