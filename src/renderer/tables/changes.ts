// The staged changes of one table as plain data, and what can be done with them. Nothing here knows React or the network.
import { sameCell, type Cell } from '../../shared/cell.ts'
import type { Change } from '../../shared/tables.ts'
import { rowIdOf } from '../grid/row-id.ts'
import { next, type Staged } from './staged-history.ts'

export { forgetSaved, nothingStaged, redo, undo } from './staged-history.ts'
export type { Staged } from './staged-history.ts'

/** Values by column name. */
export type Values = Readonly<Record<string, Cell>>

/** One edit of `editMany`: what `setCell`, `setNewCell` and `insertRow` take, and a new secret. */
export type Edit =
  /** `isRepair`: the original is foreign to the column, and is replaced knowingly. */
  | { do: 'set'; key: readonly Cell[]; column: string; original: Cell; value: Cell; isRepair?: true }
  /** A secret column, by a text that names what the host has kept. The host guards it: the page never sees the original. */
  | { do: 'set-secret'; key: readonly Cell[]; column: string; value: string }
  | { do: 'set-new'; id: string; column: string; value: Cell | undefined }
  | { do: 'insert'; id: string; values: Values }

export function changeById(staged: Staged, id: string): Change | undefined {
  return staged.changes.find((change) => change.id === id)
}

/** True where a foreign value is replaced knowingly already: then another value may take its place. */
export function isRepaired(change: Change | null | undefined, column: string): boolean {
  return change?.kind === 'update' && change.repairs?.includes(column) === true
}

export function without(values: Values, column: string): Record<string, Cell> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name !== column))
}

/** What an edit makes of a row's change: null takes it away. The same object when nothing changes. */
function edited(before: Change | undefined, edit: Edit): Change | null | undefined {
  switch (edit.do) {
    case 'set':
      return withCell(before, edit)
    case 'set-secret':
      return withSecret(before, edit)
    case 'insert':
      return before ?? { kind: 'insert', id: edit.id, values: { ...edit.values } }
    case 'set-new': {
      const { id, column, value } = edit
      if (before?.kind !== 'insert') return before
      const isSet = Object.hasOwn(before.values, column)
      if (value === undefined ? !isSet : isSet && sameCell(before.values[column], value)) return before
      const values = value === undefined ? without(before.values, column) : { ...before.values, [column]: value }
      return { kind: 'insert', id, values }
    }
  }
}

function withSecret(before: Change | undefined, edit: Extract<Edit, { do: 'set-secret' }>): Change | undefined {
  const { key, column, value } = edit
  if (before && before.kind !== 'update') return before
  const begun = before ?? { kind: 'update', id: rowIdOf(key), key: [...key], original: {}, values: {} }
  return { ...begun, values: { ...begun.values, [column]: value } }
}

function withCell(before: Change | undefined, edit: Extract<Edit, { do: 'set' }>): Change | null | undefined {
  const { key, column, original, value, isRepair } = edit
  if (before && before.kind !== 'update') return before
  const id = before?.id ?? rowIdOf(key)
  const originals = before?.original ?? {}
  const base = Object.hasOwn(originals, column) ? (originals[column] as Cell) : original
  const present = before && Object.hasOwn(before.values, column) ? before.values[column] : base
  if (sameCell(present, value)) return before
  if (!sameCell(base, value)) {
    return {
      ...before,
      kind: 'update',
      id,
      key: [...key],
      original: { ...originals, [column]: base },
      values: { ...before?.values, [column]: value },
      ...(isRepair && { repairs: [...new Set([...(before?.repairs ?? []), column])] }),
    }
  }
  return before ? withoutCell(before, column) : null
}

/** Null when nothing is left. */
function withoutCell(
  before: Extract<Change, { kind: 'update' }>,
  column: string,
): Extract<Change, { kind: 'update' }> | null {
  const values = without(before.values, column)
  if (Object.keys(values).length === 0) return null
  const { repairs, ...rest } = before
  const left = repairs?.filter((name) => name !== column) ?? []
  return { ...rest, original: without(before.original, column), values, ...(left.length > 0 && { repairs: left }) }
}

