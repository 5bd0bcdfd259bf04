// Numbers in words at the edges of their units.
import { expect, test } from 'vitest'
import { bytes, duration, moment, plural } from './wording.ts'

test('sizes change their unit where rounding would', () => {
  expect([0, 1, 999, 1000, 12_345, 999_499, 999_500, 123_456_789, 2.36e9].map(bytes)).toEqual([
    '0 bytes',
    '1 byte',
    '999 bytes',
    '1.0 kB',
    '12.3 kB',
    '999 kB',
    '1.0 MB',
    '123 MB',
    '2.4 GB',
  ])
})

test('durations', () => {
  expect([0, 41.4, 999, 1000, 2345, 59_949, 59_950, 185_000].map(duration)).toEqual([
    '0 ms',
    '41 ms',
    '999 ms',
    '1.0 s',
    '2.3 s',
    '59.9 s',
    '1 min 0 s',
    '3 min 5 s',
  ])
})

test('plurals and thousands', () => {
  expect([plural(1, 'step'), plural(0, 'step'), plural(12_000, 'entry', 'entries')]).toEqual([
    '1 step',
    '0 steps',
    '12,000 entries',
  ])
})

test('a moment is local time', () => {
  expect(moment(new Date(2026, 0, 2, 3, 4).getTime())).toBe('2026-01-02 03:04')
})
