// What every rehearsal is given and answers with, whichever engine it is on.
import type { Direction } from '../../../shared/migration-steps.ts'
import type { RehearsalEvent, TableChange } from '../../../shared/migration-runs.ts'
import type { Database } from '../../db/database.ts'
import type { SchemaSession } from '../run/schema-session.ts'
import type { StepProgram } from '../step.ts'

export interface RehearsedStep {
  name: string
  /** Rejects when its file cannot be loaded. */
  load: (signal: AbortSignal) => Promise<StepProgram>
}

export interface Rehearsal {
  database: Database
  direction: Direction
  /** In the order in which they are run. */
  steps: readonly RehearsedStep[]
  /** Aborting ends whatever runs, in the database too. */
  signal: AbortSignal
  /** "name@machine" */
  person: string
  push: (event: RehearsalEvent) => void
  /** Milliseconds since the rehearsal began. */
  since: () => number
  /** A session for schema work, which nobody shares. */
  open(signal: AbortSignal): Promise<SchemaSession>
  /** Takes the lock of the migrations for as long as the session lives; waits for a run that has it. */
  lock(session: SchemaSession): Promise<void>
}

export interface Ending {
  outcome: 'done' | 'failed' | 'cancelled'
  message: string
  changes: TableChange[]
  unchanged: number
}

export const nothingShown = (outcome: Ending['outcome'], message: string): Ending => ({
  outcome,
  message,
  changes: [],
  unchanged: 0,
})

export function say({ push, since }: Pick<Rehearsal, 'push' | 'since'>, text: string): void {
  push({ kind: 'log', at: since(), text })
}

/** An error's own words as a sentence, without the statement that knex puts before them. */
export function wordsOf(error: unknown, sql = ''): string {
  const message = error instanceof Error ? error.message : String(error)
  const own = sql !== '' && message.startsWith(`${sql} - `) ? message.slice(sql.length + 3) : message
  return /[.!?]$/.test(own) ? own : `${own}.`
}

/** "1 step", "3 steps" */
export const counted = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`

/** One line of at most 300 characters. */
export function shortened(sql: string): string {
  const line = sql.replace(/\s+/g, ' ').trim()
  return line.length <= 300 ? line : `${line.slice(0, 299)}…`
}
