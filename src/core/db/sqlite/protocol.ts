// What Roster and a SQLite child process say to each other: one request, one answer, told apart by an id.
import type { Cell } from '../../../shared/cell.ts'
import type { UnavailableReason } from '../../../shared/procedure.ts'
import type { Changed } from '../database.ts'

/** `writer` and `schema` may change the file, `reader` never; `schema` speaks knex's decoding and has foreign keys off. */
export type Role = 'writer' | 'reader' | 'schema'

/** In place of a file: a database of the process alone, which ends with it. */
export const IN_MEMORY = ':memory:'

export interface OpenRequest {
  /** A full path, or `IN_MEMORY`. */
  file: string
  role: Role
  /** Make the file when it is missing or empty. Only for files that belong to Roster. */
  create: boolean
  /** The profile is read-only: no role may change the file. */
  readOnly: boolean
  /** Milliseconds to wait for a lock that another program holds. */
  busyTimeout: number
}

export interface OpenFacts {
  version: string
  /** Null when the file can be changed; otherwise why not. */
  readOnly: string | null
  journalMode: string
  pageSize: number
  encoding: string
}

/** What knex's own driver would have answered. */
export type KnexAnswer =
  { kind: 'rows'; rows: unknown[] } | { kind: 'changed'; changes: number; lastInsertRowid: number | bigint }

/** What each of many statements did, in columns: short to send. Absent where the statements have none. */
export interface ManyAnswer {
  changes: number[]
  lastKeys?: (bigint | null)[]
  rows?: Cell[][][]
}

export interface Requests {
  open: OpenRequest
  query: { sql: string; values: readonly Cell[] }
  run: { sql: string; values: readonly Cell[] }
  bulk: { sql: string; rows: readonly (readonly Cell[])[] }
  many: { sql: string; rows: readonly (readonly Cell[])[] }
  begin: null
  commit: null
  rollback: null
  knex: { sql: string; bindings: readonly unknown[] }
  close: null
}

export interface Answers {
  open: OpenFacts
  /** The column names; the rows came before, in parts. */
  query: string[]
  run: Changed
  bulk: number
  many: ManyAnswer
  begin: null
  commit: null
  rollback: null
  knex: KnexAnswer
  close: null
}

export type Kind = keyof Requests

export type Request = { [K in Kind]: { id: number; kind: K; body: Requests[K] } }[Kind]

/** An error as it travels. `unavailable` is set when the file could not be opened, in words for a person. */
export interface Failure {
  /** SQLite's extended code ("SQLITE_CONSTRAINT_UNIQUE"), a code of ours ("ROSTER_…"), or ''. */
  code: string
  message: string
  unavailable?: { reason: UnavailableReason; hint: string }
  /** Columns that a broken constraint names. */
  columns?: string[]
  /** Which of many it was, from 0. */
  place?: number
}

export type Reply =
  /** Rows of a query, in parts that are short enough not to hold up the main thread. */
  | { id: number; kind: 'rows'; rows: Cell[][]; hasBytes: boolean }
  | { id: number; kind: 'done'; value: unknown }
  | { id: number; kind: 'failed'; failure: Failure }

/** Thrown inside the child for a failure that is not SQLite's own. */
export class ChildFailure extends Error {
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.message)
    this.failure = failure
  }
}
