// What the engine's planner tells of a view: how many rows it has, and whether an index sorts them.
import { where } from '../../shared/filters.ts'
import type { Database, Statement } from '../db/database.ts'
import { planners } from '../db/planners.ts'
import { toStatement } from '../db/query.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { Refusal } from '../refusal.ts'
import { placesIn } from './hop-sql.ts'
import { rangesOfAll, type OrderTerm, type ViewSql } from './view-ranges.ts'
import { rowsOf } from './view-sql.ts'

/** Rows of the view by statistics; null when nothing is known. */
export async function estimateOf(
  database: Database,
  dialect: SqlDialect,
  view: ViewSql,
  signal: AbortSignal,
): Promise<number | null> {
  const ask = (statement: Statement) => database.read(statement, signal)
  const select = toStatement(rowsOf(dialect, view).select(dialect.knex.raw('1')))
  try {
    return await planners[database.dialect].rows(ask, view.shape.name, select, view.filter !== null)
  } catch (error) {
    return refusedToExplain(error, signal, null)
  }
}

/** Whether an index gives the rows in the view's order, whatever the filter, or they are so few that sorting them is as good. */
export async function isSorted(
  database: Database,
  dialect: SqlDialect,
  view: ViewSql,
  signal: AbortSignal,
): Promise<boolean> {
  if (view.order.length === 0) return true
  const ask = (statement: Statement) => database.read(statement, signal)
  const whole = { ...view, filter: null }
  // NULLs of a unique column are few or many and are sorted by the key, which always has its index.
  const ranges = rangesOfAll(dialect, whole)
  const range = ranges.find(({ order }) => order[0]?.column === view.order[0]?.column)
  if (!range) return false
  try {
    return !(await planners[database.dialect].sorts(ask, placesIn(dialect, whole, range, 1)))
  } catch (error) {
    const first = view.shape.columns.find(({ name }) => name === view.order[0]?.column)
    return refusedToExplain(error, signal, first?.isIndexed === true)
  }
}

/** Of so many rows one with NULL: fewer are sorted, more are met soon enough on the way along the key. */
const FEW_NULLS = 20
/** Milliseconds for which the answer is kept. */
const KEPT = 60_000

const nulls = new WeakMap<Database, Map<string, { at: number; many: Promise<boolean> }>>()

/**
 * The view, with how its NULLs are best found. MySQL and MariaDB do not know that InnoDB keeps rows with NULL in a unique index
 * in the order of the key, and would sort all of them for every page.
 */
export async function planned(
  database: Database,
  dialect: SqlDialect,
  view: ViewSql,
  signal: AbortSignal,
): Promise<ViewSql> {
  const [first] = view.order
  if (!dialect.tiesByKey || first?.isUnique !== true || !first.isNullable) return view
  const known = nulls.get(database) ?? new Map<string, { at: number; many: Promise<boolean> }>()
  nulls.set(database, known)
  const name = JSON.stringify([view.shape.name, first.column])
  let found = known.get(name)
  if (!found || Date.now() - found.at > KEPT) {
    found = { at: Date.now(), many: areMany(database, dialect, view, first, signal) }
    found.many.catch(() => known.delete(name))
    known.set(name, found)
  }
  return (await found.many) ? { ...view, nullsByKey: true } : view
}

async function areMany(
  database: Database,
  dialect: SqlDialect,
  { shape }: ViewSql,
  { column }: OrderTerm,
  signal: AbortSignal,
): Promise<boolean> {
  const filter = where(column, { test: 'null' })
  const [some, all] = [
    await estimateOf(database, dialect, { shape, order: [], filter }, signal),
    await estimateOf(database, dialect, { shape, order: [], filter: null }, signal),
  ]
  return some !== null && all !== null && some * FEW_NULLS > all
}

/** A login that may read rows may still not be told how (MySQL asks for SHOW VIEW). */
function refusedToExplain<T>(error: unknown, signal: AbortSignal, instead: T): T {
  if (signal.aborted || !(error instanceof Refusal) || error.code !== 'QUERY_FAILED') throw error
  return instead
}
