// Saves staged changes: one transaction, every statement guarded by what was seen and counted to be exactly one row.
import type { Cell, ShownCell } from '../../shared/cell.ts'
import type { Change, ChangeState, SaveOutcome } from '../../shared/tables.ts'
import type { Database, Statement, TableShape } from '../db/database.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { runTransaction, type Ending } from '../db/transaction.ts'
import { foldTogether } from './fold.ts'
import type { KeptHashes } from '../kept-hashes.ts'
import { isSecretColumn } from '../password-schemes.ts'
import { Refusal } from '../refusal.ts'
import { withHashes } from './kept-values.ts'
import { show } from './page.ts'
import { readRows } from './read-rows.ts'
import { isSame, type RememberedSave, type RememberedSaves } from './remembered-saves.ts'
import { apply, type Applied, type Run } from './save-apply.ts'
import { everything, interrupted, outcomeUnknown, statesOf, summary, type Look, type Written } from './save-outcome.ts'
import { checkLength } from './save-parts.ts'
import { planOf, uniqueSets } from './save-plan.ts'
import { whyNotSaved } from './why-not-saved.ts'

export interface SavedRow {
  key: Cell[]
  cells: ShownCell[]
}

export interface SaveResult {
  rows: (SavedRow | null)[]
  interrupted: { found: number; of: number } | null
  /** It had been saved before, and acknowledged: nothing was written now. */
  isRepeated: boolean
  /** The changes as they were written, with the hashes that they name. Never sent to a page. */
  changes: readonly Change[]
  /** What taking the save back needs; rows in the order of the changes, whole. Never sent to a page. */
  images: Applied & { rows: (Cell[] | null)[] }
}

/** The table whose rows are saved, and the saves that are remembered of it. */
export interface SaveScope {
  database: Database
  dialect: SqlDialect
  shape: TableShape
  remembered: RememberedSaves
  /** Of the table, over all profiles. */
  address: string
  /** See `PlanScope`. */
  isInsistent?: boolean
  /** Where the new hashes are that changes name. Absent: values are written as they are given, hashes too. */
  kept?: KeptHashes
}

/** Milliseconds for looking at the rows after a lost COMMIT. */
const LOOK_LIMIT = 30_000

/**
 * All or nothing. Throws CONFLICT (every conflicting change, each with what is stored now), DUPLICATE or VALUE_REFUSED; then
 * nothing was saved. INTERRUPTED and OUTCOME_UNKNOWN are about a COMMIT that was not answered. Returns the rows as stored,
 * read again after the commit, in the order of `changes`. QUERY_FAILED when they are too many for one transaction.
 */
export async function saveChanges(
  scope: SaveScope,
  changes: readonly Change[],
  signal: AbortSignal,
): Promise<SaveResult> {
  await checkLength(scope.database, changes)
  return scope.remembered.inTurn(scope.address, changes, signal, () => saveInTurn(scope, changes, signal))
}

async function saveInTurn(scope: SaveScope, asked: readonly Change[], signal: AbortSignal): Promise<SaveResult> {
  const changes = await hashed(scope, asked, signal)
  const earlier = scope.remembered.find(scope.address, changes)
  if (earlier) {
    const outcome = await lookAgain(scope, changes, earlier)
    if (earlier.state === 'open') settle(scope, changes, earlier, outcome)
    if (outcome.found === outcome.of) {
      return { ...(await answer(scope, changes, earlier, outcome)), isRepeated: earlier.state === 'saved' }
    }
    // Some of it is there already: saving all of it would write a new row twice.
    const isThere = ({ kind }: Change, index: number) =>
      kind === 'insert' && outcome.states[index]?.state === 'changed-since'
    if (outcome.found > 0 || changes.some(isThere)) throw interrupted(outcome)
    scope.remembered.forget(earlier)
  }
  const name = scope.database.dialect
  const read = (statement: Statement) => scope.database.read(statement, signal)
  const run: Run = { failing: null, applied: 0, steps: [], isDone: false }
  const once = async (moreSets: string[][]) => {
    const steps = await planOf({ ...scope, name, read, moreSets, signal }, changes)
    return runTransaction(scope.database, signal, (session) => apply({ ...scope, name }, changes, steps, session, run))
  }
  const ending = await once([])
    .catch((error: unknown) => {
      const sets = setsBehind(scope, changes, run, error)
      if (sets.length === 0) throw error
      return once(sets)
    })
    .catch(async (error: unknown) => {
      // Looked at after the transaction: within it, an engine may refuse to answer anything after an error.
      throw await whyNotSaved(scope, { changes, run, signal }, error)
    })
  return concluded(scope, changes, ending)
}

