// The order of a table or view without a key. Its pages are told by position, so each row must have one of its own: engines put
// rows that share the sorted value in another order when they are asked for another number of them.
import { columnOf } from '../db/query.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { isSecretColumn } from '../password-schemes.ts'
import type { ViewSql } from './view-ranges.ts'

/**
 * The same view, its ties broken by all further columns that have an order: rows that are the same in these are the same to
 * whoever reads them. Left as it is where a key breaks ties already, and where rows come as the database keeps them.
 */
export function whollyOrdered(dialect: SqlDialect, view: ViewSql): ViewSql {
  const { shape, order, filter } = view
  if (shape.key.length > 0) return view
  const [first] = order
  if (!first && (filter === null || !dialect.findsInAnyOrder)) return view
  const rest = shape.columns.filter(
    ({ name }) => name !== first?.column && !isSecretColumn(name) && dialect.isOrdered(columnOf(shape, name)),
  )
  const isDescending = first?.isDescending ?? false
  const ties = rest.map(({ name, isNullable }) => ({ column: name, isDescending, isNullable }))
  return { ...view, order: [...order, ...ties] }
}
