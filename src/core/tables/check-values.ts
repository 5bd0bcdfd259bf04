// What a value must be by the declared type of its column alone: not NULL, not too long, within the range.
import type { Cell } from '../../shared/cell.ts'
import { integerRange } from '../../shared/integer-range.ts'
import type { Dialect } from '../../shared/profiles.ts'
import type { Problem } from '../../shared/table-saves.ts'
import type { Change } from '../../shared/tables.ts'
import { unfitFor } from '../db/charset.ts'
import type { ShapeColumn, TableShape } from '../db/database.ts'

type Misfit = Pick<Problem, 'kind' | 'words'>

/** Nothing is asked for it. */
export function misfits(dialect: Dialect, shape: TableShape, changes: readonly Change[]): Problem[] {
  const columns = new Map(shape.columns.map((column) => [column.name, column]))
  const found: Problem[] = []
  const add = (change: Change, column: string, misfit: Misfit | null) => {
    if (misfit) found.push({ changeId: change.id, column, ...misfit, holder: null, otherId: null })
  }
  const needed = shape.columns.filter((column) => !column.isNullable && column.default === null && !column.isAutomatic)
  for (const change of changes) {
    if (change.kind === 'delete') continue
    for (const [name, value] of Object.entries(change.values)) {
      const column = columns.get(name)
      if (column) add(change, name, misfitOf(dialect, column, value))
    }
    if (change.kind === 'update') continue
    for (const { name } of needed) {
      const words = `${name} needs a value: it cannot be NULL, and the database has none for it.`
      if (!(name in change.values)) add(change, name, { kind: 'not-null', words })
    }
  }
  return found
}

/** Null when the value fits, as far as that can be told from here. */
export function misfitOf(dialect: Dialect, column: ShapeColumn, value: Cell): Misfit | null {
  const { name, type, maxLength } = column
  if (value === null) {
    const isFree = column.isNullable || column.isAutomatic
    return isFree ? null : { kind: 'not-null', words: `${name} cannot be NULL.` }
  }
  if (typeof value === 'bigint') return outOfRange(dialect, column, value)
  const unfit = typeof value === 'string' ? unfitFor(column.charset, value) : null
  if (unfit !== null) return { kind: 'type', words: `${name} cannot hold this text: ${unfit}.` }
  if (typeof value === 'string' && maxLength !== null && [...value].length > maxLength) {
    return { kind: 'length', words: `${name} holds at most ${maxLength} characters (${type}).` }
  }
  const most = bytesOf(dialect, type)
  if (most !== null && typeof value !== 'number' && Buffer.byteLength(value) > most) {
    return { kind: 'length', words: `${name} holds at most ${most} bytes (${type}).` }
  }
  return typeof value === 'string' ? tooManyDigits(dialect, column, value) : null
}

/** SQLite keeps whole numbers in any column; the others keep them where the type says how many bits there are. */
function outOfRange(dialect: Dialect, column: ShapeColumn, value: bigint): Misfit | null {
  if (dialect !== 'sqlite' && column.kind !== 'integer') return null
  const { min, max } = integerRange(dialect, column.type)
  if (value >= min && value <= max) return null
  const type = column.type && ` (${column.type})`
  return { kind: 'type', words: `${value} does not fit ${column.name}, which holds ${min} to ${max}${type}.` }
}

const MYSQL_BYTES: Readonly<Record<string, number>> = {
  tinytext: 255,
  tinyblob: 255,
  text: 65_535,
  blob: 65_535,
  mediumtext: 16_777_215,
  mediumblob: 16_777_215,
}

/** Bytes that a type of MySQL holds, of those that count bytes. */
function bytesOf(dialect: Dialect, type: string): number | null {
  if (dialect !== 'mysql') return null
  const [, name = '', length] = /^([a-z]+)(?:\((\d+)\))?/.exec(type) ?? []
  if (name === 'binary' || name === 'varbinary') return length === undefined ? null : Number(length)
  return MYSQL_BYTES[name] ?? null
}

/** Before the point: what comes behind it is for the database to judge. */
function tooManyDigits(dialect: Dialect, { name, type, kind }: ShapeColumn, value: string): Misfit | null {
  if (dialect === 'sqlite' || kind !== 'decimal') return null
  const [, precision, scale = '0'] = /\((\d+)(?:,\s*(\d+))?\)/.exec(type) ?? []
  const whole = /^\s*[+-]?0*(\d+)(?:\.\d*)?\s*$/.exec(value)?.[1]
  if (precision === undefined || whole === undefined || whole.length <= Number(precision) - Number(scale)) return null
  return { kind: 'type', words: `${value} does not fit ${name} (${type}): it has too many digits before the point.` }
}
