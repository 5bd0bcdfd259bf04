// What became of a save whose COMMIT was not answered, by the rows themselves: each change is in the database, or is not,
// or the rows do not tell. Nothing is guessed.
import { sameCell, type Cell } from '../../shared/cell.ts'
import type { Change, ChangeState, SaveOutcome } from '../../shared/tables.ts'
import type { Rows, Statement, TableShape } from '../db/database.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { Refusal } from '../refusal.ts'
import { readRows } from './read-rows.ts'
import { holderOf } from './save-sql.ts'

/** What the database will hold if the save is committed, read inside of the transaction just before COMMIT. */
export interface Written {
  /** Null where it could not be learnt: a new row whose key the engine does not tell. */
  key: readonly Cell[] | null
  /** The written columns as the database keeps them, which may be in other words than they were given. */
  cells: Readonly<Record<string, Cell>>
  /** The whole row, in the order of the shape's columns, where all of it was read. */
  row?: Cell[]
}

export interface Look {
  read: (statement: Statement) => Promise<Rows>
  dialect: SqlDialect
  shape: TableShape
  /** See `readRows`. */
  ahead?: number
}

/** Where the row of a change is once it is saved; null when that is not known, or when there is none. */
export function keyAfter(shape: TableShape, change: Change): readonly Cell[] | null {
  if (change.kind === 'delete') return null
  const key = shape.key.map(
    (name, i) => change.values[name] ?? (change.kind === 'update' ? change.key[i] : null) ?? null,
  )
  return key.includes(null) ? null : key
}

/** Columns that tell whether the changes are there. */
function tellingColumns(changes: readonly Change[]): string[] {
  const names = changes.flatMap((change) => [
    ...(change.kind === 'delete' ? [] : Object.keys(change.values)),
    ...(change.kind === 'insert' ? [] : Object.keys(change.original)),
  ])
  return [...new Set(names)]
}

/** Reads what each change has written, on the session of its transaction: whole rows when `whole` names all columns. */
export async function readWritten(
  look: Look,
  changes: readonly Change[],
  keys: ReadonlyMap<string, readonly Cell[] | null>,
  whole: readonly string[] | null,
): Promise<Map<string, Written>> {
  const writing = changes.filter((change) => change.kind !== 'delete')
  const columns = whole ?? tellingColumns(writing)
  const places = new Map(columns.map((name, place) => [name, place]))
  const at = writing.map(({ id }) => keys.get(id) ?? null)
  const rows = await readRows(look.read, look.dialect, look.shape, at, columns, { ahead: look.ahead ?? 1 })
  return new Map(
    writing.map((change, index) => {
      const row = rows[index]
      const cells = row ? pick(places, row, Object.keys(change.values)) : change.values
      return [change.id, { key: at[index] ?? null, cells, ...(whole && row && { row }) }]
    }),
  )
}

function pick(
  places: ReadonlyMap<string, number>,
  row: readonly Cell[],
  names: readonly string[],
): Record<string, Cell> {
  return Object.fromEntries(names.map((name) => [name, row[places.get(name) ?? -1] ?? null]))
}

/** `written` is what is known from the save itself; without it the given values are looked for. */
export async function statesOf(
  look: Look,
  changes: readonly Change[],
  written: ReadonlyMap<string, Written>,
): Promise<ChangeState[]> {
  const columns = tellingColumns(changes)
  const holds = (row: readonly Cell[], values: Readonly<Record<string, Cell>>) =>
    Object.entries(values).every(([name, value]) => sameCell(value, row[columns.indexOf(name)] ?? null))
  const keys = changes.map((change) => written.get(change.id)?.key ?? keyAfter(look.shape, change))
  const before = changes.map((change) => (change.kind === 'insert' ? null : change.key))
  const [rowsAfter, rowsBefore] = [
    await readRows(look.read, look.dialect, look.shape, keys, columns),
    await readRows(look.read, look.dialect, look.shape, before, columns),
  ]
  const states: ChangeState[] = []
  for (const [index, change] of changes.entries()) {
    const [after, old] = [rowsAfter[index] ?? null, rowsBefore[index] ?? null]
    const wanted = change.kind === 'delete' ? {} : (written.get(change.id)?.cells ?? change.values)
    states.push({ changeId: change.id, state: await stateOf(change, after, old, wanted, keys[index] ?? null) })
  }
  return states

  async function stateOf(
    change: Change,
    after: readonly Cell[] | null,
    old: readonly Cell[] | null,
    wanted: Readonly<Record<string, Cell>>,
    key: readonly Cell[] | null,
  ): Promise<ChangeState['state']> {
    if (change.kind === 'delete') {
      if (!old) return 'saved'
      return holds(old, change.original) ? 'not-saved' : 'changed-since'
    }
    if (after && holds(after, wanted)) return 'saved'
    if (change.kind === 'update') return old && holds(old, change.original) ? 'not-saved' : 'changed-since'
    // A row under the key with other values may be this one, changed since, or another's under a key that was used again.
    if (key) return after ? 'cannot-tell' : 'not-saved'
    return byUnique(look, change.values)
  }
}

/** A new row without a key that is known is recognised by columns that must be unique, or not at all. */
async function byUnique(
  { read, dialect, shape }: Look,
  values: Readonly<Record<string, Cell>>,
): Promise<ChangeState['state']> {
  const columns = shape.unique.find((names) => names.every((name) => (values[name] ?? null) !== null))
  if (!columns) return 'cannot-tell'
  const names = Object.keys(values)
  const given = columns.map((name) => values[name] ?? null)
  const row = (await read(holderOf(dialect, shape, columns, given, names))).rows[0]
  if (!row) return 'not-saved'
  const cells = row.slice(shape.key.length)
  return names.every((name, index) => sameCell(values[name], cells[index])) ? 'saved' : 'cannot-tell'
}

export function summary(states: ChangeState[]): SaveOutcome {
  return { found: states.filter(({ state }) => state === 'saved').length, of: states.length, states }
}

/** The database said itself that everything is there, or nothing. */
export function everything(changes: readonly Change[], state: 'saved' | 'not-saved'): SaveOutcome {
  return summary(changes.map(({ id }) => ({ changeId: id, state })))
}

export function interrupted(outcome: SaveOutcome, cause?: unknown): Refusal {
  return new Refusal('INTERRUPTED', inWords(outcome), outcome, cause)
}

function inWords({ found, of, states }: SaveOutcome): string {
  const checked = 'Saving was interrupted. Checked after reconnecting:'
  const changes = of === 1 ? 'change' : 'changes'
  if (states.every(({ state }) => state === 'not-saved')) {
    return `${checked} none of ${of} ${changes} is in the database; the staged edits are kept.`
  }
  return `${checked} ${found} of ${of} ${changes} ${found === 1 ? 'is' : 'are'} in the database. The staged edits are kept; look at each before saving again.`
}

export function outcomeUnknown(cause?: unknown): Refusal {
  return new Refusal(
    'OUTCOME_UNKNOWN',
    'The connection was lost while saving, and the database could not be asked what became of it. The staged edits are kept. Check again when it can be reached.',
    {},
    cause,
  )
}
