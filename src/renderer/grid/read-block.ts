// Reads the rows of one block: a page that comes in several parts, or the rows around a place that is known by its values.
import type { Cell, ShownCell } from '../../shared/cell.ts'
import type { Cursor, Page, PagePlace } from '../../shared/tables.ts'
import { rowIdOf } from './row-id.ts'

export interface GridRow {
  /** `rowIdOf(key)`, or a text of its own for a row without a key, or with NULL in it. */
  id: string
  key: Cell[]
  cells: ShownCell[]
  /** Column index to the whole length, for cells of which only the beginning is here. */
  cut: ReadonlyMap<number, number>
}

/** A row whose values are known, and that is the one of this number among the rows of its block, from 0. */
export interface Pin {
  step: number
  cursor: Cursor
}

export type AskPage = (place: PagePlace, limit: number) => Promise<Page>

const noCuts: ReadonlyMap<number, number> = new Map()

/** The rows of a page, with the key of each as its id. `firstRank` names rows that have no key. */
export function rowsOfPage(page: Page, firstRank: number): GridRow[] {
  const cuts = new Map<number, Map<number, number>>()
  for (const [row, column, length] of page.cut) {
    cuts.set(row, (cuts.get(row) ?? new Map<number, number>()).set(column, length))
  }
  return page.rows.map((cells, index) => {
    const key = page.keys[index] ?? []
    // SQLite takes NULL in the key of a table, of any number of rows.
    const isNamed = key.length > 0 && !key.includes(null)
    const id = isNamed ? rowIdOf(key) : `rank ${firstRank + index}`
    return { id, key, cells, cut: cuts.get(index) ?? noCuts }
  })
}

/** Two pages, one after the other, as one. */
function joined(a: Page, b: Page, hasMore: boolean): Page {
  return {
    columns: a.columns,
    rows: [...a.rows, ...b.rows],
    keys: [...a.keys, ...b.keys],
    cut: [
      ...a.cut,
      ...b.cut.map(([row, column, length]): Page['cut'][number] => [row + a.rows.length, column, length]),
    ],
    first: a.first ?? b.first,
    last: b.last ?? a.last,
    hasMore,
  }
}

/**
 * A page holds 4 MB at most, so very long rows come in several; together they are `limit` rows, or all there are. `start` is
 * the number of the first row: without a key the parts are read by number alone.
 */
export async function readWhole(ask: AskPage, place: PagePlace, limit: number, start: number): Promise<Page> {
  const isUpwards = place.kind === 'before' || place.kind === 'last'
  let whole = await ask(place, limit)
  const isKeyless = whole.keys[0]?.length === 0
  while (whole.hasMore && whole.rows.length > 0 && whole.rows.length < limit) {
    const next = isKeyless
      ? ({ kind: 'rank', rank: start + whole.rows.length } as const)
      : isUpwards
        ? ({ kind: 'before', cursor: whole.first ?? [] } as const)
        : ({ kind: 'after', cursor: whole.last ?? [] } as const)
    const part = await ask(next, limit - whole.rows.length)
    whole = isUpwards ? joined(part, whole, part.hasMore) : joined(whole, part, part.hasMore)
    if (part.rows.length === 0) break
  }
  return whole
}

/**
 * `limit` rows of which the pinned one is number `step`: by keyset alone, whatever its number in the table. Fewer rows come
 * before it where the view begins there.
 */
export async function readAround(ask: AskPage, { step, cursor }: Pin, limit: number, start: number): Promise<Page> {
  // The row itself is the first one after the row before it.
  const above = await readWhole(ask, { kind: 'before', cursor }, Math.max(1, step), start)
  if (above.last === null) return readWhole(ask, { kind: 'first' }, limit, start)
  const rows = step === 0 ? 0 : above.rows.length
  const rest = await readWhole(ask, { kind: 'after', cursor: above.last }, limit - rows, start + rows)
  return step === 0 ? rest : joined(above, rest, rest.hasMore)
}
