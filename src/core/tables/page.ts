// Reads one page of a view: rows as stored, long cells cut by the database, password hashes named but not sent.
import type { Cell, ShownCell } from '../../shared/cell.ts'
import { type Page, type PagePlace } from '../../shared/tables.ts'
import type { Database, Rows, Statement, TableShape } from '../db/database.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { isSecretColumn, schemeOf } from '../password-schemes.ts'
import type { Hopping } from './hop.ts'
import { placeOf, remember, type Walk } from './survey-walk.ts'
import { readEither } from './read-either.ts'
import { filteredPage, firstPage, pageAfter, pageByPosition, pageFrom, reversed, type ViewSql } from './view-sql.ts'

/** Bytes of one page at most; rows beyond it are left for the next page. */
const PAGE_BYTES = 4 * 1024 * 1024

/** `walk`: the anchors of the view, for a page by a row's number; what the page finds on its way is kept there. */
export async function readPage(
  database: Database,
  dialect: SqlDialect,
  view: ViewSql,
  place: PagePlace,
  limit: number,
  signal: AbortSignal,
  walk: Walk | null = null,
): Promise<Page> {
  const isBackwards = place.kind === 'last' || place.kind === 'before'
  const asRead = isBackwards ? reversed(view) : view
  const read = (statement: Statement) => database.read(statement, signal)
  // One row more than asked for tells whether there is more.
  const statement = await statementFor({ read, dialect, view: asRead }, place, limit + 1, walk)
  if (!statement) return assemble(view, [], false)
  const isFirst = view.shape.key.length > 0 && (place.kind === 'first' || place.kind === 'last')
  const filteredFirst = isFirst ? filteredPage(dialect, asRead, limit + 1) : null
  const answer = filteredFirst
    ? readEither((asked, until) => database.read(asked, until), statement, filteredFirst, signal)
    : read(statement)
  const { rows, hasMore } = fit(await answer, limit)
  return assemble(view, isBackwards ? rows.reverse() : rows, hasMore)
}

async function statementFor(
  hopping: Hopping,
  place: PagePlace,
  limit: number,
  walk: Walk | null,
): Promise<Statement | null> {
  const { dialect, view } = hopping
  if (place.kind === 'after' || place.kind === 'before') return pageAfter(dialect, view, place.cursor, limit)
  if (place.kind === 'value') return pageFrom(dialect, view, place.value, limit)
  const rank = place.kind === 'rank' ? place.rank : 0
  // Without a key no row can be named, so such a table or view is paged by position alone.
  if (view.shape.key.length === 0) return pageByPosition(dialect, view, limit, rank)
  if (place.kind !== 'rank' || rank === 0) return firstPage(dialect, view, limit)
  const before = await placeOf(hopping, walk, place.rank - 1)
  if (!before) return null
  if (walk) remember(walk, { rank: place.rank - 1, place: before })
  return pageAfter(dialect, view, before, limit)
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
    return { secret: schemeOf(cell instanceof Uint8Array ? Buffer.from(cell).toString('utf8') : String(cell)) }
  })
}
