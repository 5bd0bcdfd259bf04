// Keeping what takes a save back, and taking it back: a save like any other, guarded by what the first one left.
import type { Change } from '../../../shared/tables.ts'
import type { StatementText } from '../../../shared/table-saves.ts'
import type { Database } from '../../db/database.ts'
import { ownerAtOnce } from '../../owners/owner-of.ts'
import type { PlanScope } from '../save-plan.ts'
import { textOfSave } from '../save-text.ts'
import { saveChanges, type SaveResult, type SaveScope } from '../save.ts'
import { inverseOf } from './inverse.ts'
import type { KeptSaves } from './kept-saves.ts'
import { readyToRestore } from './restored.ts'

/** Milliseconds for looking up what deleted rows took along. */
const NOTE_LIMIT = 10_000

/** Where saves are kept, and whose they are. */
export interface Keeping {
  saves: KeptSaves
  profileId: string
  /** Where the profile leads. */
  place: string
}

/** Null for a save that was acknowledged before, and kept then. */
export function keepSave(
  { saves, ...owner }: Keeping,
  { database, shape }: SaveScope,
  changes: readonly Change[],
  { images, isRepeated }: SaveResult,
  reverts: string | null,
): string | null {
  if (isRepeated) return null
  // Known since the save was planned.
  const touches = ownerAtOnce(database, shape)?.touches ?? []
  const inverse = inverseOf(shape, changes, images, new Set(touches.map(({ column }) => column)))
  const hasDeletes = changes.some(({ kind }) => kind === 'delete')
  const note = hasDeletes ? noteOf(database, shape.name) : Promise.resolve(null)
  return saves.keep({ ...owner, table: shape.name, reverts, changes, inverse, note })
}

async function noteOf(database: Database, table: string): Promise<string | null> {
  const referrers = await database.referrers(table, AbortSignal.timeout(NOTE_LIMIT))
  const acting = referrers.filter(({ onDelete }) => onDelete !== 'refuse').map((referrer) => referrer.table)
  const tables = [...new Set(acting)]
  if (tables.length === 0) return null
  return `Rows of ${tables.join(', ')} that the database deleted or emptied along with the deleted rows are not brought back.`
}

/** The changes that take a save back, each named after the save. Throws QUERY_FAILED in words when it cannot be. */
export async function inverseChanges(
  { saves, profileId, place }: Keeping,
  saveId: string,
): Promise<{ table: string; changes: Change[] }> {
  const { table, changes } = await saves.inverse(profileId, place, saveId)
  // No other change has such an id: a row that comes back is never taken for one that came back before.
  return { table, changes: changes.map((change) => ({ ...change, id: `${saveId} ${change.id}` })) }
}

export async function takeBack(
  keeping: Keeping,
  scope: SaveScope,
  saveId: string,
  changes: readonly Change[],
  signal: AbortSignal,
): Promise<SaveResult & { id: string | null }> {
  const ready = await readyToRestore(scope.database, scope.shape, changes, signal)
  const saved = await saveChanges({ ...scope, isInsistent: ready.given.length > 0 }, ready.changes, signal)
  scope.remembered.takenBack(scope.address, new Set(changes.map(({ id }) => id.slice(saveId.length + 1))))
  return { ...saved, id: keepSave(keeping, scope, ready.changes, saved, saveId) }
}

export async function textOfTakingBack(
  scope: PlanScope,
  changes: readonly Change[],
  most: number,
  signal: AbortSignal,
): Promise<{ statements: StatementText[]; of: number }> {
  const ready = await readyToRestore(scope.database, scope.shape, changes, signal)
  return textOfSave({ ...scope, isInsistent: ready.given.length > 0 }, ready.changes, most)
}
