// The tree as rows: schemas, partitions, order, filter, folds, and where keys lead.
import { describe, expect, it } from 'vitest'
import type { TableEntry } from '../../../shared/table-structure.ts'
import { entryWords, rowsShort } from './entry-words.ts'
import { labelOf, parentOf, rowAfter, treeRows } from './tree-rows.ts'

const entry = (name: string, more: Partial<TableEntry> = {}): TableEntry => ({
  name,
  kind: 'table',
  what: 'table',
  partOf: null,
  schema: null,
  rows: null,
  bytes: null,
  ...more,
})
const seen = (...args: Parameters<typeof treeRows>) =>
  treeRows(...args).map(({ label, level, place, of, isOpen }) => [label, level, `${place}/${of}`, isOpen])

describe('the rows of the tree', () => {
  it('are in the order in which people count', () => {
    const entries = ['orders_10', 'Orders_2', 'alpha', 'orders_1'].map((name) => entry(name))
    expect(treeRows(entries, {}, '').map(({ label }) => label)).toEqual(['alpha', 'orders_1', 'Orders_2', 'orders_10'])
  })

  it('fold partitions into their table, and a partition whose table is not there stands alone', () => {
    const entries = [
      entry('visits'),
      entry('v_2', { partOf: 'visits' }),
      entry('v_1', { partOf: 'visits' }),
      entry('lost', { partOf: 'hidden' }),
    ]
    expect(seen(entries, {}, '')).toEqual([
      ['lost', 1, '1/2', null],
      ['visits', 1, '2/2', false],
    ])
    const open = treeRows(entries, { 'table visits': true }, '')
    expect(open.map(({ label, level }) => [label, level])).toEqual([
      ['lost', 1],
      ['visits', 1],
      ['v_1', 2],
      ['v_2', 2],
    ])
    expect([parentOf(open, 3), parentOf(open, 0)]).toEqual([1, null])
  })

  it('have schemas only where there are several, those of the search path first and open', () => {
    const entries = [
      entry('audit.log', { schema: 'audit' }),
      entry('users', { schema: 'public' }),
      entry('"od.d"."a""b"', { schema: 'od.d' }),
    ]
    expect(seen([entries[1] as TableEntry], {}, '')).toEqual([['users', 1, '1/1', null]])
    expect(seen(entries, {}, '')).toEqual([
      ['public', 1, '1/3', true],
      ['users', 2, '1/1', null],
      ['audit', 1, '2/3', false],
      ['od.d', 1, '3/3', false],
    ])
    expect(seen(entries, { 'schema public': false, 'schema od.d': true }, '').map(([label]) => label)).toEqual([
      'public',
      'audit',
      'od.d',
      'a"b',
    ])
  })

  it('are narrowed by any part of the name, with what leads to them opened', () => {
    const entries = [
      entry('audit.log', { schema: 'audit' }),
      entry('users', { schema: 'public' }),
      entry('visits', { schema: 'public' }),
      entry('visits_2026', { schema: 'public', partOf: 'visits' }),
    ]
    expect(seen(entries, { 'schema audit': false }, ' LOG ').map(([label]) => label)).toEqual(['audit', 'log'])
    expect(seen(entries, {}, '2026')).toEqual([
      ['public', 1, '1/1', true],
      ['visits', 2, '1/1', true],
      ['visits_2026', 3, '1/1', null],
    ])
    expect(seen(entries, {}, 'nothing')).toEqual([])
  })

  it('are walked by keys, and not beyond their ends', () => {
    const rows = treeRows(
      ['a', 'b', 'c', 'd'].map((name) => entry(name)),
      {},
      '',
    )
    expect(rowAfter('ArrowDown', rows, 0, 2)).toBe(1)
    expect(rowAfter('ArrowUp', rows, 0, 2)).toBeNull()
    expect(rowAfter('ArrowDown', rows, 3, 2)).toBeNull()
    expect(rowAfter('PageDown', rows, 2, 2)).toBe(3)
    expect(rowAfter('End', rows, 3, 2)).toBeNull()
    expect(rowAfter('Home', rows, 3, 2)).toBe(0)
    expect(rowAfter('x', rows, 3, 2)).toBeNull()
  })

  it('are named without their schema', () => {
    expect(labelOf({ name: 'audit.log', schema: 'audit' })).toBe('log')
    expect(labelOf({ name: '"a.b"', schema: 'public' })).toBe('a.b')
    expect(labelOf({ name: '"a.b"', schema: null })).toBe('"a.b"')
  })
})

it('tells rows in few letters', () => {
  const short = (rows: number | null) => rowsShort({ rows })
  expect([null, 0, 7, 999, 1000, 1234, 9949, 9960, 12_345, 999_499, 999_500, 10_000_000, 2.5e9].map(short)).toEqual([
    ...['', '≈ 0', '≈ 7', '≈ 999', '≈ 1 k', '≈ 1.2 k', '≈ 9.9 k', '≈ 10 k', '≈ 12 k', '≈ 999 k', '≈ 1 M', '≈ 10 M'],
    '≈ 2.5 G',
  ])
})

it('tells what a table is in words', () => {
  expect(entryWords(entry('a', { rows: 1, bytes: 2_400_000 }))).toBe('About 1 row, 2.4 MB')
  expect(entryWords(entry('a', { what: 'partition', partOf: 'b', rows: 1200 }))).toBe(
    'Partition of b, about 1,200 rows',
  )
  expect(entryWords(entry('a'))).toBe('')
})
