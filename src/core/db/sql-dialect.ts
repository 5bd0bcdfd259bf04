// The words in which one dialect says what every dialect can say; the rest of the SQL is compiled by knex.
import type { Knex } from 'knex'
import type { Cell } from '../../shared/cell.ts'
import type { Writing } from '../../shared/filters.ts'
import type { ShapeColumn, Statement } from './database.ts'

/** What the words depend on. `name` is a `plainName`: it goes to knex as it is (`??`), and the SQL through `restoreNames`. */
export type SqlColumn = Pick<ShapeColumn, 'name' | 'type' | 'kind' | 'charset'>

export interface SqlDialect {
  /** A knex without a connection: it only compiles, with the placeholders of its driver. */
  readonly knex: Knex
  /** The table of this name (`TableShape.name`) as knex takes it: each part a `plainName`, with a dot between two parts. */
  table(name: string): string
  /** A bound value, to be stored in the column or compared with it. */
  value(column: SqlColumn, value: Cell): Knex.Raw
  /**
   * A place of a row in an order (a column of the answer whose name begins with PLACE), to be compared with the column, where
   * `value` would not be what was told. Absent or null: it is `value`.
   */
  placed?(column: SqlColumn, value: Cell): Knex.Raw | null
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
  /** Text that begins with `text`, ASCII letters compared without case. */
  starts(column: SqlColumn, text: string): Knex.Raw
  /**
   * True for all rows of `starts` and for more, and read from an index of the column; null where there is no such condition.
   * `isAlongOrder`: the rows are asked for in an order, which an engine may prefer to any other index. It would then be asked of
   * each row.
   */
  startsByIndex(column: SqlColumn, text: string, isAlongOrder: boolean): Knex.Raw | null
  /** Text or bytes of length 0. Never NULL for a column that is not. */
  isEmpty(column: SqlColumn): Knex.Raw
  isNull(column: SqlColumn): Knex.Raw
  /** Text, or bytes that are text, that SQL's LIKE finds by this pattern, `!` before what is meant literally; with regard to case where the engine has any. */
  isLike(column: SqlColumn, pattern: string): Knex.Raw
  /** Of what is not NULL: true for exactly the values that are written this way, to the byte. */
  isWritten(column: SqlColumn, writing: Writing): Knex.Raw
  /** A person reads its values as text: the columns that a search of any text asks. */
  isText(column: SqlColumn): boolean
  /** A column of text of any type equals this text. */
  equalsText(column: SqlColumn, text: string): Knex.Raw
  /** As `value`, to be compared with `=` and `in`. */
  asked(column: SqlColumn, value: Cell): Knex.Raw
  /** Why the engine would refuse to compare the column with this value, or bend the value before; null when it does neither. */
  whyNotAsked(column: SqlColumn, value: Exclude<Cell, null>): string | null
  /**
   * A value of the column as a literal for SQL text that is read by people and pasted into the engine's own shell. Throws for a
   * value that the engine cannot store.
   */
  literal(column: Pick<SqlColumn, 'type' | 'kind'>, value: Cell): string
  /** The statement as text, its values written in. Throws as `literal`. */
  written(statement: Statement): string
  /** A SELECT inside of a transaction that may write, so that it sees what is committed now, as an UPDATE would. */
  readLatest(query: Knex.QueryBuilder): Knex.QueryBuilder
  /** False for a type that the engine cannot order or compare (json, point). */
  isOrdered(column: SqlColumn): boolean
  /** What sorts as the column does, also in rows put together from several queries; the column itself unless told. */
  ordering?(column: SqlColumn): Knex.Raw
  /**
   * Whole rows that share a value are found by their keys first. Absent: not needed. MySQL and MariaDB would take the value
   * alone for the search, and read all rows that share it up to the place.
   */
  readonly tiesByKey?: true
  /**
   * Rows that share a value of an index are sorted piece by piece, as the index delivers them. Absent: all rows are sorted at once.
   */
  readonly sortsPieces?: true
  /**
   * One short text for what these columns of a row hold, to sort by. Absent: the columns themselves are sorted by. MySQL and MariaDB
   * make room in memory for the longest text of each.
   */
  digest?(columns: readonly SqlColumn[]): Knex.Raw
  /** Rows of a filter that nothing sorts come in another order each time: several workers look for them. */
  readonly findsInAnyOrder?: true
  /**
   * What sorts as the column does and from no index. Absent: the engine knows by itself when walking along an index of the order
   * costs more than sorting what a filter found.
   */
  readonly unindexed?: (column: SqlColumn) => Knex.Raw
  /**
   * A comparison of rows of values is one range of an index. Absent: it is not. PostgreSQL takes "same value, later key" for a
   * reason to walk the key, and may meet no such value for a long time.
   */
  readonly comparesRows?: true
  /**
   * A condition that few rows meet, as a hint for the planner. Absent: there is none. SQLite would walk the key instead of the
   * column's index, and may meet no such row for a long time.
   */
  rare?(condition: Knex.Raw): Knex.Raw
  /** Where NULLs stand in ascending order. */
  readonly nulls: 'first' | 'last'
  /** How the key of a new row is learnt: by RETURNING, or from the driver's number of the last automatic key. */
  readonly newKey: 'returning' | 'last-key'
  /** How a whole row is learnt that is deleted: by RETURNING, or by reading it (locked) before. */
  readonly deletedRow: 'returning' | 'read'
}
