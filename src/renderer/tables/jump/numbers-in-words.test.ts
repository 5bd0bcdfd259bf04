// How exact numbers are is always said: an estimate, a count with its time, numbers of a jump, numbers from the end.
import { expect, test } from 'vitest'
import { where } from '../../../shared/filters.ts'
import type { Survey } from '../../../shared/tables.ts'
import { nothingRead, type TableState } from '../table-state.ts'
import { countInWords, rangeInWords, timeOfDay } from './numbers-in-words.ts'

const at = new Date(2026, 10, 22, 12, 3, 4).getTime()
const survey: Survey = { estimate: 1, reached: 500, total: null, anchors: 1, asOf: at, error: 0, isDone: false }
const state = (patch: Partial<TableState>): TableState => ({ ...nothingRead(null), ...patch })
const filter = where('email', { test: 'contains', text: 'x' })

test('an estimate is marked, a count has its time', () => {
  expect(countInWords(state({ counting: 'counting' }), 10_000_000)).toBe('≈ 10,000,000 rows, counting')
  expect(countInWords(state({ counting: 'stopped' }), 10_000_000)).toBe('≈ 10,000,000 rows, not counted')
  expect(countInWords(state({ counting: 'counting' }), 0)).toBe('Counting rows')
  expect(countInWords(state({}), 0)).toBe('Reading the first rows')
  const counted = { count: 10_000_000, at }
  expect(countInWords(state({ counted }), 10_000_000)).toBe(`10,000,000 rows, counted ${timeOfDay(at)}`)
  expect(timeOfDay(at)).toBe('12:03:04')
})

test('a filter says how many rows were found so far', () => {
  expect(countInWords(state({ filter, survey }), 500)).toBe('Finding places in this filter… 500 rows so far')
  expect(countInWords(state({ filter, survey, surveyHalt: { words: null } }), 500)).toBe(
    '500 rows so far, not looked for any further',
  )
})

test('a range says by how much its numbers may be wrong, and as of when they are', () => {
  expect(rangeInWords(state({ survey }), 1, 40, false)).toBe('Rows 1 to 40')
  expect(rangeInWords(state({}), 7, 7, false)).toBe('Row 7')
  expect(rangeInWords(state({}), 961, 1000, true)).toBe('About rows 961 to 1,000, until they are counted')
  const jump = { rank: 6_999_999, error: 1_200, asOf: at }
  expect(rangeInWords(state({ jump }), 7_000_000, 7_000_000, false)).toBe(
    'About row 7,000,000 (± 1,200), numbered as of 12:03:04',
  )
  // Far from where the jump led, rows have numbers of their own.
  expect(rangeInWords(state({ jump }), 1, 40, false)).toBe('Rows 1 to 40')
  expect(rangeInWords(state({ survey: { ...survey, error: 3 } }), 1, 40, false)).toBe(
    'About rows 1 to 40 (± 3), numbered as of 12:03:04',
  )
})
