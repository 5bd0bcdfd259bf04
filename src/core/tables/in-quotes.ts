// A value inside of a sentence for people.
import type { Cell } from '../../shared/cell.ts'

/** Never for a secret. */
export function inQuotes(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return 'NULL'
  if (cell instanceof Uint8Array) return `(${cell.length} ${cell.length === 1 ? 'byte' : 'bytes'})`
  return typeof cell === 'string' ? `“${cell.length > 80 ? `${cell.slice(0, 80)}…` : cell}”` : String(cell)
}
