// The staged changes of one table as plain data, and what can be done with them. Nothing here knows React or the network.
import { sameCell, type Cell } from '../../shared/cell.ts'
import type { Change, Conflict } from '../../shared/tables.ts'
import { rowIdOf } from '../grid/row-id.ts'

/** Values by column name. */
export type Values = Readonly<Record<string, Cell>>

/** What is staged for one table, in the order it was begun, with every earlier and every undone state. */
export interface Staged {
  readonly changes: readonly Change[]
  readonly past: readonly (readonly Change[])[]
  readonly future: readonly (readonly Change[])[]
}

export const nothingStaged: Staged = { changes: [], past: [], future: [] }

export function changeById(staged: Staged, id: string): Change | undefined {
  return staged.changes.find((change) => change.id === id)
}

function next(staged: Staged, changes: readonly Change[]): Staged {
  return { changes, past: [...staged.past, staged.changes], future: [] }
}

function replace(staged: Staged, id: string, change: Change | null): Staged {
  const before = changeById(staged, id)
  if (!before) return change ? next(staged, [...staged.changes, change]) : staged
  return next(
    staged,
    staged.changes.flatMap((each) => (each !== before ? [each] : change ? [change] : [])),
  )
}

function without(values: Values, column: string): Record<string, Cell> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name !== column))
}

/**
 * Stages one cell of a stored row. `original` is what the person saw; once a cell is staged, what was seen first stays
 * its original. Setting the original value again removes the change. A row marked for deletion is left alone.
 */
export function setCell(staged: Staged, key: readonly Cell[], column: string, original: Cell, value: Cell): Staged {
  const id = rowIdOf(key)
  const before = changeById(staged, id)
  if (before && before.kind !== 'update') return staged
  const originals = before?.original ?? {}
  const base = Object.hasOwn(originals, column) ? (originals[column] as Cell) : original
  const present = before && Object.hasOwn(before.values, column) ? before.values[column] : base
  if (sameCell(present, value)) return staged
  if (!sameCell(base, value)) {
    return replace(staged, id, {
      kind: 'update',
      id,
      key: [...key],
      original: { ...originals, [column]: base },
      values: { ...before?.values, [column]: value },
    })
  }
  const values = without(before?.values ?? {}, column)
  if (Object.keys(values).length === 0) return replace(staged, id, null)
  return replace(staged, id, { kind: 'update', id, key: [...key], original: without(originals, column), values })
}

/** Stages a new row. `id` must be new; values that are not given are the database's to choose. */
export function insertRow(staged: Staged, id: string, values: Values): Staged {
  return replace(staged, id, { kind: 'insert', id, values: { ...values } })
}

/** Sets one cell of a new row; `undefined` leaves it to the database's default. */
export function setNewCell(staged: Staged, id: string, column: string, value: Cell | undefined): Staged {
  const before = changeById(staged, id)
  if (before?.kind !== 'insert') return staged
  const isSet = Object.hasOwn(before.values, column)
  if (value === undefined ? !isSet : isSet && sameCell(before.values[column], value)) return staged
  const values = value === undefined ? without(before.values, column) : { ...before.values, [column]: value }
  return replace(staged, id, { kind: 'insert', id, values })
}

/** Rows to mark, each with every value seen that is neither cut nor secret. Staged edits of these rows are replaced. */
export function deleteRows(staged: Staged, rows: readonly { key: readonly Cell[]; original: Values }[]): Staged {
  const marks = rows.map(({ key, original }): Change => {
    const id = rowIdOf(key)
    const before = changeById(staged, id)
    // What was seen first stays the guard: the cells of an update were seen before they were edited.
    const seen = before?.kind === 'update' ? { ...original, ...before.original } : original
    return { kind: 'delete', id, key: [...key], original: { ...seen } }
  })
  const fresh = marks.filter((mark) => changeById(staged, mark.id)?.kind !== 'delete')
  if (fresh.length === 0) return staged
  const ids = new Set(fresh.map((mark) => mark.id))
  const kept = staged.changes.map((each) => (ids.has(each.id) ? fresh.find((mark) => mark.id === each.id)! : each))
  return next(staged, [...kept, ...fresh.filter((mark) => !changeById(staged, mark.id))])
}

/** Takes back whole changes: an edited row, a new row, a mark for deletion. */
export function dropChanges(staged: Staged, ids: readonly string[]): Staged {
  const gone = new Set(ids)
  const changes = staged.changes.filter((change) => !gone.has(change.id))
  return changes.length === staged.changes.length ? staged : next(staged, changes)
}

/** Takes back one cell of an edited row. */
export function dropCell(staged: Staged, id: string, column: string): Staged {
  const before = changeById(staged, id)
  if (before?.kind !== 'update' || !Object.hasOwn(before.values, column)) return staged
  return setCell(staged, before.key, column, before.original[column] as Cell, before.original[column] as Cell)
}

export function undo(staged: Staged): Staged {
  const changes = staged.past.at(-1)
  if (!changes) return staged
  return { changes, past: staged.past.slice(0, -1), future: [staged.changes, ...staged.future] }
}

export function redo(staged: Staged): Staged {
  const [changes, ...future] = staged.future
  if (!changes) return staged
  return { changes, past: [...staged.past, staged.changes], future }
}

/** Takes back everything; one undo brings it back. */
export function discardAll(staged: Staged): Staged {
  return staged.changes.length === 0 ? staged : next(staged, [])
}

/** Removes what was saved. The steps before are forgotten: undoing them would stage guards that are no longer true. */
export function forgetSaved(staged: Staged, ids: readonly string[]): Staged {
  const saved = new Set(ids)
  return { changes: staged.changes.filter((change) => !saved.has(change.id)), past: [], future: [] }
}

/** Keeps my change although the row holds something else by now: what is there now becomes the guard. */
export function keepMine(staged: Staged, conflict: Conflict): Staged {
  const before = changeById(staged, conflict.changeId)
  if (!before || before.kind === 'insert' || conflict.isGone) return staged
  const theirs = Object.fromEntries(conflict.columns.map(({ column, theirs }) => [column, theirs]))
  const original = { ...before.original, ...theirs }
  if (before.kind === 'delete') return replace(staged, before.id, { ...before, original })
  // Both made the same edit: nothing is left to write for that cell.
  const open = Object.keys(before.values).filter((column) => !sameCell(original[column], before.values[column]))
  if (open.length === 0) return replace(staged, before.id, null)
  const pick = (values: Values) => Object.fromEntries(open.map((column) => [column, values[column] as Cell]))
  return replace(staged, before.id, { ...before, original: pick(original), values: pick(before.values) })
}

/** Gives way to what is in the row now: the cells in conflict are taken back, other cells of the row stay staged. */
export function takeTheirs(staged: Staged, conflict: Conflict): Staged {
  const before = changeById(staged, conflict.changeId)
  if (!before) return staged
  if (before.kind !== 'update' || conflict.isGone) return dropChanges(staged, [before.id])
  const lost = new Set(conflict.columns.map(({ column }) => column))
  const open = Object.keys(before.values).filter((column) => !lost.has(column))
  if (open.length === 0) return replace(staged, before.id, null)
  const pick = (values: Values) => Object.fromEntries(open.map((column) => [column, values[column] as Cell]))
  return replace(staged, before.id, { ...before, original: pick(before.original), values: pick(before.values) })
}
