// What a schema looks like at one moment, line by line, so that before and after can be laid side by side.
import type { SchemaSession } from '../run/schema-session.ts'
import { readMysql } from './snapshot-mysql.ts'
import { readPostgres } from './snapshot-postgres.ts'
import { readSqlite } from './snapshot-sqlite.ts'

/** Whoever can be asked: the schema session, or a look with a knex-like decoding. */
export type Asking = Pick<SchemaSession, 'dialect' | 'ask'>

export type PartKind = 'table' | 'view' | 'type' | 'sequence' | 'function'

/** One thing of a schema, as the engine tells it. */
export interface Part {
  /** Of tables and views as `Database.tables` has it. */
  name: string
  kind: PartKind
  /** Columns in their order, then keys, foreign keys, checks, indexes, triggers and what else there is. */
  lines: string[]
}

export interface Snapshot {
  /** In an order that is the same each time. */
  parts: readonly Part[]
  /** Where each sequence (on MariaDB and SQLite: each automatic key) stands, as text; names as in `parts`. */
  sequences: ReadonlyMap<string, string>
}

/** The whole schema: PostgreSQL all of people's schemas, MySQL the session's default database, SQLite the main file. */
export function readSnapshot(from: Asking): Promise<Snapshot> {
  switch (from.dialect) {
    case 'postgres':
      return readPostgres(from.ask)
    case 'mysql':
      return readMysql(from.ask)
    case 'sqlite':
      return readSqlite(from.ask)
  }
}
