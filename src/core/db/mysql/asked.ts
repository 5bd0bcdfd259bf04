// What MySQL and MariaDB would bend before they compare it with a column: 'abc' is 0 to a column of numbers.
import type { Cell } from '../../../shared/cell.ts'
import { unfitFor } from '../charset.ts'
import type { SqlColumn } from '../sql-dialect.ts'
import { shownText } from '../shown-text.ts'
import { familyOf } from './column-kind.ts'

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
/** Also the zero dates that old tables hold, and times of more than a day. */
const MOMENT = /^-?\d{1,4}[-:]\d{1,2}([-:]\d{1,2})?([ T]\d{1,2}:\d{1,2}(:\d{1,2})?)?(\.\d{1,6})?$/

export function whyNotAsked({ type, charset }: SqlColumn, value: Exclude<Cell, null>): string | null {
  const family = familyOf(type)
  const isBytes = value instanceof Uint8Array
  switch (family) {
    case 'json':
    case 'shape':
      return `values of type ${type} cannot be compared`
    case 'whole':
    case 'year':
      return isBytes || !/^[+-]?\d+$/.test(String(value)) ? `${shownText(value)} is not a whole number` : null
    case 'decimal':
    case 'float':
    case 'double':
      return isBytes || !NUMBER.test(String(value)) ? `${shownText(value)} is not a number` : null
    case 'bit':
      return isBytes || typeof value === 'bigint' ? null : `${shownText(value)} is text, and the column holds bits`
    case 'time':
      return isBytes || !MOMENT.test(String(value)) ? `${shownText(value)} is not a date or time` : null
    case 'binary':
      return isBytes ? null : `${shownText(value)} is text, and the column holds bytes`
    default:
      if (typeof value === 'string') return unfitFor(charset, value)
      return isBytes ? null : `${value} is a number, and the column holds text`
  }
}
