// SQLite's result codes in terms of the contract: what is unavailable, what is read-only, which constraint was hit.
import { Refusal, unavailable } from '../../refusal.ts'
import type { ConstraintFailure } from '../database.ts'
import type { Failure } from './protocol.ts'
import { VALUE_CODE } from './values.ts'

/** The text and hint of a lock that another program holds. */
export const LOCKED_HINT = 'Close the other program, or wait until it has finished, and try again.'

/** The error that a caller gets for a child's failure. `file` is named where the file itself is the matter. */
export function toRefusal(failure: Failure, file: string): Refusal {
  const { code, message } = failure
  if (failure.unavailable) return unavailable(failure.unavailable.reason, message, failure.unavailable.hint)
  const family = code.split('_').slice(0, 2).join('_')
  switch (family) {
    case 'SQLITE_BUSY':
    case 'SQLITE_LOCKED':
      return unavailable('locked', `${file} is in use by another program, which holds it locked.`, LOCKED_HINT)
    case 'SQLITE_FULL':
      return unavailable(
        'disk-full',
        `The disk that holds ${file} is full, or a quota is reached.`,
        'Free some space and try again. Nothing of this batch was saved.',
      )
    case 'SQLITE_CORRUPT':
      return unavailable(
        'damaged',
        `${file} is damaged: ${message}.`,
        'Restore it from a backup, or recover what can be read with the sqlite3 program (".recover").',
      )
    case 'SQLITE_NOTADB':
      return unavailable(
        'not-a-database',
        `${file} is no longer a SQLite database.`,
        'Check whether another program has replaced or encrypted it.',
      )
    case 'SQLITE_IOERR':
      return unavailable(
        'other',
        `${file} could not be read or written: ${message} (${code}).`,
        'Check the disk or the network drive that holds it.',
      )
    case 'SQLITE_NOMEM':
      return unavailable(
        'other',
        `SQLite ran out of memory while working on ${file}.`,
        'Close other programs and try again.',
      )
    case 'SQLITE_READONLY':
      return new Refusal('READ_ONLY', `${file} cannot be changed.`, { why: message })
    case 'SQLITE_CANTOPEN':
    case 'SQLITE_PERM':
    case 'SQLITE_AUTH':
      return unavailable(
        'not-readable',
        `${file} could not be opened: ${message}.`,
        'Check the permissions of the file and of its folder.',
      )
  }
  return new Refusal('QUERY_FAILED', message, { code })
}

/** The child process is gone: an error for the calls that it had, not for the application. */
export function processEnded(): Refusal {
  return unavailable(
    'process-ended',
    'The process that held the database file ended unexpectedly.',
    'Try again: a new one takes its place. What was not saved is unchanged in the file.',
  )
}

export function closed(): Refusal {
  return unavailable('process-ended', 'The database was closed.', 'Open it again.')
}

const KINDS: Record<string, ConstraintFailure['kind']> = {
  SQLITE_CONSTRAINT_UNIQUE: 'unique',
  SQLITE_CONSTRAINT_PRIMARYKEY: 'unique',
  SQLITE_CONSTRAINT_ROWID: 'unique',
  SQLITE_CONSTRAINT_NOTNULL: 'not-null',
  SQLITE_CONSTRAINT_FOREIGNKEY: 'foreign-key',
  SQLITE_CONSTRAINT_DATATYPE: 'type',
  SQLITE_MISMATCH: 'type',
  [VALUE_CODE]: 'type',
}

/** What constraint an error stands for; null when it is something else. A trigger's own RAISE is a check. */
export function constraintOf(error: unknown): ConstraintFailure | null {
  if (!(error instanceof Refusal) || error.code !== 'QUERY_FAILED') return null
  const { code } = error.data as { code: string }
  const kind = KINDS[code] ?? (code.startsWith('SQLITE_CONSTRAINT') ? 'check' : null)
  return kind && { kind, columns: columnsIn(error.message), message: error.message }
}

/**
 * SQLite names columns as `t.a, t.b` without quotes, and an index on an expression as `index 'name'`. A table name may
 * hold dots, so the prefix that all parts share up to a dot is taken for the table.
 */
function columnsIn(message: string): string[] {
  const named = /^(?:UNIQUE|NOT NULL) constraint failed: (.+)$/s.exec(message)?.[1]
  const strict = /^cannot store .+ value in .+ column (.+)$/s.exec(message)?.[1]
  const list = named ?? strict
  if (list === undefined || list.startsWith('index ')) return []
  return list.split(', ').map((part) => part.slice(part.indexOf('.') + 1))
}
