// The order of a view, and stretches of its rows: each is one range of an index, for "after this row" as for "between these".
import type { Knex } from 'knex'
import type { Cell } from '../../shared/cell.ts'
import type { Filter } from '../../shared/filters.ts'
import type { Cursor, Sort } from '../../shared/tables.ts'
import type { TableShape } from '../db/database.ts'
import { columnOf } from '../db/query.ts'
import type { SqlColumn, SqlDialect } from '../db/sql-dialect.ts'

/** One column of the total order; the key columns come last and break every tie there may be. */
export interface OrderTerm {
  column: string
  isDescending: boolean
  isNullable: boolean
  /** No two rows share a value of it, NULLs aside: among rows that hold one, nothing behind it is needed for the order. */
  isUnique?: boolean
}

export interface ViewSql {
  shape: TableShape
  order: OrderTerm[]
  filter: Filter | null
  /**
   * So many rows hold NULL in the first term, which is unique otherwise, that they are found by walking the key, and not by
   * sorting what the term's index holds of them (see `view-plan.ts`).
   */
  nullsByKey?: boolean
  /**
   * How rows of the filter are best found where the engine would choose badly: along the order, as there are many, or first, to
   * be sorted then, as there are few. Absent: the engine is left to choose.
   */
  finding?: 'along' | 'first'
}

/** The sort column, then the key in the same direction, so that one index serves both directions; no key where it has no ties. */
export function viewOf(shape: TableShape, sort: Sort | null, filter: Filter | null): ViewSql {
  const isDescending = sort?.direction === 'desc'
  const isNullable = (name: string) => shape.columns.find((column) => column.name === name)?.isNullable ?? true
  const isUnique = sort !== null && shape.sortsAlone?.includes(sort.column) === true
  const hasTies = sort === null || !isUnique || isNullable(sort.column)
  const columns = [...new Set([...(sort ? [sort.column] : []), ...(hasTies ? shape.key : [])])]
  const order = columns.map((column, index) => ({
    ...{ column, isDescending, isNullable: isNullable(column) },
    ...(isUnique && index === 0 && { isUnique }),
  }))
  return { shape, filter, order }
}

/** The same view read from its other end. */
export function reversed(view: ViewSql): ViewSql {
  return { ...view, order: view.order.map((term) => ({ ...term, isDescending: !term.isDescending })) }
}

/** Rows that stand one after another in the view. */
export interface Range {
  conditions: Knex.Raw[]
  /**
   * What sorts them. Terms in which they are all the same are left out, NULLs on PostgreSQL aside: its planner would walk
   * the key, and meet none of them for as long as luck has it. So are terms behind a unique value.
   */
  order: readonly OrderTerm[]
  /** How many values of the view's order tell the place of one of them. */
  placed: number
  /** They share the first value of the order with the row before them. */
  isTie: boolean
}

/** What is asked of one column. */
type Bound =
  | { kind: 'null' }
  | { kind: 'value' }
  | { kind: 'beyond'; value: Exclude<Cell, null>; isDescending: boolean; isIncluded: boolean }

const nullsAreLast = ({ nulls }: SqlDialect, { isDescending }: OrderTerm) => (nulls === 'last') !== isDescending

/** What stands behind a value, in the order in which it is read: the values beyond it, then the NULLs, or the other way round. */
function later(dialect: SqlDialect, term: OrderTerm, value: Cell): Bound[] {
  const isLast = nullsAreLast(dialect, term)
  if (value === null) return isLast ? [] : [{ kind: 'value' }]
  const beyond: Bound = { kind: 'beyond', value, isDescending: term.isDescending, isIncluded: false }
  return isLast && term.isNullable ? [beyond, { kind: 'null' }] : [beyond]
}

const earlier = (dialect: SqlDialect, term: OrderTerm, value: Cell) =>
  later(dialect, { ...term, isDescending: !term.isDescending }, value)

