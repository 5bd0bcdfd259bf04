// The words in which one dialect says what every dialect can say; the rest of the SQL is compiled by knex.
import type { Knex } from 'knex'
import type { Cell } from '../../shared/cell.ts'
import type { Column } from '../../shared/tables.ts'

/** What the words depend on. `name` is a `plainName`: it goes to knex as it is (`??`), and the SQL through `restoreNames`. */
export type SqlColumn = Pick<Column, 'name' | 'type' | 'kind'>

export interface SqlDialect {
  /** A knex without a connection: it only compiles, with the placeholders of its driver. */
  readonly knex: Knex
  /** The table of this name (`TableShape.name`) as knex takes it: each part a `plainName`, with a dot between two parts. */
  table(name: string): string
  /** A bound value, to be stored in the column or compared with it. */
  value(column: SqlColumn, value: Cell): Knex.Raw
  /** What is selected for the column so that the driver hands out the stored value and nothing less. */
  stored(column: SqlColumn): Knex.Raw
  /** True for a row whose column holds exactly this stored value: NULL is NULL, letters are compared byte by byte. */
  same(column: SqlColumn, value: Cell): Knex.Raw
  /** The column's value, or only its beginning (at most `bytes` bytes) when it is longer. */
  beginning(column: SqlColumn, bytes: number): Knex.Raw
  /** Length in bytes of a value longer than `bytes`; NULL for any other. */
  excess(column: SqlColumn, bytes: number): Knex.Raw
  /** Length in bytes of the value. */
  length(column: SqlColumn): Knex.Raw
  /** Text that contains `text`, ASCII letters compared without case. */
  contains(column: SqlColumn, text: string): Knex.Raw
  /** A SELECT inside of a transaction that may write, so that it sees what is committed now, as an UPDATE would. */
  readLatest(query: Knex.QueryBuilder): Knex.QueryBuilder
  /** False for a type that the engine cannot order or compare (json, point). */
  isOrdered(column: SqlColumn): boolean
  /** What sorts as the column does, also in rows put together from several queries; the column itself unless told. */
  ordering?(column: SqlColumn): Knex.Raw
  /** Where NULLs stand in ascending order. */
  readonly nulls: 'first' | 'last'
  /** How the key of a new row is learnt: by RETURNING, or from the driver's number of the last automatic key. */
  readonly newKey: 'returning' | 'last-key'
}
