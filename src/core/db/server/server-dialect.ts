// What PostgreSQL and MySQL each bring; `server-database.ts` puts pool, cancelling and limits around it.
import type { Knex } from 'knex'
import type { DatabaseFacts, Dialect } from '../../../shared/profiles.ts'
import type { Place } from '../../../shared/reaching.ts'
import type { TableEntry, TableStructure } from '../../../shared/table-structure.ts'
import type { ConstraintFailure, Referrer, Rows, Statement, Surroundings, TableShape } from '../database.ts'
import type { Failure } from '../failure.ts'
import type { ConnectOptions, Link, Login } from './link.ts'

export type Read = (statement: Statement) => Promise<Rows>

export interface ServerDialect {
  readonly name: Exclude<Dialect, 'sqlite'>
  /** One attempt. Authentication is tried exactly once. */
  connect(login: Login, options: ConnectOptions): Promise<Link>
  /** What an error of `connect` or of a link means; the driver's errors, codes or none, and texts. Never throws. */
  classify(error: unknown): Failure
  /** Which constraint a failure stands for; null when it is something else. */
  constraint(failure: Failure): ConstraintFailure | null
  /**
   * Ends the statement that runs in `session`; run on another connection. It may end nothing when it came too late. `isPooled`: a
   * pooler may have given the session to somebody else, whose work goes on.
   */
  stopStatement(session: string, isPooled?: boolean): Statement
  /** Ends the session itself. */
  stopSession(session: string, isPooled?: boolean): Statement
  /** Whether the session is still there, and for how many milliseconds its present statement has been running. */
  sessionState(read: Read, session: string): Promise<{ isThere: boolean; isRunning: boolean }>
  /** The server's limit of sessions and how many there are; null when the login may not know. */
  serverUse(read: Read): Promise<{ limit: number; used: number } | null>
  /** `mark` is what a link gave before COMMIT. `ended`: the old session is gone, so that rows tell the truth now. */
  outcomeOf(read: Read, mark: string): Promise<'committed' | 'rolled-back' | 'in-progress' | 'ended'>
  facts(read: Read, login: Pick<Login, 'host' | 'port' | 'database' | 'user' | 'isReadOnly'>): Promise<DatabaseFacts>
  listTables(read: Read): Promise<{ name: string; kind: 'table' | 'view' }[]>
  describeTable(read: Read, table: string): Promise<TableShape | null>
  listReferrers(read: Read, table: string): Promise<Referrer[]>
  readTree(read: Read): Promise<TableEntry[]>
  readSurroundings(read: Read, table: string): Promise<Surroundings>
  readStructure(read: Read, table: string): Promise<TableStructure | null>
  quote(identifier: string): string
  /**
   * knex with its own decoding on one connection of its own, for schema work. `session` is the server's number of it,
   * `at` its node where there are several. Aborting the signal ends the connection. knex never retries and never opens a second connection.
   */
  openKnex(
    login: Login,
    options: ConnectOptions & { onSql?: ((sql: string) => void) | undefined },
  ): Promise<{ knex: Knex; session: string; at?: Place; close(): Promise<void> }>
}
