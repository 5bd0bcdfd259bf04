// The SQL of one page of a sorted view, by keyset: every row is reached by the values of the row before it, never by
// counting rows.
import type { Knex } from 'knex'
import type { Cell } from '../../shared/cell.ts'
import { CELL_LIMIT, type Cursor } from '../../shared/tables.ts'
import type { Statement } from '../db/database.ts'
import { plainName } from '../db/identifiers.ts'
import { PLACE } from '../db/place-column.ts'
import { columnOf, toStatement } from '../db/query.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { filterOf } from '../filters/filter-sql.ts'
import { inWholeOrder, ordered } from './view-order.ts'
import { rangesAfter, rangesFrom, rangesOfAll, type Range, type ViewSql } from './view-ranges.ts'

export { equal, reversed, viewOf, type OrderTerm, type ViewSql } from './view-ranges.ts'

/** A name that no column of a table has: ORDER BY would take the alias for the column. */
const alias = (what: 's' | 'l' | 'o' | 'k' | 'n', index: number) => `roster:${what}${index}`
export const placeAlias = (index: number): string => `${PLACE}${index}`

/**
 * Columns of a page: what is shown, then the lengths of cells that were cut, then the place of the row (the values of the
 * order and of the key, whole). `page.ts` takes them apart in the same order.
 */
function pageColumns(dialect: SqlDialect, { shape, order }: ViewSql): [name: string, value: Knex.Raw][] {
  const { key } = shape
  const columns = shape.columns.map(({ name }) => columnOf(shape, name))
  // What has no key is paged by position, and large values of its order need not be read whole.
  const placed = key.length > 0 ? order : []
  return [
    ...columns.map((column, index): [string, Knex.Raw] => [alias('s', index), dialect.beginning(column, CELL_LIMIT)]),
    ...columns.map((column, index): [string, Knex.Raw] => [alias('l', index), dialect.excess(column, CELL_LIMIT)]),
    ...placed.map(({ column }, index): [string, Knex.Raw] => [
      placeAlias(index),
      dialect.stored(columnOf(shape, column)),
    ]),
    ...key.map((name, index): [string, Knex.Raw] => [alias('n', index), dialect.stored(columnOf(shape, name))]),
  ]
}

/** `isAlongOrder`: they are asked for in an order, by an index of it. */
export function rowsOf(
  dialect: SqlDialect,
  { shape, filter, finding }: Pick<ViewSql, 'shape' | 'filter' | 'finding'>,
  isAlongOrder = false,
): Knex.QueryBuilder {
  const { knex } = dialect
  const query = knex(dialect.table(shape.name))
  if (!filter) return query
  const condition = filterOf({ dialect, shape, isAlongOrder: isAlongOrder && finding !== 'first' }, filter)
  if (!isAlongOrder || finding === undefined) return query.where(condition)
  // What is asked of the truth of a condition is looked up in no index.
  if (finding === 'along') return query.where(knex.raw('(?) is true', [condition]))
  // What has an OFFSET is a query of its own to PostgreSQL's planner: it does not walk the order's index for it.
  const found = query.where(condition).select(shape.columns.map(({ name }) => plainName(name)))
  return knex.from(knex.raw('(? offset 0) as found', [found]))
}

/** The rows of one stretch, in no order. */
export function rowsIn(dialect: SqlDialect, view: ViewSql, { conditions }: Range): Knex.QueryBuilder {
  const query = rowsOf(dialect, view, true)
  for (const condition of conditions) void query.where(condition)
  return query
}

function selectPage(dialect: SqlDialect, view: ViewSql, query: Knex.QueryBuilder): Knex.QueryBuilder {
  return query.select(pageColumns(dialect, view).map(([name, value]) => dialect.knex.raw('? as ??', [value, name])))
}

/** The first rows of the view, from either end. */
export function firstPage(dialect: SqlDialect, view: ViewSql, limit: number): Statement {
  return pageOf(dialect, view, rangesOfAll(dialect, view), limit)
}

