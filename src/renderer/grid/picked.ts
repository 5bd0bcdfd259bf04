// Picking a day or a time for a text that holds a date: only the parts that were picked change. Fraction, separator and offset
// stay letter by letter, and no Date is ever made.
import { momentOf, writeMoment, type Moment, type MomentShape } from '../../shared/moments.ts'

export interface Day {
  /** Astronomers' numbers: 1 BC is 0. */
  year: number
  /** 1 to 12. */
  month: number
  day: number
}

export interface Clock {
  hour: number
  minute: number
  second: number
}

export function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

/** Days since 1970-01-01 in the calendar that every engine uses, before that too. */
export function dayNumber({ year, month, day }: Day): number {
  // March is the first month of a year here, so that the odd day stands at its end.
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const ofEra = shifted - era * 400
  const ofYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468
}

export function dayOfNumber(number: number): Day {
  const shifted = number + 719_468
  const era = Math.floor(shifted / 146_097)
  const ofEra = shifted - era * 146_097
  const year = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  )
  const ofYear = ofEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100))
  const part = Math.floor((5 * ofYear + 2) / 153)
  const month = part < 10 ? part + 3 : part - 9
  return { year: year + era * 400 + (month <= 2 ? 1 : 0), month, day: ofYear - Math.floor((153 * part + 2) / 5) + 1 }
}

/** 0 is Monday. */
export const weekdayOf = (day: Day): number => (((dayNumber(day) + 3) % 7) + 7) % 7

/** The same day so many months on, or the last one of a month that is shorter. */
export function monthsLater({ year, month, day }: Day, months: number): Day {
  const all = year * 12 + (month - 1) + months
  const to = { year: Math.floor(all / 12), month: (((all % 12) + 12) % 12) + 1 }
  return { ...to, day: Math.min(day, daysIn(to.year, to.month)) }
}

export function dayIn(text: string): Day | null {
  const date = momentOf(text.trim())?.date
  if (!date) return null
  const year = Number(date.year)
  return { year: date.isBc ? 1 - year : year, month: Number(date.month), day: Number(date.day) }
}

export function clockIn(text: string): Clock | null {
  const time = momentOf(text.trim())?.time
  return time ? { hour: Number(time.hour), minute: Number(time.minute), second: Number(time.second ?? 0) } : null
}

/** A moment to begin with where the text holds none: midnight. Null where the column's shape does not take it. */
function begin(shape: MomentShape, day: Day | null): string | null {
  const moment: Moment = {
    date: shape.of === 'time' ? null : dateOf(day ?? { year: 2000, month: 1, day: 1 }),
    time:
      shape.of === 'date' ? null : { hour: '00', minute: '00', second: shape.hasSeconds ? '00' : null, fraction: '' },
    offset: shape.of !== 'date' && shape.zone !== 'none' ? 0 : null,
  }
  const written = writeMoment(moment, shape)
  return 'value' in written ? written.value : null
}

const two = (value: number) => String(value).padStart(2, '0')

function dateOf({ year, month, day }: Day): NonNullable<Moment['date']> {
  const isBc = year < 1
  return { year: String(isBc ? 1 - year : year).padStart(4, '0'), month: two(month), day: two(day), isBc }
}

/** The text with another day. Where it held no date: that day at midnight. Null where the column cannot hold it. */
export function withDay(text: string, day: Day, shape: MomentShape): string | null {
  if (!dayIn(text)) return begin(shape, day)
  const { year, month, day: of, isBc } = dateOf(day)
  const dated = text.trim().replace(/^\d{4,6}-\d{2}-\d{2}/, `${year}-${month}-${of}`)
  return dated.replace(/ BC$/, '') + (isBc ? ' BC' : '')
}

/** The text with another time to the second; its fraction stays. `day` is for a text that held no date. Null as `withDay`. */
export function withClock(
  text: string,
  { hour, minute, second }: Clock,
  shape: MomentShape,
  day: Day | null,
): string | null {
  const from = clockIn(text) ? text.trim() : begin(shape, dayIn(text) ?? day)
  if (from === null) return null
  return from.replace(/-?\d{2,3}:\d{2}(:\d{2})?(?=[.Z+\- ]|$)/, (_, seconds: string | undefined) => {
    const sign = hour < 0 ? '-' : ''
    return `${sign}${two(Math.abs(hour))}:${two(minute)}${seconds === undefined ? '' : `:${two(second)}`}`
  })
}
