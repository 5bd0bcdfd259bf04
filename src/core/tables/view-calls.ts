// The calls of the contract that read a view: pages, its count, its survey, and the number of a row.
import type { Cell } from '../../shared/cell.ts'
import type { Page, PagePlace, Survey } from '../../shared/tables.ts'
import type { Database, Statement, TableShape } from '../db/database.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { streamEvents } from '../event-queue.ts'
import { askedInWords } from './filter-refused.ts'
import { readPage } from './page.ts'
import { rankOf } from './rank.ts'
import { surveyOf, tellCount } from './surveys.ts'
import { checkOrdered } from './view-check.ts'
import { countOf, type ViewSql } from './view-sql.ts'

export interface ViewScope {
  database: Database
  dialect: SqlDialect
  shape: TableShape
  view: ViewSql
  signal: AbortSignal
}

export function pageOfView(scope: ViewScope, place: PagePlace, limit: number): Promise<Page> {
  const { database, dialect, view, signal } = scope
  if (place.kind === 'value') checkOrdered(view)
  const walk = place.kind === 'rank' ? surveyOf(database, dialect, view).walk : null
  return askedInWords(view.filter, () => readPage(database, dialect, view, place, limit, signal, walk))
}

export async function countView({ database, dialect, shape, view, signal }: ViewScope) {
  const countedAt = Date.now()
  const { rows } = await askedInWords(view.filter, () =>
    database.read(countOf(dialect, view), signal, { isLong: true }),
  )
  const count = Number(rows[0]?.[0] ?? 0)
  tellCount(database, shape, view.filter, count)
  return { count, countedAt }
}

export function surveyView(
  { database, dialect, view, signal }: ViewScope,
  near: number | null,
): AsyncGenerator<Survey> {
  const survey = surveyOf(database, dialect, view)
  return streamEvents(signal, (push, until) => askedInWords(view.filter, () => survey.listen(near, push, until)))
}

export async function rankInView({ database, dialect, view, signal }: ViewScope, key: readonly Cell[]) {
  const { walk, error } = surveyOf(database, dialect, view)
  const read = (statement: Statement) => database.read(statement, signal)
  const began = Date.now()
  const rank = await askedInWords(view.filter, () => rankOf({ read, dialect, view }, walk, key))
  if (rank === null) return null
  const isSurveyed = walk.anchors.length > 0
  return { rank, asOf: isSurveyed ? walk.startedAt : began, error: isSurveyed ? error : 0 }
}
