// MySQL's and MariaDB's words. NULLs come first; equality is the collation's, so exact comparisons are made on bytes.
import knexFactory, { type Knex } from 'knex'
import type { Cell } from '../../../shared/cell.ts'
import { plainName } from '../identifiers.ts'
import type { SqlColumn, SqlDialect } from '../sql-dialect.ts'
import { hexPattern, momentPattern } from '../moment-pattern.ts'
import { beginnings } from '../prefixes.ts'
import { writtenAs } from '../written-as.ts'
import { whyNotAsked } from './asked.ts'
import { familyOf, membersOf } from './column-kind.ts'
import { literal, withValues } from './literal.ts'

const knex: Knex = knexFactory({ client: 'mysql2' })

const raw = (sql: string, values: readonly (Cell | Knex.Raw)[] = []) => knex.raw(sql, values as Knex.Value[])

const text = ({ name }: SqlColumn) => raw('convert(?? using utf8mb4)', [name])

/** MySQL compares a DECIMAL with a text literal as DOUBLE (MariaDB no longer does), so the text becomes a DECIMAL of just its own digits. */
function decimal(value: string): Knex.Raw {
  const digits = /^[+-]?0*(\d*)(?:\.(\d*))?$/.exec(value)
  const [whole = '', fraction = ''] = digits?.slice(1) ?? []
  const size = Math.max(whole.length + fraction.length, 1)
  // What is no plain number, or too long for any DECIMAL, is left to the server to refuse.
  if (!digits || value.trim() === '' || size > 65 || fraction.length > 30) return raw('?', [value])
  return raw(`cast(? as decimal(${size},${fraction.length}))`, [value])
}

/** Members are stored, sorted and compared with numbers as their position; text would be compared by its letters. */
function position(type: string, value: string): bigint | null {
  const found = membersOf(type).indexOf(value)
  return found < 0 ? null : BigInt(found + 1)
}

function bits(type: string, value: string): bigint | null {
  if (value === '') return 0n
  const members = membersOf(type)
  let sum = 0n
  for (const part of value.split(',')) {
    const found = members.indexOf(part)
    if (found < 0) return null
    sum |= 1n << BigInt(found)
  }
  return sum
}

const toNumber = (bytes: Uint8Array) => bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)

/** FLOAT keeps 24 bits: what is meant is the FLOAT next to the number. */
function asFloat(value: number): number {
  const float = Math.fround(value)
  return Number.isFinite(float) ? float : value
}

function bound({ type }: SqlColumn, value: Cell): Knex.Raw {
  switch (familyOf(type)) {
    case 'whole':
      // A text literal would be compared as DOUBLE.
      if (typeof value === 'string' && /^[+-]?\d{1,20}$/.test(value)) return raw('?', [BigInt(value)])
      break
    case 'decimal':
      if (typeof value === 'string' || typeof value === 'number') return decimal(String(value))
      break
    case 'float':
      if (typeof value === 'number') return raw('?', [asFloat(value)])
      break
    case 'enum':
      if (typeof value === 'string') return raw('?', [position(type, value) ?? value])
      break
    case 'set':
      if (typeof value === 'string') return raw('?', [bits(type, value) ?? value])
      break
    case 'bit':
      if (value instanceof Uint8Array) return raw('?', [toNumber(value)])
      break
  }
  return raw('?', [value])
}

/** Zero and minus zero are equal to the server, and not the same. */
function sameFloat(column: SqlColumn, value: number): Knex.Raw {
  if (value !== 0) return raw('?? = ?', [column.name, bound(column, value)])
  const isMinus = Object.is(value, -0)
  return raw(`(?? = 0 and left(cast(?? as char), 1) ${isMinus ? '=' : '<>'} '-')`, [column.name, column.name])
}

function same(column: SqlColumn, value: Cell): Knex.Raw {
  const { name } = column
  if (value === null) return raw('?? is null', [name])
  switch (familyOf(column.type)) {
    case 'whole':
    case 'decimal':
    case 'bit':
      return raw('?? = ?', [name, bound(column, value)])
    case 'float':
    case 'double':
      if (typeof value === 'number') return sameFloat(column, value)
      break
    case 'binary':
      return raw('?? = ?', [name, value])
    case 'shape':
      if (value instanceof Uint8Array)
        return raw('hex(??) = ?', [name, Buffer.from(value).toString('hex').toUpperCase()])
      break
  }
  // Text that is not valid came as its bytes.
  if (value instanceof Uint8Array) return raw('cast(?? as binary) = ?', [name, value])
  // Letters of any case, blanks at the end and all emoji may be equal to the column; bytes are not.
  return raw('cast(? as binary) = cast(? as binary)', [text(column), value])
}

const isLong = (column: SqlColumn) => ['text', 'json', 'binary'].includes(familyOf(column.type))

function length(column: SqlColumn): Knex.Raw {
  return familyOf(column.type) === 'binary'
    ? raw('octet_length(??)', [column.name])
    : raw('octet_length(?)', [text(column)])
}

/** A FLOAT is written with six digits, and one with declared digits with those; times 1e0 it is a DOUBLE, written whole. */
function stored({ name, type }: SqlColumn): Knex.Raw {
  const isShort = familyOf(type) === 'float' || (familyOf(type) === 'double' && type.includes('('))
  return isShort ? raw('(?? * 1e0)', [name]) : raw('??', [name])
}

