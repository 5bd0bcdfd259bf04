// What may be typed to go to a row, and what is said about the rest.
import { expect, test } from 'vitest'
import { parseRowPlace } from './row-place.ts'

const ROWS = 10_000_000

test('numbers are read however they are grouped', () => {
  const spellings = ['7,000,000', '7000000', '7.000.000', '7 000 000', '7_000_000', "7'000'000", ' 7,000,000 ', '70%']
  for (const typed of spellings.slice(0, -1)) expect(parseRowPlace(typed, ROWS, true)).toEqual({ rank: 6_999_999 })
  expect(parseRowPlace('1', ROWS, true)).toEqual({ rank: 0 })
  expect(parseRowPlace('10000000', ROWS, true)).toEqual({ rank: 9_999_999 })
})

test('a share is one of all rows', () => {
  expect(parseRowPlace('70%', ROWS, true)).toEqual({ rank: 7_000_000 })
  expect(parseRowPlace('0 %', ROWS, true)).toEqual({ rank: 0 })
  expect(parseRowPlace('100%', ROWS, true)).toEqual({ rank: 9_999_999 })
  expect(parseRowPlace('12.5%', 1000, true)).toEqual({ rank: 125 })
  expect(parseRowPlace('12,5 %', 1000, true)).toEqual({ rank: 125 })
})

test('anything else is told what is expected', () => {
  const expected = { error: 'Type a row number from 1 to 10,000,000, or a share such as 70%.' }
  for (const typed of ['', 'x', '0', '-5', '1e6', '7,00,000', '7,0000', '101%', '%', '1.5', '5 %%']) {
    expect(parseRowPlace(typed, ROWS, true), typed).toEqual(expected)
  }
  expect(parseRowPlace('10,000,001', ROWS, true)).toEqual({
    error: expect.stringMatching(/^There are 10,000,000 rows\. Type a row number/) as string,
  })
  expect(parseRowPlace('1', 0, true)).toEqual({ error: 'There are no rows to go to.' })
})

test('beyond an estimate leads to the last row', () => {
  expect(parseRowPlace('10,400,000', ROWS, false)).toEqual({ rank: 9_999_999 })
})
