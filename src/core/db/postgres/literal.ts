// Values as literals of PostgreSQL's SQL, for text that people read and paste into psql.
import type { Cell } from '../../../shared/cell.ts'
import type { Statement } from '../database.ts'
import type { SqlColumn } from '../sql-dialect.ts'
import { checkValues } from './values.ts'

/** Throws a PostgresProblem for text that PostgreSQL cannot store. */
export function literal({ kind }: Pick<SqlColumn, 'type' | 'kind'>, value: Cell): string {
  if (value === null) return 'NULL'
  const text = typeof value === 'string' ? value : null
  // A real one in quotes: 0.1 without them is exact, and is compared with the nearest real as another number.
  const isPlain = kind === 'integer' ? /^-?\d+$/ : kind === 'decimal' ? /^-?\d+(\.\d+)?$/ : null
  if (isPlain?.test(String(value))) return String(value)
  if (kind === 'boolean' && (text === 't' || text === 'f')) return text === 't' ? 'true' : 'false'
  return quoted(value)
}

/** Text without a type, which the server reads as whatever stands on the other side. */
function quoted(value: Exclude<Cell, null>): string {
  if (value instanceof Uint8Array)
    return `E'\\\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}'`
  const text = String(value)
  checkValues([text])
  const doubled = text.replaceAll("'", "''")
  // As E'' a backslash is one also where standard_conforming_strings is off.
  return doubled.includes('\\') ? `E'${doubled.replaceAll('\\', '\\\\')}'` : `'${doubled}'`
}

/** What holds no placeholder: quoted text and names, also quoted with a backslash (E''). */
const QUIET = /[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\d+)/gs

/** The statement with its values in place of `$1`. */
export function written({ sql, values }: Statement): string {
  return sql.replace(QUIET, (found, number: string | undefined) => {
    const value = number === undefined ? undefined : values[Number(number) - 1]
    if (value === undefined) return found
    return value === null ? 'NULL' : quoted(value)
  })
}
