// PostgreSQL's words: what is the same value is told by the text that the server itself gives for it, and NULLs come last.
import knexFactory, { type Knex } from 'knex'
import type { Cell } from '../../../shared/cell.ts'
import { plainName } from '../identifiers.ts'
import { hexPattern, momentPattern } from '../moment-pattern.ts'
import { beginnings } from '../prefixes.ts'
import type { SqlColumn, SqlDialect } from '../sql-dialect.ts'
import { writtenAs } from '../written-as.ts'
import { whyNotAsked } from './asked.ts'
import { literal, written } from './literal.ts'
import { isOrdered } from './column-kind.ts'
import { parseName, quote } from './names.ts'
import { toParameter } from './values.ts'

const knex: Knex = knexFactory({
  client: 'pg',
  // knex would take `a[1]` for an element of the array `a`.
  wrapIdentifier: (name) => (name === '*' ? name : quote(name)),
})

const raw = (sql: string, bindings: readonly (Cell | Knex.Raw)[] = []) => knex.raw(sql, bindings as Knex.RawBinding[])

/** Never longer than a few dozen bytes; their own decoding (whole numbers) is kept. */
const SHORT: ReadonlySet<string> = new Set(['integer', 'real', 'boolean', 'date', 'datetime', 'time'])
const isShort = ({ kind }: SqlColumn) => SHORT.has(kind)
const isBytes = ({ kind }: SqlColumn) => kind === 'binary'

/** Of a composite value IS NULL asks whether all its fields are NULL, and IS NOT NULL whether none is: these ask of the value. */
const IS_NULL = 'is not distinct from null'
const NOT_NULL = 'is distinct from null'

const TEXT = /^(text|character varying(\(\d+\))?)$/

/**
 * The text that is sent for the value: concat() calls the type's own output function. A cast to text would be shorter and is
 * something else for some types: it drops the padding of char(n), and spells a boolean out. Of NULL it makes ''.
 */
const output = ({ name, type }: SqlColumn): Knex.Raw =>
  TEXT.test(type) ? raw('??', [name]) : raw('concat(??)', [name])

/** Bytes of the value. Of text and bytea it is known without reading it. */
const bytesOf = (column: SqlColumn): Knex.Raw =>
  isBytes(column) ? raw('octet_length(??)', [column.name]) : raw('octet_length(?)', [output(column)])

const escaped = (text: string) => text.replace(/[\\%_]/g, '\\$&')

/** In the collation "C" only the letters of ASCII have two cases. Of NULL concat() makes '', which no pattern here matches. */
const like = (column: SqlColumn, pattern: string): Knex.Raw => raw('? collate "C" ilike ?', [output(column), pattern])

/** Text as its column compares; of other types (enum, uuid) their text, which need not be a value of theirs. */
const equalsText = ({ name, type }: SqlColumn, text: string): Knex.Raw =>
  /^(text|character|bpchar)[^[]*$/.test(type) ? raw('?? = ?', [name, text]) : raw('??::text = ?', [name, text])

/** In the collation "C": one that takes different letters for the same knows no patterns. */
const fits = (column: SqlColumn, pattern: string): Knex.Raw =>
  raw('? collate "C" ~ ?', [output(column), `^${pattern}$`])

export const postgresSql: SqlDialect = {
  knex,
  table(name) {
    const { schema, table } = parseName(name) ?? { schema: null, table: name }
    return schema === null ? plainName(table) : `${plainName(schema)}.${plainName(table)}`
  },
  nulls: 'last',
  newKey: 'returning',
  comparesRows: true,
  sortsPieces: true,
  findsInAnyOrder: true,
  deletedRow: 'returning',
  // Each statement sees what is committed when it begins; with a stricter default the UPDATE itself has failed before.
  readLatest: (query) => query,
  isOrdered,
  value: (_column, value) => raw('?', [toParameter(value)]),
  stored: ({ name }) => raw('??', [name]),
  same(column, value) {
    const { name } = column
    if (value === null) return raw(`?? ${IS_NULL}`, [name])
    if (value instanceof Uint8Array !== isBytes(column)) return raw('false')
    if (isBytes(column)) return raw('?? = ?', [name, toParameter(value)])
    return raw(`(?? ${NOT_NULL} and ? = ?::text collate "C")`, [name, output(column), toParameter(value)])
  },
  beginning(column, bytes) {
    const { name } = column
    if (isShort(column)) return raw('??', [name])
    if (isBytes(column)) {
      return raw('case when octet_length(??) > ? then substring(?? from 1 for ?) else ?? end', [
        ...[name, bytes],
        ...[name, bytes, name],
      ])
    }
    // Four bytes are the longest character of UTF-8. Without the first branch NULL would become ''.
    const text = output(column)
    return raw(`case when ?? ${IS_NULL} then null when octet_length(?) > ? then left(?, ?) else ? end`, [
      ...[name, text, bytes],
      ...[text, Math.floor(bytes / 4), text],
    ])
  },
  excess: (column, bytes) =>
    isShort(column)
      ? raw('null::int4')
      : raw(`case when ?? ${NOT_NULL} and ? > ? then ? end`, [column.name, bytesOf(column), bytes, bytesOf(column)]),
  length: (column) => raw(`case when ?? ${NOT_NULL} then ? end`, [column.name, bytesOf(column)]),
  contains: (column, text) => like(column, `%${escaped(text)}%`),
  starts: (column, text) => like(column, `${escaped(text)}%`),
  startsByIndex({ name, type }, text) {
    const starts = TEXT.test(type) ? beginnings(text) : []
    if (starts.length === 0) return null
    const bindings = starts.flatMap((start) => [name, `${escaped(start)}%`])
    return raw(`(${starts.map(() => '?? like ?').join(' or ')})`, bindings)
  },
  isEmpty(column) {
    if (isBytes(column)) return raw('octet_length(??) = 0', [column.name])
    return column.kind === 'text' ? equalsText(column, '') : raw('false')
  },
  // A composite value of NULLs alone "is null" without being it.
  isNull: (column) => raw(isOrdered(column) ? '?? is null' : `?? ${IS_NULL}`, [column.name]),
  isLike(column, pattern) {
    // Of bytes those of ASCII stand for their letters.
    const asText = isBytes(column)
      ? raw(String.raw`replace(encode(??, 'escape'), '\\', '\')`, [column.name])
      : output(column)
    return raw(`? collate "C" like ? escape '!'`, [asText, pattern])
  },
  isWritten: (column, writing) =>
    writtenAs(postgresSql, column, writing, {
      moment: (shape) => fits(column, momentPattern(shape)),
      hex: (digits) => fits(column, hexPattern(digits)),
      // A column of a type that stands for numbers holds nothing else.
      number: () => raw('true'),
    }),
  isText: ({ kind }) => kind === 'text' || kind === 'other',
  equalsText,
  asked: (_column, value) => raw('?', [toParameter(value)]),
  whyNotAsked,
  literal,
  written,
}
