// The surveys of all views of a database that were looked at lately, and what is told to them: counts, and saves by Roster.
import type { Filter } from '../../shared/filters.ts'
import { columnsOf, conditionsOf } from '../../shared/filters.ts'
import type { Change } from '../../shared/tables.ts'
import type { Database, TableShape } from '../db/database.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { untilAborted } from '../db/waiting.ts'
import { openSurvey, type ViewSurvey } from './survey.ts'
import { nameOf, sameFilter } from './view-name.ts'
import type { ViewSql } from './view-ranges.ts'

/** Views of one database whose anchors are kept. */
const MOST_VIEWS = 24

interface Surveys {
  /** The one used last stands last. */
  views: Map<string, ViewSurvey>
  /** Ends when the hop under way has. */
  turn: Promise<unknown>
}

const known = new WeakMap<Database, Surveys>()

function surveysOf(database: Database): Surveys {
  const found = known.get(database) ?? { views: new Map<string, ViewSurvey>(), turn: Promise.resolve() }
  known.set(database, found)
  return found
}

/** The survey of a view, which begins when somebody listens to it. */
export function surveyOf(database: Database, dialect: SqlDialect, view: ViewSql): ViewSurvey {
  const surveys = surveysOf(database)
  const name = nameOf(database, view)
  const survey = surveys.views.get(name) ?? openSurvey({ database, dialect, view, inTurn: inTurnOf(surveys) })
  surveys.views.delete(name)
  surveys.views.set(name, survey)
  // Somebody may still listen to one that is dropped: it goes on, and is not found again.
  for (const oldest of surveys.views.keys()) {
    if (surveys.views.size <= MOST_VIEWS) break
    surveys.views.delete(oldest)
  }
  return survey
}

/** One hop at a time in a whole database, so that pages find connections free. */
function inTurnOf(surveys: Surveys) {
  return async <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    const before = surveys.turn
    const { promise, resolve } = Promise.withResolvers<undefined>()
    surveys.turn = before.then(() => promise)
    try {
      await untilAborted(before, signal)
      return await work()
    } finally {
      resolve(undefined)
    }
  }
}

/** A count of a view, which tells how far the surveys of the same rows are off. */
export function tellCount(database: Database, shape: TableShape, filter: Filter | null, count: number): void {
  for (const { view, walk, mistrust } of surveysOf(database).views.values()) {
    if (view.shape.name !== shape.name || !sameFilter(view.filter, filter)) continue
    if (walk.total !== null && walk.total !== count) mistrust(Math.abs(walk.total - count), null)
  }
}

/** What a save of Roster changed in a table. */
export interface SavedRows {
  inserts: number
  deletes: number
  updates: number
  /** The columns that the updates wrote. */
  columns: readonly string[]
}

/** As `tellSaved`, for the changes of one save. */
export function tellChanges(database: Database, table: string, changes: readonly Change[]): void {
  const of = (kind: Change['kind']) => changes.filter((change) => change.kind === kind).length
  const written = changes.flatMap((change) => (change.kind === 'update' ? Object.keys(change.values) : []))
  const [inserts, deletes, updates] = [of('insert'), of('delete'), of('update')]
  tellSaved(database, table, { inserts, deletes, updates, columns: [...new Set(written)] })
}

/** To be called after a save: numbers of the table's surveys move, and they are walked anew where somebody listens. */
export function tellSaved(database: Database, table: string, { inserts, deletes, updates, columns }: SavedRows): void {
  for (const { view, mistrust } of surveysOf(database).views.values()) {
    if (view.shape.name !== table) continue
    const asked = [...view.order.map(({ column }) => column), ...columnsOf(view.filter)]
    const isAnyText = conditionsOf(view.filter).some(({ column }) => column === null)
    const moved = isAnyText || columns.some((column) => asked.includes(column)) ? updates : 0
    const rows = inserts + deletes + moved
    if (rows > 0) mistrust(rows, view.filter === null ? inserts - deletes : null)
  }
}
