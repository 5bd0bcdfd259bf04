// The rows of a view that are in memory: blocks read by keyset from their neighbours, or by rank after a jump.
import type { Cell, ShownCell } from '../../shared/cell.ts'
import type { Cursor, Page, PagePlace } from '../../shared/tables.ts'
import { rowIdOf } from './row-id.ts'

/** Rows in a block. */
export const BLOCK = 200
/** Blocks kept in memory; the farthest from what is seen are dropped. */
export const KEPT = 50
/** Milliseconds that scrolling must rest before a block is read by rank. */
export const REST = 40

export interface GridRow {
  /** `rowIdOf(key)`, or a text of its own for a row without a key. */
  id: string
  key: Cell[]
  cells: ShownCell[]
  /** Column index to the whole length, for cells of which only the beginning is here. */
  cut: ReadonlyMap<number, number>
}

interface Block {
  rows: GridRow[]
  first: Cursor | null
  last: Cursor | null
}

export interface RowBlocksOptions {
  page(place: PagePlace, limit: number, signal: AbortSignal): Promise<Page>
  /** Something that is shown has changed. */
  onChange(): void
  onError(error: unknown): void
  /** The rows read do not fit the number of rows known: it should be counted again. */
  onMiscount(): void
  /** A page has arrived, this many milliseconds after it was asked for. */
  onLoaded?(milliseconds: number): void
}

const noCuts: ReadonlyMap<number, number> = new Map()

