// The tree of a filter under a person's hands: it means the same to a reader and to the database, and stays as flat as it reads.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { where, type Filter } from '../../../shared/filters.ts'
import { addPart, flipJoin, partAt, plain, replacePart } from './filter-tree.ts'
import { barOf, quickOf, withBar, withQuick } from './quick.ts'

const is = (name: string) => where(name, { test: 'null' })
const [A, B, C, D] = ['a', 'b', 'c', 'd'].map(is) as [Filter, Filter, Filter, Filter]
const and = (...parts: Filter[]): Filter => ({ kind: 'group', join: 'and', parts })
const or = (...parts: Filter[]): Filter => ({ kind: 'group', join: 'or', parts })

test('what is added narrows what is there', () => {
  expect(addPart(null, A)).toEqual(A)
  expect(addPart(A, B)).toEqual(and(A, B))
  expect(addPart(and(A, B), C)).toEqual(and(A, B, C))
  expect(addPart(or(A, B), C)).toEqual(and(or(A, B), C))
})

test('the word between two of several makes a group of these two, and back', () => {
  const all = and(A, B, C)
  const two = flipJoin(all, [], 1)
  expect(two).toEqual(and(A, or(B, C)))
  expect(flipJoin(two, [1], 0)).toEqual(all)
  expect(flipJoin(two, [], 0)).toEqual(or(A, B, C))
  expect(flipJoin(and(A, or(B, C), D), [], 1)).toEqual(and(A, or(B, C, D)))
  expect(flipJoin(and(A, B), [], 0)).toEqual(or(A, B))
})

test('what is taken out leaves no group of one', () => {
  expect(replacePart(A, [], null)).toBeNull()
  expect(replacePart(and(A, B), [0], null)).toEqual(B)
  expect(replacePart(and(A, or(B, C)), [1, 0], null)).toEqual(and(A, C))
  expect(replacePart(or(A, and(B, or(C, D))), [1, 0], null)).toEqual(or(A, C, D))
  expect(replacePart(and(A, or(B, C)), [1, 1], D)).toEqual(and(A, or(B, D)))
  expect(partAt(and(A, or(B, C)), [1, 1])).toBe(C)
  expect(partAt(and(A, B), [2])).toBeNull()
})

const filters: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter; group: Filter }>((tie) => ({
  filter: fc.oneof({ depthSize: 'small', withCrossShrink: true }, fc.constantFrom(A, B, C, D), tie('group')),
  group: fc.record({
    kind: fc.constant('group' as const),
    join: fc.constantFrom('and' as const, 'or' as const),
    parts: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }),
  }),
})).filter

function holds(filter: Filter, row: ReadonlySet<string>): boolean {
  if (filter.kind === 'condition') return row.has(filter.column ?? '')
  const parts = filter.parts.map((part) => holds(part, row))
  return filter.join === 'and' ? parts.every(Boolean) : parts.some(Boolean)
}

const rows = Array.from(
  { length: 16 },
  (_, bits) => new Set(['a', 'b', 'c', 'd'].filter((_, bit) => bits & (1 << bit))),
)

function isPlain(filter: Filter): boolean {
  if (filter.kind === 'condition') return true
  return (
    filter.parts.length > 1 &&
    filter.parts.every((part) => isPlain(part) && !(part.kind === 'group' && part.join === filter.join))
  )
}

test('a plainer filter has the same rows', () => {
  fc.assert(
    fc.property(filters, (filter) => {
      const flat = plain(filter) as Filter
      expect(isPlain(flat)).toBe(true)
      for (const row of rows) expect(holds(flat, row)).toBe(holds(filter, row))
    }),
    { seed: 20261122 },
  )
})

describe('the search field beside the bar', () => {
  test('changes neither by way of the other', () => {
    const typed = withQuick(null, null, 'ann')
    expect(quickOf(typed)).toMatchObject({ column: null, text: 'ann' })
    expect(barOf(typed)).toBeNull()
    const both = withBar(typed, or(A, B))
    expect(quickOf(both)?.text).toBe('ann')
    expect(barOf(both)).toEqual(or(A, B))
    const other = withQuick(both, 'email', 'bob')
    expect(quickOf(other)).toMatchObject({ column: 'email', text: 'bob' })
    expect(barOf(other)).toEqual(or(A, B))
    expect(withQuick(other, 'email', '')).toEqual(or(A, B))
    expect(withBar(other, null)).toEqual(where('email', { test: 'contains', text: 'bob' }))
  })

  test('shows nothing of a filter that came from elsewhere', () => {
    const same = where(null, { test: 'contains', text: 'ann' })
    expect(quickOf(same)).toBeNull()
    expect(barOf(same)).toBe(same)
    expect(quickOf(and(same, A))).toBeNull()
  })
})
