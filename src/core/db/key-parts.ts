// A table taken apart along its key: ranges of so many rows, each found by a step over the key's index.
import type { Knex } from 'knex'
import type { Cell } from '../../shared/cell.ts'
import type { Rows, Statement, TableShape } from './database.ts'
import { columnOf, toStatement } from './query.ts'
import type { SqlDialect } from './sql-dialect.ts'

/** Conditions of the rows of one part; empty for the whole table. */
export type Part = readonly Knex.Raw[]

interface Walking {
  read: (statement: Statement) => Promise<Rows>
  dialect: SqlDialect
  shape: TableShape
}

/**
 * Every row of the table is in exactly one part, those aside that come or change their key meanwhile. Without a key, or with one
 * that may hold NULL, the table is one part.
 */
export async function* partsAlongKey({ read, dialect, shape }: Walking, rows: number): AsyncGenerator<Part> {
  const key = shape.key.map((name) => columnOf(shape, name))
  const hasOrder = hasKeyOrder(shape)
  let after: Cell[] | null = null
  while (hasOrder) {
    const query = dialect.knex(dialect.table(shape.name)).select(key.map((column) => dialect.stored(column)))
    if (after) void query.where(beyond(dialect, shape, after, false))
    for (const { name } of key) void query.orderBy(name)
    const end: Cell[] | undefined = (await read(toStatement(query.limit(1).offset(rows - 1)))).rows[0]
    if (!end) break
    yield [...(after ? [beyond(dialect, shape, after, false)] : []), beyond(dialect, shape, end, true)]
    after = end
  }
  yield after ? [beyond(dialect, shape, after, false)] : []
}

function isNeverNull({ columns }: TableShape, name: string): boolean {
  return columns.find((column) => column.name === name)?.isNullable === false
}

/** True where every row can be named by its key, and the key puts all rows into one order. */
export const hasKeyOrder = (shape: TableShape): boolean =>
  shape.key.length > 0 && shape.key.every((name) => isNeverNull(shape, name))

/** Rows behind a place in the order of the key; or, `isUpTo`, the place itself and those before it. */
export function beyond(dialect: SqlDialect, shape: TableShape, place: readonly Cell[], isUpTo: boolean): Knex.Raw {
  const { knex } = dialect
  const [sign, orEqual] = isUpTo ? ['<', '<='] : ['>', '>']
  const columns = shape.key.map((name) => columnOf(shape, name))
  const values = columns.map((column, index) => dialect.value(column, place[index] ?? null))
  const names = columns.map(({ name }) => name)
  if (columns.length === 1) return knex.raw(`?? ${orEqual} ?`, [names[0], values[0]] as Knex.RawBinding[])
  if (dialect.comparesRows) {
    const bindings = [...names, ...values] as Knex.RawBinding[]
    return knex.raw(`(${names.map(() => '??').join(', ')}) ${orEqual} (${values.map(() => '?').join(', ')})`, bindings)
  }
  // "Later a, or the same a and later b": a range of the index, where a comparison of rows of values is none.
  return columns.reduceRight<Knex.Raw>((inner, _, index) => {
    const [name, value] = [names[index], values[index]] as Knex.RawBinding[]
    if (index === columns.length - 1) return knex.raw(`?? ${orEqual} ?`, [name, value] as Knex.RawBinding[])
    return knex.raw(`(?? ${sign} ? or (?? = ? and ?))`, [name, value, name, value, inner] as Knex.RawBinding[])
  }, knex.raw('1 = 1'))
}
