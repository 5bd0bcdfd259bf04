// Values as literals of SQLite's SQL, for text that people read and paste into its shell.
import type { Cell } from '../../../shared/cell.ts'
import type { Statement } from '../database.ts'
import { checkValues } from './values.ts'

/** Throws QUERY_FAILED for a value that SQLite would change while storing it. */
export function literal(value: Cell): string {
  checkValues([value])
  switch (typeof value) {
    case 'string':
      return text(value)
    case 'bigint':
      return String(value)
    case 'number':
      return float(value)
  }
  return value === null ? 'NULL' : `X'${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}'`
}

/** A NUL character would end the statement. */
function text(value: string): string {
  const parts = value.split('\0').map((part) => `'${part.replaceAll("'", "''")}'`)
  return parts.length === 1 ? (parts[0] as string) : `(${parts.join(' || char(0) || ')})`
}

/** Without a point or an exponent it would be a whole number, which is another value. */
function float(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? '9e999' : '-9e999'
  const digits = Object.is(value, -0) ? '-0' : String(value)
  return /[.e]/.test(digits) ? digits : `${digits}.0`
}

/** What holds no placeholder: quoted text and names. */
const QUIET = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\?/g

/** The statement with its values in place of `?`. */
export function written({ sql, values }: Statement): string {
  let used = 0
  return sql.replace(QUIET, (found) => {
    if (found !== '?') return found
    const value = values[used]
    used += 1
    return value === undefined ? found : literal(value)
  })
}
