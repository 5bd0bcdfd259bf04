// Tries one connection with settings that are not stored yet, or not stored like that.
import type { ConnectionTest } from '../../shared/profiles.ts'
import type { Core } from '../core.ts'
import { openSqlite } from '../db/sqlite/connect.ts'
import { Refusal } from '../refusal.ts'
import type { Filled } from './save-profile.ts'

/** Throws FOLDER_REFUSED. Whatever a connection itself says is an answer, not an error. */
export async function testSettings(
  core: Core,
  { settings, profileId }: Filled & { profileId?: string | undefined },
  signal: AbortSignal,
): Promise<ConnectionTest> {
  const began = performance.now()
  const ms = () => Math.round(performance.now() - began)
  if (settings.dialect !== 'sqlite')
    throw new Refusal('FIELD_REFUSED', 'Servers cannot be tried yet.', { field: 'host' })
  const before = profileId === undefined ? null : core.profiles.get(profileId)
  const isKnown = before?.dialect === 'sqlite' && before.file === settings.file
  try {
    const file = isKnown ? settings.file : await core.files.resolve(settings.file)
    const database = openSqlite(core.host, { file, create: false })
    try {
      return { outcome: 'connected', facts: await database.facts(), ms: ms() }
    } finally {
      await database.close()
    }
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof Refusal) || error.code !== 'DATABASE_UNAVAILABLE') throw error
    const { reason, hint } = error.data as { reason: 'other'; hint: string }
    return {
      outcome: 'failed',
      cause: { reason, message: error.message, hint, detail: '', isTemporary: false },
      ms: ms(),
    }
  }
}
