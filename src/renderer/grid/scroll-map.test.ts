// The scroll bar's scale at every size, from one row to ten million.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  maxOffset,
  offsetAt,
  offsetShowing,
  ROW_HEIGHT,
  rowsAt,
  scrollTopAt,
  spacerHeight,
  TALLEST,
} from './scroll-map.ts'

const extent = fc.record({ rows: fc.integer({ min: 1, max: 20_000_000 }), body: fc.integer({ min: 28, max: 2_000 }) })

test('nothing taller than the limit is ever asked of the browser', () => {
  fc.assert(fc.property(extent, (each) => spacerHeight(each) <= TALLEST))
})

test('the top of the bar shows the first row and its end the last', () => {
  fc.assert(
    fc.property(extent, (each) => {
      const end = Math.max(0, spacerHeight(each) - each.body)
      expect(rowsAt(offsetAt(0, each), each)?.first).toBe(0)
      expect(rowsAt(offsetAt(end, each), each)?.last).toBe(each.rows - 1)
    }),
  )
})

test('a place of the bar and its place in the rows belong together, to a thousandth of a pixel', () => {
  fc.assert(
    fc.property(extent, fc.double({ min: 0, max: 1, noNaN: true }), (each, part) => {
      const offset = part * maxOffset(each)
      expect(offsetAt(scrollTopAt(offset, each), each)).toBeCloseTo(offset, 3)
    }),
  )
})

test('a row that is asked for is wholly seen, and the way there is no longer than needed', () => {
  fc.assert(
    fc.property(extent, fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (each, pick, part) => {
      const row = pick % each.rows
      const offset = part * maxOffset(each)
      const there = offsetShowing(row, offset, each)
      expect(row * ROW_HEIGHT).toBeGreaterThanOrEqual(there - 0.001)
      expect((row + 1) * ROW_HEIGHT).toBeLessThanOrEqual(there + each.body + 0.001)
      const wasSeen = row * ROW_HEIGHT >= offset && (row + 1) * ROW_HEIGHT <= offset + each.body
      if (wasSeen) expect(there).toBe(offset)
    }),
  )
})

test('one row more or less at ten million is a step of exactly one row', () => {
  const each = { rows: 10_000_000, body: 700 }
  const offset = offsetShowing(5_000_000, 0, each)
  expect(offsetShowing(5_000_001, offset, each) - offset).toBe(ROW_HEIGHT)
})

test('no rows, nothing seen', () => expect(rowsAt(0, { rows: 0, body: 500 })).toBeNull())
