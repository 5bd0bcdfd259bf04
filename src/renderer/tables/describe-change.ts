// Staged changes in plain words, for the list of changes and for messages.
import type { Cell } from '../../shared/cell.ts'
import type { Change, Column, TableDescription } from '../../shared/tables.ts'
import { inWords, valueInWords } from '../grid/cell-show.ts'
import { stagedSecret } from '../grid/grid-line.ts'

/** "row id 17", "row a 1, b “x”". */
export function rowInWords(keyColumns: readonly string[], key: readonly Cell[]): string {
  return `row ${keyColumns.map((name, index) => `${name} ${inWords(key[index] ?? null)}`).join(', ')}`
}

/** One thing a person staged: a cell, a new row, or a row marked for deletion. */
export interface StagedItem {
  id: string
  kind: Change['kind']
  /** The cell of an update; for a new row the cell to go to. */
  column: string | null
  where: string
  /** Old and new value of a cell, in words. */
  cell: { old: string; new: string } | null
  /** What happens to a whole row, in words. */
  row: string | null
}

/** A value of a column in words; of a secret one its scheme, where it is a new one. */
export function cellInWords(cell: Cell, column: Column | undefined): string {
  return valueInWords(column?.isSecret ? (stagedSecret(cell) ?? null) : cell, column)
}

/** What a cell of an update held before, in words. A secret was never seen, and is no guard. */
export function wasInWords(
  { original }: Extract<Change, { kind: 'update' }>,
  name: string,
  column: Column | undefined,
): string {
  return column?.isSecret ? '••••••' : cellInWords(original[name] ?? null, column)
}

/** Names of the columns that a change writes, in the order of the table. */
export function columnsWritten(change: Change, columns: readonly Column[]): string[] {
  if (change.kind === 'delete') return []
  const names = Object.keys(change.values)
  if (names.length < 2) return names
  return columns.flatMap(({ name }) => (Object.hasOwn(change.values, name) ? [name] : []))
}

/** What stands over the cells of a change: "row id 17", "new row". */
export function changeInWords(change: Change, key: readonly string[]): string {
  return change.kind === 'insert' ? 'new row' : rowInWords(key, change.key)
}

/** What of a row that goes tells a person which one it is. */
export function deletedInWords(change: Extract<Change, { kind: 'delete' }>, columns: readonly Column[]): string {
  const telling = columns.find(({ name, isSecret }) => name === 'email' && !isSecret)
  const cell = telling && change.original[telling.name]
  return cell === undefined ? '' : inWords(cell)
}

export function itemsOf(changes: readonly Change[], { key, columns }: TableDescription): StagedItem[] {
  const byName = new Map(columns.map((column) => [column.name, column]))
  return changes.flatMap((change): StagedItem[] => {
    const { id, kind } = change
    const where = changeInWords(change, key)
    const written = columnsWritten(change, columns)
    if (change.kind === 'insert') {
      const row = written.map((name) => `${name} ${cellInWords(change.values[name] ?? null, byName.get(name))}`)
      return [{ id, kind, column: null, where, cell: null, row: row.join(', ') || 'no values yet' }]
    }
    if (change.kind === 'delete') {
      const row = ['delete', deletedInWords(change, columns)].filter(Boolean).join(' ')
      return [{ id, kind, column: null, where, cell: null, row }]
    }
    return written.map((column) => ({
      id,
      kind,
      column,
      where: `${where}, ${column}`,
      cell: {
        old: wasInWords(change, column, byName.get(column)),
        new: cellInWords(change.values[column] ?? null, byName.get(column)),
      },
      row: null,
    }))
  })
}
