// The lines of a block, also those that were never read: pages by keyset from the first of them on, each told as it comes.
import { PAGE_LIMIT, type View } from '../../../shared/tables.ts'
import { api } from '../../api.ts'
import type { GridLine } from '../../grid/grid-line.ts'
import { rowsOfPage } from '../../grid/read-block.ts'
import { readStaged } from '../staged-edits.ts'
import type { TableModel } from '../table-model.ts'
import { Declined } from './block-work.ts'

/** The rows that were read are not those that were chosen. The message is for people. */
export class RowsMoved extends Declined {
  constructor() {
    super('The rows have changed since they were chosen, so nothing was done. Choose them again.')
  }
}

interface LinesAsked {
  /** Lines from 0, the last one included. */
  first: number
  last: number
}

/**
 * Lines with what is staged for them now. Those in memory are taken from there when all of them are; otherwise stored rows are
 * read anew, so that they are of one moment as far as pages can be. Throws RowsMoved when a row that is in memory stands
 * elsewhere by then, and when there are fewer rows than were chosen.
 */
export async function* readLines(
  model: TableModel,
  { first, last }: LinesAsked,
  signal: AbortSignal,
): AsyncGenerator<GridLine[]> {
  const known = linesInMemory(model, { first, last })
  if (known) {
    yield known
    return
  }
  const newCount = model.newIds().length
  const above = Math.min(last + 1, newCount)
  if (first < above) yield Array.from({ length: above - first }, (_, step) => model.lineAt(first + step))
  const view = model.view()
  const seen = new Map<number, string>()
  for (const rank of [Math.max(0, first - newCount), last - newCount]) {
    const row = model.blocks.rowAt(rank)
    if (row) seen.set(rank, row.id)
  }
  yield* readRanks(model, view, Math.max(0, first - newCount), last - newCount, seen, signal)
}

/** All of them, when no page has to be read. */
export function linesInMemory(model: TableModel, { first, last }: LinesAsked): GridLine[] | null {
  const lines: GridLine[] = []
  for (let index = first; index <= last; index++) {
    const line = model.lineAt(index)
    if (line.id === '') return null
    lines.push(line)
  }
  return lines
}

async function* readRanks(
  { profileId, table }: TableModel,
  view: View,
  from: number,
  to: number,
  seen: ReadonlyMap<number, string>,
  signal: AbortSignal,
): AsyncGenerator<GridLine[]> {
  const { changes } = readStaged(profileId, table)
  const staged = new Map(changes.map((change) => [change.id, change]))
  let rank = from
  let page = await api.tables.page(
    { view, place: { kind: 'rank', rank }, limit: Math.min(PAGE_LIMIT, to - rank + 1) },
    { signal },
  )
  for (;;) {
    const rows = rowsOfPage(page, rank)
    rows.forEach((row, step) => {
      const id = seen.get(rank + step)
      if (id !== undefined && id !== row.id) throw new RowsMoved()
    })
    if (rows.length === 0) throw new RowsMoved()
    yield rows.map((row) => ({ id: row.id, row, change: staged.get(row.id) }))
    rank += rows.length
    if (rank > to) return
    // Rows without a key have no place of their own: they are read by their number.
    const place = page.last ? ({ kind: 'after', cursor: page.last } as const) : ({ kind: 'rank', rank } as const)
    page = await api.tables.page({ view, place, limit: Math.min(PAGE_LIMIT, to - rank + 1) }, { signal })
  }
}
