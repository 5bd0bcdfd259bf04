// What Roster writes down of every step before and after it: in tables of the database, or in a file on this machine.
import type { Direction } from '../../../shared/migration-steps.ts'
import type { Database, SchemaLook } from '../../db/database.ts'
import type { SchemaSession } from './schema-session.ts'

export interface JournalStatement {
  /** 0-based in the step. */
  number: number
  /** At most 2,000 characters. */
  sql: string
  /** SHA-256 in hexadecimal over the whole text and its bindings. */
  fingerprint: string
  /** `sent`: no answer was written down. A read that came back well is `done` like any other. */
  state: 'sent' | 'done' | 'failed'
  /** A read changes nothing: a resumed run sends it again. */
  isRead: boolean
}

export interface JournalEntry {
  /** A UUID; `run` is the same for all steps of one run. */
  id: string
  run: string
  /** The ledger's name of the step. */
  step: string
  direction: Direction
  /**
   * `running` without an end is a half step (or a run under way: the lock tells). `half`: it failed or was cancelled, and
   * something of it was kept. `resolved`: a later entry settled it.
   */
  outcome:
    | 'running'
    | 'done'
    | 'failed'
    | 'cancelled'
    | 'half'
    | 'resolved'
    | 'adopted'
    | 'marked-applied'
    | 'marked-not-applied'
    | 'renamed'
    | 'lock-repaired'
  batch: number | null
  checksum: string
  /** The step's files as JSON (`StepFile.files`), for the difference when they change; null when larger than 1 MB. */
  source: string | null
  /** All of it in one transaction. */
  isAtomic: boolean
  /** How many statements were answered, and their number in all as far as it is known. */
  statementsDone: number
  person: string
  databaseUser: string
  /** The database's own name of the session that ran it (process id, connection id); to be asked whether it still lives. */
  session: string
  /** ISO 8601 in UTC. */
  startedAt: string
  ms: number | null
  error: string | null
}

export interface Journal {
  readonly where: 'table' | 'file'
  /** The oldest first. Empty when there is no journal yet; never makes one. */
  entries(look: SchemaLook): Promise<JournalEntry[]>
  /** Those alone whose outcome is `running`, without reading the others. */
  running(look: SchemaLook): Promise<JournalEntry[]>
  /** Of one entry, in order. */
  statements(look: SchemaLook, entry: string): Promise<JournalStatement[]>
  /** Makes its tables if they are missing; to be called with the lock held. */
  prepare(session: SchemaSession): Promise<void>
  /** Adds or replaces by id, on the session and so inside its transaction; on disk before it resolves where it is a file. */
  save(session: SchemaSession, entry: JournalEntry): Promise<void>
  saveStatement(session: SchemaSession, entry: string, statement: JournalStatement): Promise<void>
}

export interface JournalOptions {
  database: Database
  where: 'table' | 'file'
  /** A folder of Roster's own, for `file`; one file a profile in it. */
  folder: string
  profileId: string
}