/** A table of another database comes from `referrers.ts` with its parts in quotes. */
const TWO_PARTS = /^`((?:[^`]|``)+)`\.`((?:[^`]|``)+)`$/

function table(name: string): string {
  const parts = TWO_PARTS.exec(name)?.slice(1) ?? [name]
  return parts.map((part) => plainName(parts.length > 1 ? part.replaceAll('``', '`') : part)).join('.')
}

const escaped = (part: string) => part.replace(/[!%_]/g, '!$&')

/** Of letters alone there are two cases: without any in the pattern no text has to be made lower first. */
const like = (column: SqlColumn, pattern: string) =>
  /^[\t\n\r -@[-`{-~]*$/.test(pattern)
    ? raw("? collate utf8mb4_bin like ? escape '!'", [text(column), pattern])
    : raw("lower(?) collate utf8mb4_bin like lower(?) escape '!'", [text(column), pattern])

/** `\\z`: what `$` stands for is also before a line break at the end. */
const fits = (column: SqlColumn, pattern: string) =>
  raw('? collate utf8mb4_bin regexp ?', [text(column), `^${pattern}\\z`])

/** BIT is a number to the server, and its literal in hexadecimal is text to MariaDB. */
function literalOf({ type }: Pick<SqlColumn, 'type'>, value: Cell): string {
  if (familyOf(type) === 'bit' && value instanceof Uint8Array) return literal(toNumber(value))
  return literal(value)
}

export const mysqlSql: SqlDialect = {
  knex,
  table,
  nulls: 'first',
  // Members sort by their position; put together from several queries they would be text, and sort by their letters.
  ordering: ({ name, type }) => raw(['enum', 'set'].includes(familyOf(type)) ? '?? + 0' : '??', [name]),
  unindexed: ({ name, type }) => raw(['enum', 'set'].includes(familyOf(type)) ? '?? + 0' : 'coalesce(??)', [name]),
  newKey: 'last-key',
  tiesByKey: true,
  digest(columns) {
    const each = columns.map(() => "coalesce(md5(cast(?? as binary)), '')").join(", ',', ")
    const names = columns.map(({ name }) => name)
    return knex.raw(`md5(concat(${each}))`, names)
  },
  deletedRow: 'read',
  // A plain SELECT sees what was committed when the first one of the transaction began.
  readLatest: (query) => query.forShare(),
  // MySQL 8 orders no JSON with objects in it, and no shapes.
  isOrdered: ({ type }) => !['json', 'shape'].includes(familyOf(type)),
  value: bound,
  stored,
  same,
  beginning(column, bytes) {
    if (!isLong(column)) return stored(column)
    if (familyOf(column.type) === 'binary')
      return raw('case when octet_length(??) <= ? then ?? else left(??, ?) end', [
        ...[column.name, bytes, column.name],
        ...[column.name, bytes],
      ])
    // Four bytes are the longest character.
    // Both branches in one collation: a UNION refuses a mixture.
    const whole = text(column)
    return raw('case when ? <= ? then ? else left(?, ?) end', [
      ...[length(column), bytes, whole],
      ...[text(column), Math.floor(bytes / 4)],
    ])
  },
  excess: (column, bytes) =>
    isLong(column) ? raw('case when ? > ? then ? end', [length(column), bytes, length(column)]) : raw('null'),
  length,
  contains: (column, part) => like(column, `%${escaped(part)}%`),
  starts: (column, part) => like(column, `${escaped(part)}%`),
  startsByIndex({ name, type }, part) {
    const starts = /^(var)?char|^(tiny|medium|long)?text/i.test(type.trim()) ? beginnings(part) : []
    if (starts.length === 0) return null
    // In the column's own collation, which takes at least a letter for itself.
    const bindings = starts.flatMap((start) => [name, `${escaped(start)}%`])
    return raw(`(${starts.map(() => "?? like ? escape '!'").join(' or ')})`, bindings)
  },
  isEmpty: ({ name, type }) =>
    ['text', 'enum', 'set', 'binary'].includes(familyOf(type)) ? raw('octet_length(??) = 0', [name]) : raw('false'),
  isNull: ({ name }) => raw('?? is null', [name]),
  isLike: (column, pattern) => raw("? collate utf8mb4_bin like ? escape '!'", [text(column), pattern]),
  isWritten: (column, writing) =>
    writtenAs(mysqlSql, column, writing, {
      moment: (shape) => fits(column, momentPattern(shape)),
      hex: (digits) => fits(column, hexPattern(digits)),
      // A column of a type that stands for numbers holds nothing else.
      number: () => raw('true'),
    }),
  isText: ({ kind }) => kind === 'text',
  equalsText: (column, value) =>
    raw('? = ?', [['json', 'year'].includes(familyOf(column.type)) ? text(column) : raw('??', [column.name]), value]),
  asked: (column, value) =>
    ['enum', 'set'].includes(familyOf(column.type)) ? raw('?', [value]) : bound(column, value),
  whyNotAsked,
  literal: literalOf,
  written: ({ sql, values }) => withValues(sql, values),
}