const placed = (dialect: SqlDialect, column: SqlColumn, value: Cell) =>
  dialect.placed?.(column, value) ?? dialect.value(column, value)

function conditionOf(dialect: SqlDialect, column: SqlColumn, bound: Bound): Knex.Raw {
  const { knex } = dialect
  if (bound.kind === 'null') return knex.raw('?? is null', [column.name])
  if (bound.kind === 'value') return knex.raw('?? is not null', [column.name])
  const operator = `${bound.isDescending ? '<' : '>'}${bound.isIncluded ? '=' : ''}`
  return knex.raw(`?? ${operator} ?`, [column.name, placed(dialect, column, bound.value)])
}

/** Equality as the index compares (the column's own collation), not as stored: a tie is a tie of the order. */
export function equal(dialect: SqlDialect, column: SqlColumn, value: Cell): Knex.Raw {
  if (value === null) return dialect.knex.raw('?? is null', [column.name])
  return dialect.knex.raw('?? = ?', [column.name, placed(dialect, column, value)])
}

/** NULL, asked for so that no index of the column is used. */
function isNullByKey({ knex }: SqlDialect, column: SqlColumn): Knex.Raw {
  return knex.raw('coalesce(??) is null', [column.name])
}

/** The rows that are the same as `place` up to the term of this number, and meet the bounds there. */
function rangeOf(dialect: SqlDialect, view: ViewSql, place: Cursor, index: number, bounds: readonly Bound[]): Range {
  const { shape, order } = view
  const column = (term: OrderTerm) => columnOf(shape, term.column)
  const term = order[index] as OrderTerm
  const isNull = bounds.some(({ kind }) => kind === 'null')
  const hides = (each: OrderTerm, value: Cell) => view.nullsByKey === true && each.isUnique === true && value === null
  const rare = (condition: Knex.Raw) => dialect.rare?.(condition) ?? condition
  const same = order.slice(0, index).map((each, i) => {
    const value = place[i] ?? null
    return hides(each, value) ? isNullByKey(dialect, column(each)) : rare(equal(dialect, column(each), value))
  })
  const met = bounds.map((bound) => {
    if (bound.kind !== 'null') return conditionOf(dialect, column(term), bound)
    return hides(term, null) ? isNullByKey(dialect, column(term)) : rare(conditionOf(dialect, column(term), bound))
  })
  const isAlone = term.isUnique === true && !isNull
  return {
    conditions: [...same, ...met],
    order: isAlone ? [term] : order.slice(isNull && !(dialect.comparesRows && !term.isUnique) ? index + 1 : index),
    placed: isAlone ? index + 1 : order.length,
    isTie: index > 0,
  }
}

/** The whole view. */
export function rangesOfAll(dialect: SqlDialect, view: ViewSql): Range[] {
  const [first] = view.order
  if (first?.isUnique !== true || !first.isNullable) {
    return [{ conditions: [], order: view.order, placed: view.order.length, isTie: false }]
  }
  // Only the NULLs need the key behind them; asked for together, all the rows would be sorted.
  const bounds: Bound[] = nullsAreLast(dialect, first)
    ? [{ kind: 'value' }, { kind: 'null' }]
    : [{ kind: 'null' }, { kind: 'value' }]
  return bounds.map((bound) => rangeOf(dialect, view, [], 0, [bound]))
}

/** Terms of the order that can differ between rows that hold the values of `place` before them. */
function deepest({ order }: ViewSql, place: Cursor): number {
  const found = order.findIndex((term, index) => term.isUnique === true && (place[index] ?? null) !== null)
  return found < 0 ? order.length : found + 1
}

/**
 * The rows after a place, nearest first. "After (a, b)" is "same a, later b", then "later a": each part is one range of an
 * index, where a comparison of row values would make most engines scan (and could not say where NULLs stand).
 */
