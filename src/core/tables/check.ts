// What the database would refuse of staged changes, found before they are saved. What cannot be asked is no problem: saving
// still says so.
import type { Problem } from '../../shared/table-saves.ts'
import type { Change } from '../../shared/tables.ts'
import type { Statement } from '../db/database.ts'
import type { CheckScope } from './check-look.ts'
import { pointingNowhere } from './check-references.ts'
import { refusedTypes } from './check-types.ts'
import { takenValues } from './check-unique.ts'
import { misfits } from './check-values.ts'
import type { Read } from './read-rows.ts'

/** In the order of the changes. Throws the signal's reason alone. */
export async function problemsOf(scope: CheckScope, changes: readonly Change[]): Promise<Problem[]> {
  const { database, shape, signal } = scope
  if (shape.readOnly !== null || shape.key.length === 0) return []
  const names = new Set(shape.columns.map(({ name }) => name))
  const isKnown = (change: Change) =>
    (change.kind === 'insert' || change.key.length === shape.key.length) &&
    (change.kind === 'delete' || Object.keys(change.values).every((name) => names.has(name)))
  const known = changes.filter(isKnown)
  const found = misfits(database.dialect, shape, known)
  const places = new Set(found.map(({ changeId, column }) => JSON.stringify([changeId, column])))
  const isWrong = ({ id }: Change, column: string) => places.has(JSON.stringify([id, column]))
  const read: Read = (statement: Statement) => database.read(statement, signal)
  const asked = await Promise.all(
    [refusedTypes, takenValues, pointingNowhere].map(async (look) => {
      try {
        return await look({ ...scope, read, isWrong }, known)
      } catch {
        signal.throwIfAborted()
        return []
      }
    }),
  )
  const order = new Map(changes.map(({ id }, index) => [id, index]))
  const all = [...found, ...asked.flat()]
  return all.sort((a, b) => (order.get(a.changeId) ?? 0) - (order.get(b.changeId) ?? 0))
}
