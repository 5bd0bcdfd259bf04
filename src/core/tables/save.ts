// Saves staged changes: one transaction, every statement guarded by what was seen and counted to be exactly one row.
import type { Cell, ShownCell } from '../../shared/cell.ts'
import { sameCell } from '../../shared/cell.ts'
import type { Change, Conflict, SaveOutcome } from '../../shared/tables.ts'
import type { Database, Session, Statement, TableShape } from '../db/database.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { runTransaction, type Ending } from '../db/transaction.ts'
import { Refusal } from '../refusal.ts'
import { show } from './page.ts'
import { readRows } from './read-rows.ts'
import { refusedInWords } from './refused-in-words.ts'
import type { RememberedSave, RememberedSaves } from './remembered-saves.ts'
import {
  everything,
  interrupted,
  outcomeUnknown,
  readWritten,
  statesOf,
  summary,
  type Look,
  type Written,
} from './save-outcome.ts'
import { deleteOf, insertOf, rowOf, updateOf, type Insert } from './save-sql.ts'

export interface SavedRow {
  key: Cell[]
  cells: ShownCell[]
}

export interface SaveResult {
  rows: (SavedRow | null)[]
  interrupted: { found: number; of: number } | null
}

/** The table whose rows are saved, and the saves that are remembered of it. */
export interface SaveScope {
  database: Database
  dialect: SqlDialect
  shape: TableShape
  remembered: RememberedSaves
  /** Of the table, over all profiles. */
  address: string
}

/** Deletes make room first; then rows are changed; then new ones come in. */
const ORDER = { delete: 0, update: 1, insert: 2 } as const
/** Milliseconds for looking at the rows after a lost COMMIT. */
const LOOK_LIMIT = 30_000

/**
 * All or nothing. Throws CONFLICT (every conflicting change, each with what is stored now), DUPLICATE or VALUE_REFUSED; then
 * nothing was saved. INTERRUPTED and OUTCOME_UNKNOWN are about a COMMIT that was not answered. Returns the rows as stored,
 * read again after the commit, in the order of `changes`.
 */
export async function saveChanges(
  scope: SaveScope,
  changes: readonly Change[],
  signal: AbortSignal,
): Promise<SaveResult> {
  const earlier = scope.remembered.find(scope.address, changes)
  if (earlier) {
    const outcome = await lookAgain(scope, changes, earlier)
    if (earlier.state === 'open') settle(scope, changes, earlier, outcome)
    if (outcome.found === outcome.of) return answer(scope, changes, earlier.written, outcome)
    // Some of it is there already: saving all of it would write a new row twice.
    if (outcome.found > 0) throw interrupted(outcome)
    scope.remembered.forget(earlier)
  }
  const run = { failing: null as Change | null, applied: [] as Change[] }
  const ending = await runTransaction(scope.database, signal, (session) => apply(scope, changes, session, run)).catch(
    async (error: unknown) => {
      // Read after the transaction: within it, an engine may refuse to answer anything after an error.
      throw run.failing ? await refusedInWords(scope, run.failing, run.applied, error, signal) : error
    },
  )
  return concluded(scope, changes, ending)
}

/** What became of changes whose save was interrupted. Throws OUTCOME_UNKNOWN when the database cannot be asked. */
export async function outcomeOfChanges(scope: SaveScope, changes: readonly Change[]): Promise<SaveOutcome> {
  const earlier = scope.remembered.find(scope.address, changes)
  const outcome = earlier ? await lookAgain(scope, changes, earlier) : await looked(scope, changes, new Map())
  if (earlier?.state === 'open') settle(scope, changes, earlier, outcome)
  return outcome
}

async function concluded(
  scope: SaveScope,
  changes: readonly Change[],
  ending: Ending<Map<string, Written>>,
): Promise<SaveResult> {
  const { remembered, address } = scope
  if (ending.state === 'rolled-back') throw interrupted(everything(changes, 'not-saved'), ending.cause)
  const { result: written } = ending
  if (ending.state === 'committed') {
    remembered.saved(address, changes, written)
    return answer(scope, changes, written, ending.wasInterrupted ? everything(changes, 'saved') : null)
  }
  const byId = new Map(changes.map((change) => [change.id, change]))
  const open: RememberedSave = { changes: byId, written, mark: ending.mark, state: 'open' }
  remembered.remember(address, open)
  if (ending.state === 'unknown') throw outcomeUnknown(ending.cause)
  const outcome = await looked(scope, changes, written)
  settle(scope, changes, open, outcome)
  if (outcome.found === outcome.of) return answer(scope, changes, written, outcome)
  throw interrupted(outcome, ending.cause)
}

/** Once all is found, or nothing, the save is over. */
function settle(scope: SaveScope, changes: readonly Change[], save: RememberedSave, outcome: SaveOutcome): void {
  const isNone = outcome.states.every(({ state }) => state === 'not-saved')
  if (outcome.found < outcome.of && !isNone) return
  scope.remembered.forget(save)
  if (!isNone) scope.remembered.saved(scope.address, changes, save.written)
}

async function lookAgain(scope: SaveScope, changes: readonly Change[], earlier: RememberedSave): Promise<SaveOutcome> {
  const found =
    earlier.state === 'saved'
      ? 'committed'
      : await scope.database
          .outcomeOf(earlier.mark, AbortSignal.timeout(LOOK_LIMIT))
          .catch((error: unknown) => Promise.reject(outcomeUnknown(error)))
  if (found === 'unknown') throw outcomeUnknown()
  const isOf = (change: Change) => earlier.changes.has(change.id)
  if (found !== 'look' && changes.every(isOf)) {
    return everything(changes, found === 'committed' ? 'saved' : 'not-saved')
  }
  const { states } = await looked(scope, changes, earlier.written)
  if (found === 'look') return summary(states)
  const told = found === 'committed' ? 'saved' : 'not-saved'
  return summary(states.map((each, index) => (isOf(changes[index] as Change) ? { ...each, state: told } : each)))
}

