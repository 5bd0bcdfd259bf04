// What a block covers: by numbers, also over rows that were never read, and never rows other than those that were chosen.
import { describe, expect, test } from 'vitest'
import { spanInWords, spanOf, type CellBlock, type Corner, type Lines } from './cell-block.ts'

const columns = ['id', 'email', 'name', 'active']
const lines = (more: Partial<Lines> = {}): Lines => ({
  newCount: 0,
  lineCount: 1_000_000,
  columns,
  idAt: (index) => (index < 100 ? `row ${index}` : null),
  ...more,
})
const corner = (rank: number, column: string, id: string | null = null): Corner => ({ rank, column, id })
const block = (anchor: Corner, focus: Corner, more: Partial<CellBlock> = {}): CellBlock => ({
  anchor,
  focus,
  hasAllRows: false,
  hasAllColumns: false,
  ...more,
})

describe('spans', () => {
  test('from any corner to any other', () => {
    const span = { first: 2, last: 700_000, columns: ['email', 'name'], isWholeRows: false }
    expect(spanOf(block(corner(2, 'email', 'row 2'), corner(700_000, 'name')), lines())).toEqual(span)
    expect(spanOf(block(corner(700_000, 'name'), corner(2, 'email', 'row 2')), lines())).toEqual(span)
    expect(spanOf(block(corner(2, 'name'), corner(700_000, 'email')), lines())).toEqual(span)
  })

  test('a new row above moves no block', () => {
    const chosen = block(corner(0, 'email', 'row 0'), corner(1, 'email', 'row 1'))
    const after = lines({
      newCount: 1,
      lineCount: 1_000_001,
      idAt: (index) => (index === 0 ? 'new' : `row ${index - 1}`),
    })
    expect(spanOf(chosen, after)).toMatchObject({ first: 1, last: 2 })
    expect(spanOf(block(corner(-1, 'id', 'new'), corner(1, 'id', 'row 1')), after)).toMatchObject({ first: 0, last: 2 })
  })

  test('all rows are all there are now, and whole rows have all columns', () => {
    const all = block(corner(5, 'id', 'row 5'), corner(5, 'id'), { hasAllRows: true, hasAllColumns: true })
    expect(spanOf(all, lines({ lineCount: 7 }))).toEqual({ first: 0, last: 6, columns, isWholeRows: true })
    expect(spanOf(all, lines({ lineCount: 0 }))).toBeNull()
  })

  test('ends when a corner is another row, is gone, or its column is hidden', () => {
    const chosen = block(corner(2, 'email', 'row 2'), corner(9, 'name', 'row 9'))
    expect(spanOf(chosen, lines({ idAt: () => 'another' }))).toBeNull()
    expect(spanOf(chosen, lines({ lineCount: 9 }))).toBeNull()
    expect(spanOf(chosen, lines({ columns: ['id', 'email'] }))).toBeNull()
    // A row that is not in memory any more may still be the one.
    expect(spanOf(chosen, lines({ idAt: () => null }))).not.toBeNull()
  })
})

test('in words', () => {
  const span = { first: 0, last: 2, columns: ['id', 'email'], isWholeRows: false }
  expect(spanInWords(span)).toBe('3 × 2 cells chosen')
  expect(spanInWords({ ...span, last: 999_999, isWholeRows: true })).toBe('1,000,000 rows chosen')
  expect(spanInWords({ ...span, last: 0, columns: ['id'] })).toBeNull()
})
