// The profiles a person works with: listed, made, changed, tried, opened and forgotten.
import { basename } from 'node:path'
import type { LoginRole } from '../../shared/connections.ts'
import { openSqlite } from '../db/sqlite/connect.ts'
import { api } from '../implement.ts'
import { Refusal } from '../refusal.ts'
import { profileString } from './profile-string.ts'
import { profileOfFile } from './same-file.ts'
import { createProfile, updateProfile } from './save-profile.ts'
import { readSettings } from './read-settings.ts'
import { testSettings } from './test-settings.ts'

export const profilesRouter = {
  list: api.profiles.list.handler(({ context }) => context.core.profiles.list()),

  addFile: api.profiles.addFile.handler(async ({ context, input }) => {
    const { host, files, profiles } = context.core
    const file = await files.resolve(input.path)
    const known = await profileOfFile(file, profiles.list().profiles)
    if (known) return known
    // Opened before it is stored: what is no database says so in its own words, and no profile is left behind.
    const database = openSqlite(host, { file, create: false })
    try {
      await database.facts()
    } finally {
      await database.close()
    }
    context.signal.throwIfAborted()
    return profiles.add({ name: basename(file).slice(0, 80), file })
  }),

  create: api.profiles.create.handler(({ context, input }) => createProfile(context.core, input)),

  update: api.profiles.update.handler(({ context, input }) => updateProfile(context.core, input.profileId, input)),

  duplicate: api.profiles.duplicate.handler(({ context, input }) => context.core.profiles.duplicate(input.profileId)),

  reorder: api.profiles.reorder.handler(async ({ context, input }) => {
    await context.core.profiles.reorder(input.profileIds)
    return {}
  }),

  test: api.profiles.test.handler(({ context, input }) => testSettings(context.core, input, context.signal)),

  hasPasswords: api.profiles.hasPasswords.handler(({ context, input }) => {
    const profile = context.core.profiles.get(input.profileId)
    const { passwords } = context.core
    const has = (role: LoginRole) => passwords.has(profile, role)
    return {
      runtime: has('runtime'),
      schema: has('schema'),
      ssh: has('ssh'),
      jump: has('jump'),
      certificate: has('certificate'),
    }
  }),

  pickSettings: api.profiles.pickSettings.handler(async ({ context }) => {
    const { host, files } = context.core
    if (host.fileRoots !== null)
      throw new Refusal('NO_DIALOG', 'There is no file dialog here; files are listed instead.')
    const path = await host.pickPath('Read settings from a .env file')
    if (path !== null) files.remember(path)
    return { path }
  }),

  pickKeyFile: api.profiles.pickKeyFile.handler(async ({ context }) => {
    const { host, files } = context.core
    if (host.fileRoots !== null)
      throw new Refusal('NO_DIALOG', 'There is no file dialog here; files are listed instead.')
    const path = await host.pickPath('Choose a certificate or a key')
    if (path !== null) files.remember(path)
    return { path }
  }),

  readSettings: api.profiles.readSettings.handler(({ context, input }) =>
    readSettings(context.core, input.source, { accepted: input.accepted }),
  ),

  connectionString: api.profiles.connectionString.handler(({ context, input }) => profileString(context.core, input)),

  open: api.profiles.open.handler(({ context, input }) => context.core.databases.of(input.profileId).facts()),

  rename: api.profiles.rename.handler(({ context, input }) =>
    context.core.profiles.rename(input.profileId, input.name),
  ),

  remove: api.profiles.remove.handler(async ({ context, input }) => {
    const { activity, host, profiles, databases, passwords, staged, saves, tableSettings } = context.core
    profiles.get(input.profileId)
    await databases.close(input.profileId)
    await profiles.remove(input.profileId)
    staged.forgetProfile(input.profileId)
    saves.forgetProfile(input.profileId)
    activity.forget(input.profileId)
    // The profile is gone by now; what is still stored of it does not bring it back.
    await tableSettings
      .forgetProfile(input.profileId)
      .catch((error: unknown) => host.log('error', 'the tables of a removed profile are still arranged', error))
    await passwords
      .drop(input.profileId)
      .catch((error: unknown) => host.log('error', 'the passwords of a removed profile are still stored', error))
    return {}
  }),
}
