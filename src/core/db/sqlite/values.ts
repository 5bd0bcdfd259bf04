// Values on their way into SQLite: what cannot be stored exactly is refused, never bent.
import type { Cell } from '../../../shared/cell.ts'
import { Refusal } from '../../refusal.ts'

const MIN = -(2n ** 63n)
const MAX = 2n ** 63n - 1n

/** The code of a value that SQLite cannot hold as it is; `constraint()` reports it as kind `type`. */
export const VALUE_CODE = 'ROSTER_VALUE'

/** Throws QUERY_FAILED for a value that the driver or SQLite would change while storing it. */
export function checkValues(values: readonly Cell[]): void {
  for (const value of values) {
    const problem = problemWith(value)
    if (problem) throw new Refusal('QUERY_FAILED', problem, { code: VALUE_CODE })
  }
}

function problemWith(value: unknown): string | null {
  switch (typeof value) {
    case 'string':
      // The driver would store U+FFFD in place of half a surrogate pair.
      return value.isWellFormed()
        ? null
        : 'The text holds half of a character (an unpaired surrogate) and cannot be stored.'
    case 'bigint':
      return value < MIN || value > MAX ? `${value} is outside of the 64-bit whole numbers that SQLite stores.` : null
    case 'number':
      // SQLite stores NaN as NULL.
      return Number.isNaN(value) ? 'NaN is not a value that SQLite can store.' : null
    case 'object':
      if (value === null || value instanceof Uint8Array) return null
  }
  return 'Only text, numbers, bytes and NULL can be stored.'
}

/** Copies bytes out of the message they came in, so that one small value does not keep (or send on) a whole page. */
export function ownBytes(rows: Cell[][]): void {
  for (const row of rows) {
    row.forEach((cell, index) => {
      if (cell instanceof Uint8Array) row[index] = new Uint8Array(cell)
    })
  }
}
