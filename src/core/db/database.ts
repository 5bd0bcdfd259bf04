// The interface that every dialect meets. Runtime work (reading and changing rows) and schema work (migrations) are two
// roles: rows go through `read` and `write`, only migrations may ask for `schema`.
import type { Cluster } from './cluster.ts'
import type { Knex } from 'knex'
import type { Cell } from '../../shared/cell.ts'
import type { PoolState } from '../../shared/connections.ts'
import type { DatabaseFacts, Dialect } from '../../shared/profiles.ts'
import type { Place } from '../../shared/reaching.ts'
import type { Reference, TableEntry, TableStructure } from '../../shared/table-structure.ts'
import type { Column } from '../../shared/tables.ts'

/** SQL with the engine's placeholders (`?`, on PostgreSQL `$1`) and the values for them: bound, never written into the text. */
export interface Statement {
  sql: string
  values: readonly Cell[]
}

/** Raw rows: arrays of stored values, in the order of `columns`; two columns of the same name stay two. */
export interface Rows {
  columns: string[]
  rows: Cell[][]
}

export interface Changed {
  /** Rows that the statement changed, as the database counts them. */
  changes: number
  /** The automatic key of the last inserted row, where the engine tells it. */
  lastKey: bigint | null
}

/** What one of many statements did. */
export interface Ran extends Changed {
  /** What it answered with, where it has a RETURNING. */
  rows: Cell[][]
}

/** One connection inside a transaction. Only `core/db/transaction.ts` makes one. */
export interface Session {
  query(statement: Statement): Promise<Rows>
  run(statement: Statement): Promise<Changed>
  /**
   * Runs one statement that changes rows once for each of `rows`, which are its values, and answers in their order. Nothing
   * is run after the first that fails but what was on its way; `placeOfFailure` of the error tells which one it was.
   */
  runMany(sql: string, rows: Iterable<readonly Cell[]>): Promise<Ran[]>
  /** Inserts many rows of values at once. Answers with the number of rows changed. */
  bulk(table: string, columns: readonly string[], rows: readonly (readonly Cell[])[]): Promise<number>
}

/** A connection of its own, taken for a transaction. The runner alone begins, commits and gives it back. */
export interface TransactionConnection extends Session {
  /** Starts a transaction that may write; waits at most the engine's lock timeout. */
  begin(): Promise<void>
  /** Asked before COMMIT: what `Database.outcomeOf` needs if its answer is lost. Null when the engine has nothing. */
  mark(): Promise<string | null>
  /** Resolves only when the database has acknowledged the commit and is out of the transaction. */
  commit(): Promise<void>
  rollback(): Promise<void>
  /** Gives the connection back; `broken` ones are ended instead, which rolls back whatever was open. */
  release(broken: boolean): void
}

/** A column as the catalogue knows it; how its values are written is found by `core/encodings/encodings.ts`. */
export interface ShapeColumn extends Omit<Column, 'isSecret' | 'codec' | 'encoding'> {
  /** The server's name of the character set of its texts, where that does not hold every character. Absent: it does. */
  charset?: string
}

export interface TableShape {
  name: string
  kind: 'table' | 'view'
  columns: ShapeColumn[]
  key: string[]
  unique: string[][]
  /**
   * Columns of which no two rows share a value, NULLs aside, where the key behind them would keep the engine from using the
   * index alone. Absent: none, or the engine sees by itself that the key adds nothing.
   */
  sortsAlone?: string[]
  /** Columns of text of which an index serves `like 'a%'`. Absent: every indexed one. */
  startsIndexed?: string[]
  /** Null when the table itself can be written; a view, a virtual or a shadow table says why not. */
  readOnly: string | null
}

/** A foreign key of another table (or of the same) that points to a table. */
export interface Referrer {
  table: string
  /** The pointing columns, and the columns they point to, in the same order. */
  columns: string[]
  pointsTo: string[]
  onDelete: 'refuse' | 'delete' | 'set-null' | 'set-default'
  /** The same as the database spells it: CASCADE, NO ACTION, … */
  rule: string
}

/** What is known of a table beside its shape, and is not needed to read or change its rows. */
export interface Surroundings {
  references: Reference[]
  /** What a person should know before editing: plain sentences. */
  notes: string[]
}

