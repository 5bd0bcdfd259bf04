// Rows and sizes of a table in few letters, and in words.
import type { TableEntry } from '../../../shared/table-structure.ts'
import { bytes, count, plural } from '../../ui/wording.ts'

const UNITS = ['', ' k', ' M', ' G'] as const

/** "≈ 0", "≈ 950", "≈ 1.2 k", "≈ 10 M"; '' where the database has no estimate. */
export function rowsShort({ rows }: Pick<TableEntry, 'rows'>): string {
  if (rows === null) return ''
  let value = rows
  let unit = 0
  // 999.5 would be rounded to "1000".
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000
    unit += 1
  }
  // One digit behind the point, unless it is a nought.
  const digits = unit > 0 && value < 9.95 ? value.toFixed(1).replace(/\.0$/, '') : String(Math.round(value))
  return `≈ ${digits}${UNITS[unit] ?? ''}`
}

/** "Partition of orders, about 1,200,000 rows, 1.2 GB". A plain table is not named as one. */
export function entryWords({ what, partOf, rows, bytes: size }: TableEntry): string {
  const parts = [
    ...(what === 'table' ? [] : [partOf === null ? what : `${what} of ${partOf}`]),
    ...(rows === null ? [] : [`about ${plural(rows, 'row')}`]),
    ...(size === null ? [] : [bytes(size)]),
  ].join(', ')
  return parts === '' ? '' : parts.charAt(0).toUpperCase() + parts.slice(1)
}

/** "12 tables and views", "3 of 5,000". */
export function foundWords(found: number, all: number): string {
  return found === all ? plural(all, 'table or view', 'tables and views') : `${count(found)} of ${count(all)}`
}