/**
 * The same rows as `firstPage`, found by the filter and sorted then, where the engine would walk along an index of the order and
 * look at every row that the filter leaves out. Null without a filter, and where the engine chooses well by itself.
 */
export function filteredPage(dialect: SqlDialect, view: ViewSql, limit: number): Statement | null {
  const { unindexed } = dialect
  if (view.filter === null || !unindexed) return null
  const query = selectPage(dialect, view, rowsOf(dialect, view))
  for (const { column, isDescending } of view.order) {
    void query.orderByRaw(isDescending ? '? desc' : '? asc', [unindexed(columnOf(view.shape, column))])
  }
  return toStatement(query.limit(limit))
}

/** For a table without a key, whose rows can only be counted: `offset` rows in. */
export function pageByPosition(dialect: SqlDialect, view: ViewSql, limit: number, offset: number): Statement {
  const rows = selectPage(dialect, view, rowsOf(dialect, view))
  return toStatement(inWholeOrder(dialect, view, rows).limit(limit).offset(offset))
}

/** The rows after a place. */
export function pageAfter(dialect: SqlDialect, view: ViewSql, place: Cursor, limit: number): Statement {
  return pageOf(dialect, view, rangesAfter(dialect, view, place), limit)
}

/** The rows whose first value of the order is `value` or beyond it. */
export function pageFrom(dialect: SqlDialect, view: ViewSql, value: Cell, limit: number): Statement {
  return pageOf(dialect, view, rangesFrom(dialect, view, value), limit)
}

/** The first rows of all these stretches, which follow one another. */
function pageOf(dialect: SqlDialect, view: ViewSql, ranges: readonly Range[], limit: number): Statement {
  const { knex } = dialect
  const parts = ranges.map((range) => {
    const rows =
      dialect.tiesByKey && range.isTie ? rowsByKey(dialect, view, range, limit) : rowsIn(dialect, view, range)
    return ordered(selectPage(dialect, view, rows), range.order).limit(limit)
  })
  if (parts.length === 0) return toStatement(selectPage(dialect, view, rowsOf(dialect, view)).limit(0))
  if (parts.length === 1) return toStatement(parts[0] as Knex.QueryBuilder)
  // A place is text on some engines, which sorts otherwise than the column: the column itself goes along for the order.
  const sorting = view.order.map(({ column: name }, index) => {
    const column = columnOf(view.shape, name)
    return knex.raw('? as ??', [dialect.ordering?.(column) ?? knex.raw('??', [column.name]), alias('o', index)])
  })
  for (const part of parts) void part.select(sorting)
  // The number is no binding: knex 3.3 puts bindings of a select list behind those of a subquery it selects from.
  const numbered = parts.map((rows, part) =>
    knex.select('*', knex.raw(`${part} as roster_part`)).from(rows.as(`r${part}`)),
  )
  const [first, ...rest] = numbered as [Knex.QueryBuilder, ...Knex.QueryBuilder[]]
  const columns = pageColumns(dialect, view).map(([name]) => name)
  const all = knex.select(columns).from(first.unionAll(rest).as('u')).orderBy('roster_part')
  const byPlace = view.order.map((term, index) => ({ ...term, column: alias('o', index) }))
  return toStatement(ordered(all, byPlace).limit(limit))
}

/** The first rows of a stretch, whose keys are read from the index alone before. */
function rowsByKey(dialect: SqlDialect, view: ViewSql, range: Range, limit: number): Knex.QueryBuilder {
  const { knex } = dialect
  const { shape } = view
  const keys = shape.key.map((name, index) => knex.raw('?? as ??', [plainName(name), alias('k', index)]))
  const found = ordered(rowsIn(dialect, view, range).select(keys), range.order)
    .limit(limit)
    .as('found')
  return rowsOf(dialect, { shape, filter: null }).join(found, (join) => {
    shape.key.forEach((name, index) => void join.on(plainName(name), alias('k', index)))
  })
}

export function countOf(dialect: SqlDialect, view: ViewSql): Statement {
  return toStatement(rowsOf(dialect, view).count({ n: '*' }))
}
