// The statements of a save. Every one names its row by the key and holds what the person saw as a guard, so that it
// changes exactly the row that was shown, or nothing.
import type { Knex } from 'knex'
import type { Cell } from '../../shared/cell.ts'
import type { Change } from '../../shared/tables.ts'
import type { Statement, TableShape } from '../db/database.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { columnOf, toStatement } from './view-sql.ts'

type Update = Extract<Change, { kind: 'update' }>
type Delete = Extract<Change, { kind: 'delete' }>
type Insert = Extract<Change, { kind: 'insert' }>

export function rowByKey(dialect: SqlDialect, shape: TableShape, key: readonly Cell[]) {
  const query = dialect.knex(shape.name)
  shape.key.forEach((column, index) => {
    const value = key[index] ?? null
    // The plain comparison finds the row over the index, whatever the index's collation.
    if (value !== null) void query.where(dialect.knex.raw('?? = ?', [column, value as Knex.Value]))
    void query.where(dialect.same(columnOf(shape, column), value))
  })
  return query
}

function guarded(dialect: SqlDialect, shape: TableShape, { key, original }: Update | Delete) {
  const query = rowByKey(dialect, shape, key)
  for (const [column, value] of Object.entries(original)) void query.where(dialect.same(columnOf(shape, column), value))
  return query
}

export function updateOf(dialect: SqlDialect, shape: TableShape, change: Update): Statement {
  return toStatement(guarded(dialect, shape, change).update(change.values))
}

export function deleteOf(dialect: SqlDialect, shape: TableShape, change: Delete): Statement {
  return toStatement(guarded(dialect, shape, change).delete())
}

/** Answers with the key of the new row. */
export function insertOf(dialect: SqlDialect, shape: TableShape, change: Insert): Statement {
  return toStatement(dialect.knex(shape.name).insert(change.values).returning(shape.key))
}

export function rowOf(
  dialect: SqlDialect,
  shape: TableShape,
  key: readonly Cell[],
  columns: readonly string[],
): Statement {
  return toStatement(rowByKey(dialect, shape, key).select(columns.map((column) => dialect.knex.raw('??', [column]))))
}

/** Length of a value, then the value itself when it is no longer than `limit` bytes. */
export function cellOf(
  dialect: SqlDialect,
  shape: TableShape,
  key: readonly Cell[],
  column: string,
  limit: number,
): Statement {
  const { knex } = dialect
  const length = dialect.length(columnOf(shape, column))
  const value = knex.raw('case when ? > ? then null else ?? end', [length, limit, column])
  return toStatement(rowByKey(dialect, shape, key).select(knex.raw('? as length', [length]), value))
}

/** The key of the row that holds these values in these columns. */
export function holderOf(
  dialect: SqlDialect,
  shape: TableShape,
  columns: readonly string[],
  values: readonly Cell[],
): Statement {
  const query = dialect.knex(shape.name).select(shape.key)
  // As the unique index compares: a NOCASE column clashes with another spelling of the same letters.
  columns.forEach((column, index) => void query.where(column, values[index] as never))
  return toStatement(query.limit(1))
}
