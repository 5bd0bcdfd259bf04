// The number of a row in a view: the database tells between which anchors it stands, by the order's own comparison, and
// counts the rows from there on.
import type { Knex } from 'knex'
import type { Cell } from '../../shared/cell.ts'
import type { Cursor } from '../../shared/tables.ts'
import type { Statement } from '../db/database.ts'
import { columnOf, toStatement } from '../db/query.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import type { Hopping } from './hop.ts'
import type { Anchor, Walk } from './survey-walk.ts'
import { equal, rangesAfter, rangesBetween, reversed, type Range, type ViewSql } from './view-ranges.ts'
import { placeAlias, rowsIn, rowsOf } from './view-sql.ts'

/** Anchors that one statement compares the row with. */
const AT_ONCE = 32

/** From 0; null when the view does not hold the row. `walk`: the anchors to count from, or none. */
export async function rankOf(hopping: Hopping, walk: Walk | null, key: readonly Cell[]): Promise<number | null> {
  const { dialect, view } = hopping
  if (key.length !== view.shape.key.length || key.includes(null)) return null
  const found = await locate(hopping, walk?.anchors ?? [], key)
  if (!found) return null
  const { place, anchor, same } = found
  const ranges = anchor ? rangesBetween(dialect, view, anchor.place, place, same) : rangesBefore(dialect, view, place)
  const between = await countAll(hopping, ranges)
  return (anchor ? anchor.rank + 1 : 0) + between
}

/** Looks for the row among the anchors, each time between fewer of them. Null when it is not there. */
async function locate(hopping: Hopping, anchors: readonly Anchor[], key: readonly Cell[]): Promise<Compared | null> {
  let [low, high] = [0, anchors.length]
  for (;;) {
    const every = Math.max(1, Math.ceil((high - low) / AT_ONCE))
    const asked = range(low, high, every)
    const some = asked.map((index) => anchors[index] as Anchor)
    const compared = await compare(hopping, key, some)
    const before = asked[(compared?.passed ?? 0) - 1]
    if (!compared || before === undefined || every === 1) return compared
    ;[low, high] = [before, Math.min(before + every, high)]
  }
}

const range = (from: number, to: number, every: number) =>
  Array.from({ length: Math.ceil((to - from) / every) }, (_, index) => from + index * every)

const rangesBefore = (dialect: SqlDialect, view: ViewSql, place: Cursor): Range[] =>
  rangesAfter(dialect, reversed(view), place)

interface Compared {
  place: Cursor
  /** How many of the anchors stand before the row. */
  passed: number
  /** The last of them. */
  anchor: Anchor | null
  /** How many values of the order it shares with the row. */
  same: number
}

async function compare(
  { read, dialect, view }: Hopping,
  key: readonly Cell[],
  anchors: readonly Anchor[],
): Promise<Compared | null> {
  const width = view.order.length
  const { rows } = await read(comparison(dialect, view, key, anchors))
  const [row] = rows
  if (!row) return null
  const answers = row.slice(width).map(Number)
  const answersOf = (index: number) => answers.slice(index * width, (index + 1) * width)
  const passed = anchors.findIndex((_, index) => answersOf(index)[0] === 0)
  const count = passed < 0 ? anchors.length : passed
  const anchor = anchors[count - 1] ?? null
  const shared = answersOf(count - 1).slice(1)
  const same = shared.indexOf(0)
  return { place: row.slice(0, width), passed: count, anchor, same: same < 0 ? shared.length : same }
}

/** The place of a row; then for each anchor whether the row stands behind it, and which values but the last it shares with it. */
function comparison(dialect: SqlDialect, view: ViewSql, key: readonly Cell[], anchors: readonly Anchor[]): Statement {
  const { knex } = dialect
  const { shape, order } = view
  const truth = (condition: Knex.Raw) => knex.raw('case when ? then 1 else 0 end', [condition])
  const answers = anchors.flatMap(({ place }) => [
    truth(isBehind(dialect, view, place)),
    ...order
      .slice(0, -1)
      .map(({ column }, index) => truth(equal(dialect, columnOf(shape, column), place[index] ?? null))),
  ])
  const query = rowsOf(dialect, view).select([
    ...order.map(({ column }, index) =>
      knex.raw('? as ??', [dialect.stored(columnOf(shape, column)), placeAlias(index)]),
    ),
    ...answers,
  ])
  shape.key.forEach((name, index) => void query.where(equal(dialect, columnOf(shape, name), key[index] ?? null)))
  return toStatement(query)
}

function isBehind(dialect: SqlDialect, view: ViewSql, place: Cursor): Knex.Raw {
  const { knex } = dialect
  const parts = rangesAfter(dialect, view, place).map(({ conditions }) =>
    knex.raw(conditions.map(() => '?').join(' and '), conditions as Knex.RawBinding[]),
  )
  if (parts.length === 0) return knex.raw('1 = 0')
  return knex.raw(parts.map(() => '(?)').join(' or '), parts as Knex.RawBinding[])
}

/** One statement for all stretches. */
async function countAll({ read, dialect, view }: Hopping, ranges: readonly Range[]): Promise<number> {
  const [first, ...rest] = ranges.map((each) => countOf(dialect, view, each))
  if (!first) return 0
  const { rows } = await read(toStatement(rest.length === 0 ? first : first.unionAll(rest)))
  return rows.reduce((sum, [count]) => sum + Number(count), 0)
}

const countOf = (dialect: SqlDialect, view: ViewSql, range: Range) => rowsIn(dialect, view, range).count({ n: '*' })
