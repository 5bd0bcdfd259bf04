// The scroll bar of a grid: keeps the exact place in the rows, also where one pixel of the bar is several of rows.
import {
  clampOffset,
  isScaled,
  maxOffset,
  offsetAt,
  offsetShowing,
  ROW_HEIGHT,
  scrollTopAt,
  type Extent,
} from './scroll-map.ts'

/** Height of the header, in pixels. */
export const HEADER_HEIGHT = 30

export interface ScrollPlace {
  /** Pixels of rows above what is seen. */
  offset: number
  /** Pixels in which rows are seen. */
  body: number
  /** Pixels from left to right. */
  width: number
}

export class GridScroll {
  #place: ScrollPlace = { offset: 0, body: 0, width: 0 }
  #rows = 0
  #element: HTMLElement | null = null
  /** Where the bar was put by this class: a scroll event from there is no one's wish. */
  #ownTop = -1
  #left = 0
  /** The row that was brought into sight last; null once somebody scrolled on. */
  #revealed: number | null = null
  /** The last `reveal` that was followed, by its turn. */
  #turn = 0
  /** Rows by which what is seen moves when the number of rows changes next. */
  #movesWith = 0
  #listeners = new Set<() => void>()

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  place = (): ScrollPlace => this.#place

  /** Takes the scrolling element; returns how to let go of it. */
  attach = (element: HTMLElement): (() => void) => {
    this.#element = element
    element.scrollLeft = this.#left
    const observer = new ResizeObserver(() => this.#measure())
    observer.observe(element)
    const onScroll = () => this.#scrolled()
    const onWheel = (event: WheelEvent) => this.#wheel(event)
    element.addEventListener('scroll', onScroll, { passive: true })
    element.addEventListener('wheel', onWheel, { passive: false })
    this.#measure()
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', onScroll)
      element.removeEventListener('wheel', onWheel)
      this.#element = null
    }
  }

  /** The number of rows changed, and with it the scale: what is seen stays in place. */
  setRows(rows: number): void {
    this.#rows = rows
    const by = this.#movesWith * ROW_HEIGHT
    if (this.#revealed !== null) this.#revealed += this.#movesWith
    this.#movesWith = 0
    this.#moveTo(clampOffset(this.#place.offset + by, this.#extent))
  }

  /** The rows that are seen have got other numbers: once their new number is known, what is seen follows them. */
  moveWithRows(by: number): void {
    this.#movesWith += by
  }

  /** Brings a row into sight: by the shortest way, or into the middle when it is not seen now. */
  reveal(row: number, isCentered: boolean): void {
    const { offset, body } = this.#place
    const there = offsetShowing(row, offset, this.#extent)
    const centered = clampOffset(row * ROW_HEIGHT - (body - ROW_HEIGHT) / 2, this.#extent)
    this.#moveTo(isCentered && there !== offset ? centered : there)
    this.#revealed = row
  }

  /** True once for each turn: a grid that is drawn anew stays where it was left. */
  isNews(turn: number): boolean {
    if (turn === this.#turn) return false
    this.#turn = turn
    return true
  }

  toTop(): void {
    this.#revealed = null
    this.#moveTo(0)
  }

  get #extent(): Extent {
    return { rows: this.#rows, body: this.#place.body }
  }

  #set(patch: Partial<ScrollPlace>): void {
    const next = { ...this.#place, ...patch }
    const isSame =
      next.offset === this.#place.offset && next.body === this.#place.body && next.width === this.#place.width
    if (isSame) return
    this.#place = next
    this.#listeners.forEach((listener) => listener())
  }

  #measure(): void {
    if (!this.#element) return
    const row = this.#revealed
    const { offset } = this.#place
    const wasSeen = row !== null && offsetShowing(row, offset, this.#extent) === offset
    this.#set({
      body: Math.max(0, this.#element.clientHeight - HEADER_HEIGHT),
      width: this.#element.clientWidth,
    })
    // A window that gets smaller, or a panel that opens below, does not cover the row a key has just led to.
    this.#moveTo(clampOffset(wasSeen ? offsetShowing(row, offset, this.#extent) : offset, this.#extent))
  }

  #moveTo(offset: number): void {
    const top = scrollTopAt(offset, this.#extent)
    if (this.#element && Math.abs(this.#element.scrollTop - top) > 0.5) {
      this.#element.scrollTop = top
      this.#ownTop = this.#element.scrollTop
    }
    this.#set({ offset })
  }

  #scrolled(): void {
    if (!this.#element) return
    const top = this.#element.scrollTop
    this.#left = this.#element.scrollLeft
    // In a scale the bar is coarser than the rows, so its own echo would move them.
    if (isScaled(this.#extent) && Math.abs(top - this.#ownTop) < 1) return
    this.#ownTop = -1
    const offset = offsetAt(top, this.#extent)
    if (Math.abs(offset - this.#place.offset) >= 1) this.#revealed = null
    this.#set({ offset })
  }

  #wheel(event: WheelEvent): void {
    if (!isScaled(this.#extent) || event.ctrlKey || event.shiftKey) return
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) return
    event.preventDefault()
    this.#revealed = null
    const unit = event.deltaMode === 1 ? ROW_HEIGHT : event.deltaMode === 2 ? this.#place.body : 1
    const offset = Math.min(Math.max(0, this.#place.offset + event.deltaY * unit), maxOffset(this.#extent))
    this.#moveTo(offset)
  }
}
