// What the panel makes of the host's numbers: which facts it shows, their shares, filters compared by what they ask, and months.
import { describe, expect, it } from 'vitest'
import { where, type Filter } from '../../../shared/filters.ts'
import type { HealthFact } from '../../../shared/health.ts'
import { everyMonth } from './charts/months.ts'
import { sameFilter } from './same-filter.ts'
import { shareOf, shownFacts } from './shown-facts.ts'

const fact = (id: HealthFact['id'], title: string, rows: number): HealthFact => ({
  ...{ id, title, rows, words: '', isDone: true, filter: null, filterNote: null },
})

describe('facts', () => {
  const inactive = fact('inactive', 'Inactive', 3)
  const [none, some] = [
    fact('foreign-encoding', 'Foreign encoding in a', 0),
    fact('foreign-encoding', 'Foreign encoding in b', 2),
  ]

  it('of columns without anything foreign are one line, or none beside those that have something', () => {
    expect(shownFacts([inactive, none, none]).map(({ title }) => title)).toEqual(['Inactive', 'Foreign encodings'])
    expect(shownFacts([inactive, none, some]).map(({ title }) => title)).toEqual(['Inactive', 'Foreign encoding in b'])
    expect(shownFacts([inactive])).toEqual([inactive])
  })

  it('have a share that is never none of some', () => {
    expect([shareOf(1, 1_000_000), shareOf(5, 1000), shareOf(60, 1000), shareOf(1000, 1000), shareOf(0, 0)]).toEqual([
      ...['< 0.1 %', '0.5 %', '6 %', '100 %', ''],
    ])
  })
})

describe('filters', () => {
  const of = (value: bigint | string | Uint8Array): Filter => ({
    ...{ kind: 'group', join: 'or' },
    parts: [where('a', { test: 'equals', value }), where('b', { test: 'null' })],
  })

  it('are the same when they ask the same, whichever object they are', () => {
    expect(sameFilter(of(1n), of(1n))).toBe(true)
    expect(sameFilter(of(new Uint8Array([1])), of(new Uint8Array([1])))).toBe(true)
    expect(sameFilter(of(1n), of('1'))).toBe(false)
    expect(sameFilter(of(new Uint8Array([1])), of(new Uint8Array([2])))).toBe(false)
    expect([sameFilter(null, of(1n)), sameFilter(null, null)]).toEqual([false, true])
  })
})

describe('months', () => {
  it('without users stand between those with some, also over the turn of a year', () => {
    expect(
      everyMonth([
        { label: '2023-11', rows: 4 },
        { label: '2024-02', rows: 1 },
      ]),
    ).toEqual([
      { label: '2023-11', rows: 4 },
      { label: '2023-12', rows: 0 },
      { label: '2024-01', rows: 0 },
      { label: '2024-02', rows: 1 },
    ])
    expect(everyMonth([])).toEqual([])
  })
})
