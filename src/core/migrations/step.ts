// A step as the folder has it, and as something that can be run: its statements go into a sink, whoever that is (a recorder, a
// rehearsal, the database).
import type { Direction } from '../../shared/migration-steps.ts'

/** One migration of a folder, known without running any of it. */
export interface StepFile {
  /** The file name as it is; of a pair of `.sql` files the name of the up file: "003-add-phone.up.sql". */
  name: string
  /** What makes two names the same step: the name without its extension; of a pair without ".up.sql". */
  key: string
  kind: 'module' | 'sql'
  /** The files' texts, up before down. Of a built-in step the file that was shipped. */
  files: readonly { name: string; text: string }[]
  /** SHA-256 in hexadecimal over the texts, with CRLF read as LF. */
  checksum: string
  /** The opening comment, in one line; empty when there is none. */
  summary: string
  /** A table that the step makes, where the file says so without being run (built-in steps). */
  creates?: string
}

/** A statement on its way. `bindings` are the driver's own values, placed already. */
export interface StepStatement {
  sql: string
  bindings: readonly unknown[]
}

/**
 * What comes back. `response` is the driver's own (what knex's client of the dialect puts into `response` and `context`).
 * `withheld`: the statement was not sent, so that there is no result; a step that uses it all the same ends with
 * `ResultUsed`.
 */
export type SinkAnswer = { kind: 'response'; response: unknown; context?: unknown } | { kind: 'withheld' }

export interface Sink {
  /** One at a time, in the step's order. Rejects with the database's error (its `message`, `code` and `errno` reach the step). */
  send(statement: StepStatement): Promise<SinkAnswer>
}

/** The step asked for the result of a statement that was not sent. */
export class ResultUsed extends Error {
  override name = 'ResultUsed'
}

/** What can be run of a step. Loading it has run the file's outermost code, so the folder was trusted before. */
export interface StepProgram {
  /** False when the step asks to be left outside a transaction (`config.transaction` of a knex file, a comment in SQL). */
  readonly wantsTransaction: boolean
  /** False when nothing in it says how to undo it. */
  readonly hasDown: boolean
  /**
   * Resolves when the step is through and all its statements were answered. Inside a transaction (`isInTransaction`) the
   * caller sends BEGIN and COMMIT; the step's own transactions become savepoints. Aborting ends it, also in an endless loop.
   */
  run(
    direction: Direction,
    sink: Sink,
    options: {
      isInTransaction: boolean
      signal: AbortSignal
      /** Hears what the step prints, line by line (at most 1,000 characters each, 500 lines). */
      onLog?: (text: string) => void
    },
  ): Promise<void>
}

/** The programs of one folder: a process of their own where there is foreign code. */
export interface Programs {
  /** Throws NOT_TRUSTED when the file is another than the one that was trusted, STEP_REFUSED when it cannot be loaded. */
  load(step: StepFile, signal: AbortSignal): Promise<StepProgram>
  /** Ends the process, if there is one, at once. */
  close(): Promise<void>
}
