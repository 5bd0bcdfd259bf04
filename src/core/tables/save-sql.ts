// The statements of a save. Every one names its row by the key and holds what the person saw as a guard, so that it
// changes exactly the row that was shown, or nothing.
import type { Knex } from 'knex'
import type { Cell } from '../../shared/cell.ts'
import type { Change } from '../../shared/tables.ts'
import type { Statement, TableShape } from '../db/database.ts'
import { plainName } from '../db/identifiers.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { columnOf, toStatement } from '../db/query.ts'
import { equal } from './view-sql.ts'

export type Update = Extract<Change, { kind: 'update' }>
export type Delete = Extract<Change, { kind: 'delete' }>
export type Insert = Extract<Change, { kind: 'insert' }>

export function rowByKey(dialect: SqlDialect, shape: TableShape, key: readonly Cell[]) {
  const query = dialect.knex(dialect.table(shape.name))
  shape.key.forEach((name, index) => {
    const [column, value] = [columnOf(shape, name), key[index] ?? null]
    // The plain comparison finds the row over the index, whatever the index's collation.
    if (value !== null) void query.where(equal(dialect, column, value))
    void query.where(dialect.same(column, value))
  })
  return query
}

/** Where a row is, and what it must hold. */
type Seen = Pick<Delete, 'original'> & { key: readonly Cell[] }

function guarded(dialect: SqlDialect, shape: TableShape, { key, original }: Seen) {
  const query = rowByKey(dialect, shape, key)
  for (const [column, value] of Object.entries(original)) void query.where(dialect.same(columnOf(shape, column), value))
  return query
}

function valuesOf(dialect: SqlDialect, shape: TableShape, values: Readonly<Record<string, Cell>>) {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [plainName(name), dialect.value(columnOf(shape, name), value)]),
  )
}

export function updateOf(dialect: SqlDialect, shape: TableShape, change: Seen & Pick<Update, 'values'>): Statement {
  return toStatement(guarded(dialect, shape, change).update(valuesOf(dialect, shape, change.values)))
}

export function deleteOf(
  dialect: SqlDialect,
  shape: TableShape,
  change: Seen,
  returning: readonly string[] = [],
): Statement {
  const query = guarded(dialect, shape, change).delete()
  const wanted = returning.map((name) => dialect.stored(columnOf(shape, name)))
  return toStatement(wanted.length > 0 ? query.returning(wanted as unknown as string[]) : query)
}

/**
 * Answers with the key of the new row where the engine has RETURNING. `isInsistent`: also automatic columns that take no value
 * otherwise (PostgreSQL's GENERATED ALWAYS) are written as given.
 */
export function insertOf(
  dialect: SqlDialect,
  shape: TableShape,
  values: Insert['values'],
  isInsistent = false,
): Statement {
  const { knex } = dialect
  const key = shape.key.map((name) => dialect.stored(columnOf(shape, name)))
  if (isInsistent) {
    const given = Object.entries(valuesOf(dialect, shape, values))
    const list = (each: readonly unknown[], mark: string) => each.map(() => mark).join(', ')
    const text = `insert into ?? (${list(given, '??')}) overriding system value values (${list(given, '?')}) returning ${list(key, '?')}`
    return toStatement(
      knex.raw(text, [
        dialect.table(shape.name),
        ...given.map(([name]) => name),
        ...given.map(([, value]) => value),
        ...key,
      ] as Knex.RawBinding[]),
    )
  }
  const query = knex(dialect.table(shape.name)).insert(valuesOf(dialect, shape, values))
  if (dialect.newKey === 'last-key') return toStatement(query)
  return toStatement(query.returning(key as unknown as string[]))
}

/** `latest`: inside of a transaction, what is committed by now rather than what was when its first read began. */
export function rowOf(
  dialect: SqlDialect,
  shape: TableShape,
  key: readonly Cell[],
  columns: readonly string[],
  when: 'latest' | 'snapshot' = 'snapshot',
): Statement {
  const query = rowByKey(dialect, shape, key).select(columns.map((column) => dialect.stored(columnOf(shape, column))))
  return toStatement(when === 'latest' ? dialect.readLatest(query) : query)
}

/** Length of a value, then the value itself when it is no longer than `limit` bytes. */
export function cellOf(
  dialect: SqlDialect,
  shape: TableShape,
  key: readonly Cell[],
  name: string,
  limit: number,
): Statement {
  const { knex } = dialect
  const column = columnOf(shape, name)
  const length = dialect.length(column)
  // The limit is no binding: engines guess its type from what it is compared with.
  const value = knex.raw(`case when ? > ${limit} then null else ? end`, [length, dialect.stored(column)])
  return toStatement(rowByKey(dialect, shape, key).select(knex.raw('? as length', [length]), value))
}

/** The key of the row that holds these values in these columns, and beside it the values of `more`. */
export function holderOf(
  dialect: SqlDialect,
  shape: TableShape,
  columns: readonly string[],
  values: readonly Cell[],
  more: readonly string[] = [],
): Statement {
  const wanted = [...shape.key, ...more].map((name) => dialect.stored(columnOf(shape, name)))
  const query: Knex.QueryBuilder = dialect.knex(dialect.table(shape.name)).select(wanted)
  // As the unique index compares: a NOCASE column clashes with another spelling of the same letters.
  columns.forEach((name, index) => void query.where(equal(dialect, columnOf(shape, name), values[index] ?? null)))
  return toStatement(query.limit(1))
}
