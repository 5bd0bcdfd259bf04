// What one run of a save's transaction does: what is deleted is read before, every statement is counted, and what was written
// is read before COMMIT.
import type { Cell } from '../../shared/cell.ts'
import type { Dialect } from '../../shared/profiles.ts'
import type { Change } from '../../shared/tables.ts'
import type { Ran, Session, TableShape } from '../db/database.ts'
import { placeOfFailure } from '../db/failed-at.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { Refusal } from '../refusal.ts'
import { mayHaveHeldBrokenText, replacesBrokenText } from './broken-texts.ts'
import { mayKeep, readDeleted } from './read-deleted.ts'
import { readWritten, type Written } from './save-outcome.ts'
import { batchesOf, type Batch, type Step } from './save-steps.ts'

/** What the transaction has written and what was there before; true once it is committed. */
export interface Applied {
  written: Map<string, Written>
  /** Whole rows as they were, by change, in the order of the shape's columns; null when they are too large to be kept. */
  deleted: Map<string, Cell[]> | null
  /** It replaced or deleted text that cannot be written again (SQLite). */
  isTextLost?: boolean
}

/** How far a run has come, for words about what went wrong. */
export interface Run {
  failing: Step | null
  /** How many steps went well before it, in this transaction, which is rolled back by then. */
  applied: number
  steps: readonly Step[]
  /** All statements have gone well: what fails now fails at COMMIT. */
  isDone: boolean
}

/** A guarded statement met no row: something is not as it was seen. The transaction is rolled back, and then looked at. */
export class NotAsSeen extends Error {
  readonly missed: readonly Step[]

  constructor(missed: readonly Step[]) {
    super('A guarded statement met no row.')
    this.missed = missed
  }
}

export interface ApplyScope {
  name: Dialect
  dialect: SqlDialect
  shape: TableShape
}

/** Only PostgreSQL runs triggers at COMMIT; elsewhere the rows that were read before are those that are stored. */
export const CHANGES_AT_COMMIT: Readonly<Record<Dialect, boolean>> = { postgres: true, sqlite: false, mysql: false }

/** Statements on their way at once: SQLite's process takes the next while the answer of the last is read. */
const AHEAD: Readonly<Record<Dialect, number>> = { sqlite: 3, postgres: 1, mysql: 1 }

/** Runs again from the start when the database asks for it. Throws NotAsSeen, or what the database says. */
export async function apply(
  scope: ApplyScope,
  changes: readonly Change[],
  steps: readonly Step[],
  session: Session,
  run: Run,
): Promise<Applied> {
  const { dialect, shape } = scope
  const keys = new Map<string, readonly Cell[] | null>()
  Object.assign(run, { failing: null, applied: 0, steps, isDone: false })
  const missed: Step[] = []
  const deleting = steps.filter(({ kind }) => kind === 'delete')
  const isKept = await mayKeep(scope, session, deleting)
  const answers = dialect.deletedRow === 'returning'
  const reading =
    isKept && !answers ? readDeleted(scope, session, deleting) : Promise.resolve(new Map<string, Cell[]>())
  reading.catch(() => undefined)
  const isReplaced = scope.name === 'sqlite' && (await replacesBrokenText(scope, session, steps))
  // SQLite's process takes one statement after the other: what was asked before the first delete is read before it.
  if (scope.name !== 'sqlite') await reading
  const answered = new Map<string, Cell[]>()
  const asked = isKept || !answers ? steps : steps.map((step) => ({ ...step, returning: [] }))
  for (const batch of batchesOf(dialect, shape, asked)) {
    const ran = await runBatch(session, batch, asked, run)
    ran.forEach((one, index) => {
      const step = asked[batch.first + index] as Step
      if (step.kind === 'insert') keys.set(step.change.id, newKey(shape, step, one))
      else if (one.changes > 1) throw new Error(`A guarded statement changed ${one.changes} rows of ${shape.name}`)
      else if (one.changes === 0) missed.push(step)
      if (step.kind === 'update') keys.set(step.change.id, keyAfter(shape, step))
      const [row] = step.kind === 'delete' ? one.rows : []
      if (row) answered.set(step.change.id, row)
    })
    run.applied = batch.first + ran.length
    // What comes next may count on the room that was not made.
    if (missed.length > 0) throw new NotAsSeen(missed)
  }
  const deleted = answers ? answered : await reading
  const read = (statement: Parameters<Session['query']>[0]) => session.query(statement)
  const columns = CHANGES_AT_COMMIT[scope.name] ? null : shape.columns.map(({ name }) => name)
  const written = await readWritten({ read, dialect, shape, ahead: AHEAD[scope.name] }, changes, keys, columns)
  run.isDone = true
  const isDeleted = (step: Step) => mayHaveHeldBrokenText(shape, step, deleted.get(step.change.id) ?? [])
  const isTextLost = isReplaced || (scope.name === 'sqlite' && deleting.some(isDeleted))
  return { written, deleted: isKept ? deleted : null, ...(isTextLost && { isTextLost }) }
}

async function runBatch(
  session: Session,
  { sql, rows, first }: Batch,
  steps: readonly Step[],
  run: Run,
): Promise<Ran[]> {
  try {
    return await session.runMany(sql, rows)
  } catch (error) {
    const place = placeOfFailure(error)
    if (place !== null) {
      run.failing = steps[first + place] ?? null
      run.applied = first + place
    }
    throw error
  }
}

/** Where an updated row is now. Most keys are not edited. */
function keyAfter(shape: TableShape, { key, values }: Step): readonly Cell[] {
  if (!shape.key.some((name) => name in values)) return key
  return shape.key.map((name, index) => values[name] ?? key[index] ?? null)
}

/** Null when the engine does not tell it. */
function newKey(shape: TableShape, { change, values }: Step, { changes, lastKey, rows }: Ran): readonly Cell[] | null {
  if (changes !== 1) {
    throw new Refusal(
      'VALUE_REFUSED',
      `${shape.name} took no row, and the database named no reason: a trigger, a rule or a policy of the table may refuse it.`,
      { changeId: change.id, column: null },
    )
  }
  const [told] = rows
  if (told) return told
  const key = shape.key.map((name) => {
    const given = values[name] ?? null
    const isAutomatic = shape.columns.find((column) => column.name === name)?.isAutomatic === true
    return isAutomatic ? (given ?? lastKey) : given
  })
  return key.includes(null) ? null : key
}
