// Reads one page of a view: rows as stored, long cells cut by the database, password hashes named but not sent.
import type { Cell, ShownCell } from '../../shared/cell.ts'
import { type Page, type PagePlace } from '../../shared/tables.ts'
import type { Database, Rows, TableShape } from '../db/database.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { isSecretColumn, schemeOf } from '../password-schemes.ts'
import { firstPage, pageAfter, placeAt, reversed, type ViewSql } from './view-sql.ts'

/** Bytes of one page at most; rows beyond it are left for the next page. */
const PAGE_BYTES = 4 * 1024 * 1024

export async function readPage(
  database: Database,
  dialect: SqlDialect,
  view: ViewSql,
  place: PagePlace,
  limit: number,
  signal: AbortSignal,
): Promise<Page> {
  const isBackwards = place.kind === 'last' || place.kind === 'before'
  const asRead = isBackwards ? reversed(view) : view
  const statement = await statementFor(database, dialect, asRead, place, limit + 1, signal)
  if (!statement) return assemble(view, [], false)
  // One row more than asked for tells whether there is more.
  const found = await database.read(statement, signal)
  const { rows, hasMore } = fit(found, limit)
  return assemble(view, isBackwards ? rows.reverse() : rows, hasMore)
}

async function statementFor(
  database: Database,
  dialect: SqlDialect,
  view: ViewSql,
  place: PagePlace,
  limit: number,
  signal: AbortSignal,
) {
  if (place.kind === 'after' || place.kind === 'before') return pageAfter(dialect, view, place.cursor, limit)
  if (place.kind !== 'rank' || place.rank === 0) return firstPage(dialect, view, limit)
  // Without a key no row can be named, so such a table or view is paged by position alone.
  if (view.shape.key.length === 0) return firstPage(dialect, view, limit, place.rank)
  const before = await database.read(placeAt(dialect, view, place.rank - 1), signal)
  const cursor = before.rows[0]
  return cursor ? pageAfter(dialect, view, cursor, limit) : null
}

/** Whole rows up to the limits of a page, at least one. */
function fit({ rows }: Rows, limit: number): { rows: Cell[][]; hasMore: boolean } {
  let bytes = 0
  let fitting = 0
  for (const row of rows.slice(0, limit)) {
    for (const cell of row) bytes += sizeOf(cell)
    if (fitting > 0 && bytes > PAGE_BYTES) break
    fitting += 1
  }
  return { rows: rows.slice(0, fitting), hasMore: rows.length > fitting }
}

function sizeOf(cell: Cell): number {
  if (typeof cell === 'string') return cell.length
  return cell instanceof Uint8Array ? cell.length : 8
}

/** Takes apart what `pageColumns` put together. */
function assemble(view: ViewSql, rows: Cell[][], hasMore: boolean): Page {
  const width = view.shape.columns.length
  const place = (row: Cell[] | undefined) => row?.slice(2 * width, 2 * width + view.order.length) ?? null
  const keyStart = 2 * width + view.order.length
  const cut: Page['cut'] = []
  rows.forEach((row, r) => {
    view.shape.columns.forEach((column, c) => {
      const length = row[width + c]
      // Of a secret only the scheme is shown, and that is whole.
      if (length !== null && length !== undefined && !isSecretColumn(column.name)) cut.push([r, c, Number(length)])
    })
  })
  const hasKey = view.shape.key.length > 0
  return {
    columns: view.shape.columns.map((column) => column.name),
    rows: rows.map((row) => show(view.shape, row)),
    keys: rows.map((row) => row.slice(keyStart, keyStart + view.shape.key.length)),
    cut,
    first: hasKey ? place(rows[0]) : null,
    last: hasKey ? place(rows.at(-1)) : null,
    hasMore,
  }
}

/** The cells of a row as they may be shown, in the order of the shape's columns. */
export function show(shape: TableShape, row: readonly Cell[]): ShownCell[] {
  return shape.columns.map((column, index) => {
    const cell = row[index] ?? null
    if (!isSecretColumn(column.name) || cell === null) return cell
    return { secret: typeof cell === 'string' ? schemeOf(cell) : 'unknown' }
  })
}
