// The database's refusal of a change in words that name the column, and for a duplicate the row that has the value.
import { sameCell, type Cell } from '../../shared/cell.ts'
import type { Change } from '../../shared/tables.ts'
import { problemsOf } from './check.ts'
import type { CheckScope } from './check-look.ts'
import { inQuotes } from './in-quotes.ts'
import { refusedColumn } from './refused-column.ts'
import type { Run } from './save-apply.ts'
import type { ConstraintFailure, Database, TableShape } from '../db/database.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { quoteTable } from '../db/postgres/names.ts'
import { isSecretColumn } from '../password-schemes.ts'
import { Refusal } from '../refusal.ts'
import { holderOf, rowOf } from './save-sql.ts'
import type { Step } from './save-steps.ts'
import { stillReferred } from './still-referred.ts'

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

/**
 * `error` met a statement of the run, or its COMMIT; all of it was rolled back. Names the change and, where it can be told, the
 * cell. The error itself when it is no constraint.
 */
export async function refusedInWords(scope: Scope, attempt: Attempt, error: unknown): Promise<unknown> {
  const failure = error instanceof Refusal && error.code !== 'QUERY_FAILED' ? null : scope.database.constraint(error)
  if (!failure) return error
  const { run, changes, signal } = attempt
  if (!run.failing) return atTheEnd(scope, changes, failure, error, signal)
  const failing = run.failing.change
  if (run.failing.kind === 'park') return exchanged(run.failing, failure, error)
  const { columns, message } = failure
  if (failure.kind !== 'unique' || failing.kind === 'delete' || columns.length === 0) {
    const column = await refusedColumn({ ...scope, signal }, failing, failure)
    const words =
      failure.kind === 'foreign-key'
        ? await ofReference({ ...scope, signal }, failing, failure)
        : failure.kind === 'unique'
          ? `${AS_ANOTHER} The database says: ${message}`
          : message
    return new Refusal('VALUE_REFUSED', words, { changeId: failing.id, column }, error)
  }
  try {
    const applied = run.steps.slice(0, run.applied).map(({ change }) => change)
    return await duplicate(scope, failing, applied, columns, error, signal)
  } catch {
    const words = `${columns.join(', ')} has a value that is already used. Nothing was saved.`
    return new Refusal('DUPLICATE', words, { changeId: failing.id, columns, holder: null }, error)
  }
}

/** Some constraints are looked at by COMMIT alone: then the changes are asked which of them it was. */
async function atTheEnd(
  scope: Scope,
  changes: readonly Change[],
  failure: ConstraintFailure,
  error: unknown,
  signal: AbortSignal,
): Promise<Refusal> {
  const problems = await problemsOf({ ...scope, signal }, changes).catch(() => [])
  const found = problems.find(({ kind }) => kind === failure.kind)
  if (found) {
    const words = `${found.words} The database says: ${failure.message}`
    return new Refusal('VALUE_REFUSED', words, { changeId: found.changeId, column: found.column }, error)
  }
  const referred = failure.kind === 'foreign-key' ? await referredBy({ ...scope, signal }, changes) : null
  if (referred) {
    const words = `${referred.words} The database says: ${failure.message}`
    return new Refusal('VALUE_REFUSED', words, { changeId: referred.changeId, column: null }, error)
  }
  const column = failure.columns[0] ?? null
  const writes = (change: Change) => column !== null && change.kind !== 'delete' && column in change.values
  const change = changes.find(writes) ?? changes[0]
  const isCertain = changes.length === 1 || changes.filter(writes).length === 1
  const words = isCertain
    ? failure.message
    : `The database refused the save at its end, and does not tell which of the ${changes.length} changes it was. It says: ${failure.message}`
  return new Refusal('VALUE_REFUSED', words, { changeId: change?.id ?? '', column }, error)
}

/** The value that a row was to hold while others exchange theirs was not taken. */
function exchanged({ change, values }: Step, { message }: ConstraintFailure, error: unknown): Refusal {
  const names = Object.keys(values)
  const words = `Rows exchange their values of ${names.join(', ')}. One of them has to hold another value meanwhile, and the database takes none that was tried. Save one of them with another value first. Nothing was saved. The database says: ${message}`
  return new Refusal('VALUE_REFUSED', words, { changeId: change.id, column: names[0] ?? null }, error)
}

/** Of an index of an expression, or a rule between rows: no column of it is named. */
const AS_ANOTHER =
  'Another row has the same values already, as a unique index or a rule between rows compares them. Nothing was saved.'

