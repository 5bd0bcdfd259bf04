// The rows of a view as the grid asks for them: blocks read by keyset from their neighbours, or by rank after a jump. What is
// read next, and how many rows there are, is decided here; how a block is read is in read-block.ts, what is held in held-rows.ts.
import type { Cursor, Page, PagePlace } from '../../shared/tables.ts'
import { BLOCK, HeldRows } from './held-rows.ts'
import { readAround, readWhole, rowsOfPage, type GridRow, type Pin } from './read-block.ts'

export { BLOCK, KEPT } from './held-rows.ts'
export { rowsOfPage, type GridRow } from './read-block.ts'

/** Milliseconds that scrolling must rest before a block is read by rank: one frame and a half. */
export const REST = 24
/** From which part of a block on the next one is read, where scrolling leads there and where it does not. */
const AHEAD = { onTheWay: 0.2, besides: 0.6 }

export interface RowBlocksOptions {
  page(place: PagePlace, limit: number, signal: AbortSignal): Promise<Page>
  /** Something that is shown has changed. */
  onChange(): void
  onError(error: unknown): void
  /** The rows read do not fit the number of rows known: it should be counted again. */
  onMiscount(): void
  /** A page has arrived, this many milliseconds after it was asked for. */
  onLoaded?(milliseconds: number): void
  /** Rows that are seen have other numbers now, by this many: what is seen should follow them. */
  onRenumbered?(by: number): void
}

export class RowBlocks {
  readonly #options: RowBlocksOptions
  readonly #held = new HeldRows()
  #pin: (Pin & { block: number }) | null = null
  #count = 0
  /** `known`: only what was read is known to be there. */
  #extent: 'known' | 'estimated' | 'counted' = 'known'
  /** The end was read: no estimate tells more. */
  #hasSeenEnd = false
  /** It was counted before the last reload: no estimate is nearer than that. */
  #wasCounted = false
  #wanted: { first: number; last: number } | null = null
  #goesUp = false
  #loading: { block: number; abort: AbortController } | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #lastJump = -Infinity
  #hasFailed = false
  /** Rows were looked for beyond the end: where that is must be known before anything more is read. */
  #isBeyondEnd = false
  #isKeyless = false

  constructor(options: RowBlocksOptions) {
    this.#options = options
  }

  /** Number of rows: exact once `setCount` was called or the end was read, until then what is known or estimated. */
  get count(): number {
    return this.#count
  }

  get isCounted(): boolean {
    return this.#extent === 'counted'
  }

  get hasSeenEnd(): boolean {
    return this.#hasSeenEnd
  }

  get isLoading(): boolean {
    return this.#loading !== null || this.#timer !== undefined
  }

  get hasFailed(): boolean {
    return this.#hasFailed
  }

  /** The exact number of rows. Rows that were read from an estimated end get the numbers that they have from this one. */
  setCount(count: number): void {
    const by = this.#extent === 'estimated' ? count - this.#count : 0
    this.#count = count
    this.#extent = 'counted'
    this.#isBeyondEnd = false
    if (by !== 0) this.#moveEnd(by)
    this.#options.onChange()
    this.#next()
  }

