// Where the arrow and page keys lead from a cell. Rows and columns are numbered from 0 as they are shown.

export interface Place {
  row: number
  column: number
}

export interface Bounds {
  rows: number
  columns: number
  /** Rows that fit on the screen. */
  page: number
}

export interface KeyPress {
  key: string
  ctrlKey: boolean
  shiftKey: boolean
  altKey: boolean
  metaKey: boolean
}

/** The cell a key leads to, or null when the key does not move or there is nowhere to go. */
export function placeAfter(
  { key, ctrlKey, metaKey, altKey, shiftKey }: KeyPress,
  from: Place,
  bounds: Bounds,
): Place | null {
  if (altKey || bounds.rows === 0 || bounds.columns === 0) return null
  const far = ctrlKey || metaKey
  const row = (to: number) => ({ ...from, row: Math.min(Math.max(0, to), bounds.rows - 1) })
  const column = (to: number) => ({ ...from, column: Math.min(Math.max(0, to), bounds.columns - 1) })
  switch (key) {
    case 'ArrowUp':
      return row(far ? 0 : from.row - 1)
    case 'ArrowDown':
      return row(far ? bounds.rows - 1 : from.row + 1)
    case 'ArrowLeft':
      return column(far ? 0 : from.column - 1)
    case 'ArrowRight':
      return column(far ? bounds.columns - 1 : from.column + 1)
    case 'PageUp':
      return row(from.row - bounds.page)
    case 'PageDown':
      return row(from.row + bounds.page)
    case 'Home':
      return far ? { row: 0, column: 0 } : column(0)
    case 'End':
      return far ? { row: bounds.rows - 1, column: bounds.columns - 1 } : column(bounds.columns - 1)
    case 'Tab':
      return far ? null : tab(from, bounds, shiftKey ? -1 : 1)
    default:
      return null
  }
}

/** The next cell in reading order; null beyond the first and the last, where Tab leaves the grid. */
function tab(from: Place, { rows, columns }: Bounds, step: 1 | -1): Place | null {
  const column = from.column + step
  if (column >= 0 && column < columns) return { row: from.row, column }
  const row = from.row + step
  if (row < 0 || row >= rows) return null
  return { row, column: step > 0 ? 0 : columns - 1 }
}

/** True for a key that types one character. */
export function isTyping({ key, ctrlKey, metaKey, altKey }: KeyPress): boolean {
  return Array.from(key).length === 1 && !ctrlKey && !metaKey && !altKey
}