/** The server's own words of a row that refers to nothing, where an UPDATE could be refused at either end. */
const REFERRING = /^(insert or update on table|Cannot add or update a child row)/

/** Null where it cannot be told. */
const referredBy = (scope: CheckScope, changes: readonly Change[]) => stillReferred(scope, changes).catch(() => null)

/** Only what is certain is said beyond the server's own words, which name the foreign key. */
async function ofReference(
  scope: CheckScope,
  failing: Change,
  { columns, message }: ConstraintFailure,
): Promise<string> {
  const own = `The database says: ${message}`
  if (failing.kind === 'delete') {
    const referred = await referredBy(scope, [failing])
    return `${referred?.words ?? 'Rows of another table refer to this row. Change or delete them first.'} ${own}`
  }
  const given = columns.filter((name) => name in failing.values)
  const isReferring = failing.kind === 'insert' || REFERRING.test(message)
  if (isReferring && given.length > 0 && given.length === columns.length) {
    const what = given.map((name) => `${name} ${inQuotes(failing.values[name])}`).join(', ')
    return `${what} is in no row that it could refer to. ${own}`
  }
  // SQLite names no column; of an update the others name the key of one end alone.
  const found = (await problemsOf(scope, [failing]).catch(() => [])).find(({ kind }) => kind === 'foreign-key')
  const words = found?.words ?? (isReferring ? undefined : (await referredBy(scope, [failing]))?.words)
  return words === undefined ? message : `${words} ${own}`
}

async function duplicate(
  { database, dialect, shape }: Scope,
  failing: Exclude<Change, { kind: 'delete' }>,
  applied: readonly Change[],
  columns: string[],
  error: unknown,
  signal: AbortSignal,
): Promise<Refusal> {
  if (columns.every((name) => !(name in failing.values))) {
    // A generated column, or a number that the database gives by itself: what was refused is not known here.
    const words = `The value that the database made for ${columns.join(', ')} is already used by another row${failing.kind === 'insert' ? counterBehind(database, shape, columns) : '.'} Nothing was saved.`
    return new Refusal('DUPLICATE', words, { changeId: failing.id, columns, holder: null }, error)
  }
  const current =
    failing.kind === 'update'
      ? (await database.read(rowOf(dialect, shape, failing.key, columns), signal)).rows[0]
      : undefined
  const values = columns.map((name, index) => failing.values[name] ?? current?.[index] ?? null)
  const key = (await database.read(holderOf(dialect, shape, columns, values), signal)).rows[0]
  // What was applied before is rolled back by now. A row that this save had changed or deleted was not in the way: what
  // was in the way is then another change of the same save, and so it is when nobody has the value any more.
  const isOwn = key
    ? applied.some((change) => frees(change, columns, key))
    : applied.some((change) => change.kind !== 'delete' && columns.some((name) => name in change.values))
  const what = columns
    .map((name, index) => (isSecretColumn(name) ? `The hash in ${name}` : `${name} ${inQuotes(values[index])}`))
    .join(', ')
  const label = key ? shape.key.map((name, index) => `${name} ${inQuotes(key[index])}`).join(', ') : ''
  const by = isOwn ? 'another change of this save' : key ? `the row with ${label}` : 'another row'
  return new Refusal(
    'DUPLICATE',
    `${what} is already used by ${by}. Nothing was saved.`,
    { changeId: failing.id, columns, holder: key && !isOwn ? { key, label } : null },
    error,
  )
}

/** Rows that were added with numbers of their own leave the counter of PostgreSQL where it was. */
function counterBehind(database: Database, { name }: TableShape, [column = '', ...others]: string[]): string {
  if (database.dialect !== 'postgres' || others.length > 0) return '; its counter may be behind.'
  const [table, text] = [quoteTable(name), (part: string) => `'${part.replaceAll("'", "''")}'`]
  const next = `SELECT setval(pg_get_serial_sequence(${text(table)}, ${text(column)}), max(${database.quote(column)})) FROM ${table};`
  return `; its counter is behind. Give the row a number of your own, or set the counter: ${next}`
}

function frees(change: Change, columns: readonly string[], key: readonly Cell[]): boolean {
  if (change.kind === 'insert' || !change.key.every((cell, index) => sameCell(cell, key[index]))) return false
  return change.kind === 'delete' || columns.some((name) => name in change.values)
}
