// The SQL that finds places in a view without reading rows: over the index alone, no other column is touched.
import type { Knex } from 'knex'
import type { Statement } from '../db/database.ts'
import { columnOf, toStatement } from '../db/query.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import type { Range, ViewSql } from './view-ranges.ts'
import { ordered } from './view-order.ts'
import { placeAlias, rowsIn } from './view-sql.ts'

/** The values of the order, those that a place does not need left out: reading them would leave the index. */
function placeColumns(dialect: SqlDialect, { shape, order }: ViewSql, { placed }: Range): Knex.Raw[] {
  return order
    .slice(0, placed)
    .map(({ column }, index) =>
      dialect.knex.raw('? as ??', [dialect.stored(columnOf(shape, column)), placeAlias(index)]),
    )
}

/** The places of the first rows of a stretch, at most `most`. */
export function placesIn(dialect: SqlDialect, view: ViewSql, range: Range, most: number): Statement {
  const rows = rowsIn(dialect, view, range).select(placeColumns(dialect, view, range))
  return toStatement(ordered(rows, range.order).limit(most))
}

/** The place of the row of this number in a stretch, from 1. */
export function placeIn(dialect: SqlDialect, view: ViewSql, range: Range, number: number): Statement {
  const rows = rowsIn(dialect, view, range).select(placeColumns(dialect, view, range))
  return toStatement(
    ordered(rows, range.order)
      .limit(1)
      .offset(number - 1),
  )
}

/** How many rows a stretch has; with `most`, counting ends there. */
export function countIn(dialect: SqlDialect, view: ViewSql, range: Range, most: number | null = null): Statement {
  const { knex } = dialect
  const rows = rowsIn(dialect, view, range)
  if (most === null) return toStatement(rows.count({ n: '*' }))
  // The order is for the planner: without it, LIMIT alone makes PostgreSQL read the table in the hope of many such rows.
  const some = ordered(rows.select(knex.raw('1 as one')), range.order)
    .limit(most)
    .as('some')
  return toStatement(knex.from(some).count({ n: '*' }))
}
