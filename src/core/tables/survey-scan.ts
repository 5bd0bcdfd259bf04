// The anchors of a view that no index sorts, found in one statement: hop after hop would sort the whole table each time.
import type { Statement } from '../db/database.ts'
import { columnOf, toStatement } from '../db/query.ts'
import { plainName } from '../db/identifiers.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import type { Hopping } from './hop.ts'
import { remember, type Walk } from './survey-walk.ts'
import type { ViewSql } from './view-ranges.ts'
import { countOf, rowsOf, placeAlias } from './view-sql.ts'

const ANCHORS = 1000
const SHORTEST = 100

/** Counts the view, and finds its anchors while it is sorted once. `told` is called in between, with what is known by then. */
export async function scan(hopping: Hopping, walk: Walk, told: () => void): Promise<void> {
  const { read, dialect, view } = hopping
  const began = performance.now()
  const total = Number((await read(countOf(dialect, view))).rows[0]?.[0] ?? 0)
  walk.step = Math.max(SHORTEST, Math.ceil(total / ANCHORS))
  if (view.shape.key.length > 0 && total > walk.step) {
    walk.counted = total
    told()
    const { rows } = await read(everyNth(dialect, view, walk.step))
    for (const [number = null, ...place] of rows) remember(walk, { rank: Number(number) - 1, place })
  }
  walk.total = total
  walk.took += performance.now() - began
}

/** The number (from 1) and the place of every `step`-th row. */
function everyNth(dialect: SqlDialect, view: ViewSql, step: number): Statement {
  const { knex } = dialect
  const names = view.order.map((_, index) => placeAlias(index))
  const place = view.order.map(({ column }, index) =>
    knex.raw('? as ??', [dialect.stored(columnOf(view.shape, column)), names[index] as string]),
  )
  const order = view.order.map(({ column, isDescending }) =>
    knex.raw(isDescending ? '?? desc' : '?? asc', [plainName(column)]),
  )
  const number = knex.raw(`row_number() over (order by ${order.map(() => '?').join(', ')}) as roster_number`, order)
  const numbered = rowsOf(dialect, view)
    .select([...place, number])
    .as('numbered')
  // The number is no binding: knex puts bindings of outer conditions where they belong, and a planner likes to see it.
  const chosen = knex
    .from(numbered)
    .whereRaw(`roster_number % ${Math.trunc(step)} = 0`)
    .select(['roster_number', ...names])
  return toStatement(chosen.orderBy('roster_number'))
}
