// Which columns are in sight: TanStack Virtual, held outside React because its hook cannot be memoized.
import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualItem,
} from '@tanstack/react-virtual'

const none: readonly VirtualItem[] = []

export class ColumnWindow {
  readonly #virtualizer: Virtualizer<HTMLElement, Element>
  #element: HTMLElement | null = null
  #sizes: readonly number[] = []
  #items = none
  #listeners = new Set<() => void>()

  /** `margin` is the width in pixels of what always stands at the left, until `setSizes` says otherwise. */
  constructor(margin: number) {
    this.#virtualizer = new Virtualizer<HTMLElement, Element>({
      horizontal: true,
      count: 0,
      getScrollElement: () => this.#element,
      estimateSize: (position) => this.#sizes[position] ?? 0,
      paddingStart: margin,
      scrollPaddingStart: margin,
      overscan: 2,
      observeElementRect,
      observeElementOffset,
      scrollToFn: elementScroll,
      onChange: () => this.#publish(),
    })
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Positions in sight with their places; the same array until they change. */
  items = (): readonly VirtualItem[] => this.#items

  attach = (element: HTMLElement): (() => void) => {
    this.#element = element
    const unmount = this.#virtualizer._didMount()
    this.#virtualizer._willUpdate()
    this.#publish()
    return () => {
      unmount()
      this.#element = null
    }
  }

  /** Widths of the columns that scroll, in the order they are shown, and of what stands before them; in pixels. */
  setSizes(sizes: readonly number[], margin: number): void {
    this.#sizes = sizes
    const options = { count: sizes.length, paddingStart: margin, scrollPaddingStart: margin }
    this.#virtualizer.setOptions({ ...this.#virtualizer.options, ...options })
    this.#virtualizer.measure()
    this.#virtualizer._willUpdate()
    this.#publish()
  }

  reveal(position: number): void {
    this.#virtualizer.scrollToIndex(position, { align: 'auto' })
  }

  #publish(): void {
    const items = this.#virtualizer.getVirtualItems()
    const isSame =
      items.length === this.#items.length &&
      items.every(({ index, start, size }, at) => {
        const before = this.#items[at]
        return before?.index === index && before.start === start && before.size === size
      })
    if (isSame) return
    this.#items = items
    this.#listeners.forEach((listener) => listener())
  }
}
