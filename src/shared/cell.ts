// The values of a table's cells, exactly as the database stores them.
import { z } from 'zod'

/**
 * One stored value, nothing bent on the way.
 *
 * - `null` is NULL, never ''.
 * - `bigint` is a whole number of up to 64 bits (SQLite storage class INTEGER).
 * - `number` is a binary floating point number (storage class REAL), so 5 and 5.0 stay different values.
 * - `string` is text: also dates, times and decimals, in the database's own spelling.
 * - `Uint8Array` is binary.
 *
 * No Date is ever made for a cell: a Date loses microseconds and moves with the time zone.
 */
export type Cell = null | string | number | bigint | Uint8Array

/** A value that stays in the host: a password hash is named by its scheme and never travels. */
export interface SecretCell {
  /** What it is, for people: "argon2id", "bcrypt", "unknown". */
  secret: string
}

/** What a page of rows carries. */
export type ShownCell = Cell | SecretCell

export const cellSchema: z.ZodType<Cell> = z.union([
  z.null(),
  z.string(),
  // Not z.number(), which refuses Infinity: a REAL column may hold it.
  z.custom<number>((value) => typeof value === 'number'),
  z.bigint(),
  z.instanceof(Uint8Array) as z.ZodType<Uint8Array>,
])

export function isSecret(cell: ShownCell | undefined): cell is SecretCell {
  return typeof cell === 'object' && cell !== null && !(cell instanceof Uint8Array)
}

/** True when both are the same stored value: same type, same bytes. */
export function sameCell(a: ShownCell | undefined, b: ShownCell | undefined): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    return a.length === b.length && a.every((byte, index) => byte === b[index])
  }
  if (isSecret(a) && isSecret(b)) return a.secret === b.secret
  return Object.is(a, b)
}