  /** About how many rows there are: the bar spans them until they are counted. Never fewer than were read. */
  setEstimate(rows: number): void {
    if (this.#extent === 'counted' || this.#wasCounted || this.#hasSeenEnd || rows === this.#count) return
    // Somebody is at the end already: it moves once, when it is counted.
    if (this.#held.hasFromEnd || rows < this.#held.readTo()) return
    this.#count = rows
    this.#extent = 'estimated'
    this.#options.onChange()
  }

  rowAt(rank: number): GridRow | undefined {
    return this.#held.rowAt(rank)
  }

  /** The row is numbered back from an end that is only estimated. */
  isFromEnd(rank: number): boolean {
    if (this.#extent === 'counted') return false
    const held = this.#held.get(Math.floor(rank / BLOCK))
    // The last rows of an estimate are read from the end.
    return held?.isFromEnd ?? (this.#extent === 'estimated' && Math.floor(rank / BLOCK + 1) * BLOCK >= this.#count)
  }

  /** Where a row stands, if it is in memory. */
  rankOf(id: string): number | undefined {
    return this.#held.rankOf(id)
  }

  /** The rows that are seen now. What is missing is read; what is read for elsewhere is stopped. */
  want(first: number, last: number): void {
    const before = this.#wanted
    if (before && before.first !== first) this.#goesUp = first < before.first
    this.#wanted = { first, last }
    this.#next()
  }

  /**
   * The row of this number is the one with these values, as far as numbers are known: what is around it is read from there.
   * Rows that were numbered otherwise are forgotten.
   */
  pin(rank: number, cursor: Cursor): void {
    this.#stop()
    this.#forgetAll()
    const block = Math.floor(rank / BLOCK)
    this.#pin = { block, step: rank % BLOCK, cursor }
    if (this.#extent !== 'counted') this.#count = Math.max(this.#count, rank + 1)
    this.#options.onChange()
    const { first, last } = this.#wanted ?? { first: rank + 1, last: rank }
    if (rank >= first && rank <= last) this.#next()
  }

  /** Forgets all rows: another view begins. */
  reset(): void {
    this.#stop()
    this.#forgetAll()
    this.#count = 0
    this.#extent = 'known'
    this.#hasSeenEnd = false
    this.#wasCounted = false
    this.#isBeyondEnd = false
    this.#options.onChange()
  }

  /** Reads all rows again; those that are there stay on the screen until the new ones arrive. */
  reload(): void {
    this.#stop()
    this.#held.age()
    this.#pin = null
    // The old count still gives the scroll bar its length, but the end is not read from it any more.
    this.#wasCounted ||= this.#extent === 'counted'
    this.#extent = 'known'
    this.#hasSeenEnd = false
    this.#isBeyondEnd = false
    this.#next()
  }

  /** Puts a row as it was read again in the place of the row with this id. */
  replaceRow(id: string, row: GridRow): void {
    this.replaceRows([[id, row]])
  }

  /** The same for many rows, told once. */
  replaceRows(rows: readonly (readonly [id: string, row: GridRow])[]): void {
    let isAny = false
    for (const [id, row] of rows) isAny = this.#held.replace(id, row) || isAny
    if (isAny) this.#options.onChange()
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
    this.#dropRead()
    this.#hasFailed = false
  }

  /** Whatever is being read, or about to be, is not wanted any more. */
  #dropRead(): void {
    this.#loading?.abort.abort()
    this.#loading = null
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #forgetAll(): void {
    this.#held.clear()
    this.#pin = null
  }

  /** The next block to read: one that is seen, else the neighbour whose rows come next. */
  #missing(): number | null {
    if (!this.#wanted) return null
    const first = Math.floor(this.#wanted.first / BLOCK)
    const last = Math.floor(this.#wanted.last / BLOCK)
    // Its neighbours are read from it, not by their numbers.
    const pinned = this.#pin?.block ?? -1
    if (pinned >= first && pinned <= last) return pinned
    for (let block = first; block <= last; block++) {
      if (!this.#held.has(block)) return block
    }
    const below = BLOCK * (this.#goesUp ? AHEAD.besides : AHEAD.onTheWay)
    const isNearEnd = this.#wanted.last % BLOCK > below && (last + 1) * BLOCK < this.#count
    if (isNearEnd && !this.#held.has(last + 1)) return last + 1
    const above = BLOCK * (1 - (this.#goesUp ? AHEAD.onTheWay : AHEAD.besides))
    const isNearBegin = this.#wanted.first % BLOCK < above && first > 0
    return isNearBegin && !this.#held.has(first - 1) ? first - 1 : null
  }

  #next(): void {
    if (this.#hasFailed) return
    const block = this.#missing()
    // Rows elsewhere that were read before the reload are read again when they are seen.
    if (block === null) return this.#held.dropAged()
    if (this.#loading?.block === block) return
    this.#dropRead()
    const isPinned = this.#pin?.block === block
    const place = this.#placeOf(block)
    const isJump = !isPinned && (place.kind === 'rank' || place.kind === 'last')
    if (this.#isBeyondEnd && isJump) return
    const now = performance.now()
    const isResting = now - this.#lastJump > REST
    if (isJump) this.#lastJump = now
    if (!isJump || isResting) return this.#load(block, place)
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#load(block, this.#placeOf(block))
    }, REST)
  }

  #placeOf(block: number): PagePlace {
    if (block === 0) return { kind: 'first' }
    // Rows without a key have no place of their own: they are read by their number alone.
    if (this.#isKeyless) return { kind: 'rank', rank: block * BLOCK }
    const before = this.#held.get(block - 1)
    if (before?.last && before.rows.length === BLOCK) return { kind: 'after', cursor: before.last }
    const after = this.#held.get(block + 1)
    if (after?.first) return { kind: 'before', cursor: after.first }
    // The end is near the other way round.
    const isLast = (block + 1) * BLOCK >= this.#count && this.#count > block * BLOCK
    if (this.#extent !== 'known' && isLast) return { kind: 'last' }
    return { kind: 'rank', rank: block * BLOCK }
  }

  #load(block: number, place: PagePlace): void {
    const abort = new AbortController()
    const loading = { block, abort }
    this.#loading = loading
    const limit = place.kind === 'last' ? this.#count - block * BLOCK : BLOCK
    const pin = this.#pin?.block === block ? this.#pin : null
    const start = performance.now()
    const ask = (at: PagePlace, rows: number) => this.#options.page(at, rows, abort.signal)
    const reading = pin ? readAround(ask, pin, limit, block * BLOCK) : readWhole(ask, place, limit, block * BLOCK)
    reading
      .then((page) => {
        if (this.#loading !== loading) return
        this.#loading = null
        this.#put(block, pin ? { kind: 'rank', rank: block * BLOCK } : place, page)
        this.#options.onLoaded?.(performance.now() - start)
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

  #put(block: number, place: PagePlace, page: Page): void {
    const start = block * BLOCK
    if (place.kind === 'before' && page.rows.length < BLOCK) {
      // There are fewer rows above than their numbers say: the numbers are old, so all is read again.
      this.#held.dropBlocks()
      this.#pin = null
      this.#options.onMiscount()
      return
    }
    if (page.rows.length > 0) this.#isKeyless = page.keys[0]?.length === 0
    const isFromEnd = this.#extent !== 'counted' && this.#isFromEnd(block, place)
    const rows = rowsOfPage(page, start)
    this.#held.dropOld(block)
    if (this.#pin?.block === block) this.#pin = null
    // Nothing is there, and where the end is will be told by its count: the block is not one of the view.
    if (rows.length === 0 && block > 0 && this.#extent === 'estimated') return this.#findEnd()
    this.#held.put(block, { rows, first: page.first, last: page.last, isFromEnd })
    this.#checkCount(block, place, page)
    this.#held.dropFar(block)
  }

  #isFromEnd(block: number, { kind }: PagePlace): boolean {
    if (kind === 'after') return this.#held.get(block - 1)?.isFromEnd ?? false
    return kind === 'last' || (kind === 'before' && (this.#held.get(block + 1)?.isFromEnd ?? false))
  }

  #findEnd(): void {
    this.#isBeyondEnd = true
    this.#options.onMiscount()
  }

  #checkCount(block: number, place: PagePlace, page: Page): void {
    const end = block * BLOCK + page.rows.length
    const isEnd = !page.hasMore && (place.kind === 'first' || place.kind === 'after' || place.kind === 'rank')
    const isBeyond = page.hasMore && place.kind !== 'before' && place.kind !== 'last'
    const before = this.#count
    // An empty page says only that the end is before it.
    if (isEnd) this.#count = page.rows.length > 0 || block === 0 ? end : Math.min(this.#count, end)
    else if (isBeyond) this.#count = Math.max(this.#count, end + 1)
    if (isEnd && (page.rows.length > 0 || block === 0)) this.#hasSeenEnd = true
    if (this.#extent === 'counted' && this.#count !== before) this.#options.onMiscount()
  }

  /** The end was only estimated, and stands elsewhere: rows that were numbered from it move along, and are read again. */
  #moveEnd(by: number): void {
    const isSeen = (block: number) =>
      this.#wanted !== null && block * BLOCK <= this.#wanted.last && (block + 1) * BLOCK > this.#wanted.first
    const isSeenMoved = this.#held.moveFromEnd(by).some(isSeen)
    if (!isSeenMoved || !this.#wanted) return
    this.#wanted = { first: Math.max(0, this.#wanted.first + by), last: Math.max(0, this.#wanted.last + by) }
    this.#options.onRenumbered?.(by)
  }
}
