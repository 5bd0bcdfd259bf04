// Tries one connection with settings that are not stored yet, or not stored like that.
import type { ConnectCause, LoginRole } from '../../shared/connections.ts'
import type { UnavailableReason } from '../../shared/procedure.ts'
import type { ConnectionTest, DatabaseFacts, ServerProfile } from '../../shared/profiles.ts'
import type { Core } from '../core.ts'
import { openSqlite } from '../db/sqlite/connect.ts'
import { secretOf } from '../password-roles.ts'
import { Refusal } from '../refusal.ts'
import { givenPasswords, keepsPassword, PASSWORD_FIELDS, withRealKeys, type Filled } from './save-profile.ts'

interface Asked extends Filled {
  profileId?: string | undefined
}

/**
 * Each login once: a wrong password counts on the server. Throws FIELD_REFUSED, FOLDER_REFUSED. Whatever a connection
 * itself says is an answer, not an error.
 */
export async function testSettings(core: Core, asked: Asked, signal: AbortSignal): Promise<ConnectionTest> {
  const began = performance.now()
  const ms = () => Math.round(performance.now() - began)
  const result = await (
    asked.settings.dialect === 'sqlite' ? tryFile(core, asked) : tryServer(core, asked, signal)
  ).catch((error: unknown) => {
    signal.throwIfAborted()
    return { cause: causeOf(error) }
  })
  if ('cause' in result) return { outcome: 'failed', cause: result.cause, ms: ms() }
  return { outcome: 'connected', facts: result.facts, ms: ms() }
}

type Result = { facts: DatabaseFacts } | { cause: ConnectCause }

async function tryFile(core: Core, { settings, profileId }: Asked): Promise<Result> {
  if (settings.dialect !== 'sqlite') throw new Error('Not a file.')
  const before = profileId === undefined ? null : core.profiles.get(profileId)
  const isKnown = before?.dialect === 'sqlite' && before.file === settings.file
  const file = isKnown ? settings.file : await core.files.resolve(settings.file)
  const database = openSqlite(core.host, { file, create: isKnown && before.isSample, readOnly: settings.isReadOnly })
  try {
    return { facts: await database.facts() }
  } finally {
    await database.close()
  }
}

async function tryServer(core: Core, asked: Asked, signal: AbortSignal): Promise<Result> {
  const { profileId } = asked
  if (asked.settings.dialect === 'sqlite') throw new Error('Not a server.')
  const before = profileId === undefined ? null : core.profiles.get(profileId)
  const settings = await withRealKeys(core, asked.settings, before)
  const as: ServerProfile = { ...settings, id: profileId ?? '', isSample: false }
  const passwordOf = (role: LoginRole) => passwordFor(core, asked, role)
  const first = await core.tryConnection(as, passwordOf, signal)
  if ('cause' in first || settings.schemaLogin === null) return first
  const { user, secret } = settings.schemaLogin
  // Read-only is the first login's; this one exists to change the schema.
  const second = await core.tryConnection(
    { ...as, user, secret, isReadOnly: false },
    (role) => passwordOf(role === 'runtime' ? 'schema' : role),
    signal,
  )
  if ('facts' in second) return first
  const message = `The login for migrations (${user}) did not get in. ${second.cause.message}`
  return { cause: { ...second.cause, message } }
}

/** What was given with the settings, or what is stored for exactly this login. */
async function passwordFor(core: Core, asked: Asked, role: LoginRole): Promise<string | null> {
  const { settings, profileId } = asked
  if (settings.dialect === 'sqlite') return null
  const given = givenPasswords(core, asked)[role]
  const as: ServerProfile = { ...settings, id: profileId ?? '', isSample: false }
  const { kind } = secretOf(as, role)
  if (given !== undefined && kind !== 'environment' && kind !== 'none') return given
  const before = profileId === undefined ? null : core.profiles.get(profileId)
  if ((kind === 'keychain' || kind === 'ask') && (before === null || !keepsPassword(before, settings, role))) {
    const field = PASSWORD_FIELDS[role]
    throw new Refusal('FIELD_REFUSED', 'Enter the password to try the connection with.', { field })
  }
  return core.passwords.of(as, role).catch((error: unknown) => {
    // Asked for at opening, and not opened yet.
    if (!(error instanceof Refusal) || kind !== 'ask') throw error
    const field = PASSWORD_FIELDS[role]
    throw new Refusal('FIELD_REFUSED', 'Enter the password to try the connection with.', { field })
  })
}

function causeOf(error: unknown): ConnectCause {
  if (!(error instanceof Refusal) || error.code !== 'DATABASE_UNAVAILABLE') throw error
  const { reason, hint } = error.data as { reason: UnavailableReason; hint: string }
  return { reason, hint, message: error.message, detail: '', isTemporary: false }
}
