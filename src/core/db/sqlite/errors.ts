// SQLite's result codes in terms of the contract: what is unavailable, what is read-only, which constraint was hit.
import type { UnavailableReason } from '../../../shared/procedure.ts'
import { Refusal, unavailable } from '../../refusal.ts'
import type { ConstraintFailure } from '../database.ts'
import type { FailureKind } from '../failure.ts'
import { withFailure } from '../failure-of.ts'
import type { Failure } from './protocol.ts'
import { VALUE_CODE } from './values.ts'

export const DAMAGED_HINT =
  'Restore it from a backup, or recover what can be read with the sqlite3 program (".recover").'
/** A lock that another program holds. */
export const LOCKED_HINT = 'Close the other program, or wait until it has finished, and try again.'

/** What SQLite's codes mean to the transaction runner. BUSY_SNAPSHOT comes first: waiting cannot help there. */
const MEANINGS: readonly [RegExp, FailureKind][] = [
  [/^SQLITE_BUSY_SNAPSHOT/, 'busy-snapshot'],
  [/^SQLITE_(BUSY|LOCKED)/, 'busy'],
  [/^SQLITE_(CONSTRAINT|MISMATCH)/, 'constraint'],
  [/^SQLITE_(FULL|NOMEM)/, 'resources'],
  [/^SQLITE_(CORRUPT|NOTADB)/, 'damaged'],
  [/^SQLITE_READONLY/, 'read-only'],
]

/** The error that a caller gets for a child's failure, which stays its cause. `file` is named where it is the matter. */
export function toRefusal(failure: Failure, file: string): Refusal {
  const kind = MEANINGS.find(([pattern]) => pattern.test(failure.code))?.[1] ?? 'other'
  return withFailure(refusalOf(failure, file), { kind, code: failure.code, message: failure.message })
}

function refusalOf(failure: Failure, file: string): Refusal {
  const { code, message } = failure
  const because = (reason: UnavailableReason, text: string, hint: string) => unavailable(reason, text, hint, failure)
  if (failure.unavailable) return because(failure.unavailable.reason, message, failure.unavailable.hint)
  switch (code.split('_').slice(0, 2).join('_')) {
    case 'SQLITE_BUSY':
    case 'SQLITE_LOCKED':
      return because('locked', `${file} is in use by another program, which holds it locked.`, LOCKED_HINT)
    case 'SQLITE_FULL':
      return because(
        'disk-full',
        `The disk that holds ${file} is full, or a quota is reached. Nothing of this batch was saved.`,
        'Free some space and try again.',
      )
    case 'SQLITE_CORRUPT':
      return because('damaged', `${file} is damaged: ${message}.`, DAMAGED_HINT)
    case 'SQLITE_NOTADB':
      return because(
        'not-a-database',
        `${file} is no longer a SQLite database.`,
        'Check whether another program has replaced or encrypted it.',
      )
    case 'SQLITE_IOERR':
      return because(
        'other',
        `${file} could not be read or written: ${message} (${code}).`,
        'Check the disk or the network drive that holds it.',
      )
    case 'SQLITE_NOMEM':
      return because(
        'other',
        `SQLite ran out of memory while working on ${file}.`,
        'Close other programs and try again.',
      )
    case 'SQLITE_READONLY':
      return new Refusal('READ_ONLY', `${file} cannot be changed.`, { why: message }, failure)
    case 'SQLITE_CANTOPEN':
    case 'SQLITE_PERM':
    case 'SQLITE_AUTH':
      return because(
        'not-readable',
        `${file} could not be opened: ${message}.`,
        'Check the permissions of the file and of its folder.',
      )
  }
  return new Refusal('QUERY_FAILED', message, { code }, failure)
}

/** SQLite's own code of an error that `toRefusal` made; '' when it has none. */
export function sqliteCode(error: unknown): string {
  return error instanceof Refusal ? ((error.cause as Partial<Failure> | undefined)?.code ?? '') : ''
}

/** The child process is gone: an error for the calls that it had, not for the application. */
export function processEnded(): Refusal {
  return unavailable(
    'process-ended',
    'The process that held the database file ended unexpectedly.',
    'Try again: a new one takes its place. What was not saved is unchanged in the file.',
  )
}

export function isProcessEnded(error: unknown): boolean {
  return error instanceof Refusal && (error.data as { reason?: unknown }).reason === 'process-ended'
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
  return kind && { kind, columns: (error.cause as Partial<Failure> | undefined)?.columns ?? [], message: error.message }
}
