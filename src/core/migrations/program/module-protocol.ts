// What Roster and the process of a folder's steps say to each other. The process has no connection: it sends statements.
import type { Direction } from '../../../shared/migration-steps.ts'
import type { Dialect } from '../../../shared/profiles.ts'

/** An error as it travels. */
export interface WireFailure {
  name: string
  message: string
  /** Plain fields: code, errno, sqlState and whatever else the driver tells. */
  fields: Record<string, string | number | boolean | null>
  stack?: string
  /** The statement whose answer it was; null for an error of the step itself. */
  statement: number | null
  /** The step used the result of a statement that was not sent. */
  isResultUsed: boolean
}

/** A driver's response. Rows that are many come before it, in parts. */
export type WireAnswer =
  | { kind: 'withheld' }
  /** `rows` is null where the response has none of its own; `rest` is what remains of it without them. */
  | { kind: 'response'; rows: unknown[] | null; rest: unknown; context?: unknown }

export type ToChild =
  | { kind: 'open'; dialect: Dialect; version: string | undefined; folder: string }
  /** `checksum`: of the one text that was trusted, as `StepFile.checksum`. */
  | { kind: 'load'; id: number; name: string; file: string; checksum: string }
  | { kind: 'run'; id: number; name: string; direction: Direction; isInTransaction: boolean }
  | { kind: 'rows'; statement: number; rows: unknown[] }
  | { kind: 'answer'; statement: number; answer: WireAnswer }
  | { kind: 'failed'; statement: number; failure: WireFailure }

export type FromChild =
  | { kind: 'loaded'; id: number; wantsTransaction: boolean; hasUp: boolean; hasDown: boolean }
  | { kind: 'refused'; id: number; code: 'NOT_TRUSTED' | 'STEP_REFUSED'; message: string }
  /** `number` is the process's own count. */
  | { kind: 'statement'; run: number; number: number; sql: string; bindings: unknown[] }
  | { kind: 'ended'; run: number; failure: WireFailure | null }
  /** Something failed that nothing waited for. The process ends by itself when it may be in any state. */
  | { kind: 'stray'; failure: WireFailure; isFatal: boolean }
  | { kind: 'log'; text: string }
