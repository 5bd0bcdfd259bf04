// What the database would refuse of staged changes, found before they are saved. What cannot be asked is no problem: saving
// still says so.
import type { Problem } from '../../shared/table-saves.ts'
import { schemeOfKept } from '../../shared/kept-hash.ts'
import type { Cell } from '../../shared/cell.ts'
import type { Change } from '../../shared/tables.ts'
import type { Statement } from '../db/database.ts'
import type { KeptHashes } from '../kept-hashes.ts'
import { ownerAtOnce } from '../owners/owner-of.ts'
import { isSecretColumn } from '../password-schemes.ts'
import type { CheckScope } from './check-look.ts'
import { pointingNowhere } from './check-references.ts'
import { refusedTypes } from './check-types.ts'
import { takenValues } from './check-unique.ts'
import { misfits } from './check-values.ts'
import { keptColumns, NO_LONGER_KEPT } from './kept-values.ts'
import type { Read } from './read-rows.ts'

/** In the order of the changes. Throws the signal's reason alone. */
export async function problemsOf(
  scope: CheckScope & { kept?: KeptHashes },
  given: readonly Change[],
): Promise<Problem[]> {
  const { database, shape, signal } = scope
  if (shape.readOnly !== null || shape.key.length === 0) return []
  const names = new Set(shape.columns.map(({ name }) => name))
  const isKnown = (change: Change) =>
    (change.kind === 'insert' || change.key.length === shape.key.length) &&
    (change.kind === 'delete' || Object.keys(change.values).every((name) => names.has(name)))
  const changes = given.map((change) => withoutHashes(change, scope.kept))
  const known = changes.filter(isKnown)
  const found = [
    ...misfits(database.dialect, shape, known).filter((problem) => !isSetByRule(scope, known, problem)),
    ...lostHashes(scope, given),
  ]
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

/** What the owner sets in a new row is set by the save, and missing in none. */
function isSetByRule({ database, shape }: CheckScope, changes: readonly Change[], problem: Problem): boolean {
  if (problem.kind !== 'not-null') return false
  const { touches = [] } = ownerAtOnce(database, shape) ?? {}
  if (!touches.some(({ column }) => column === problem.column)) return false
  const change = changes.find(({ id }) => id === problem.changeId)
  return change?.kind === 'insert' && !Object.hasOwn(change.values, problem.column ?? '')
}

/** A text as long as the hash in its place: what is wrong is told in words that quote values. */
function withoutHashes(change: Change, kept: KeptHashes | undefined): Change {
  if (change.kind === 'delete' || !Object.keys(change.values).some(isSecretColumn)) return change
  const stand = (value: Cell): Cell => {
    if (typeof value !== 'string') return value
    const hash = schemeOfKept(value) === null ? value : (kept?.find(value) ?? null)
    return hash === null ? null : '*'.repeat([...hash].length)
  }
  const values = Object.entries(change.values).flatMap(([name, value]): [string, Cell][] => {
    if (!isSecretColumn(name)) return [[name, value]]
    return schemeOfKept(value) !== null && kept?.find(String(value)) === undefined ? [] : [[name, stand(value)]]
  })
  return { ...change, values: Object.fromEntries(values) }
}

function lostHashes({ kept }: { kept?: KeptHashes }, changes: readonly Change[]): Problem[] {
  return changes.flatMap((change) =>
    keptColumns(change).flatMap((column): Problem[] => {
      const isLost = change.kind !== 'delete' && kept?.find(String(change.values[column])) === undefined
      return isLost
        ? [{ changeId: change.id, column, kind: 'type', words: NO_LONGER_KEPT, holder: null, otherId: null }]
        : []
    }),
  )
}
