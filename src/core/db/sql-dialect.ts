// The words in which one dialect says what every dialect can say; the rest of the SQL is compiled by knex.
import type { Knex } from 'knex'
import type { Cell } from '../../shared/cell.ts'

export interface SqlDialect {
  /** A knex without a connection: it only compiles. */
  readonly knex: Knex
  /** True for a row whose column holds exactly this stored value: NULL is NULL, letters are compared byte by byte. */
  same(column: string, value: Cell): Knex.Raw
  /** The column's value, or only its beginning (at most `bytes` bytes) when it is longer. */
  beginning(column: string, bytes: number): Knex.Raw
  /** Length in bytes of a value longer than `bytes`; NULL for any other. */
  excess(column: string, bytes: number): Knex.Raw
  /** Length in bytes of the value. */
  length(column: string): Knex.Raw
  /** Text that contains `text`, ASCII letters compared without case. */
  contains(column: string, text: string): Knex.Raw
  /** Where NULLs stand in ascending order. */
  readonly nulls: 'first' | 'last'
}