/** In turn with other saves of the same changes: what a row holds now is what they have left. */
function hashed(scope: SaveScope, asked: readonly Change[], signal: AbortSignal): Promise<readonly Change[]> {
  const { kept, remembered, address } = scope
  if (!kept) return Promise.resolve(asked)
  const read = (statement: Statement) => scope.database.read(statement, signal)
  return withHashes({ ...scope, kept, read, earlier: { remembered, address } }, asked)
}

/**
 * An update was refused for a value that is unique by a rule which the shape does not tell: the columns it may be about. The
 * save was rolled back, and is tried once more in the order that these ask for. Empty when there is nothing to try.
 */
function setsBehind({ database, shape }: SaveScope, changes: readonly Change[], run: Run, error: unknown): string[][] {
  const failure = database.constraint(error)
  const failing = run.failing
  if (failure?.kind !== 'unique' || failing?.kind !== 'update') return []
  const updates = changes.filter((change) => change.kind === 'update')
  const sign = (set: readonly string[]) => JSON.stringify([...set].sort())
  const known = new Set(uniqueSets(shape).map(sign))
  const isEdited = failure.columns.some((name) => name in failing.values)
  if (isEdited && known.has(sign(failure.columns))) return []
  // What many rows hold is not what must be unique.
  const isDistinct = (name: string) => {
    const held = updates.flatMap(({ original }) => (name in original ? [foldTogether([original[name]])] : []))
    return held.length > 1 && new Set(held).size === held.length
  }
  const edited = Object.keys(failing.values).filter((name) => !known.has(sign([name])) && isDistinct(name))
  return isEdited ? [failure.columns] : edited.map((name) => [name])
}

/**
 * What became of changes whose save was interrupted; with the rows when all of it turns out to be saved and that was not known
 * before. Throws OUTCOME_UNKNOWN when the database cannot be asked.
 */
export function outcomeOfChanges(
  scope: SaveScope,
  changes: readonly Change[],
  signal: AbortSignal,
): Promise<{ outcome: SaveOutcome; saved: SaveResult | null }> {
  return scope.remembered.inTurn(scope.address, changes, signal, async () => {
    const hashes = await hashed(scope, changes, signal).catch((error: unknown) => {
      signal.throwIfAborted()
      // A hash that is not kept any more cannot be looked for.
      const isLost = error instanceof Refusal && error.code === 'VALUE_REFUSED'
      throw isLost ? new Refusal('OUTCOME_UNKNOWN', error.message, {}, error) : outcomeUnknown(error)
    })
    return outcomeInTurn(scope, hashes)
  })
}

async function outcomeInTurn(
  scope: SaveScope,
  changes: readonly Change[],
): Promise<{ outcome: SaveOutcome; saved: SaveResult | null }> {
  const earlier = scope.remembered.find(scope.address, changes)
  const outcome = earlier ? await lookAgain(scope, changes, earlier) : await looked(scope, changes, new Map())
  if (earlier?.state !== 'open') return { outcome, saved: null }
  settle(scope, changes, earlier, outcome)
  const isSaved = outcome.found === outcome.of && changes.length === earlier.changes.size
  return { outcome, saved: isSaved ? await answer(scope, changes, earlier, outcome) : null }
}

