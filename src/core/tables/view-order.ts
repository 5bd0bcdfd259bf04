// ORDER BY of a view. What has no key is paged by position, so each of its rows must have one of its own: engines put rows that
// share the sorted value in another order when they are asked for another number of them.
import type { Knex } from 'knex'
import { plainName } from '../db/identifiers.ts'
import { columnOf } from '../db/query.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { isSecretColumn } from '../password-schemes.ts'
import type { OrderTerm, ViewSql } from './view-ranges.ts'

type Term = Pick<OrderTerm, 'column' | 'isDescending'>

export function ordered(query: Knex.QueryBuilder, order: readonly Term[]): Knex.QueryBuilder {
  for (const { column, isDescending } of order) void query.orderBy(plainName(column), isDescending ? 'desc' : 'asc')
  return query
}

/**
 * Of a table or view without a key: ties are broken by all further columns, and rows that are the same in these are the same to
 * whoever reads them. Rows that nothing sorts come as the database keeps them, where it keeps to that.
 */
export function inWholeOrder(
  dialect: SqlDialect,
  { shape, order, filter }: Pick<ViewSql, 'shape' | 'order' | 'filter'>,
  query: Knex.QueryBuilder,
): Knex.QueryBuilder {
  const [first] = order
  const sorted = ordered(query, order)
  if (!first && (filter === null || !dialect.findsInAnyOrder)) return sorted
  const others = shape.columns.filter(({ name }) => name !== first?.column && !isSecretColumn(name))
  const rest = others.map(({ name }) => columnOf(shape, name))
  const isDescending = first?.isDescending ?? false
  if (dialect.digest && rest.length > 0) return sorted.orderByRaw('?', [dialect.digest(rest)])
  const ties = others.filter(({ name }) => dialect.isOrdered(columnOf(shape, name)))
  return ordered(
    sorted,
    ties.map(({ name }) => ({ column: name, isDescending })),
  )
}
