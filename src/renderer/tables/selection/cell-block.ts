// A block of cells between two corners: plain data, and what it covers. Rows go by their number, so that a block may span rows
// that were never read.

/** One cell. Stored rows count from 0 up, new rows from -1 (the lowest) down, so that a row that is added moves none. */
export interface Corner {
  rank: number
  /** The row that stood there when it was chosen; null when it was not read. */
  id: string | null
  column: string
}

export interface CellBlock {
  /** Where it began. */
  anchor: Corner
  /** Where it was drawn to. */
  focus: Corner
  /** Every row of the view, also those that come later. */
  hasAllRows: boolean
  hasAllColumns: boolean
}

/** What a block covers now. */
export interface BlockSpan {
  /** Lines from 0, the last one included. */
  first: number
  last: number
  /** In the order shown. */
  columns: readonly string[]
  isWholeRows: boolean
}

export interface Lines {
  /** Lines above the stored rows. */
  newCount: number
  lineCount: number
  /** Columns in the order shown. */
  columns: readonly string[]
  /** The row that stands on this line; null when it is not in memory. */
  idAt: (index: number) => string | null
}

export const rankAt = (index: number, newCount: number): number => index - newCount

/** Null when a corner is no longer the row or the column that was chosen: a block never comes to mean other rows. */
export function spanOf({ anchor, focus, hasAllRows, hasAllColumns }: CellBlock, lines: Lines): BlockSpan | null {
  if (lines.lineCount === 0) return null
  const corners = [anchor, focus]
  if (!hasAllRows && corners.some((corner) => !isStill(corner, lines))) return null
  const places = corners.map(({ column }) => lines.columns.indexOf(column))
  const [from, to] = [Math.min(...places), Math.max(...places)]
  if (!hasAllColumns && from < 0) return null
  const at = corners.map(({ rank }) => rank + lines.newCount)
  return {
    first: hasAllRows ? 0 : Math.min(...at),
    last: hasAllRows ? lines.lineCount - 1 : Math.max(...at),
    columns: hasAllColumns ? lines.columns : lines.columns.slice(from, to + 1),
    isWholeRows: hasAllColumns,
  }
}

function isStill({ rank, id }: Corner, { newCount, lineCount, idAt }: Lines): boolean {
  const index = rank + newCount
  if (index < 0 || index >= lineCount) return false
  const now = idAt(index)
  return id === null || now === null || now === id
}

/** "3 x 12 cells chosen": rows by columns. Null for a single cell. */
export function spanInWords({ first, last, columns, isWholeRows }: BlockSpan): string | null {
  const rows = last - first + 1
  if (isWholeRows) return `${rows.toLocaleString('en-US')} ${rows === 1 ? 'row' : 'rows'} chosen`
  if (rows * columns.length === 1) return null
  return `${rows.toLocaleString('en-US')} × ${columns.length} cells chosen`
}
