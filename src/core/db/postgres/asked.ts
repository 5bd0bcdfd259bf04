// What PostgreSQL would not compare with a column, told before it is asked.
import type { Cell } from '../../../shared/cell.ts'
import { integerRange } from '../../../shared/integer-range.ts'
import { unfitFor } from '../charset.ts'
import type { SqlColumn } from '../sql-dialect.ts'
import { shownText } from '../shown-text.ts'
import { isOrdered } from './column-kind.ts'

const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i
const ENDLESS = /^\s*(nan|[+-]?inf(inity)?)\s*$/i
const UUID = /^\s*\{?([0-9a-f]{4}-?){8}\}?\s*$/i

/** Null for what the server takes, and for types whose values only it can read: it then says so itself. */
export function whyNotAsked(column: SqlColumn, value: Exclude<Cell, null>): string | null {
  const { kind, type } = column
  if (!isOrdered(column)) return `values of type ${type} cannot be compared`
  if (value instanceof Uint8Array !== (kind === 'binary')) {
    return kind === 'binary' ? `${shownText(value)} is text, and the column holds bytes` : 'bytes are no value of it'
  }
  if (value instanceof Uint8Array) return null
  const text = String(value)
  if (kind === 'integer') return whyNoInteger(text, type)
  if ((kind === 'real' || kind === 'decimal') && !NUMBER.test(text) && !ENDLESS.test(text)) {
    return `${shownText(text)} is not a number`
  }
  if (kind === 'boolean' && !/^\s*(t(rue)?|f(alse)?|y(es)?|no?|on|off?|1|0)\s*$/i.test(text)) {
    return `${shownText(text)} is neither true nor false`
  }
  if (type === 'uuid' && !UUID.test(text)) return `${shownText(text)} is not a UUID`
  return unfitFor(column.charset, text)
}

function whyNoInteger(text: string, type: string): string | null {
  if (!/^\s*[+-]?\d+\s*$/.test(text)) return `${shownText(text)} is not a whole number`
  const { min, max } = integerRange('postgres', type)
  const value = BigInt(text.trim().replace(/^\+/, ''))
  return value < min || value > max ? `whole numbers there go from ${min} to ${max}` : null
}