/** Not the caller's signal: who gave up waiting must not be told something else than what happened. */
async function looked(
  scope: SaveScope,
  changes: readonly Change[],
  written: ReadonlyMap<string, Written>,
): Promise<SaveOutcome> {
  const signal = AbortSignal.timeout(LOOK_LIMIT)
  const look: Look = { ...scope, read: (statement) => scope.database.read(statement, signal) }
  return summary(
    await statesOf(look, changes, written).catch((error: unknown) => Promise.reject(outcomeUnknown(error))),
  )
}

/** Everything that one run of the transaction does. Runs again from the start when the database asks for it. */
async function apply(
  { dialect, shape }: SaveScope,
  changes: readonly Change[],
  session: Session,
  run: { failing: Change | null; applied: Change[] },
): Promise<Map<string, Written>> {
  const keys = new Map<string, readonly Cell[] | null>()
  const conflicts: Conflict[] = []
  run.applied = []
  for (const change of [...changes].sort((a, b) => ORDER[a.kind] - ORDER[b.kind])) {
    run.failing = change
    if (change.kind === 'insert') keys.set(change.id, await insert(dialect, shape, session, change))
    else {
      const statement = change.kind === 'update' ? updateOf(dialect, shape, change) : deleteOf(dialect, shape, change)
      const { changes: count } = await session.run(statement)
      if (count > 1) throw new Error(`A guarded statement changed ${count} rows of ${shape.name}`)
      if (count === 0) conflicts.push(await conflictOf(dialect, shape, session, change))
      if (change.kind === 'update') {
        keys.set(
          change.id,
          shape.key.map((name, i) => change.values[name] ?? change.key[i] ?? null),
        )
      }
    }
    run.applied.push(change)
  }
  run.failing = null
  if (conflicts.length > 0) throw new Refusal('CONFLICT', conflictText(shape, conflicts), { conflicts })
  return readWritten({ read: (statement) => session.query(statement), dialect, shape }, changes, keys)
}

/** Answers with the key of the new row; null when the engine does not tell it. */
async function insert(
  dialect: SqlDialect,
  shape: TableShape,
  session: Session,
  change: Insert,
): Promise<readonly Cell[] | null> {
  const statement = insertOf(dialect, shape, change)
  const refused = () =>
    new Refusal(
      'VALUE_REFUSED',
      `${shape.name} took no row, and the database named no reason: a trigger, a rule or a policy of the table may refuse it.`,
      { changeId: change.id, column: null },
    )
  if (dialect.newKey === 'returning') {
    const { rows } = await session.query(statement)
    if (rows.length !== 1) throw refused()
    return rows[0] ?? null
  }
  const { changes, lastKey } = await session.run(statement)
  if (changes !== 1) throw refused()
  const key = shape.key.map((name) => {
    const given = change.values[name] ?? null
    const isAutomatic = shape.columns.find((column) => column.name === name)?.isAutomatic === true
    return isAutomatic ? (given ?? lastKey) : given
  })
  return key.includes(null) ? null : key
}

/** Why a guarded statement met no row: the row is gone, or holds something else now. */
async function conflictOf(
  dialect: SqlDialect,
  shape: TableShape,
  session: Session,
  change: Exclude<Change, { kind: 'insert' }>,
): Promise<Conflict> {
  const seen = Object.keys(change.original)
  const { rows } = await session.query(rowOf(dialect, shape, change.key, [...shape.key, ...seen], 'latest'))
  const now = rows[0]?.slice(shape.key.length)
  if (!now) return { changeId: change.id, key: change.key, isGone: true, columns: [] }
  const columns = seen.flatMap((column, index) => {
    const base = change.original[column] ?? null
    const theirs = now[index] ?? null
    if (sameCell(base, theirs)) return []
    const mine = change.kind === 'update' ? { mine: change.values[column] ?? null } : {}
    return [{ column, base, theirs, ...mine }]
  })
  if (columns.length === 0) {
    const message = `${shape.name} did not take the change, though the row is as it was seen. A trigger, a rule or a policy of the table may refuse it.`
    throw new Refusal('VALUE_REFUSED', message, { changeId: change.id, column: null })
  }
  return { changeId: change.id, key: change.key, isGone: false, columns }
}

function conflictText(shape: TableShape, conflicts: Conflict[]): string {
  const rows = conflicts.length === 1 ? '1 row' : `${conflicts.length} rows`
  return `${rows} of ${shape.name} changed since they were read. Nothing was saved.`
}

/** The rows as they are stored now. Null for a deleted row, and for one that could not be read: it is saved all the same. */
async function answer(
  { database, dialect, shape }: SaveScope,
  changes: readonly Change[],
  written: ReadonlyMap<string, Written>,
  outcome: SaveOutcome | null,
): Promise<SaveResult> {
  const signal = AbortSignal.timeout(LOOK_LIMIT)
  const read = (statement: Statement) => database.read(statement, signal)
  const keys = changes.map(({ id }) => written.get(id)?.key ?? null)
  const names = shape.columns.map(({ name }) => name)
  const stored = await readRows(read, dialect, shape, keys, names).catch(() => keys.map(() => null))
  return {
    rows: stored.map((cells, index) => cells && { key: [...(keys[index] ?? [])], cells: show(shape, cells) }),
    interrupted: outcome && { found: outcome.found, of: outcome.of },
  }
}