/** What a failed statement ran into, in terms that do not depend on the engine. */
export interface ConstraintFailure {
  kind: 'unique' | 'not-null' | 'check' | 'foreign-key' | 'type'
  /** Empty when the engine does not say which. */
  columns: string[]
  /** The constraint's own name, where the engine tells it. */
  constraint?: string
  message: string
}

/** What a look at the state of the migrations needs. */
export interface SchemaLook {
  read(statement: Statement): Promise<Rows>
  tables(): Promise<{ name: string; kind: 'table' | 'view' }[]>
  /** A pooler is between Roster and the server, as far as this session tells. */
  isPooled?: boolean
}

export interface ReadOptions {
  /**
   * A scan that may take seconds (a count, a survey): on a cluster it runs on another healthy node than the one that is
   * written, where there is one, and may then be some milliseconds behind it.
   */
  isLong?: boolean
}

export interface Database {
  readonly dialect: Dialect
  /** Opens it if needed. Throws DATABASE_UNAVAILABLE with the classified reason. */
  facts(): Promise<DatabaseFacts>
  /** Reads on a session that cannot write. Aborting stops the query in the database and frees the session. */
  read(statement: Statement, signal: AbortSignal, options?: ReadOptions): Promise<Rows>
  /** Takes the connection for one transaction; aborting ends it in the database. For `core/db/transaction.ts` alone. */
  takeForTransaction(signal: AbortSignal): Promise<TransactionConnection>
  /** Tables and views that people made, in alphabetical order; the engine's own are left out. */
  tables(signal: AbortSignal): Promise<{ name: string; kind: 'table' | 'view' }[]>
  /** Null when there is no such table. */
  describe(table: string, signal: AbortSignal): Promise<TableShape | null>
  /** The same tables and views with rows and sizes by the database's own statistics; nothing is counted. */
  tree(signal: AbortSignal): Promise<TableEntry[]>
  /** Foreign keys of the table, and what to know before editing. Of no table: neither. */
  surroundings(table: string, signal: AbortSignal): Promise<Surroundings>
  /** What the table is made of; null when there is no such table. */
  structure(table: string, signal: AbortSignal): Promise<TableStructure | null>
  /** Foreign keys that point to the table and that the database acts upon. */
  referrers(table: string, signal: AbortSignal): Promise<Referrer[]>
  /** An identifier quoted for SQL text. */
  quote(identifier: string): string
  /** What constraint an error of `read` or of a session stands for; null when it is something else. */
  constraint(error: unknown): ConstraintFailure | null
  /**
   * Looks for `core/migrations` alone: under the login for schema work where the profile names one, so that the daily login
   * needs no right on the ledger of the migrations. Aborting ends it.
   */
  schemaLook<T>(signal: AbortSignal, work: (look: SchemaLook) => Promise<T>): Promise<T>
  /**
   * Schema work, for `core/migrations` alone: knex with its own decoding on one connection of its own that no reader
   * shares. `close` gives it back; aborting the signal ends whatever runs on it. `at`: the node it is on, where there are
   * several.
   */
  schema(
    signal: AbortSignal,
    onSql?: (sql: string) => void,
  ): Promise<{ knex: Knex; at?: Place; close(): Promise<void> }>
  /**
   * As `schema`, on an empty database of the same engine that is nowhere on disk and ends with `close`: to try statements
   * out. Absent where the engine has none (the servers).
   */
  scratch?(signal: AbortSignal): Promise<{ knex: Knex; close(): Promise<void> }>
  /**
   * What became of a transaction whose COMMIT was not answered. Waits until the database can be asked and the old session
   * has ended (at most 30 s). `look`: the engine cannot tell, but nothing is under way any more, so the rows can.
   * `unknown`: it could not be asked in that time.
   */
  outcomeOf(mark: string | null, signal: AbortSignal): Promise<'committed' | 'rolled-back' | 'look' | 'unknown'>
  /** Null unless the server is a node of a Galera cluster; asks it when that is not known yet. Absent: it can be none. */
  cluster?(signal: AbortSignal): Promise<Cluster | null>
  /** Connections and who has them; null for a file. Without the server's own numbers (`server` is null). */
  pool(): PoolState | null
  /** Ends every process and connection. Anything still running fails with DATABASE_UNAVAILABLE. */
  close(): Promise<void>
}
