// Storing what a person filled in: the profile in its file, its passwords where it says.
import type { LoginRole } from '../../shared/connections.ts'
import type { Profile, ProfileSettings } from '../../shared/profiles.ts'
import type { Core } from '../core.ts'
import { Refusal } from '../refusal.ts'
import { profileOfFile } from './same-file.ts'

export interface Filled {
  settings: ProfileSettings
  password?: string | undefined
  schemaPassword?: string | undefined
  /** Of `settingsPreview`. */
  imported?: string | undefined
}

type Place = Pick<Core, 'host' | 'files' | 'profiles' | 'passwords' | 'imports' | 'databases'>

/** Throws FIELD_REFUSED, NOT_STORED, FOLDER_REFUSED. */
export async function createProfile(core: Place, filled: Filled): Promise<Profile> {
  const settings = await withRealFolder(core, await withRealFile(core, filled.settings, null), null)
  const given = givenPasswords(core, filled)
  await checkSecrets(core, settings, given, null)
  const profile = await core.profiles.create(settings)
  try {
    await putPasswords(core, profile, given)
  } catch (error) {
    // Half a profile would ask for a password that was given.
    await core.profiles.remove(profile.id).catch(() => undefined)
    throw error
  }
  if (filled.imported !== undefined) core.imports.forget(filled.imported)
  return profile
}

/** Throws PROFILE_NOT_FOUND, FIELD_REFUSED, NOT_STORED, FOLDER_REFUSED. */
export async function updateProfile(core: Place, profileId: string, filled: Filled): Promise<Profile> {
  const before = core.profiles.get(profileId)
  const settings = await withRealFolder(core, await withRealFile(core, filled.settings, before), before)
  const given = givenPasswords(core, filled)
  await checkSecrets(core, settings, given, before)
  const isOther = isReachedOtherwise(before, settings) || given.runtime !== undefined || given.schema !== undefined
  if (isOther) {
    await core.databases.close(profileId)
    core.passwords.forget(profileId)
  }
  const profile = await core.profiles.update(profileId, settings)
  for (const role of ['runtime', 'schema'] as const) {
    if (!keepsPassword(before, profile, role)) await core.passwords.drop(profileId, role)
  }
  // Opened again meanwhile, it would still go to the old place. Closing forgets what is remembered, so it comes first.
  if (isOther) await core.databases.close(profileId)
  await putPasswords(core, profile, given)
  return profile
}

type Given = Partial<Record<LoginRole, string>>

export function givenPasswords(core: Pick<Core, 'imports'>, { password, schemaPassword, imported }: Filled): Given {
  const runtime = password ?? (imported === undefined ? undefined : core.imports.passwordOf(imported))
  return {
    ...(runtime !== undefined && { runtime }),
    ...(schemaPassword !== undefined && { schema: schemaPassword }),
  }
}

async function putPasswords(core: Place, profile: Profile, given: Given): Promise<void> {
  if (profile.dialect === 'sqlite') return
  if (given.runtime !== undefined) await core.passwords.put(profile, 'runtime', given.runtime)
  if (given.schema !== undefined && profile.schemaLogin) await core.passwords.put(profile, 'schema', given.schema)
}

/** The real path of a file that the person may reach; one that the profile has already was reached before. */
async function withRealFile(core: Place, settings: ProfileSettings, before: Profile | null): Promise<ProfileSettings> {
  if (settings.dialect !== 'sqlite') {
    if (before?.isSample) throw refuse('dialect', 'The sample is a SQLite file, and stays one.')
    return settings
  }
  if (before?.dialect === 'sqlite' && before.file === settings.file) return settings
  if (before?.isSample) throw refuse('file', 'The sample keeps its file. Make another profile for another file.')
  const file = await core.files.resolve(settings.file)
  // Under the name that another profile has for it: two names would give SQLite two logs for one file.
  const same = await profileOfFile(file, core.profiles.list().profiles)
  return { ...settings, file: same?.dialect === 'sqlite' ? same.file : file }
}

/** The same for the folder of migrations. */
async function withRealFolder<S extends ProfileSettings>(core: Place, settings: S, before: Profile | null): Promise<S> {
  const { migrationsFolder } = settings
  if (migrationsFolder === null || migrationsFolder === before?.migrationsFolder) return settings
  return { ...settings, migrationsFolder: await core.files.resolveFolder(migrationsFolder) }
}

/** A password that is to lie in the keychain needs a keychain, and has to be given once. */
async function checkSecrets(
  { host, passwords }: Place,
  settings: ProfileSettings,
  given: Given,
  before: Profile | null,
): Promise<void> {
  for (const role of ['runtime', 'schema'] as const) {
    const login = loginOf(settings, role)
    if (login?.secret.kind !== 'keychain') continue
    const field = role === 'runtime' ? 'password' : 'schemaPassword'
    const isKept = before !== null && keepsPassword(before, settings, role) && passwords.has(before, role)
    if (given[role] === undefined && !isKept) {
      throw refuse(field, 'Enter the password to store in the keychain.')
    }
    if (isKept && given[role] === undefined) continue
    if (host.secrets === null) throw refuse(field, 'There is no keychain here. Choose another place for the password.')
    if (!(await host.secrets.isAvailable())) {
      throw refuse(
        field,
        'The keychain of this system does not answer. Unlock it, or choose another place for the password.',
      )
    }
  }
}

function loginOf(settings: ProfileSettings, role: LoginRole) {
  if (settings.dialect === 'sqlite') return null
  return role === 'runtime' ? { user: settings.user, secret: settings.secret } : settings.schemaLogin
}

/** A stored password goes to the place and the user that it was given for, and to no other. */
export function keepsPassword(before: Profile, after: ProfileSettings, role: LoginRole): boolean {
  if (before.dialect === 'sqlite' || after.dialect === 'sqlite') return false
  const [old, next] = [loginOf(before, role), loginOf(after, role)]
  return (
    before.dialect === after.dialect &&
    before.host === after.host &&
    old !== null &&
    old.user === next?.user &&
    old.secret.kind === next.secret.kind
  )
}

/** Anything that an open connection was made with; name, colour, environment and where migrations are is not. */
function isReachedOtherwise(before: Profile, after: ProfileSettings): boolean {
  return JSON.stringify(connectionOf(before)) !== JSON.stringify(connectionOf(after))
}

function connectionOf(settings: ProfileSettings): unknown[] {
  const { dialect, isReadOnly, tries, delay, waitForDatabase, waitForMigrations } = settings
  const common = [dialect, isReadOnly, tries, delay, waitForDatabase, waitForMigrations]
  if (settings.dialect === 'sqlite') return [...common, settings.file]
  const { host, port, database, user, secret, schemaLogin, tls, poolSize, cores, spindles } = settings
  const fetchServerKey = settings.dialect === 'mysql' && settings.fetchServerKey
  return [...common, host, port, database, user, secret, schemaLogin, tls, fetchServerKey, poolSize, cores, spindles]
}

function refuse(field: string, message: string): Refusal {
  return new Refusal('FIELD_REFUSED', message, { field })
}
