// One text for the key of a row, so that rows can be looked up in maps.
import type { Cell } from '../../shared/cell.ts'

function part(cell: Cell): string {
  if (cell === null) return 'null'
  if (typeof cell === 'bigint') return `i${cell}`
  if (typeof cell === 'number') return Object.is(cell, -0) ? 'r-0' : `r${cell}`
  if (typeof cell === 'string') return `t${cell}`
  return `b${Array.from(cell, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

/** The same text for the same key, and another text for any other: 1, 1.0 and '1' are three keys. */
export function rowIdOf(key: readonly Cell[]): string {
  return JSON.stringify(key.map(part))
}
