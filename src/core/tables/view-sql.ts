// The SQL of one page of a sorted view, by keyset: every row is reached by the values of the row before it, never by
// counting rows. OFFSET serves only to find the key at a given rank, over the index alone.
import type { Knex } from 'knex'
import type { Cell } from '../../shared/cell.ts'
import type { Statement, TableShape } from '../db/database.ts'
import { plainName } from '../db/identifiers.ts'
import { columnOf, toStatement } from '../db/query.ts'
import type { SqlColumn, SqlDialect } from '../db/sql-dialect.ts'
import type { Filter } from '../../shared/filters.ts'
import { CELL_LIMIT, type Cursor, type Sort } from '../../shared/tables.ts'
import { filterOf } from './filter-sql.ts'

/** One column of the total order; the key columns come last and break every tie there may be. */
export interface OrderTerm {
  column: string
  isDescending: boolean
  isNullable: boolean
}

export interface ViewSql {
  shape: TableShape
  order: OrderTerm[]
  filter: Filter | null
}

/** The sort column, then the key in the same direction, so that one index serves both directions; no key where it has no ties. */
export function viewOf(shape: TableShape, sort: Sort | null, filter: Filter | null): ViewSql {
  const isDescending = sort?.direction === 'desc'
  const hasTies = sort === null || !shape.sortsAlone?.includes(sort.column)
  const columns = [...new Set([...(sort ? [sort.column] : []), ...(hasTies ? shape.key : [])])]
  const isNullable = (name: string) => shape.columns.find((column) => column.name === name)?.isNullable ?? true
  return { shape, filter, order: columns.map((column) => ({ column, isDescending, isNullable: isNullable(column) })) }
}

/** A name that no column of a table has: ORDER BY would take the alias for the column. */
const alias = (what: 's' | 'l' | 'p' | 'o', index: number) => `roster:${what}${index}`

/**
 * Columns of a page: what is shown, then the lengths of cells that were cut, then the place of the row (the values of the
 * order and of the key, whole). `page.ts` takes them apart in the same order.
 */
function pageColumns(dialect: SqlDialect, { shape, order }: ViewSql): [name: string, value: Knex.Raw][] {
  const { key } = shape
  const columns = shape.columns.map(({ name }) => columnOf(shape, name))
  const place = [...order.map(({ column }) => column), ...key]
  return [
    ...columns.map((column, index): [string, Knex.Raw] => [alias('s', index), dialect.beginning(column, CELL_LIMIT)]),
    ...columns.map((column, index): [string, Knex.Raw] => [alias('l', index), dialect.excess(column, CELL_LIMIT)]),
    ...place.map((name, index): [string, Knex.Raw] => [alias('p', index), dialect.stored(columnOf(shape, name))]),
  ]
}

function rowsOf(dialect: SqlDialect, { shape, filter }: ViewSql): Knex.QueryBuilder {
  const query = dialect.knex(dialect.table(shape.name))
  if (filter) void query.where(filterOf(dialect, shape, filter))
  return query
}

function ordered(query: Knex.QueryBuilder, order: readonly OrderTerm[]): Knex.QueryBuilder {
  for (const { column, isDescending } of order) void query.orderBy(plainName(column), isDescending ? 'desc' : 'asc')
  return query
}

function selectPage(dialect: SqlDialect, view: ViewSql, query: Knex.QueryBuilder): Knex.QueryBuilder {
  return query.select(pageColumns(dialect, view).map(([name, value]) => dialect.knex.raw('? as ??', [value, name])))
}

/** The first rows of the view, from either end; for a table without a key, `offset` rows in. */
export function firstPage(dialect: SqlDialect, view: ViewSql, limit: number, offset = 0): Statement {
  const query = ordered(selectPage(dialect, view, rowsOf(dialect, view)), view.order).limit(limit)
  return toStatement(offset > 0 ? query.offset(offset) : query)
}

/** The same view read from its other end. */
export function reversed(view: ViewSql): ViewSql {
  return { ...view, order: view.order.map((term) => ({ ...term, isDescending: !term.isDescending })) }
}

/**
 * The rows after a place. "After (a, b)" is read as "same a, later b", then "later a": each part is one range of an index,
 * where a comparison of row values would make some engines scan (and could not say where NULLs stand).
 */
export function pageAfter(dialect: SqlDialect, view: ViewSql, place: Cursor, limit: number): Statement {
  const { knex } = dialect
  const ranges = view.order.flatMap((_, index) => laterAt(dialect, view, place, index)).reverse()
  const parts = ranges.map((conditions) => {
    const query = rowsOf(dialect, view)
    for (const condition of conditions) void query.where(condition)
    return ordered(selectPage(dialect, view, query), view.order).limit(limit)
  })
  if (parts.length === 0) return firstPage(dialect, view, 0)
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

/** Conditions for "the same up to this term, and later in it": none, one, or two sets (a range, and the NULLs behind it). */
function laterAt(dialect: SqlDialect, { shape, order }: ViewSql, place: Cursor, index: number): Knex.Raw[][] {
  const { knex, nulls } = dialect
  const same = order.slice(0, index).map((term, i) => equal(dialect, columnOf(shape, term.column), place[i] ?? null))
  const { column: name, isDescending, isNullable } = order[index] as OrderTerm
  const column = columnOf(shape, name)
  const value = place[index] ?? null
  const nullsAreLast = (nulls === 'last') !== isDescending
  const notNull = knex.raw('?? is not null', [column.name])
  if (value === null) return nullsAreLast ? [] : [[...same, notNull]]
  const later = knex.raw(isDescending ? '?? < ?' : '?? > ?', [column.name, dialect.value(column, value)])
  const range = [...same, later]
  // The list is read backwards by the caller, so the NULLs, which come last, stand first.
  return nullsAreLast && isNullable ? [[...same, knex.raw('?? is null', [column.name])], range] : [range]
}

/** Equality as the index compares (the column's own collation), not as stored: a tie is a tie of the order. */
export function equal(dialect: SqlDialect, column: SqlColumn, value: Cell): Knex.Raw {
  if (value === null) return dialect.knex.raw('?? is null', [column.name])
  return dialect.knex.raw('?? = ?', [column.name, dialect.value(column, value)])
}

/** The place of the row with this number, from 0: read over the index, no other column is touched. */
export function placeAt(dialect: SqlDialect, view: ViewSql, rank: number): Statement {
  const columns = view.order.map(({ column }) => dialect.stored(columnOf(view.shape, column)))
  return toStatement(ordered(rowsOf(dialect, view).select(columns), view.order).limit(1).offset(rank))
}

export function countOf(dialect: SqlDialect, view: ViewSql): Statement {
  return toStatement(rowsOf(dialect, view).count({ n: '*' }))
}
