// What the engine's planner tells of a view: how many rows it has, and whether an index sorts them.
import { where } from '../../shared/filters.ts'
import type { Database, Statement } from '../db/database.ts'
import { planners } from '../db/planners.ts'
import { toStatement } from '../db/query.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { Refusal } from '../refusal.ts'
import { countIn, placesIn } from './hop-sql.ts'
import { nameOf } from './view-name.ts'
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
/** Rows of a page, for weighing: where one row in n is wanted, a page meets n times as many along the order. */
const PAGE = 200
/** Milliseconds for which the answer is kept. */
const KEPT = 60_000
const MOST_KEPT = 50

type Found = Pick<ViewSql, 'nullsByKey' | 'finding'>
const known = new WeakMap<Database, Map<string, { at: number; found: Promise<Found> }>>()

/** The view, with how its rows are best found where the engine is known to choose badly. */
export async function planned(
  database: Database,
  dialect: SqlDialect,
  view: ViewSql,
  signal: AbortSignal,
): Promise<ViewSql> {
  const [first] = view.order
  const hasNulls = dialect.tiesByKey === true && first?.isUnique === true && first.isNullable
  const hasChoice = view.filter !== null && view.shape.key.length > 0 && database.dialect !== 'mysql'
  if (!first || !(hasNulls || hasChoice)) return view
  const views = known.get(database) ?? new Map<string, { at: number; found: Promise<Found> }>()
  known.set(database, views)
  const name = nameOf(database, view)
  let entry = views.get(name)
  if (!entry || Date.now() - entry.at > KEPT) {
    const found = hasNulls
      ? nullsOf(database, dialect, view, first, signal)
      : findingOf(database, dialect, view, signal)
    entry = { at: Date.now(), found }
    found.catch(() => views.delete(name))
    views.set(name, entry)
    for (const oldest of views.keys()) if (views.size > MOST_KEPT) views.delete(oldest)
  }
  return { ...view, ...(await entry.found) }
}

/**
 * SQLite knows nothing of LIMIT: it takes an index of the filter's column and sorts what it finds, though half of the table may
 * be meant. PostgreSQL walks the order in the hope of meeting rows of which it expects few, and may walk all of it. What is
 * cheaper: sorting all m rows of the filter, or meeting the page's among n on the way, which is PAGE * n / m.
 */
async function findingOf(database: Database, dialect: SqlDialect, view: ViewSql, signal: AbortSignal): Promise<Found> {
  const whole = { ...view, filter: null }
  const rows = await estimateOf(database, dialect, whole, signal)
  if (rows === null) return {}
  const few = Math.ceil(Math.sqrt(PAGE * rows))
  if (database.dialect === 'postgres') {
    const some = await estimateOf(database, dialect, view, signal)
    return some !== null && some < few && rows > few ? { finding: 'first' } : {}
  }
  const ask = (statement: Statement) => database.read(statement, signal)
  const range = rangesOfAll(dialect, view)[0]
  if (!range) return {}
  const sorts = await planners.sqlite.sorts(ask, placesIn(dialect, view, range, 1))
  if (!sorts || !(await isSorted(database, dialect, whole, signal))) return {}
  // It sorts because an index finds the rows, so that counting some of them is short.
  const some = await ask(countIn(dialect, { ...view, order: [] }, { ...range, order: [] }, few))
  return Number(some.rows[0]?.[0] ?? 0) < few ? {} : { finding: 'along' }
}

/**
 * MySQL and MariaDB do not know that InnoDB keeps rows with NULL in a unique index in the order of the key, and would sort all
 * of them for every page.
 */
async function nullsOf(
  database: Database,
  dialect: SqlDialect,
  view: ViewSql,
  first: OrderTerm,
  signal: AbortSignal,
): Promise<Found> {
  return { nullsByKey: await areMany(database, dialect, view, first, signal) }
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
