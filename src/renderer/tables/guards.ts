// What is sent beside the new values, and what is missing before anything is sent.
import { isSecret, type Cell } from '../../shared/cell.ts'
import type { Change, Column, TableDescription } from '../../shared/tables.ts'
import type { GridRow } from '../grid/row-blocks.ts'
import type { Values } from './changes.ts'

/** What was seen of a row, for the guard of a delete: every cell that is neither cut nor secret. */
export function guard(description: TableDescription, row: GridRow): Values {
  const seen = description.columns.flatMap((column, index): [string, Cell][] => {
    const cell = row.cells[index]
    // Whether a secret column holds NULL is no guard either: the host compares it with nothing that a page says.
    if (cell === undefined || column.isSecret || isSecret(cell) || row.cut.has(index)) return []
    return [[column.name, cell]]
  })
  return Object.fromEntries(seen)
}

/** The cells of new rows that the database needs and nobody filled in: what the owner sets by rule is filled by the save. */
export function missingValues(
  { columns, owner }: Pick<TableDescription, 'columns' | 'owner'>,
  changes: readonly Change[],
): { id: string; column: Column }[] {
  const set = new Set(owner?.touches.map(({ column }) => column))
  return changes.flatMap((change) => {
    if (change.kind !== 'insert') return []
    return columns
      .filter(({ name, isNullable, isAutomatic, isGenerated, default: fallback }) => {
        const isFilled = isNullable || isAutomatic || isGenerated || fallback !== null || set.has(name)
        return !isFilled && (change.values[name] ?? null) === null
      })
      .map((column) => ({ id: change.id, column }))
  })
}
