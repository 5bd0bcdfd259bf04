// Reads many rows by their keys with few statements.
import type { Knex } from 'knex'
import type { Cell } from '../../shared/cell.ts'
import type { Rows, Statement, TableShape } from '../db/database.ts'
import { fragmentOf } from '../db/fragment.ts'
import { columnOf, toStatement } from '../db/query.ts'
import type { SqlColumn, SqlDialect } from '../db/sql-dialect.ts'
import { rowByKey } from './save-sql.ts'

export type Read = (statement: Statement) => Promise<Rows>

/** Keys in one statement: engines limit the number of values and of parts. */
const KEYS_AT_ONCE = { ofOne: 500, ofSeveral: 100 }

/** The same stored value has the same text, and no other has it. */
export function textOf(cell: Cell): string {
  if (cell instanceof Uint8Array) return `bytes ${Buffer.from(cell).toString('hex')}`
  return Object.is(cell, -0) ? 'number -0' : `${typeof cell} ${String(cell)}`
}

export const textOfAll = (cells: readonly Cell[]) =>
  cells.length === 1 ? textOf(cells[0] ?? null) : JSON.stringify(cells.map(textOf))

/**
 * The stored values of `columns` of each row, in the order of `keys`; null where there is no such row, or no key. A key is met
 * by exactly its own stored values, as they were read. `also`: what else the query is to do (a lock).
 */
export async function readRows(
  read: Read,
  dialect: SqlDialect,
  shape: TableShape,
  keys: readonly (readonly Cell[] | null)[],
  columns: readonly string[],
  also: (query: Knex.QueryBuilder) => Knex.QueryBuilder = (query) => query,
): Promise<(Cell[] | null)[]> {
  const found: (Cell[] | null)[] = keys.map(() => null)
  const places = new Map<string, number[]>()
  const asked: (readonly Cell[])[] = []
  keys.forEach((key, index) => {
    if (key === null) return
    const text = textOfAll(key)
    const same = places.get(text)
    if (same) return void same.push(index)
    places.set(text, [index])
    asked.push(key)
  })
  const width = shape.key.length
  const atOnce = width === 1 ? KEYS_AT_ONCE.ofOne : KEYS_AT_ONCE.ofSeveral
  for (let start = 0; start < asked.length; start += atOnce) {
    const part = asked.slice(start, start + atOnce)
    const wanted = [...shape.key, ...columns].map((name) => dialect.stored(columnOf(shape, name)))
    const { rows } = await read(toStatement(also(rowsByKeys(dialect, shape, part).select(wanted))))
    for (const row of rows) {
      const cells = row.slice(width)
      for (const index of places.get(textOfAll(row.slice(0, width))) ?? []) found[index] = cells
    }
  }
  return found
}

/** Rows whose key is equal to one of these, as the index compares; a row more than is asked for does no harm. */
export function rowsByKeys(
  dialect: SqlDialect,
  shape: TableShape,
  keys: readonly (readonly Cell[])[],
): Knex.QueryBuilder {
  const { knex } = dialect
  const [only, ...others] = keys
  if (only && others.length === 0) return rowByKey(dialect, shape, only)
  const query = knex(dialect.table(shape.name))
  const [name, ...more] = shape.key
  if (name !== undefined && more.length === 0) {
    const values = keys.map(([value = null]) => value)
    return query.where(isOneOf(dialect, columnOf(shape, name), values))
  }
  return query.where(function () {
    for (const key of keys) {
      void this.orWhere(function () {
        shape.key.forEach((column, index) => {
          const value = dialect.value(columnOf(shape, column), key[index] ?? null)
          void this.where(knex.raw('?? = ?', [columnOf(shape, column).name, value]))
        })
      })
    }
  })
}

/** Equal to one of the values, as the column compares. None of them is NULL. */
export function isOneOf(dialect: SqlDialect, column: SqlColumn, values: readonly Cell[]): Knex.Raw {
  const parts = values.map((value) => dialect.value(column, value))
  const fragments = parts.map(fragmentOf)
  // Values that are bound as they are, which is nearly always, need no piece of SQL each.
  const bound = fragments.every(({ form }) => form === '?')
    ? fragments.map(({ values: [value = null] }) => value)
    : parts
  return dialect.knex.raw(`?? in (${parts.map(() => '?').join(', ')})`, [column.name, ...bound] as Knex.RawBinding[])
}
