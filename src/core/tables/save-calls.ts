// The calls about saving, as the contract has them: what each needs of core, and what of it goes to the page.
import { placeOf } from '../../shared/profiles.ts'
import type { Saved } from '../../shared/tables.ts'
import type { Database, Statement, TableShape } from '../db/database.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import type { Context } from '../implement.ts'
import { Refusal } from '../refusal.ts'
import { rememberedSaves } from './remembered-saves.ts'
import type { PlanScope } from './save-plan.ts'
import type { SaveResult, SaveScope } from './save.ts'
import type { Keeping } from './saves/taking-back.ts'

interface Scope {
  database: Database
  dialect: SqlDialect
  shape: TableShape
}

export function saveScopeOf({ core }: Context, profileId: string, scope: Scope): SaveScope {
  // With where the profile leads: after it was pointed elsewhere, what is remembered of the other place says nothing.
  const place = placeOf(core.profiles.get(profileId))
  const address = JSON.stringify([profileId, place, scope.shape.name])
  return { ...scope, address, remembered: rememberedSaves(core) }
}

/** For what a page has staged: its texts name hashes. What the host itself has kept holds them. */
export const withKept = ({ core }: Context, scope: SaveScope): SaveScope => ({ ...scope, kept: core.keptHashes })

export function planScopeOf(scope: Scope, signal: AbortSignal): PlanScope {
  const read = (statement: Statement) => scope.database.read(statement, signal)
  return { ...scope, read, signal, name: scope.database.dialect }
}

export function keepingOf({ core }: Context, profileId: string): Keeping {
  return { saves: core.saves, profileId, place: placeOf(core.profiles.get(profileId)) }
}

/** Without what stays in core: whole rows with their password hashes. */
export function shownSave({ shape }: Scope, { id, rows, interrupted }: SaveResult & { id: string | null }): Saved {
  return { id, rows, interrupted, columns: shape.columns.map(({ name }) => name) }
}

/** Calls that only show SQL have no word for a change that cannot be saved. */
export async function asText<T>(text: Promise<T>): Promise<T> {
  try {
    return await text
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'VALUE_REFUSED') throw error
    throw new Refusal('QUERY_FAILED', error.message, { code: 'VALUE_REFUSED' }, error)
  }
}
