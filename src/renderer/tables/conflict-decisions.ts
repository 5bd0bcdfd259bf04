// What a person decides about rows that changed since they were read, as a step of the staged changes: cell by cell, or for all.
import { isSecret, sameCell, type Cell, type ShownCell } from '../../shared/cell.ts'
import type { Change, Conflict, TableDescription } from '../../shared/tables.ts'
import type { Values } from './changes.ts'
import { next, type Staged } from './staged-history.ts'

/** For one cell: keep what I staged, leave what is stored, or write something else. */
export type CellDecision = { take: 'mine' } | { take: 'theirs' } | { take: 'edit'; value: Cell }

/** For one row: its cells by column; a delete as a whole; a row that is gone is dropped or made anew. */
export type RowDecision =
  | { row: 'cells'; cells: ReadonlyMap<string, CellDecision> }
  | { row: 'mine' | 'theirs' }
  | { row: 'insert'; id: string; values: Values }

/**
 * Takes the decisions as one step of undo. What is stored now becomes the guard, so that the next save writes over what the
 * person has seen by then and over nothing else.
 */
export function decide(
  staged: Staged,
  conflicts: readonly Conflict[],
  of: (conflict: Conflict) => RowDecision,
): Staged {
  const byId = new Map(conflicts.map((conflict) => [conflict.changeId, conflict]))
  const changes = staged.changes.flatMap((change) => {
    const conflict = byId.get(change.id)
    if (!conflict || change.kind === 'insert') return [change]
    return decided(change, conflict, of(conflict)) ?? []
  })
  return next(staged, changes)
}

/** Null when nothing of the change is left. */
function decided(
  change: Exclude<Change, { kind: 'insert' }>,
  conflict: Conflict,
  decision: RowDecision,
): Change | null {
  if (decision.row === 'insert') return { kind: 'insert', id: decision.id, values: { ...decision.values } }
  if (conflict.isGone) return decision.row === 'theirs' ? null : change
  if (change.kind === 'delete') {
    if (decision.row === 'theirs') return null
    return { ...change, original: { ...change.original, ...theirsOf(conflict) } }
  }
  const original = { ...change.original }
  const values = { ...change.values }
  for (const { column, theirs } of conflict.columns) {
    original[column] = theirs
    const cell = cellDecision(decision, column)
    if (cell.take === 'theirs') delete values[column]
    if (cell.take === 'edit') values[column] = cell.value
  }
  // Where both made the same edit, nothing is left to write.
  const open = Object.keys(values).filter((column) => !sameCell(original[column], values[column]))
  if (open.length === 0) return null
  // A secret has no original.
  const pick = (cells: Values) =>
    Object.fromEntries(
      open.flatMap((column) => (Object.hasOwn(cells, column) ? [[column, cells[column] as Cell]] : [])),
    )
  return { ...change, original: pick(original), values: pick(values) }
}

function theirsOf({ columns }: Conflict): Values {
  return Object.fromEntries(columns.map(({ column, theirs }) => [column, theirs]))
}

function cellDecision(decision: Exclude<RowDecision, { row: 'insert' }>, column: string): CellDecision {
  if (decision.row !== 'cells') return { take: decision.row }
  return decision.cells.get(column) ?? { take: 'mine' }
}

/** Keeps my change although the row holds something else by now. */
export function keepMine(staged: Staged, conflict: Conflict): Staged {
  return decide(staged, [conflict], () => ({ row: 'mine' }))
}

/** Gives way to what is in the row now: the cells in conflict are taken back, other cells of the row stay staged. */
export function takeTheirs(staged: Staged, conflict: Conflict): Staged {
  return decide(staged, [conflict], () => ({ row: 'theirs' }))
}

/**
 * The values of a new row in place of one that is gone: what was seen of it, with my edits. `seen`: its cells as they were
 * read, in the order of the columns, where they are still known. A key that the database chooses is left to it: the old one may
 * stand for somebody else by now. In words why not, when a value that is needed is not known.
 */
export function madeAnew(
  { columns }: TableDescription,
  change: Extract<Change, { kind: 'update' }>,
  keyColumns: readonly string[],
  seen: readonly (ShownCell | undefined)[],
): { values: Values } | { error: string } {
  const values: Record<string, Cell> = {}
  const unknown: string[] = []
  columns.forEach((column, index) => {
    const { name } = column
    if (column.isGenerated || column.isAutomatic) return
    const cell = Object.hasOwn(change.values, name)
      ? change.values[name]
      : name === 'fs_uniquifier'
        ? crypto.randomUUID().replaceAll('-', '')
        : Object.hasOwn(change.original, name)
          ? change.original[name]
          : keyColumns.includes(name)
            ? change.key[keyColumns.indexOf(name)]
            : seen[index]
    if (cell === undefined || isSecret(cell)) {
      if (!column.isNullable && column.default === null) unknown.push(name)
    } else values[name] = cell
  })
  if (unknown.length === 0) return { values }
  return {
    error: `A new row in its place needs ${unknown.join(', ')}, which ${unknown.length === 1 ? 'is' : 'are'} not known here.`,
  }
}
