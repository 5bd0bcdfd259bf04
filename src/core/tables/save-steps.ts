// The statements of a save, one step each, and as few texts as there are shapes of them: a text is compiled once, and the
// values of each step are bound anew.
import { isDeepStrictEqual } from 'node:util'
import type { Cell } from '../../shared/cell.ts'
import type { Change } from '../../shared/tables.ts'
import type { Statement, TableShape } from '../db/database.ts'
import { fragmentOf } from '../db/fragment.ts'
import { columnOf } from '../db/query.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { deleteOf, insertOf, updateOf, type Delete, type Insert, type Update } from './save-sql.ts'
import { equal } from './view-sql.ts'

/** One statement. A change has one, or two: `park` moves its row out of the way first. */
export interface Step {
  kind: 'delete' | 'park' | 'update' | 'insert'
  change: Change
  /** Where the row is when the statement runs, and what it must hold. Empty for an insert. */
  key: readonly Cell[]
  guard: Readonly<Record<string, Cell>>
  /** What is written; empty for a delete. */
  values: Readonly<Record<string, Cell>>
  /** Columns that a delete answers with. */
  returning: readonly string[]
  /** An insert insists on values for columns that are automatic always. */
  isInsistent: boolean
}

/** Steps that one text serves, one after the other. */
export interface Batch {
  sql: string
  /** The number of its first step. */
  first: number
  /** What each binds: made when it is asked for, and all of it before the next batch. */
  rows: Iterable<Cell[]>
}

const NONE = { guard: {}, values: {}, returning: [], isInsistent: false }

export function deleteStep(change: Delete, dialect: SqlDialect, shape: TableShape): Step {
  const returning = dialect.deletedRow === 'returning' ? shape.columns.map(({ name }) => name) : []
  return { ...NONE, kind: 'delete', change, key: change.key, guard: change.original, returning }
}

export const updateStep = (change: Update): Step => ({
  ...NONE,
  kind: 'update',
  change,
  key: change.key,
  guard: change.original,
  values: change.values,
})

export const insertStep = (change: Insert, isInsistent = false): Step => ({
  ...NONE,
  isInsistent,
  kind: 'insert',
  change,
  key: [],
  values: change.values,
})

/** `shape`: what it shares with all that the same text serves. */
interface Bound {
  shape: string
  values: Cell[]
}

/** Knex writes the columns of an insert in alphabetical order. */
const inOrder = ({ kind, values, isInsistent }: Step) =>
  kind === 'insert' && !isInsistent ? Object.keys(values).sort() : Object.keys(values)

/** Columns by name, looked up once. */
export type Columns = (name: string) => ReturnType<typeof columnOf>

export function columnsOf(shape: TableShape): Columns {
  const known = new Map<string, ReturnType<typeof columnOf>>()
  return (name) => {
    const column = known.get(name) ?? columnOf(shape, name)
    known.set(name, column)
    return column
  }
}

/** The shape of the step's statement, and what it binds, in the order of `statementOf`. */
export function boundOf(dialect: SqlDialect, shape: TableShape, columns: Columns, step: Step): Bound {
  let form: string = step.kind === 'park' ? 'update' : step.kind
  const values: Cell[] = []
  const add = (name: string, raw: Parameters<typeof fragmentOf>[0]) => {
    const fragment = fragmentOf(raw)
    form += ` ${name} ${fragment.form}`
    for (const value of fragment.values) values.push(value)
  }
  for (const name of inOrder(step)) add(name, dialect.value(columns(name), step.values[name] ?? null))
  if (step.kind === 'insert') return { shape: form, values }
  shape.key.forEach((name, index) => {
    const [column, value] = [columns(name), step.key[index] ?? null]
    if (value !== null) add(name, equal(dialect, column, value))
    add(name, dialect.same(column, value))
  })
  for (const [name, value] of Object.entries(step.guard)) add(name, dialect.same(columns(name), value))
  return { shape: form, values }
}

export function statementOf(dialect: SqlDialect, shape: TableShape, step: Step): Statement {
  if (step.kind === 'insert') return insertOf(dialect, shape, step.values, step.isInsistent)
  const at = { key: step.key, original: step.guard }
  return step.kind === 'delete'
    ? deleteOf(dialect, shape, at, step.returning)
    : updateOf(dialect, shape, { ...at, values: step.values })
}

/** The steps in their order, put together as long as one text serves them. */
export function* batchesOf(dialect: SqlDialect, shape: TableShape, steps: readonly Step[]): Generator<Batch, void> {
  const statement = compiler(dialect, shape)
  const at = (place: number) => (place < steps.length ? statement(steps[place] as Step) : null)
  let place = 0
  let next = at(0)
  while (next) {
    const { sql } = next
    const rows = function* () {
      for (; next?.sql === sql; place += 1, next = at(place)) yield next.values as Cell[]
    }
    yield { sql, first: place, rows: rows() }
  }
}

/** Compiles each shape once, as long as what is bound is what the compiler binds. */
function compiler(dialect: SqlDialect, shape: TableShape): (step: Step) => Statement {
  const columns = columnsOf(shape)
  /** Null: every statement of the shape is compiled by itself. */
  const texts = new Map<string, string | null>()
  return (step) => {
    const bound = boundOf(dialect, shape, columns, step)
    const sql = texts.get(bound.shape)
    if (sql) return { sql, values: bound.values }
    const statement = statementOf(dialect, shape, step)
    if (sql === undefined) {
      const isAlike = isDeepStrictEqual([...statement.values], bound.values)
      texts.set(bound.shape, isAlike ? statement.sql : null)
    }
    return { sql: statement.sql, values: [...statement.values] }
  }
}