/**
 * Many edits as one step of undo, each on top of those before it. Takes time for the number of edits and of changes, not for
 * their product.
 */
export function editMany(staged: Staged, edits: readonly Edit[]): Staged {
  const places = new Map(staged.changes.map(({ id }, index) => [id, index]))
  const changes: (Change | null)[] = [...staged.changes]
  for (const edit of edits) {
    const id = 'key' in edit ? rowIdOf(edit.key) : edit.id
    const place = places.get(id)
    const before = (place === undefined ? undefined : changes[place]) ?? undefined
    const after = edited(before, edit)
    if (after === before) continue
    if (place !== undefined) changes[place] = after ?? null
    else if (after) places.set(id, changes.push(after) - 1)
  }
  return next(
    staged,
    changes.filter((change) => change !== null),
  )
}

/** Replaces one change, or takes it away; one that is not there yet comes last. */
export function replace(staged: Staged, id: string, change: Change | null): Staged {
  const at = staged.changes.findIndex((each) => each.id === id)
  if (at < 0) return change ? next(staged, [...staged.changes, change]) : staged
  return next(staged, change ? staged.changes.with(at, change) : staged.changes.toSpliced(at, 1))
}

function editOne(staged: Staged, id: string, edit: Edit): Staged {
  const before = changeById(staged, id)
  const after = edited(before, edit)
  return after === before ? staged : replace(staged, id, after ?? null)
}

/**
 * Stages one cell of a stored row. `original` is what the person saw; once a cell is staged, what was seen first stays
 * its original. Setting the original value again removes the change. A row marked for deletion is left alone.
 */
export function setCell(staged: Staged, key: readonly Cell[], column: string, original: Cell, value: Cell): Staged {
  return editOne(staged, rowIdOf(key), { do: 'set', key, column, original, value })
}

/** Stages a new row. `id` must be new; values that are not given are the database's to choose. */
export function insertRow(staged: Staged, id: string, values: Values): Staged {
  return editOne(staged, id, { do: 'insert', id, values })
}

/** Sets one cell of a new row; `undefined` leaves it to the database's default. */
export function setNewCell(staged: Staged, id: string, column: string, value: Cell | undefined): Staged {
  return editOne(staged, id, { do: 'set-new', id, column, value })
}

/** Rows to mark, each with every value seen that is neither cut nor secret. Staged edits of these rows are replaced. */
export function deleteRows(staged: Staged, rows: readonly { key: readonly Cell[]; original: Values }[]): Staged {
  const present = new Map(staged.changes.map((change) => [change.id, change]))
  const marks = new Map<string, Change>()
  for (const { key, original } of rows) {
    const id = rowIdOf(key)
    const before = present.get(id)
    if (before?.kind === 'delete' || marks.has(id)) continue
    // What was seen first stays the guard: the cells of an update were seen before they were edited.
    const seen = before?.kind === 'update' ? { ...original, ...before.original } : original
    marks.set(id, { kind: 'delete', id, key: [...key], original: { ...seen } })
  }
  if (marks.size === 0) return staged
  const kept = staged.changes.map((each) => marks.get(each.id) ?? each)
  return next(staged, [...kept, ...Array.from(marks.values()).filter(({ id }) => !present.has(id))])
}

/** Takes back whole changes: an edited row, a new row, a mark for deletion. */
export function dropChanges(staged: Staged, ids: readonly string[]): Staged {
  const gone = new Set(ids)
  const changes = staged.changes.filter((change) => !gone.has(change.id))
  return changes.length === staged.changes.length ? staged : next(staged, changes)
}

/** Takes back one cell: of an edited row to what was seen, of a new row to the database's default. */
export function dropCell(staged: Staged, id: string, column: string): Staged {
  const before = changeById(staged, id)
  if (before?.kind === 'insert') return setNewCell(staged, id, column, undefined)
  if (before?.kind !== 'update' || !Object.hasOwn(before.values, column)) return staged
  return replace(staged, id, withoutCell(before, column))
}

/** Takes back everything; one undo brings it back. */
export function discardAll(staged: Staged): Staged {
  return staged.changes.length === 0 ? staged : next(staged, [])
}
