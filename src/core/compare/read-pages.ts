// All rows of a table, page by page along its key: each page begins behind the key of the row before it.
import type { Knex } from 'knex'
import type { Cell } from '../../shared/cell.ts'
import { columnOf, toStatement } from '../db/query.ts'
import type { Side } from './side.ts'

/** Rows of the first page; the next ones follow the size of the rows. */
const FIRST = 200
/** Rows of a page at most: some milliseconds of work, so that the event loop is free in between. */
const MOST = 2000
/** Bytes that a page should have. */
const BYTES = 1024 * 1024

/**
 * `columns` of every row, and its key before them. Rows with NULL in their key, which SQLite allows, are left out: no row can be
 * named by it. While a page is worked on, the next one is read.
 */
export async function* readPages(
  side: Side,
  columns: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<Cell[][], void> {
  let size = FIRST
  let next = readPage(side, columns, null, size, signal)
  for (;;) {
    const rows = await next
    const last = rows.at(-1)
    if (last && rows.length === size) {
      size = sizeAfter(rows)
      next = readPage(side, columns, last.slice(0, side.shape.key.length), size, signal)
      // Awaited in the next round; its error must not count as unhandled until then.
      next.catch(() => undefined)
      yield rows
    } else {
      if (last) yield rows
      return
    }
  }
}

async function readPage(
  side: Side,
  columns: readonly string[],
  after: readonly Cell[] | null,
  limit: number,
  signal: AbortSignal,
): Promise<Cell[][]> {
  const { dialect, shape, database } = side
  const query = dialect
    .knex(dialect.table(shape.name))
    .select([...shape.key, ...columns].map((name) => dialect.stored(columnOf(shape, name))))
    .limit(limit)
  for (const name of shape.key) {
    const column = columnOf(shape, name)
    if (shape.columns.find((each) => each.name === name)?.isNullable) void query.whereNotNull(column.name)
    void query.orderBy(column.name)
  }
  if (after) void query.where(isBehind(side, after))
  return (await database.read(toStatement(query), signal, { isLong: true })).rows
}

/** As one range of the key's index, in the words in which the engine sees it to be one. */
function isBehind({ dialect, shape, database }: Side, place: readonly Cell[]): Knex.Raw {
  const columns = shape.key.map((name) => columnOf(shape, name))
  const value = (index: number) => dialect.value(columns[index] as (typeof columns)[number], place[index] ?? null)
  if (database.dialect !== 'mysql' || columns.length === 1) {
    const names = columns.map(({ name }) => name)
    const marks = (mark: string) => columns.map(() => mark).join(', ')
    const bindings = [...names, ...columns.map((_, index) => value(index))] as Knex.RawBinding[]
    return dialect.knex.raw(`(${marks('??')}) > (${marks('?')})`, bindings)
  }
  const parts: string[] = []
  const bindings: unknown[] = []
  columns.forEach(({ name }, index) => {
    const same = columns.slice(0, index)
    parts.push(`(${[...same.map(() => '?? = ?'), '?? > ?'].join(' and ')})`)
    same.forEach((each, at) => bindings.push(each.name, value(at)))
    bindings.push(name, value(index))
  })
  return dialect.knex.raw(`(${parts.join(' or ')})`, bindings as Knex.RawBinding[])
}

function sizeAfter(rows: readonly Cell[][]): number {
  let bytes = 1
  for (const row of rows) {
    for (const cell of row) bytes += typeof cell === 'string' || cell instanceof Uint8Array ? cell.length : 8
  }
  return Math.min(MOST, Math.max(1, Math.floor((BYTES * rows.length) / bytes)))
}
