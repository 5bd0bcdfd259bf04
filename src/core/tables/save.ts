// Saves staged changes: one transaction, every statement guarded by what was seen and counted to be exactly one row.
import type { Cell, ShownCell } from '../../shared/cell.ts'
import { sameCell } from '../../shared/cell.ts'
import type { Change, Conflict } from '../../shared/tables.ts'
import type { Database, Session, TableShape } from '../db/database.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { inTransaction } from '../db/transaction.ts'
import { Refusal } from '../refusal.ts'
import { show } from './page.ts'
import { deleteOf, holderOf, insertOf, rowOf, updateOf } from './save-sql.ts'

export interface SavedRow {
  key: Cell[]
  cells: ShownCell[]
}

/** Deletes make room first; then rows are changed; then new ones come in. */
const ORDER = { delete: 0, update: 1, insert: 2 } as const

/**
 * All or nothing. Throws CONFLICT (every conflicting change, each with what is stored now), DUPLICATE or VALUE_REFUSED; then
 * nothing was saved. Returns the rows as stored, read again after the commit, in the order of `changes`.
 */
export async function saveChanges(
  database: Database,
  dialect: SqlDialect,
  shape: TableShape,
  changes: readonly Change[],
  signal: AbortSignal,
): Promise<(SavedRow | null)[]> {
  const keys = new Map<string, readonly Cell[]>()
  await inTransaction(database, signal, async (session) => {
    const conflicts: Conflict[] = []
    for (const change of [...changes].sort((a, b) => ORDER[a.kind] - ORDER[b.kind])) {
      const applied = await apply({ database, dialect, shape, session }, change, keys)
      if (applied) conflicts.push(applied)
    }
    if (conflicts.length > 0) throw new Refusal('CONFLICT', conflictText(shape, conflicts), { conflicts })
  })
  return Promise.all(changes.map((change) => reread(database, dialect, shape, keys.get(change.id), signal)))
}

interface Scope {
  database: Database
  dialect: SqlDialect
  shape: TableShape
  session: Session
}

/** Notes the key under which the row is found afterwards; answers with the conflict, if there is one. */
async function apply(scope: Scope, change: Change, keys: Map<string, readonly Cell[]>): Promise<Conflict | null> {
  const { dialect, shape, session } = scope
  try {
    if (change.kind === 'insert') {
      const { rows } = await session.query(insertOf(dialect, shape, change))
      if (rows.length !== 1)
        throw new Refusal('VALUE_REFUSED', 'The database took no row.', { changeId: change.id, column: null })
      keys.set(change.id, rows[0] ?? [])
      return null
    }
    const statement = change.kind === 'update' ? updateOf(dialect, shape, change) : deleteOf(dialect, shape, change)
    const { changes } = await session.run(statement)
    if (changes > 1) throw new Error(`A guarded statement changed ${changes} rows of ${shape.name}`)
    if (changes === 0) return await conflictOf(scope, change)
    if (change.kind === 'update')
      keys.set(
        change.id,
        shape.key.map((name, i) => change.values[name] ?? change.key[i] ?? null),
      )
    return null
  } catch (error) {
    throw await inWords(scope, change, keys, error)
  }
}

/** Why a guarded statement met no row: the row is gone, or holds something else now. */
async function conflictOf(
  { dialect, shape, session }: Scope,
  change: Exclude<Change, { kind: 'insert' }>,
): Promise<Conflict> {
  const seen = Object.keys(change.original)
  const { rows } = await session.query(rowOf(dialect, shape, change.key, [...shape.key, ...seen]))
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
    const message = `${shape.name} did not take the change, though the row is as it was. A trigger may refuse it.`
    throw new Refusal('VALUE_REFUSED', message, { changeId: change.id, column: null })
  }
  return { changeId: change.id, key: change.key, isGone: false, columns }
}

function conflictText(shape: TableShape, conflicts: Conflict[]): string {
  const rows = conflicts.length === 1 ? '1 row' : `${conflicts.length} rows`
  return `${rows} of ${shape.name} changed since they were read. Nothing was saved.`
}

/** The database's refusal in words that name the column, and for a duplicate the row that has the value. */
async function inWords(
  scope: Scope,
  change: Change,
  keys: Map<string, readonly Cell[]>,
  error: unknown,
): Promise<unknown> {
  const failure = scope.database.constraint(error)
  if (!failure) return error
  const [column = null] = failure.columns
  if (failure.kind !== 'unique' || change.kind === 'delete') {
    return new Refusal('VALUE_REFUSED', failure.message, { changeId: change.id, column }, error)
  }
  const { shape, session, dialect } = scope
  const current =
    change.kind === 'update'
      ? (await session.query(rowOf(dialect, shape, change.key, failure.columns))).rows[0]
      : undefined
  const values = failure.columns.map((name, index) => change.values[name] ?? current?.[index] ?? null)
  const key = (await session.query(holderOf(dialect, shape, failure.columns, values))).rows[0]
  const isOwn = key && [...keys.values()].some((own) => own.every((cell, index) => sameCell(cell, key[index])))
  const what = failure.columns.map((name, index) => `${name} ${inQuotes(values[index])}`).join(', ')
  const label = key ? shape.key.map((name, index) => `${name} ${inQuotes(key[index])}`).join(', ') : ''
  const by = isOwn ? 'another change of this save' : key ? `the row with ${label}` : 'another row'
  return new Refusal(
    'DUPLICATE',
    `${what} is already used by ${by}. Nothing was saved.`,
    { changeId: change.id, columns: failure.columns, holder: key && !isOwn ? { key, label } : null },
    error,
  )
}

function inQuotes(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return 'NULL'
  if (cell instanceof Uint8Array) return `(${cell.length} bytes)`
  return typeof cell === 'string' ? `“${cell.length > 80 ? `${cell.slice(0, 80)}…` : cell}”` : String(cell)
}

/** The row as it is stored now. Null for a deleted row, and for one that could not be read: it is saved all the same. */
async function reread(
  database: Database,
  dialect: SqlDialect,
  shape: TableShape,
  key: readonly Cell[] | undefined,
  signal: AbortSignal,
): Promise<SavedRow | null> {
  if (!key) return null
  try {
    const names = shape.columns.map((column) => column.name)
    const { rows } = await database.read(rowOf(dialect, shape, key, names), signal)
    return rows[0] ? { key: [...key], cells: show(shape, rows[0]) } : null
  } catch {
    return null
  }
}
