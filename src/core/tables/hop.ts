// Hops over a view: from one place to the place some rows further on, in short statements.
import type { Cursor } from '../../shared/tables.ts'
import type { Rows, Statement } from '../db/database.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { countIn, placeIn, placesIn } from './hop-sql.ts'
import { rangesAfter, rangesOfAll, type Range, type ViewSql } from './view-ranges.ts'

/** Rows up to which their places are read themselves: how many there are is known then without counting. */
const FEW = 500

export interface Hopping {
  read: (statement: Statement) => Promise<Rows>
  dialect: SqlDialect
  view: ViewSql
  /** Rows up to which places are read one by one; 500 unless told. */
  few?: number
}

export interface Hop {
  /** Rows that were passed, the one at `place` included. */
  count: number
  /** Null when the view ended before. */
  place: Cursor | null
}

/**
 * The place `rows` rows (at least 1) behind `from`, or of the row of this number (from 1) when `from` is null. `isTied`: the
 * row is likely to share its sort value with that many others.
 */
export async function hop(hopping: Hopping, from: Cursor | null, rows: number, isTied = false): Promise<Hop> {
  const { dialect, view } = hopping
  const ranges = from === null ? rangesOfAll(dialect, view) : rangesAfter(dialect, view, from)
  let count = 0
  for (const range of ranges) {
    const found = await hopWithin(hopping, range, rows - count, isTied)
    count += found.count
    if (found.place) return { count, place: found.place }
  }
  return { count, place: null }
}

async function hopWithin(hopping: Hopping, range: Range, rows: number, isTied: boolean): Promise<Hop> {
  const { read, dialect, view, few = FEW } = hopping
  const whole = (place: readonly Cursor[number][]) => view.order.map((_, index) => place[index] ?? null)
  if (rows <= few) {
    const places = (await read(placesIn(dialect, view, range, rows))).rows
    const last = places.length === rows ? places.at(-1) : undefined
    return { count: places.length, place: last ? whole(last) : null }
  }
  // Most rows share their value with few others, and counting those is cheaper than passing them twice.
  if (range.isTie && !isTied) {
    const count = await counted(hopping, range, rows)
    if (count < rows) return { count, place: null }
  }
  const place = (await read(placeIn(dialect, view, range, rows))).rows[0]
  if (place) return { count: rows, place: whole(place) }
  // Somebody may have added rows since.
  return { count: Math.min(rows - 1, await counted(hopping, range, rows)), place: null }
}

async function counted({ read, dialect, view }: Hopping, range: Range, most: number): Promise<number> {
  return Number((await read(countIn(dialect, view, range, most))).rows[0]?.[0] ?? 0)
}
