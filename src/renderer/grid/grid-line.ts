// What one line of a grid is made of: a stored row, what is staged for it, or a new row; and what each cell shows.
import type { Cell, ShownCell } from '../../shared/cell.ts'
import { isSecret } from '../../shared/cell.ts'
import { schemeOfKept } from '../../shared/kept-hash.ts'
import type { Change, Column } from '../../shared/tables.ts'
import type { GridRow } from './row-blocks.ts'

export interface GridLine {
  /** The row's id, or the id of the change that makes it. Empty for a row that is not read yet. */
  id: string
  row: GridRow | undefined
  change: Change | undefined
}

export const pendingLine: GridLine = { id: '', row: undefined, change: undefined }

/** One text for a cell, for maps. */
export function cellAddress(id: string, column: string): string {
  return `${id} ${column}`
}

export interface CellShown {
  /** Undefined where the database chooses the value of a new row. */
  cell: ShownCell | undefined
  /** The whole length, when only the beginning is here. */
  cutLength: number | undefined
  /** Something is staged for this cell. */
  isStaged: boolean
}

/** What a cell shows: the staged value before the stored one. Undefined for a row that is not read yet. */
export function cellShown({ row, change }: GridLine, column: Column, index: number): CellShown | undefined {
  if (change && change.kind !== 'delete' && Object.hasOwn(change.values, column.name)) {
    const cell = change.values[column.name]
    return { cell: column.isSecret ? stagedSecret(cell) : cell, cutLength: undefined, isStaged: true }
  }
  if (row) return { cell: row.cells[index], cutLength: row.cut.get(index), isStaged: false }
  return change ? { cell: undefined, cutLength: undefined, isStaged: false } : undefined
}

/** What is shown in place of the text that names a new hash: NULL, or its scheme. */
export function stagedSecret(cell: Cell | undefined): ShownCell | undefined {
  const scheme = schemeOfKept(cell)
  if (cell === undefined || cell === null || scheme === 'none') return cell === undefined ? undefined : null
  return { secret: `${scheme ?? 'unknown'} (new)` }
}

/** The whole value a cell shows, or why it is not at hand: it is secret, or only its beginning was read. */
export function wholeCell(
  line: GridLine,
  column: Column,
  index: number,
): { cell: Cell | undefined } | 'secret' | 'cut' {
  const shown = cellShown(line, column, index)
  if (!shown) return { cell: undefined }
  if (shown.cutLength !== undefined) return 'cut'
  return isSecret(shown.cell) ? 'secret' : { cell: shown.cell }
}

/** What a cell of a new row stands for when nothing was typed into it. */
export function unsetWords(column: Column): string {
  if (column.isGenerated) return 'generated'
  if (column.isAutomatic) return 'automatic'
  if (column.default !== null) return 'default'
  return column.isNullable ? 'NULL' : 'required'
}
