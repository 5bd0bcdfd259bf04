// What sorting a view costs the database, told before it runs, and the index that would serve it.
import type { Sort, SortCost } from '../../shared/tables.ts'
import type { Database, Statement, TableShape } from '../db/database.ts'
import { columnOf, toStatement } from '../db/query.ts'
import { plainName } from '../db/identifiers.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { isSecretColumn } from '../password-schemes.ts'
import { indexFor } from './sort-index.ts'
import { estimateOf, isSorted } from './view-plan.ts'
import { viewOf, type ViewSql } from './view-ranges.ts'
import { ordered } from './view-order.ts'
import { rowsOf } from './view-sql.ts'

/** Rows of the two samples whose sorting is timed, and of the page. */
const FEW = 2000
const MANY = 22_000
const PAGE = 200

export async function sortCostOf(
  database: Database,
  dialect: SqlDialect,
  shape: TableShape,
  sort: Sort | null,
  signal: AbortSignal,
): Promise<SortCost> {
  const view = viewOf(shape, sort, null)
  const isServed = shape.key.length > 0 || dialect.sortsPieces === true
  const column = sort === null ? null : columnOf(shape, sort.column)
  if (column !== null && (isSecretColumn(sort?.column ?? '') || !dialect.isOrdered(column))) {
    const words = `The database cannot sort by ${sort?.column ?? ''}: ${isSecretColumn(sort?.column ?? '') ? 'password hashes are never sorted' : `values of type ${column.type} have no order`}.`
    return { isIndexed: false, rows: null, milliseconds: null, words, createIndex: null }
  }
  const rows = await estimateOf(database, dialect, view, signal)
  // Of a small table planners sort the rows whether there is an index or not: the catalogue says.
  const isListed =
    sort === null || (isServed && shape.columns.some(({ name, isIndexed }) => name === sort.column && isIndexed))
  if (isListed && (await isSorted(database, dialect, view, signal))) {
    const words =
      view.order.length === 0
        ? 'Nothing is sorted: the rows come as the database keeps them.'
        : `An index serves sorting by ${sort?.column ?? 'the key'}: each page is a short range of it.`
    return { isIndexed: true, rows: 0, milliseconds: 0, words, createIndex: null }
  }
  const milliseconds = rows === null ? null : await timeOf(database, dialect, view, rows, signal)
  return {
    ...{ isIndexed: false, rows, milliseconds, words: wordsFor(view, rows, milliseconds) },
    createIndex: sort === null || !isServed ? null : indexFor(database.dialect, shape, sort.column),
  }
}

/**
 * Milliseconds for one page, from sorting the first rows of the table twice, few and many: what many take longer is what rows
 * cost. All rows are read and compared once and only those of the page are kept, so the time grows with the rows. Rows that
 * are not in memory cost more than it says.
 */
async function timeOf(
  database: Database,
  dialect: SqlDialect,
  view: ViewSql,
  rows: number,
  signal: AbortSignal,
): Promise<number> {
  const sort = async (size: number) => {
    const statement = sortOfFirst(dialect, view, size)
    const began = performance.now()
    await database.read(statement, signal)
    return performance.now() - began
  }
  // The first reading brings them into memory.
  await sort(MANY)
  const few = Math.min(await sort(FEW), await sort(FEW))
  const many = Math.min(await sort(MANY), await sort(MANY))
  return few + (Math.max(0, many - few) / (MANY - FEW)) * Math.max(0, rows - FEW)
}

function sortOfFirst(dialect: SqlDialect, { shape, order, filter }: ViewSql, size: number): Statement {
  const { knex } = dialect
  const names = order.map(({ column }) => plainName(column))
  const sample = rowsOf(dialect, { shape, filter }).select(names).limit(size).as('sample')
  return toStatement(ordered(knex.from(sample).select(names), order).limit(PAGE))
}

function wordsFor({ order, shape }: ViewSql, rows: number | null, milliseconds: number | null): string {
  const by = order[0]?.column ?? 'position'
  const many =
    rows === null
      ? 'all rows'
      : `about ${Number(rows.toPrecision(2)).toLocaleString('en-US')} ${rows === 1 ? 'row' : 'rows'}`
  const long = milliseconds === null ? '' : `, ${wordsOfTime(milliseconds)} each time`
  return `No index serves sorting ${shape.name} by ${by}: the database reads and sorts ${many} for every page${long}.`
}

function wordsOfTime(milliseconds: number): string {
  if (milliseconds < 100) return 'well under a second'
  if (milliseconds < 1000) return 'less than a second'
  const seconds = milliseconds / 1000
  if (seconds < 90) return `about ${Math.round(seconds)} s`
  return `about ${Math.round(seconds / 60)} minutes`
}
