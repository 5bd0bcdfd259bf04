// Staged changes in plain words, for the list of changes and for messages.
import type { Cell } from '../../shared/cell.ts'
import type { Change, TableDescription } from '../../shared/tables.ts'
import { inWords, valueInWords } from '../grid/cell-show.ts'

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

export function itemsOf(changes: readonly Change[], { key, columns }: TableDescription): StagedItem[] {
  const columnOf = (name: string) => columns.find((column) => column.name === name)
  const order = new Map(columns.map(({ name }, index) => [name, index]))
  const byColumn = ([a]: [string, Cell], [b]: [string, Cell]) => (order.get(a) ?? 0) - (order.get(b) ?? 0)
  return changes.flatMap((change): StagedItem[] => {
    const { id, kind } = change
    if (change.kind === 'insert') {
      const values = Object.entries(change.values).sort(byColumn)
      const row = values.map(([name, cell]) => `${name} ${valueInWords(cell, columnOf(name))}`).join(', ')
      return [{ id, kind, column: null, where: 'new row', cell: null, row: row || 'no values yet' }]
    }
    const where = rowInWords(key, change.key)
    if (change.kind === 'delete') {
      const email = change.original.email
      return [
        { id, kind, column: null, where, cell: null, row: `delete${email === undefined ? '' : ` ${inWords(email)}`}` },
      ]
    }
    return Object.entries(change.values)
      .sort(byColumn)
      .map(([column, cell]) => ({
        id,
        kind,
        column,
        where: `${where}, ${column}`,
        cell: {
          old: valueInWords(change.original[column] ?? null, columnOf(column)),
          new: valueInWords(cell, columnOf(column)),
        },
        row: null,
      }))
  })
}
