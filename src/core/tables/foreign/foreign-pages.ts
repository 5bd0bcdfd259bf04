// The rows of a table in which something is foreign, found by the database part by part along the key.
import type { Cell } from '../../../shared/cell.ts'
import { where } from '../../../shared/filters.ts'
import type { Rows, Statement, TableShape } from '../../db/database.ts'
import { beyond, hasKeyOrder, partsAlongKey, type Part } from '../../db/key-parts.ts'
import { columnOf, toStatement } from '../../db/query.ts'
import type { SqlDialect } from '../../db/sql-dialect.ts'
import { filterOf, joined } from '../../filters/filter-sql.ts'
import { Refusal } from '../../refusal.ts'
import type { ForeignColumn } from './foreign-kind.ts'

/** Rows of one part: some tens of milliseconds, so that a person sees it move and can stop it. */
const PART = 50_000
/** Foreign rows that one statement brings. */
const PAGE = 5_000
/** Foreign rows that are told of a table whose rows no key puts in order: one statement brings them. */
export const MOST_UNORDERED = 200_000
/** Bytes of a value that are read; the longest date has 40. */
const BYTES = 1024

export interface ForeignRow {
  /** Empty in a table without a key. May hold NULL, and the row can then not be named. */
  key: Cell[]
  /** In the order of the columns that are looked at. */
  cells: { cell: Cell; isCut: boolean }[]
}

/** `passed`: rows of the table that were looked at since the last page. */
export interface ForeignPage {
  rows: ForeignRow[]
  passed: number
}

export interface Looking {
  read: (statement: Statement) => Promise<Rows>
  dialect: SqlDialect
  shape: TableShape
  columns: readonly ForeignColumn[]
}

/**
 * Only rows in which at least one cell is foreign: the condition says of every value what `isForeign` says of it. Throws
 * QUERY_FAILED when there are more than MOST_UNORDERED of them, and no key to go on from.
 */
export async function* foreignPages(looking: Looking): AsyncGenerator<ForeignPage, void> {
  const { read, dialect, shape } = looking
  let before: Part | null = null
  for await (const part of partsAlongKey({ read, dialect, shape }, PART)) {
    // All parts but the last have as many rows as they were made of.
    if (before) yield* pagesOf(looking, before, PART)
    before = part
  }
  if (!before) return
  const [count] = (await read(countOf(looking, before))).rows
  yield* pagesOf(looking, before, Number(count?.[0] ?? 0))
}

async function* pagesOf(looking: Looking, part: Part, passed: number): AsyncGenerator<ForeignPage, void> {
  const { read, shape, dialect } = looking
  const isOrdered = hasKeyOrder(shape)
  const limit = isOrdered ? PAGE : MOST_UNORDERED
  for (let conditions: Part = part; ;) {
    const rows = (await read(pageOf(looking, conditions, limit + (isOrdered ? 0 : 1)))).rows.map((row) =>
      rowOf(looking, row),
    )
    const last = rows.at(-1)
    const isEnd = rows.length < limit
    yield { rows: rows.slice(0, limit), passed: isEnd ? passed : 0 }
    if (!isOrdered && rows.length > limit) throw tooMany(shape.name)
    if (isEnd || !isOrdered || !last) return
    conditions = [...part, beyond(dialect, shape, last.key, false)]
  }
}

function tooMany(table: string): Refusal {
  const message = `No key puts the rows of ${table} in order, and more than ${MOST_UNORDERED.toLocaleString('en-US')} of them hold a foreign value: these are the first.`
  return new Refusal('QUERY_FAILED', message, { code: 'TOO_MANY' })
}

const rowsIn = ({ dialect, shape }: Looking, part: Part) => {
  const query = dialect.knex(dialect.table(shape.name))
  for (const condition of part) void query.where(condition)
  return query
}

const countOf = (looking: Looking, part: Part): Statement =>
  toStatement(rowsIn(looking, part).select(looking.dialect.knex.raw('count(*)')))

function pageOf(looking: Looking, part: Part, limit: number): Statement {
  const { dialect, shape, columns } = looking
  const asked = columns.map(({ column }) => columnOf(shape, column.name))
  const select = [
    ...shape.key.map((name) => dialect.stored(columnOf(shape, name))),
    ...asked.map((column) => dialect.beginning(column, BYTES)),
    ...asked.map((column) => dialect.excess(column, BYTES)),
  ].map((value, index) => dialect.knex.raw('? as ??', [value, `roster:v${index}`]))
  const isForeign = columns.map(({ column, codec }) =>
    filterOf({ dialect, shape, isAlongOrder: false }, where(column.name, { test: 'foreign', to: codec })),
  )
  const query = rowsIn(looking, part)
    .select(select)
    .where(dialect.knex.raw('(?)', [joined(dialect, 'or', isForeign)]))
  if (hasKeyOrder(shape)) for (const name of shape.key) void query.orderBy(columnOf(shape, name).name)
  return toStatement(query.limit(limit))
}

function rowOf({ shape, columns }: Looking, row: readonly Cell[]): ForeignRow {
  const [keys, count] = [shape.key.length, columns.length]
  const cells = row.slice(keys, keys + count)
  return {
    key: row.slice(0, keys),
    cells: cells.map((cell, index) => ({ cell, isCut: (row[keys + count + index] ?? null) !== null })),
  }
}
