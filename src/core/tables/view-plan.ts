// What the engine's planner tells of a view: how many rows it has, and whether an index sorts them.
import type { Database, Statement } from '../db/database.ts'
import { planners } from '../db/planners.ts'
import { toStatement } from '../db/query.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { Refusal } from '../refusal.ts'
import { placesIn } from './hop-sql.ts'
import { rangesOfAll, type ViewSql } from './view-ranges.ts'
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

/** A login that may read rows may still not be told how (MySQL asks for SHOW VIEW). */
function refusedToExplain<T>(error: unknown, signal: AbortSignal, instead: T): T {
  if (signal.aborted || !(error instanceof Refusal) || error.code !== 'QUERY_FAILED') throw error
  return instead
}