/** The rows of a page, with the key of each as its id. `firstRank` names rows that have no key. */
export function rowsOfPage(page: Page, firstRank: number): GridRow[] {
  const cuts = new Map<number, Map<number, number>>()
  for (const [row, column, length] of page.cut) {
    cuts.set(row, (cuts.get(row) ?? new Map<number, number>()).set(column, length))
  }
  return page.rows.map((cells, index) => {
    const key = page.keys[index] ?? []
    const id = key.length > 0 ? rowIdOf(key) : `rank ${firstRank + index}`
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

export class RowBlocks {
  readonly #options: RowBlocksOptions
  #blocks = new Map<number, Block>()
  /** Blocks read before the last reload: shown until the new ones arrive, never used as neighbours. */
  #stale = new Map<number, Block>()
  #ranks = new Map<string, number>()
  #count = 0
  #isCounted = false
  #wanted: { first: number; last: number } | null = null
  #loading: { block: number; abort: AbortController } | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #lastJump = 0
  #hasFailed = false
  #isKeyless = false

  constructor(options: RowBlocksOptions) {
    this.#options = options
  }

  /** Number of rows: exact once `setCount` was called, until then what is known to be there. */
  get count(): number {
    return this.#count
  }

  get isCounted(): boolean {
    return this.#isCounted
  }

  get isLoading(): boolean {
    return this.#loading !== null || this.#timer !== undefined
  }

  get hasFailed(): boolean {
    return this.#hasFailed
  }

  setCount(count: number): void {
    this.#count = count
    this.#isCounted = true
    this.#options.onChange()
  }

  rowAt(rank: number): GridRow | undefined {
    const block = Math.floor(rank / BLOCK)
    return (this.#blocks.get(block) ?? this.#stale.get(block))?.rows[rank % BLOCK]
  }

  /** Where a row stands, if it is in memory. */
  rankOf(id: string): number | undefined {
    return this.#ranks.get(id)
  }

  /** The rows that are seen now. What is missing is read; what is read for elsewhere is stopped. */
  want(first: number, last: number): void {
    this.#wanted = { first, last }
    this.#next()
  }

  /** Forgets all rows: another view begins. */
  reset(): void {
    this.#stop()
    this.#blocks.clear()
    this.#stale.clear()
    this.#ranks.clear()
    this.#count = 0
    this.#isCounted = false
    this.#options.onChange()
  }

  /** Reads all rows again; those that are there stay on the screen until the new ones arrive. */
  reload(): void {
    this.#stop()
    for (const [index, block] of this.#blocks) this.#stale.set(index, block)
    this.#blocks.clear()
    // The old count still gives the scroll bar its length, but the end is not read from it any more.
    this.#isCounted = false
    this.#next()
  }

  /** Puts a row as it was read again in the place of the row with this id. */
  replaceRow(id: string, row: GridRow): void {
    const rank = this.#ranks.get(id)
    if (rank === undefined) return
    const block = this.#blocks.get(Math.floor(rank / BLOCK)) ?? this.#stale.get(Math.floor(rank / BLOCK))
    if (!block) return
    block.rows = block.rows.with(rank % BLOCK, row)
    this.#ranks.delete(id)
    this.#ranks.set(row.id, rank)
    this.#options.onChange()
  }

  /** Tries again after an error. */
  retry(): void {
    this.#hasFailed = false
    this.#next()
  }

  close(): void {
    this.#stop()
    this.#wanted = null
  }

  #stop(): void {
    this.#loading?.abort.abort()
    this.#loading = null
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#hasFailed = false
  }

  /** The next block to read: one that is seen, else the neighbour whose rows are nearly in sight. */
  #missing(): number | null {
    if (!this.#wanted) return null
    const first = Math.floor(this.#wanted.first / BLOCK)
    const last = Math.floor(this.#wanted.last / BLOCK)
    for (let block = first; block <= last; block++) {
      if (!this.#blocks.has(block)) return block
    }
    const isNearEnd = this.#wanted.last % BLOCK > BLOCK * 0.6 && (last + 1) * BLOCK < this.#count
    if (isNearEnd && !this.#blocks.has(last + 1)) return last + 1
    const isNearBegin = this.#wanted.first % BLOCK < BLOCK * 0.4 && first > 0
    return isNearBegin && !this.#blocks.has(first - 1) ? first - 1 : null
  }

  #next(): void {
    if (this.#hasFailed) return
    const block = this.#missing()
    if (block === null) {
      // All that is seen is new by now. Rows elsewhere that were read before the reload are read again when they are seen.
      for (const old of [...this.#stale.keys()]) this.#forget(old, this.#stale)
      return
    }
    if (this.#loading?.block === block) return
    this.#loading?.abort.abort()
    this.#loading = null
    clearTimeout(this.#timer)
    this.#timer = undefined
    const place = this.#placeOf(block)
    const now = performance.now()
    const isResting = now - this.#lastJump > REST
    if (place.kind === 'rank' || place.kind === 'last') this.#lastJump = now
    if ((place.kind !== 'rank' && place.kind !== 'last') || isResting) return this.#load(block, place)
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#load(block, this.#placeOf(block))
    }, REST)
  }

  #placeOf(block: number): PagePlace {
    if (block === 0) return { kind: 'first' }
    // Rows without a key have no place of their own: they are read by their number alone.
    if (this.#isKeyless) return { kind: 'rank', rank: block * BLOCK }
    const before = this.#blocks.get(block - 1)
    if (before?.last && before.rows.length === BLOCK) return { kind: 'after', cursor: before.last }
    const after = this.#blocks.get(block + 1)
    if (after?.first) return { kind: 'before', cursor: after.first }
    // The end is near the other way round.
    if (this.#isCounted && (block + 1) * BLOCK >= this.#count && this.#count > block * BLOCK) return { kind: 'last' }
    return { kind: 'rank', rank: block * BLOCK }
  }

  #load(block: number, place: PagePlace): void {
    const abort = new AbortController()
    const loading = { block, abort }
    this.#loading = loading
    const limit = place.kind === 'last' ? this.#count - block * BLOCK : BLOCK
    const start = performance.now()
    this.#read(place, limit, block * BLOCK, abort.signal)
      .then((page) => {
        if (this.#loading !== loading) return
        this.#loading = null
        this.#options.onLoaded?.(performance.now() - start)
        this.#put(block, place, page)
        this.#options.onChange()
        this.#next()
      })
      .catch((error: unknown) => {
        if (this.#loading !== loading) return
        this.#loading = null
        this.#hasFailed = true
        this.#options.onError(error)
        this.#options.onChange()
      })
  }

  /** A page holds 4 MB at most, so very long rows come in several; together they are `limit` rows, or all there are. */
  async #read(place: PagePlace, limit: number, start: number, signal: AbortSignal): Promise<Page> {
    const isUpwards = place.kind === 'before' || place.kind === 'last'
    let whole = await this.#options.page(place, limit, signal)
    if (whole.rows.length > 0) this.#isKeyless = whole.keys[0]?.length === 0
    while (whole.hasMore && whole.rows.length > 0 && whole.rows.length < limit) {
      const next = this.#isKeyless
        ? ({ kind: 'rank', rank: start + whole.rows.length } as const)
        : isUpwards
          ? ({ kind: 'before', cursor: whole.first ?? [] } as const)
          : ({ kind: 'after', cursor: whole.last ?? [] } as const)
      const part = await this.#options.page(next, limit - whole.rows.length, signal)
      whole = isUpwards ? joined(part, whole, part.hasMore) : joined(whole, part, part.hasMore)
      if (part.rows.length === 0) break
    }
    return whole
  }

  #put(block: number, place: PagePlace, page: Page): void {
    const start = block * BLOCK
    if (place.kind === 'before' && page.rows.length < BLOCK) {
      // There are fewer rows above than their numbers say: the numbers are old, so all is read again.
      this.#blocks.clear()
      this.#options.onMiscount()
      return
    }
    const rows = rowsOfPage(page, start)
    this.#forget(block, this.#stale)
    this.#blocks.set(block, { rows, first: page.first, last: page.last })
    rows.forEach((row, index) => this.#ranks.set(row.id, start + index))
    this.#checkCount(block, place, page)
    this.#dropFar(block)
  }

  #checkCount(block: number, place: PagePlace, page: Page): void {
    const end = block * BLOCK + page.rows.length
    const isEnd = !page.hasMore && (place.kind === 'first' || place.kind === 'after' || place.kind === 'rank')
    const isBeyond = page.hasMore && place.kind !== 'before' && place.kind !== 'last'
    const before = this.#count
    // An empty page says only that the end is before it.
    if (isEnd) this.#count = page.rows.length > 0 || block === 0 ? end : Math.min(this.#count, end)
    else if (isBeyond) this.#count = Math.max(this.#count, end + 1)
    if (this.#isCounted && this.#count !== before) this.#options.onMiscount()
  }

  #dropFar(center: number): void {
    if (this.#blocks.size <= KEPT) return
    const far = [...this.#blocks.keys()].sort((a, b) => Math.abs(b - center) - Math.abs(a - center))
    for (const block of far.slice(0, this.#blocks.size - KEPT)) {
      this.#forget(block, this.#blocks)
    }
  }

  #forget(block: number, blocks: Map<number, Block>): void {
    for (const row of blocks.get(block)?.rows ?? []) {
      if (Math.floor((this.#ranks.get(row.id) ?? -1) / BLOCK) === block) this.#ranks.delete(row.id)
    }
    blocks.delete(block)
  }
}