export function rangesAfter(dialect: SqlDialect, view: ViewSql, place: Cursor): Range[] {
  if (isByRows(dialect, view, place)) return rangesByRows(dialect, view, place)
  const ranges: Range[] = []
  for (let index = deepest(view, place) - 1; index >= 0; index--) {
    const bounds = later(dialect, view.order[index] as OrderTerm, place[index] ?? null)
    ranges.push(...bounds.map((bound) => rangeOf(dialect, view, place, index, [bound])))
  }
  return ranges
}

/** Whether the place can be compared at once, its first value aside when that is NULL. */
function isByRows({ comparesRows }: SqlDialect, view: ViewSql, place: Cursor): boolean {
  const isWhole = view.order
    .slice(1)
    .every(({ isNullable }, index) => !isNullable && (place[index + 1] ?? null) !== null)
  return comparesRows === true && deepest(view, place) > 1 && isWhole
}

function rangesByRows(dialect: SqlDialect, view: ViewSql, place: Cursor): Range[] {
  const { shape, order } = view
  const first = order[0] as OrderTerm
  const isNull = (place[0] ?? null) === null
  const terms = order.slice(isNull ? 1 : 0)
  const columns = terms.map(({ column }) => columnOf(shape, column))
  const values = columns.map((column, index) => dialect.value(column, place[index + (isNull ? 1 : 0)] ?? null))
  const marks = (mark: string) => terms.map(() => mark).join(', ')
  const operator = first.isDescending ? '<' : '>'
  const bindings = [...columns.map(({ name }) => name), ...values] as Knex.RawBinding[]
  const compared = dialect.knex.raw(`(${marks('??')}) ${operator} (${marks('?')})`, bindings)
  const same = isNull ? [conditionOf(dialect, columnOf(shape, first.column), { kind: 'null' })] : []
  const near: Range = {
    conditions: [...same, compared],
    order: isNull && first.isUnique ? terms : order,
    placed: order.length,
    isTie: isNull,
  }
  const further = later(dialect, first, place[0] ?? null).filter(({ kind }) => kind !== 'beyond')
  return [near, ...further.map((bound) => rangeOf(dialect, view, place, 0, [bound]))]
}

/** The rows whose first value of the order is `value` or beyond it. */
export function rangesFrom(dialect: SqlDialect, view: ViewSql, value: Cell): Range[] {
  const term = view.order[0] as OrderTerm
  if (value === null && !nullsAreLast(dialect, term)) return rangesOfAll(dialect, view)
  const bounds: Bound[] =
    value === null
      ? [{ kind: 'null' }]
      : later(dialect, term, value).map((bound) => (bound.kind === 'beyond' ? { ...bound, isIncluded: true } : bound))
  return bounds.map((bound) => rangeOf(dialect, view, [], 0, [bound]))
}

/**
 * The rows behind `from` and before `to`, in no order. `same`: how many values of the order the two share by the order's own
 * comparison; only the database can tell.
 */
export function rangesBetween(dialect: SqlDialect, view: ViewSql, from: Cursor, to: Cursor, same: number): Range[] {
  const { order } = view
  if (same >= order.length) return []
  const ranges: Range[] = []
  for (let index = deepest(view, from) - 1; index > same; index--) {
    const bounds = later(dialect, order[index] as OrderTerm, from[index] ?? null)
    ranges.push(...bounds.map((bound) => rangeOf(dialect, view, from, index, [bound])))
  }
  const term = order[same] as OrderTerm
  for (const low of later(dialect, term, from[same] ?? null)) {
    for (const high of earlier(dialect, term, to[same] ?? null)) {
      // NULLs are all at one end: they are not both behind a row and before another.
      if (low.kind === 'null' || high.kind === 'null') continue
      ranges.push(rangeOf(dialect, view, from, same, [low, high]))
    }
  }
  for (let index = same + 1; index < deepest(view, to); index++) {
    const bounds = earlier(dialect, order[index] as OrderTerm, to[index] ?? null)
    ranges.push(...bounds.map((bound) => rangeOf(dialect, view, to, index, [bound])))
  }
  return ranges
}
