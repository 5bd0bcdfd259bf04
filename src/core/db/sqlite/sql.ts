// SQLite's words: values have a storage class of their own, and NULLs come first.
import knexFactory, { type Knex } from 'knex'
import type { Cell } from '../../../shared/cell.ts'
import { plainName } from '../identifiers.ts'
import { afterAll, beginnings } from '../prefixes.ts'
import type { SqlColumn, SqlDialect } from '../sql-dialect.ts'
import { writtenAs } from '../written-as.ts'
import { literal, written } from './literal.ts'
import { bytesOfPlace, encodingsWithout } from './text-bytes.ts'
import { isHex, isMoment } from './written-as.ts'

const knex: Knex = knexFactory({ client: 'better-sqlite3', useNullAsDefault: true })

/** Storage class names as typeof() gives them (SQLite documentation, "Built-In Scalar SQL Functions"). */
function storageClass(value: Cell): string {
  if (value === null) return 'null'
  if (typeof value === 'bigint') return 'integer'
  if (typeof value === 'number') return 'real'
  return typeof value === 'string' ? 'text' : 'blob'
}

const escaped = (text: string) => text.replace(/[\\%_]/g, '\\$&')

/** Bytes are no text, also where LIKE would read them as such. */
const like = (name: string, pattern: string) =>
  knex.raw("(?? like ? escape '\\' and typeof(??) <> 'blob')", [name, pattern, name])

/** Of the rules of affinity, the first that fits counts (SQLite documentation, "Determination Of Column Affinity"). */
const hasTextAffinity = ({ type }: SqlColumn) => !/INT/i.test(type) && /CHAR|CLOB|TEXT/i.test(type)

/** SQL in which `@` stands for the column. */
const about = ({ name }: SqlColumn, sql: string): Knex.Raw => {
  const parts = sql.split('@')
  return knex.raw(
    `(${parts.join('??')})`,
    parts.slice(1).map(() => name),
  )
}

export const sqliteSql: SqlDialect = {
  knex,
  table: plainName,
  nulls: 'first',
  sortsPieces: true,
  newKey: 'returning',
  // Of no consequence for the rows: SQLite takes the condition itself.
  rare: (condition) => knex.raw('likelihood(?, 0.0001)', [condition]),
  deletedRow: 'read',
  readLatest: (query) => query,
  isOrdered: () => true,
  unindexed: ({ name }) => knex.raw('+??', [name]),
  value: (_column, value) => knex.raw('?', [value as Knex.Value]),
  placed(_column, value) {
    const bytes = typeof value === 'string' ? bytesOfPlace(value) : null
    return bytes ? knex.raw('cast(? as text)', [bytes as unknown as Knex.Value]) : null
  },
  stored: ({ name }) => knex.raw('??', [name]),
  // A column may compare without case (COLLATE NOCASE), and 5 = 5.0 in SQL: neither is the same stored value. One text for all
  // values, NULL among them: rows of a save whose texts differ go out one by one.
  same: ({ name, kind }, value) => {
    const isValue = '(?? collate binary is ? and typeof(??) = ?)'
    const bindings = [name, value as Knex.Value, name, storageClass(value)]
    const encodings = value instanceof Uint8Array && kind !== 'binary' ? encodingsWithout(value) : []
    if (encodings.length === 0) return knex.raw(isValue, bindings)
    // Text that is not valid in the file's encoding is told as its bytes.
    const isText = `typeof(??) = 'text' and cast(?? as blob) = ? and (select encoding from pragma_encoding) in (${encodings.map(() => '?').join()})`
    return knex.raw(`(${isValue} or ${isText})`, [...bindings, name, name, value as Knex.Value, ...encodings])
  },
  beginning({ name }, bytes) {
    // octet_length() reads no overflow page of a long value. Four bytes are the longest character of UTF-8.
    return knex.raw(
      "case when octet_length(??) <= ? then ?? when typeof(??) = 'blob' then substr(??, 1, ?) else substr(??, 1, ?) end",
      [name, bytes, name, name, name, bytes, name, Math.floor(bytes / 4)],
    )
  },
  excess: ({ name }, bytes) =>
    knex.raw("case when typeof(??) in ('text', 'blob') and octet_length(??) > ? then octet_length(??) end", [
      name,
      name,
      bytes,
      name,
    ]),
  length: ({ name }) => knex.raw('octet_length(??)', [name]),
  contains: ({ name }, text) => like(name, `%${escaped(text)}%`),
  starts: ({ name }, text) => like(name, `${escaped(text)}%`),
  startsByIndex(column, text, isAlongOrder) {
    if (isAlongOrder) return null
    // Of a column that takes numbers, 5 begins with '5' and sorts among the numbers.
    const starts = hasTextAffinity(column) ? beginnings(text) : []
    if (starts.length === 0) return null
    const range = '(?? >= ? and ?? < ?)'
    const bindings = starts.flatMap((start) => [column.name, start, column.name, afterAll(start)])
    return knex.raw(`(${starts.map(() => range).join(' or ')})`, bindings)
  },
  isEmpty: ({ name }) => knex.raw("(?? = '' or ?? = x'')", [name, name]),
  isNull: ({ name }) => knex.raw('?? is null', [name]),
  isLike: ({ name }, pattern) => knex.raw("cast(?? as text) like ? escape '!'", [name, pattern]),
  isWritten: (column, writing) =>
    writtenAs(sqliteSql, column, writing, {
      moment: (shape) => about(column, isMoment(shape)),
      hex: (digits) => about(column, isHex(digits)),
      number: (storage) => about(column, `typeof(@) = '${storage}'`),
    }),
  isText: ({ kind }) => kind === 'text' || kind === 'other',
  equalsText: ({ name }, text) => knex.raw('?? = ?', [name, text]),
  asked: (_column, value) => knex.raw('?', [value as Knex.Value]),
  whyNotAsked: (_column, value) => (Number.isNaN(value) ? 'NaN is not a value that SQLite can store.' : null),
  literal: (_column, value) => literal(value),
  written,
}
