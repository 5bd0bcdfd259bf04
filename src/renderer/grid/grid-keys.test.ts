// Every moving key from every edge.
import { expect, test } from 'vitest'
import { isTyping, placeAfter, type KeyPress } from './grid-keys.ts'

const bounds = { rows: 1_000_000, columns: 6, page: 20 }
const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  shiftKey: false,
  altKey: false,
  metaKey: false,
  ...more,
})
const ctrl = { ctrlKey: true }

test.each([
  [press('ArrowDown'), [5, 2], [6, 2]],
  [press('ArrowDown'), [999_999, 2], [999_999, 2]],
  [press('ArrowUp'), [0, 2], [0, 2]],
  [press('ArrowDown', ctrl), [5, 2], [999_999, 2]],
  [press('ArrowUp', ctrl), [5, 2], [0, 2]],
  [press('ArrowLeft'), [5, 0], [5, 0]],
  [press('ArrowRight'), [5, 5], [5, 5]],
  [press('ArrowRight', ctrl), [5, 1], [5, 5]],
  [press('PageDown'), [999_990, 1], [999_999, 1]],
  [press('PageDown'), [0, 1], [20, 1]],
  [press('PageUp'), [10, 1], [0, 1]],
  [press('Home'), [5, 3], [5, 0]],
  [press('End'), [5, 3], [5, 5]],
  [press('Home', ctrl), [5, 3], [0, 0]],
  [press('End', ctrl), [5, 3], [999_999, 5]],
  [press('Tab'), [5, 5], [6, 0]],
  [press('Tab', { shiftKey: true }), [5, 0], [4, 5]],
])('%o from %o leads to %o', (key, [row, column], to) => {
  const place = placeAfter(key, { row: row!, column: column! }, bounds)
  expect([place?.row, place?.column]).toEqual(to)
})

test('Tab leaves the grid at its first and its last cell', () => {
  expect(placeAfter(press('Tab'), { row: 999_999, column: 5 }, bounds)).toBeNull()
  expect(placeAfter(press('Tab', { shiftKey: true }), { row: 0, column: 0 }, bounds)).toBeNull()
})

test('other keys do not move, and nothing moves in an empty grid', () => {
  expect(placeAfter(press('a'), { row: 1, column: 1 }, bounds)).toBeNull()
  expect(placeAfter(press('ArrowDown', { altKey: true }), { row: 1, column: 1 }, bounds)).toBeNull()
  expect(placeAfter(press('ArrowDown'), { row: 0, column: 0 }, { ...bounds, rows: 0 })).toBeNull()
})

test('typing is one character, of any plane, without a command key', () => {
  expect(['a', ' ', 'ß', '😀'].map((key) => isTyping(press(key)))).toEqual([true, true, true, true])
  expect([press('Enter'), press('a', ctrl), press('Dead')].map(isTyping)).toEqual([false, false, false])
})
