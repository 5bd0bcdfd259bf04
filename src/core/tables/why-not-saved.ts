// Why a save was not done, found out after its transaction was rolled back: rows that are not as they were seen, or what the
// database refused.
import { sameCell, type Cell } from '../../shared/cell.ts'
import type { Change, Conflict } from '../../shared/tables.ts'
import type { Database, Statement, TableShape } from '../db/database.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { isSecretColumn } from '../password-schemes.ts'
import { Refusal } from '../refusal.ts'
import { readRows } from './read-rows.ts'
import { refusedInWords } from './refused-in-words.ts'
import { NotAsSeen, type Run } from './save-apply.ts'
import type { Step } from './save-steps.ts'

interface Scope {
  database: Database
  dialect: SqlDialect
  shape: TableShape
}

interface Attempt {
  changes: readonly Change[]
  run: Run
  signal: AbortSignal
}

/** CONFLICT, DUPLICATE or VALUE_REFUSED where the reason is found; otherwise the error itself. */
export async function whyNotSaved(scope: Scope, attempt: Attempt, error: unknown): Promise<unknown> {
  const { changes, run, signal } = attempt
  if (error instanceof NotAsSeen) {
    const conflicts = await conflictsOf(scope, changes, signal)
    return conflicts.length > 0 ? told(scope.shape, conflicts) : unmoved(scope.shape, error.missed)
  }
  if (!run.failing && !run.isDone) return error
  const refused = await refusedInWords(scope, attempt, error)
  // A statement before the one that failed may have met no row, and made no room.
  if (!(refused instanceof Refusal) || refused.code !== 'DUPLICATE' || changes.length === 1) return refused
  const conflicts = await conflictsOf(scope, changes, signal).catch(() => [])
  return conflicts.length > 0 ? told(scope.shape, conflicts) : refused
}

/** All changes whose row is gone, or holds something else now than was seen. */
export async function conflictsOf(
  { database, dialect, shape }: Scope,
  changes: readonly Change[],
  signal: AbortSignal,
): Promise<Conflict[]> {
  const seen = changes.filter((change) => change.kind !== 'insert')
  const columns = [...new Set(seen.flatMap(({ original }) => Object.keys(original)))]
  const read = (statement: Statement) => database.read(statement, signal)
  const keys = seen.map(({ key }) => key)
  const rows = await readRows(read, dialect, shape, keys, columns)
  return seen.flatMap((change, index) => conflictOf(change, columns, rows[index] ?? null) ?? [])
}

function conflictOf(
  change: Exclude<Change, { kind: 'insert' }>,
  names: readonly string[],
  now: readonly Cell[] | null,
): Conflict | null {
  const { id: changeId, key } = change
  if (!now) return { changeId, key, isGone: true, columns: [] }
  const columns = Object.entries(change.original).flatMap(([column, base]) => {
    const theirs = now[names.indexOf(column)] ?? null
    if (sameCell(base, theirs)) return []
    const mine = change.kind === 'update' ? { mine: change.values[column] ?? null } : {}
    return [{ column, base, theirs, ...mine }]
  })
  return columns.length === 0 ? null : { changeId, key, isGone: false, columns }
}

/** A password hash is in no conflict: that it has changed is said in words, where nothing else has. */
function told(shape: TableShape, all: Conflict[]): Refusal {
  const shown = all.map((one) => ({ ...one, columns: one.columns.filter(({ column }) => !isSecretColumn(column)) }))
  const conflicts = shown.filter(({ isGone, columns }) => isGone || columns.length > 0)
  if (conflicts.length > 0) return conflicted(shape, conflicts)
  const [first] = all
  const column = first?.columns[0]?.column ?? null
  const rows = all.length === 1 ? 'a row' : `${all.length} rows`
  const words = `${column ?? 'The password'} of ${rows} of ${shape.name} has changed meanwhile, and was not replaced. Nothing was saved. Reload the table and look at it again.`
  return new Refusal('VALUE_REFUSED', words, { changeId: first?.changeId ?? '', column })
}

function conflicted(shape: TableShape, conflicts: Conflict[]): Refusal {
  const rows = conflicts.length === 1 ? '1 row' : `${conflicts.length} rows`
  const words = `${rows} of ${shape.name} changed since they were read. Nothing was saved.`
  return new Refusal('CONFLICT', words, { conflicts })
}

/** The row is as it was seen, and was not changed all the same. */
function unmoved(shape: TableShape, [step]: readonly Step[]): Refusal {
  const changeId = step?.change.id ?? ''
  // The second half of an exchange looks for what the first half has written.
  const isExchange = step?.kind === 'update' && step.change.kind === 'update' && step.guard !== step.change.original
  const words = isExchange
    ? `${shape.name} did not keep the value that a row was to hold while others exchange theirs: a trigger may have changed it. Save one of these rows with another value first. Nothing was saved.`
    : `${shape.name} did not take the change, though the row is as it was seen. A trigger, a rule or a policy of the table may refuse it.`
  return new Refusal('VALUE_REFUSED', words, { changeId, column: null })
}
