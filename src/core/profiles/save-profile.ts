// Storing what a person filled in: the profile in its file, its passwords where it says.
import { loginRole, type LoginRole } from '../../shared/connections.ts'
import type { Profile, ProfileSettings, SecretSource } from '../../shared/profiles.ts'
import { isVerified, type Place, type SshLogin } from '../../shared/reaching.ts'
import type { Core } from '../core.ts'
import { Refusal } from '../refusal.ts'
import { profileOfFile } from './same-file.ts'

export interface Filled {
  settings: ProfileSettings
  password?: string | undefined
  schemaPassword?: string | undefined
  sshPassword?: string | undefined
  jumpPassword?: string | undefined
  certificatePassword?: string | undefined
  /** Of `settingsPreview`. */
  imported?: string | undefined
}

type Parts = Pick<Core, 'host' | 'files' | 'profiles' | 'passwords' | 'imports' | 'databases'>

/** Throws FIELD_REFUSED, NOT_STORED, FOLDER_REFUSED. */
export async function createProfile(core: Parts, filled: Filled): Promise<Profile> {
  const settings = await withRealPaths(core, filled.settings, null)
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
export async function updateProfile(core: Parts, profileId: string, filled: Filled): Promise<Profile> {
  const before = core.profiles.get(profileId)
  const settings = await withRealPaths(core, filled.settings, before)
  const given = givenPasswords(core, filled)
  await checkSecrets(core, settings, given, before)
  const isOther = isReachedOtherwise(before, settings) || Object.keys(given).length > 0
  if (isOther) {
    await core.databases.close(profileId)
    core.passwords.forget(profileId)
  }
  // Before the new place is stored: a connection that is opened meanwhile must not take the old password there.
  for (const role of loginRole.options) {
    if (!keepsPassword(before, settings, role)) await core.passwords.drop(profileId, role)
  }
  const profile = await core.profiles.update(profileId, settings)
  // Opened again meanwhile, it would still go to the old place. Closing forgets what is remembered, so it comes first.
  if (isOther) await core.databases.close(profileId)
  await putPasswords(core, profile, given)
  return profile
}

type Given = Partial<Record<LoginRole, string>>

/** The field of the form that each is typed into. */
export const PASSWORD_FIELDS = {
  runtime: 'password',
  schema: 'schemaPassword',
  ssh: 'sshPassword',
  jump: 'jumpPassword',
  certificate: 'certificatePassword',
} as const satisfies Record<LoginRole, keyof Filled>

export function givenPasswords(core: Pick<Core, 'imports'>, filled: Filled): Given {
  const { imported } = filled
  const given: Given = {}
  for (const role of loginRole.options) {
    const typed = filled[PASSWORD_FIELDS[role]]
    if (typed !== undefined) given[role] = typed
  }
  const read = imported === undefined ? undefined : core.imports.passwordOf(imported)
  if (given.runtime === undefined && read !== undefined) given.runtime = read
  return given
}

async function putPasswords(core: Parts, profile: Profile, given: Given): Promise<void> {
  if (profile.dialect === 'sqlite') return
  for (const role of loginRole.options) {
    const password = given[role]
    if (password !== undefined && loginOf(profile, role)) await core.passwords.put(profile, role, password)
  }
}

async function withRealPaths(core: Parts, settings: ProfileSettings, before: Profile | null): Promise<ProfileSettings> {
  const withKeys = await withRealKeys(core, await withRealFile(core, settings, before), before)
  return withRealFolder(core, withKeys, before)
}

/** The same for the files of certificates and of SSH keys. Throws FOLDER_REFUSED for what the person may not reach. */
export async function withRealKeys<S extends ProfileSettings>(
  core: Pick<Core, 'files'>,
  settings: S,
  before: Profile | null,
): Promise<S> {
  if (settings.dialect === 'sqlite') return settings
  const known = new Set(before === null ? [] : keyFilesOf(before))
  const real = async (path: string | null) => (path === null || known.has(path) ? path : core.files.resolve(path))
  const hop = async <H extends SshLogin>(login: H): Promise<H> => ({ ...login, keyFile: await real(login.keyFile) })
  const { tlsFiles, ssh } = settings
  return {
    ...settings,
    tlsFiles: tlsFiles && {
      ...tlsFiles,
      ca: await real(tlsFiles.ca),
      certificate: await real(tlsFiles.certificate),
      key: await real(tlsFiles.key),
    },
    ssh: ssh && { ...(await hop(ssh)), jump: ssh.jump && (await hop(ssh.jump)) },
  }
}

function keyFilesOf(profile: Profile): (string | null)[] {
  if (profile.dialect === 'sqlite') return []
  const { tlsFiles, ssh } = profile
  return [tlsFiles?.ca, tlsFiles?.certificate, tlsFiles?.key, ssh?.keyFile, ssh?.jump?.keyFile].map(
    (path) => path ?? null,
  )
}

/** The real path of a file that the person may reach; one that the profile has already was reached before. */
async function withRealFile(core: Parts, settings: ProfileSettings, before: Profile | null): Promise<ProfileSettings> {
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
async function withRealFolder<S extends ProfileSettings>(core: Parts, settings: S, before: Profile | null): Promise<S> {
  const { migrationsFolder } = settings
  if (migrationsFolder === null || migrationsFolder === before?.migrationsFolder) return settings
  return { ...settings, migrationsFolder: await core.files.resolveFolder(migrationsFolder) }
}

/** A password that is to lie in the keychain needs a keychain, and has to be given once. */
async function checkSecrets(
  { host, passwords }: Parts,
  settings: ProfileSettings,
  given: Given,
  before: Profile | null,
): Promise<void> {
  for (const role of loginRole.options) {
    const login = loginOf(settings, role)
    if (login?.secret.kind !== 'keychain') continue
    const field = PASSWORD_FIELDS[role]
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

interface Owner {
  /** Whose password it is, and where it is sent: all that must stay for a stored one to be kept. */
  at: readonly unknown[]
  secret: SecretSource
}

/** Null where the settings have no such login. */
function loginOf(settings: ProfileSettings, role: LoginRole): Owner | null {
  if (settings.dialect === 'sqlite') return null
  const { host, user, secret, schemaLogin, ssh, tlsFiles } = settings
  // "localhost" behind another machine is another host.
  const way = ssh && [ssh, ssh.jump].map((hop) => hop && [hop.host, hop.port])
  switch (role) {
    case 'runtime':
      return { at: [host, user, way], secret }
    case 'schema':
      return schemaLogin && { at: [host, schemaLogin.user, way], secret: schemaLogin.secret }
    case 'certificate':
      return tlsFiles && { at: [tlsFiles.key], secret: tlsFiles.secret }
    case 'ssh':
    case 'jump': {
      const hop = role === 'ssh' ? ssh : ssh?.jump
      return hop ? { at: [hop.host, hop.port, hop.user, hop.auth, hop.keyFile], secret: hop.secret } : null
    }
  }
}

/** A stored password goes to the place and the user that it was given for, and to no other. */
export function keepsPassword(before: Profile, after: ProfileSettings, role: LoginRole): boolean {
  if (before.dialect !== after.dialect) return false
  const [old, next] = [loginOf(before, role), loginOf(after, role)]
  if (old === null || next === null) return false
  if (JSON.stringify(old.at) !== JSON.stringify(next.at) || old.secret.kind !== next.secret.kind) return false
  const isOfDatabase = role === 'runtime' || role === 'schema'
  return !isOfDatabase || (!hasNewNode(before, after) && !isLessSure(before, after))
}

/** The login goes to every node, so that another one is another host; one that has left is none. */
function hasNewNode(before: Profile, after: ProfileSettings): boolean {
  const known = new Set(placesOf(before).map(({ host }) => host))
  return placesOf(after).some(({ host }) => !known.has(host))
}

function placesOf(settings: ProfileSettings): Place[] {
  if (settings.dialect === 'sqlite') return []
  return [settings, ...(settings.dialect === 'mysql' ? settings.nodes : [])]
}

/** A password that was given for a server that proves who it is goes to none that does not. */
const isLessSure = (before: Profile, after: ProfileSettings) => isSure(before) && !isSure(after)

function isSure(settings: ProfileSettings): boolean {
  if (settings.dialect === 'sqlite' || settings.tls === 'off') return false
  const isPinned = ({ host, port }: Place) => settings.pins.some((pin) => pin.host === host && pin.port === port)
  return isVerified(settings.tls) || placesOf(settings).every(isPinned)
}

/** Anything that an open connection was made with; name, colour, environment and where migrations are is not. */
function isReachedOtherwise(before: Profile, after: ProfileSettings): boolean {
  return JSON.stringify(connectionOf(before)) !== JSON.stringify(connectionOf(after))
}

function connectionOf(settings: ProfileSettings): unknown[] {
  const { dialect, isReadOnly, tries, delay, waitForDatabase, waitForMigrations } = settings
  const common = [dialect, isReadOnly, tries, delay, waitForDatabase, waitForMigrations]
  if (settings.dialect === 'sqlite') return [...common, settings.file]
  const { host, port, database, user, secret, schemaLogin, poolSize, cores, spindles } = settings
  const { tls, tlsFiles, pins, ssh } = settings
  const own = settings.dialect === 'mysql' ? [settings.fetchServerKey, settings.nodes] : []
  const reached = [host, port, database, user, secret, schemaLogin, tls, tlsFiles, pins, ssh]
  return [...common, ...reached, poolSize, cores, spindles, ...own]
}

function refuse(field: string, message: string): Refusal {
  return new Refusal('FIELD_REFUSED', message, { field })
}
