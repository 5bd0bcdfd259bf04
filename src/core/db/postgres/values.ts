// Values between cells and PostgreSQL: the server's own text, whole numbers as bigint, bytes as bytes; nothing is bent.
import type pg from 'pg'
import type { Cell } from '../../../shared/cell.ts'
import { PostgresProblem } from './problem.ts'

/** The code of a value that PostgreSQL cannot take as it is; `constraint()` reports it as kind `type`. */
export const VALUE_CODE = 'ROSTER_VALUE'

/** int8, int2, int4, oid; a domain comes under the number of its base type. */
const WHOLE_NUMBERS: ReadonlySet<number> = new Set([20, 21, 23, 26])
const BYTEA = 17

const decoders = {
  text: (text: string): Cell => text,
  whole: (text: string): Cell => BigInt(text),
  // bytea_output is hex. A copy, because a small Buffer is a window into memory that is shared.
  bytes: (text: string): Cell => new Uint8Array(Buffer.from(text.slice(2), 'hex')),
}

function decoderOf(type: number): (text: string) => Cell {
  if (WHOLE_NUMBERS.has(type)) return decoders.whole
  return type === BYTEA ? decoders.bytes : decoders.text
}

/** For one client alone: pg's own decoding is left as it is for everybody else. */
export const cellTypes: pg.CustomTypesConfig = { getTypeParser: decoderOf }

/** Throws a PostgresProblem for a value that would not arrive as it is. */
export function checkValues(values: readonly Cell[]): void {
  for (const value of values) {
    const problem = typeof value === 'string' ? problemWith(value) : null
    if (problem) throw new PostgresProblem('constraint', VALUE_CODE, problem)
  }
}

function problemWith(text: string): string | null {
  if (text.includes('\0')) return 'The text holds a NUL character, which PostgreSQL cannot store.'
  // The driver would send U+FFFD in place of half a surrogate pair.
  if (!text.isWellFormed()) return 'The text holds half of a character (an unpaired surrogate) and cannot be stored.'
  return null
}

/** What pg sends: text whose type the server infers; bytes go as they are. */
export function toParameter(value: Cell): string | Buffer | null {
  if (value === null || typeof value === 'string') return value
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  return String(value)
}
