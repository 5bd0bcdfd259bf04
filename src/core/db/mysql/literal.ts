// Values on their way into SQL text. Roster uses the text protocol, in which a value is a literal: the server then reads it
// as it reads any other SQL, on MySQL and MariaDB alike, and answers with its own text. The prepared protocol would have dates
// and floats rebuilt by the driver, and MySQL 8 guesses the types of its parameters where MariaDB does not. Literals are safe
// because every session is utf8mb4 and without NO_BACKSLASH_ESCAPES and ANSI_QUOTES, which `session.ts` looks at.
import type { Cell } from '../../../shared/cell.ts'
import { ownFailure } from './own-failure.ts'

/** What must not be read as a placeholder: quoted text and names, and comments. */
const QUIET = /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`(?:[^`]|``)*`|--[ \t\n][^\n]*|#[^\n]*|\/\*.*?\*\/|\?/gs

/** The statement with its values in place of `?`. Throws ROSTER_VALUE for a value that cannot be written exactly. */
export function withValues(sql: string, values: readonly Cell[]): string {
  let used = 0
  const text = sql.replace(QUIET, (found) => {
    if (found !== '?') return found
    const value = values[used]
    used += 1
    return value === undefined ? '?' : literal(value)
  })
  if (used !== values.length) throw new Error(`The statement has ${used} placeholders for ${values.length} values.`)
  return text
}

/** The same for many rows of values: the statement is read once. */
export function template(sql: string): (values: readonly Cell[]) => string {
  const pieces: string[] = []
  let end = 0
  for (const { 0: found, index } of sql.matchAll(QUIET)) {
    if (found !== '?') continue
    pieces.push(sql.slice(end, index))
    end = index + 1
  }
  const last = sql.slice(end)
  return (values) => {
    if (values.length !== pieces.length)
      throw new Error(`The statement has ${pieces.length} placeholders for ${values.length} values.`)
    return pieces.map((piece, index) => piece + literal(values[index] ?? null)).join('') + last
  }
}

/** Throws ROSTER_VALUE for text with half a character in it, NaN and the infinities. */
export function literal(value: Cell): string {
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed())
        throw ownFailure(
          'ROSTER_VALUE',
          'The text holds half of a character (an unpaired surrogate) and cannot be stored.',
        )
      return `'${value.replace(/['\\]/g, '\\$&')}'`
    case 'bigint':
      return String(value)
    case 'number':
      return floatLiteral(value)
  }
  return value === null ? 'NULL' : `X'${Buffer.from(value.buffer, value.byteOffset, value.length).toString('hex')}'`
}

/** A literal with an exponent is a DOUBLE to the server; one without would be a DECIMAL and be compared otherwise. */
function floatLiteral(value: number): string {
  if (!Number.isFinite(value)) throw ownFailure('ROSTER_VALUE', `${value} is not a number that the server can store.`)
  // MariaDB has no minus zero and stores 0; to MySQL it is a value.
  if (Object.is(value, -0)) return '-0e0'
  // Also the counts of LIMIT and OFFSET, which must not have an exponent.
  if (Number.isSafeInteger(value)) return String(value)
  const text = String(value)
  return text.includes('e') ? text : `${text}e0`
}

/** An identifier quoted for SQL text; any name is possible, also with backticks inside. */
export const quote = (identifier: string) => `\`${identifier.replaceAll('`', '``')}\``
