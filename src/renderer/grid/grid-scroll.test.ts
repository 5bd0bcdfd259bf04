// The row that a key has led to stays in sight when the window gets smaller; whoever scrolled on keeps that place.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { GridScroll, HEADER_HEIGHT } from './grid-scroll.ts'
import { rowsAt } from './scroll-map.ts'

/** As much of a scrolling element as the class reads and writes. */
class Viewport extends EventTarget {
  clientHeight = 700
  clientWidth = 900
  scrollLeft = 0
  scrollTop = 0
}

let resized: () => void
let viewport: Viewport

beforeEach(() => {
  viewport = new Viewport()
  vi.stubGlobal(
    'ResizeObserver',
    class {
      constructor(onResize: () => void) {
        resized = onResize
      }
      observe() {}
      disconnect() {}
    },
  )
})
afterEach(() => {
  vi.unstubAllGlobals()
})

function scrollOver(rows: number): { scroll: GridScroll; seen: () => { first: number; last: number } | null } {
  const scroll = new GridScroll()
  scroll.attach(viewport as unknown as HTMLElement)
  scroll.setRows(rows)
  return { scroll, seen: () => rowsAt(scroll.place().offset, { rows, body: scroll.place().body }) }
}

function resizeTo(height: number): void {
  viewport.clientHeight = height
  resized()
}

test.each([100, 10_000, 1_000_000])('the last of %i rows stays in sight in a smaller window', (rows) => {
  const { scroll, seen } = scrollOver(rows)
  scroll.reveal(rows - 1, false)
  expect(seen()?.last).toBe(rows - 1)
  resizeTo(400)
  expect(seen()?.last).toBe(rows - 1)
  resizeTo(HEADER_HEIGHT + 28)
  expect(seen()).toEqual({ first: rows - 1, last: rows - 1 })
  resizeTo(700)
  expect(seen()?.last).toBe(rows - 1)
})

test.each([10_000, 1_000_000])('a row in the middle of %i is not moved by a window that still shows it', (rows) => {
  const { scroll } = scrollOver(rows)
  scroll.reveal(5_000, true)
  const { offset } = scroll.place()
  resizeTo(500)
  expect(scroll.place().offset).toBe(offset)
})

test('who scrolled away from the row keeps the place where they are', () => {
  const { scroll } = scrollOver(10_000)
  scroll.reveal(9_999, false)
  viewport.scrollTop = 140_000
  viewport.dispatchEvent(new Event('scroll'))
  resizeTo(400)
  expect(scroll.place().offset).toBe(140_000)
})
