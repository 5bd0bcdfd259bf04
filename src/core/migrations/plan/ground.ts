// What a plan stands on: a database that answers reads and is never changed, and what the plan has made of it by now.
import type { Dialect } from '../../../shared/profiles.ts'
import type { SinkAnswer, StepStatement } from '../step.ts'
import type { ClusterGround } from './cluster-ground.ts'
import type { Copy } from './rebuilds.ts'
import type { StatementReading } from './statement.ts'

export type DependsOn = 'nothing' | 'steps' | 'data'

/** A column as the catalogue has it. */
export interface PresentColumn {
  name: string
  /** "varchar(255)", "timestamp(6) without time zone" */
  type: string
  isNotNull: boolean
  /** As the engine tells it; null when there is none. */
  default: string | null
  /** What else MySQL keeps of it and a MODIFY drops unless it repeats it: auto_increment, the comment. */
  extras: string[]
}

export interface Size {
  /** An estimate; null when the engine has none. */
  rows: number | null
  bytes: number | null
}

export interface GroundAnswer {
  answer: SinkAnswer
  /** From the next statement on. `steps`: of this one as well. */
  dependsOn: DependsOn
  /** What to know of it, in words. */
  note?: string
  /** Of a read that was withheld: why, in words, for when the step uses it. */
  why?: string
}

export interface Ground {
  readonly dialect: Dialect
  /** Rejects with the database's error, as the step would have met it. */
  answer(statement: StepStatement, reading: StatementReading): Promise<GroundAnswer>
  /** Columns as they are at this point of the plan; null when they are not known. */
  columns(table: string): Promise<PresentColumn[] | null>
  /** False for a table that is not there yet, or not any more. */
  isThere(table: string): boolean
  /** The name in the database before the plan; null when the plan has made it. */
  realName(table: string): string | null
  /** Of the table as it is in the database; nothing is counted. */
  size(table: string): Promise<Size>
  /** Null when it could not be found out in a moment. */
  hasRows(table: string): Promise<boolean | null>
  /** SQLite: the table that takes the place of this one, once it is dropped. */
  rebuildOf(table: string): Copy | null
  /** Before and after each step, which is in a transaction or not. */
  beginStep(isAtomic: boolean): Promise<void>
  endStep(): Promise<void>
  /** What of the schema is not in the plan, in words. */
  readonly notes: readonly string[]
  /** Absent where the server is no node of a Galera cluster. */
  readonly cluster?: ClusterGround
  close(): Promise<void>
}

/** Seconds that one read of rows may take. */
export const READ_SECONDS = 5

export const UNKNOWN: Size = { rows: null, bytes: null }

/** Functions that tell what the session did last: nothing was done. */
const OF_SESSION =
  /\b(?:last_insert_rowid|last_insert_id|changes|total_changes|row_count|found_rows|currval|lastval|pg_current_xact_id_if_assigned)\s*\(/i

export function asksWhatWasDone(sql: string): boolean {
  return OF_SESSION.test(sql)
}