async function concluded(scope: SaveScope, changes: readonly Change[], ending: Ending<Applied>): Promise<SaveResult> {
  const { remembered, address } = scope
  if (ending.state === 'rolled-back') throw interrupted(everything(changes, 'not-saved'), ending.cause)
  const { result: applied } = ending
  const { written } = applied
  if (ending.state === 'committed') {
    remembered.saved(address, changes, written)
    return answer(scope, changes, applied, ending.wasInterrupted ? everything(changes, 'saved') : null)
  }
  const byId = new Map(changes.map((change) => [change.id, change]))
  const open: RememberedSave = { ...applied, changes: byId, mark: ending.mark, state: 'open' }
  remembered.remember(address, open)
  if (ending.state === 'unknown') throw outcomeUnknown(ending.cause)
  const outcome = await looked(scope, changes, written)
  settle(scope, changes, open, outcome)
  if (outcome.found === outcome.of) return answer(scope, changes, applied, outcome)
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
  const isOf = (change: Change) => isSame(earlier.changes, change)
  if (found !== 'look' && changes.every(isOf)) {
    return everything(changes, found === 'committed' ? 'saved' : 'not-saved')
  }
  // A new row that was edited since is looked for as it was to be saved then.
  const sought = changes.map((change) =>
    change.kind === 'insert' && !isOf(change) ? (earlier.changes.get(change.id) ?? change) : change,
  )
  // What was written says nothing of an edit that was changed since.
  const written = new Map(
    sought.flatMap((change) => {
      const own = isOf(change) ? earlier.written.get(change.id) : undefined
      return own ? [[change.id, own] as const] : []
    }),
  )
  const { states } = await looked(scope, sought, written)
  const told = found === 'committed' ? 'saved' : 'not-saved'
  return summary(
    states.map((each, index): ChangeState => {
      if (sought[index] !== changes[index])
        return each.state === 'not-saved' || found === 'rolled-back'
          ? { ...each, state: 'not-saved' }
          : { ...each, state: 'changed-since' }
      return found !== 'look' && isOf(changes[index] as Change) ? { ...each, state: told } : each
    }),
  )
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

/** The rows as they are stored now. Null for a deleted row, and for one that could not be read: it is saved all the same. */
async function answer(
  { database, dialect, shape }: SaveScope,
  changes: readonly Change[],
  applied: Applied,
  outcome: SaveOutcome | null,
): Promise<SaveResult> {
  const signal = AbortSignal.timeout(LOOK_LIMIT)
  const read = (statement: Statement) => database.read(statement, signal)
  const { written } = applied
  const keys = changes.map(({ id }) => written.get(id)?.key ?? null)
  const known = changes.map(({ id }) => written.get(id)?.row ?? null)
  const names = shape.columns.map(({ name }) => name)
  // Rows that were read whole just before COMMIT, where nothing changes at it, are those that are stored.
  const lacking = keys.map((key, index) => (known[index] ? null : key))
  const stored = await readRows(read, dialect, shape, lacking, names).catch(() => keys.map(() => null))
  const rows = stored.map((cells, index) => cells ?? known[index] ?? null)
  const shown = shownBy(shape)
  return {
    rows: rows.map((cells, index) => cells && { key: [...(keys[index] ?? [])], cells: shown(cells) }),
    interrupted: outcome && { found: outcome.found, of: outcome.of },
    isRepeated: false,
    changes,
    images: { written, deleted: applied.deleted, ...(applied.isTextLost && { isTextLost: true }), rows },
  }
}

/** `show` for thousands of rows: what is secret is looked up once. */
function shownBy(shape: TableShape): (cells: readonly Cell[]) => ShownCell[] {
  const secrets = shape.columns.flatMap((column, index) =>
    isSecretColumn(column.name) ? [{ index, alone: { ...shape, columns: [column] } }] : [],
  )
  return (cells) => {
    const shown: ShownCell[] = [...cells]
    for (const { index, alone } of secrets) shown[index] = show(alone, [cells[index] ?? null])[0] ?? null
    return shown
  }
}
