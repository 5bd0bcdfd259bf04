// Reads many rows by their keys with few statements.
import type { Knex } from 'knex'
import type { Cell } from '../../shared/cell.ts'
import type { Rows, Statement, TableShape } from '../db/database.ts'
import { boundAlone } from '../db/fragment.ts'
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

export interface ReadOptions {
  /** What else the query is to do (a lock). */
  also?: (query: Knex.QueryBuilder) => Knex.QueryBuilder
  /** Statements on their way at once; 1 unless told. */
  ahead?: number
}

/**
 * The stored values of `columns` of each row, in the order of `keys`; null where there is no such row, or no key. A key is met
 * by exactly its own stored values, as they were read.
 */
export async function readRows(
  read: Read,
  dialect: SqlDialect,
  shape: TableShape,
  keys: readonly (readonly Cell[] | null)[],
  columns: readonly string[],
  { also = (query) => query, ahead = 1 }: ReadOptions = {},
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
  // A key that is asked for anyway is not asked for twice.
  const names = shape.key.every((name) => columns.includes(name)) ? columns : [...shape.key, ...columns]
  const wanted = names.map((name) => dialect.stored(columnOf(shape, name)))
  const keyAt = shape.key.map((name) => names.indexOf(name))
  const start = names.length - columns.length
  const readPart = async (part: readonly (readonly Cell[])[]) => {
    const { rows } = await read(toStatement(also(rowsByKeys(dialect, shape, part).select(wanted))))
    for (const row of rows) {
      const key = keyAt.map((place) => row[place] ?? null)
      const cells = start === 0 ? row : row.slice(start)
      for (const index of places.get(textOfAll(key)) ?? []) found[index] = cells
    }
  }
  const atOnce = width === 1 ? KEYS_AT_ONCE.ofOne : KEYS_AT_ONCE.ofSeveral
  const underWay: Promise<void>[] = []
  try {
    for (let from = 0; from < asked.length; from += atOnce) {
      underWay.push(readPart(asked.slice(from, from + atOnce)))
      if (underWay.length >= ahead) await underWay.shift()
    }
    await Promise.all(underWay)
  } finally {
    await Promise.allSettled(underWay)
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
  // Values that are bound as they are, which is nearly always, need no piece of SQL each.
  const bound = parts.map((part) => {
    const alone = boundAlone(part)
    return alone ? alone.value : part
  })
  return dialect.knex.raw(`?? in (${parts.map(() => '?').join(', ')})`, [column.name, ...bound] as Knex.RawBinding[])
}
