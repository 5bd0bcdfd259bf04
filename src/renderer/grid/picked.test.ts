// Picking a day and a time: only the picked parts change, in every spelling, and the calendar is the engines' own.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeTyped } from '../../shared/codecs.ts'
import type { MomentShape } from '../../shared/moments.ts'
import { clockIn, dayIn, dayNumber, dayOfNumber, daysIn, monthsLater, weekdayOf, withClock, withDay } from './picked.ts'

const shape = (more: Partial<MomentShape> = {}): MomentShape => ({
  of: 'datetime',
  separator: ' ',
  hasSeconds: true,
  fraction: { rule: 'whole-or-fixed', digits: 6 },
  zone: 'none',
  storage: 'text',
  ...more,
})
const runs = { numRuns: import.meta.env.VERIFY === 'full' ? 50_000 : 500, seed: 7 }
const number = fc.integer({ min: -1_500_000, max: 2_932_896 })

describe('the calendar', () => {
  test('days and numbers lead to each other, as they do for a Date', () => {
    fc.assert(
      fc.property(number, (days) => {
        const day = dayOfNumber(days)
        expect(dayNumber(day)).toBe(days)
        const date = new Date(days * 86_400_000)
        expect(day).toEqual({ year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() })
        expect(weekdayOf(day)).toBe((date.getUTCDay() + 6) % 7)
      }),
      runs,
    )
  })

  test('a month on is the same day, or the last of a shorter month', () => {
    expect(monthsLater({ year: 2024, month: 1, day: 31 }, 1)).toEqual({ year: 2024, month: 2, day: 29 })
    expect(monthsLater({ year: 2023, month: 12, day: 31 }, -13)).toEqual({ year: 2022, month: 11, day: 30 })
    expect(monthsLater({ year: 2024, month: 2, day: 29 }, -12)).toEqual({ year: 2023, month: 2, day: 28 })
    expect(daysIn(1900, 2)).toBe(28)
  })
})

describe('picked', () => {
  test.each([
    ['2024-01-31 09:30:00.123456', '2024-02-29 09:30:00.123456'],
    ['2024-01-31T09:30:00.120+02:00', '2024-02-29T09:30:00.120+02:00'],
    ['2024-01-31 09:30', '2024-02-29 09:30'],
    ['2024-01-31T09:30:00Z', '2024-02-29T09:30:00Z'],
    ['2024-01-31', '2024-02-29'],
    ['0044-03-15 10:00:00+00 BC', '2024-02-29 10:00:00+00'],
  ])('a day in %s', (text, picked) => {
    expect(withDay(text, { year: 2024, month: 2, day: 29 }, shape())).toBe(picked)
  })

  test.each([
    ['2024-01-31 09:30:00.123456', '2024-01-31 23:05:07.123456'],
    ['2024-01-31T09:30:00.5-03:30', '2024-01-31T23:05:07.5-03:30'],
    ['2024-01-31 09:30', '2024-01-31 23:05'],
    ['09:30:00.000001', '23:05:07.000001'],
  ])('a time in %s', (text, picked) => {
    expect(withClock(text, { hour: 23, minute: 5, second: 7 }, shape(), null)).toBe(picked)
  })

  test('a span below zero keeps its sign', () => {
    const span = shape({ of: 'time', storage: 'mysql' })
    expect(withClock('-12:30:00', { hour: -13, minute: 0, second: 0 }, span, null)).toBe('-13:00:00')
    expect(clockIn('-838:59:59')).toEqual({ hour: -838, minute: 59, second: 59 })
  })

  test('where nothing stood, in the spelling of the column', () => {
    const day = { year: 2024, month: 2, day: 29 }
    expect(withDay('', day, shape({ separator: 'T', zone: 'Z' }))).toBe('2024-02-29T00:00:00Z')
    expect(withDay('', day, shape({ fraction: { rule: 'fixed', digits: 3 } }))).toBe('2024-02-29 00:00:00.000')
    expect(withDay('no date', day, shape({ of: 'date' }))).toBe('2024-02-29')
    expect(withClock('', { hour: 8, minute: 1, second: 2 }, shape(), day)).toBe('2024-02-29 08:01:02')
    expect(withDay('', { year: -43, month: 3, day: 15 }, shape())).toBeNull()
    expect(withDay('', { year: -43, month: 3, day: 15 }, shape({ storage: 'postgres' }))).toBe('0044-03-15 00:00:00 BC')
  })

  test('any day in any text of the column is stored as that day, with the time it had', () => {
    const at = fc.tuple(number, fc.integer({ min: 0, max: 86_399 }), fc.integer({ min: 0, max: 999_999 }))
    fc.assert(
      fc.property(at, fc.integer({ min: -700_000, max: 2_900_000 }), ([days, second, micro], to) => {
        const day = dayOfNumber(Math.max(days, -719_000))
        const clock = new Date(second * 1000).toISOString().slice(11, 19)
        const fraction = micro === 0 ? '' : `.${String(micro).padStart(6, '0')}`
        const from = withDay('', day, shape({ of: 'date' })) ?? ''
        const picked = withDay(`${from} ${clock}${fraction}`, dayOfNumber(to), shape()) ?? ''
        expect(dayIn(picked)).toEqual(dayOfNumber(to))
        expect(picked.slice(picked.indexOf(' ') + 1)).toBe(`${clock}${fraction}`)
        expect(encodeTyped(picked, { kind: 'moment', shape: shape() })).toEqual({ value: picked })
      }),
      runs,
    )
  })
})
