// The one connection that schema work runs on, as the runner sees it: statements of steps, and questions of its own.
import type { Dialect } from '../../../shared/profiles.ts'
import type { SinkAnswer, StepStatement } from '../step.ts'

export interface SchemaSession {
  readonly dialect: Dialect
  /** As `Sink.send`: the driver's own response. */
  send(statement: StepStatement): Promise<SinkAnswer>
  /** A question or a write of the runner itself, with `?` for its values. Rows by column name, in knex's own decoding. */
  ask(sql: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>
  /** BEGIN as the engine should have it (SQLite: IMMEDIATE, foreign keys off). Not on MySQL and MariaDB, which keep DDL at once. */
  begin(): Promise<void>
  /** Resolves only when the database has acknowledged it, its foreign keys checked on SQLite. */
  commit(): Promise<void>
  rollback(): Promise<void>
  /** The database's own name of this session, as `JournalEntry.session` has it. */
  readonly id: string
  /** Its user. */
  readonly user: string
  close(): Promise<void>
}
