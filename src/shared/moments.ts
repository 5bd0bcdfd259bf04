// Dates and times as text, taken apart and put together digit by digit: checked against the calendar, never a Date, so
// that no zone of this machine and no millisecond can bend them.

export type Parsed<T> = { value: T } | { error: string }

/** A date, a time of day, or both, as written. Numbers keep their digits. */
export interface Moment {
  date: { year: string; month: string; day: string; isBc: boolean } | null
  /** `hour` has a minus sign where MySQL's TIME is a span below zero. */
  time: { hour: string; minute: string; second: string | null; fraction: string } | null
  /** Minutes east of UTC; null when no zone was written. */
  offset: number | null
}

/** Which of the digits that stand behind the second are written. */
export interface Fraction {
  /**
   * `fixed`: always `digits` of them. `whole-or-fixed`: none for a whole second, otherwise `digits` (Python).
   * `trimmed`: at most `digits`, trailing zeros left out (Go, PostgreSQL).
   */
  rule: 'fixed' | 'whole-or-fixed' | 'trimmed'
  /** 0 to 9. */
  digits: number
}

/**
 * How the zone is written. `Z`: always UTC, as Z. `offset`: +02:00, also +00:00. `Z or offset`: the same with Z for UTC.
 * `compact`: +0200. `hours`: +02, with minutes only where there are any (PostgreSQL).
 */
export type Zone = 'none' | 'Z' | 'offset' | 'Z or offset' | 'compact' | 'hours'

/** How a column's dates and times are written. */
export interface MomentShape {
  of: 'date' | 'datetime' | 'time'
  /** Between date and time. */
  separator: ' ' | 'T'
  hasSeconds: boolean
  fraction: Fraction
  zone: Zone
  /** Whose rules hold: text that anyone may write, or a type of the server that takes and gives back its own text. */
  storage: 'text' | 'postgres' | 'mysql'
}

const DATE = '(\\d{4,6})-(\\d{2})-(\\d{2})'
const TIME = '(-?\\d{2,3}):(\\d{2})(?::(\\d{2})(?:\\.(\\d{1,9}))?)?(Z|[+-]\\d{2}(?::?\\d{2})?)?'
const pattern = new RegExp(`^(?:${DATE}(?:([ T])${TIME})?( BC)?|${TIME})$`)

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

/** The year in astronomers' numbers, where 1 BC is 0. */
function yearOf({ year, isBc }: NonNullable<Moment['date']>): number {
  return isBc ? 1 - Number(year) : Number(year)
}

interface Spelled extends Moment {
  separator: ' ' | 'T'
  zoneText: string
}

function minutesOf(zone: string): number | null {
  if (zone === '') return null
  if (zone === 'Z') return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', '') || 0)
  return zone.startsWith('-') ? -minutes : minutes
}

/** Takes a text apart; null when it is no date, no time, or none that exists (2024-02-30, 25:00). */
function takeApart(text: string): Spelled | null {
  const found = pattern.exec(text)
  if (!found) return null
  const [, year, month = '', day = '', separator] = found
  const [hour, minute = '', second, fraction = '', zoneText = ''] = found.slice(year === undefined ? 11 : 5)
  const isBc = found[10] !== undefined
  const date = year === undefined ? null : { year, month, day, isBc }
  if (date && !isDate(date)) return null
  const time = hour === undefined ? null : { hour, minute, second: second ?? null, fraction }
  if (time && !isTime(time, date !== null)) return null
  const offset = minutesOf(zoneText)
  if (offset !== null && Math.abs(offset) >= 16 * 60) return null
  return { date, time, offset, separator: separator === 'T' ? 'T' : ' ', zoneText }
}

function isDate(date: NonNullable<Moment['date']>): boolean {
  const [month, day] = [Number(date.month), Number(date.day)]
  if (Number(date.year) < 1 || (date.year.length > 4 && date.year.startsWith('0'))) return false
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(yearOf(date), month)
}

function isTime({ hour, minute, second }: NonNullable<Moment['time']>, hasDate: boolean): boolean {
  if (Number(minute) > 59 || Number(second ?? 0) > 59) return false
  return !hasDate || isOfDay(hour)
}

export function momentOf(text: string): Moment | null {
  const found = takeApart(text)
  return found && { date: found.date, time: found.time, offset: found.offset }
}

/** How a text is written, to find out how a column is; null when it is no date and no time. */
export function spellingOf(text: string): {
  of: MomentShape['of']
  separator: ' ' | 'T'
  hasSeconds: boolean
  fraction: string
  zone: Zone
} | null {
  const found = takeApart(text)
  if (!found) return null
  const { date, time, separator, zoneText } = found
  return {
    of: date && time ? 'datetime' : date ? 'date' : 'time',
    separator,
    hasSeconds: time?.second != null,
    fraction: time?.fraction ?? '',
    zone: zoneOf(zoneText),
  }
}

function zoneOf(text: string): Zone {
  if (text === '') return 'none'
  if (text === 'Z') return 'Z'
  if (text.length === 3) return 'hours'
  return text.includes(':') ? 'offset' : 'compact'
}

/** An example in the given shape, for messages; it is accepted where it is shown. */
export function exampleOf(shape: MomentShape): string {
  const { fraction, zone } = shape
  const digits = '123456789'.slice(0, fraction.digits)
  const time = `09:30${shape.hasSeconds ? `:00${digits && `.${digits}`}` : ''}`
  const zones: Record<Zone, string> = {
    none: '',
    Z: 'Z',
    offset: '+02:00',
    'Z or offset': 'Z',
    compact: '+0200',
    hours: '+00',
  }
  if (shape.of === 'date') return '2024-01-31'
  return shape.of === 'time' ? `${time}${zones[zone]}` : `2024-01-31${shape.separator}${time}${zones[zone]}`
}

/**
 * Writes a moment in a shape, or says why it does not fit: nothing is dropped without a word. `home` is the offset in
 * minutes of a moment that was typed without one, where the shape writes a zone.
 */
export function writeMoment(moment: Moment, shape: MomentShape, home = 0): Parsed<string> {
  const refuse = (why: string): { error: string } => ({ error: `${why} Accepted here: ${exampleOf(shape)}` })
  if (shape.of === 'time' ? moment.date !== null : moment.date === null) {
    return refuse(shape.of === 'time' ? 'This column holds a time without a date.' : 'No such date.')
  }
  if (shape.of === 'date' && moment.time) return refuse('This column holds a date without a time.')
  if (moment.date && shape.storage !== 'postgres' && (moment.date.isBc || moment.date.year.length > 4)) {
    return refuse('Years go from 0001 to 9999.')
  }
  if (shape.of === 'time' && moment.time && !isKept(moment.time, shape)) return refuse('No such time.')
  if (moment.offset !== null && shape.zone === 'none') return refuse('Values of this column carry no time zone.')
  const time = moment.time ?? { hour: '00', minute: '00', second: null, fraction: '' }
  const digits = time.fraction.replace(/0+$/, '')
  if (digits.length > shape.fraction.digits) {
    return refuse(`This column keeps ${inDigits(shape.fraction.digits)} after the second.`)
  }
  if (!shape.hasSeconds && (Number(time.second ?? 0) > 0 || digits !== '')) {
    return refuse('This column keeps no seconds.')
  }
  const offset = shape.zone === 'none' ? null : (moment.offset ?? home)
  const isUtc = shape.zone === 'Z' || (shape.storage === 'postgres' && shape.of === 'datetime')
  const at = offset !== null && isUtc ? earlier({ ...moment, time, offset }, offset) : { ...moment, time, offset }
  if (!at) return refuse('In UTC this is no year from 0001 to 9999.')
  return { value: textOf(at, shape, digits) }
}

/** MySQL's times are spans of up to 838 hours; to PostgreSQL the end of a day is a time of it. */
function isKept({ hour, minute, second, fraction }: NonNullable<Moment['time']>, { storage }: MomentShape): boolean {
  if (storage === 'mysql') return Math.abs(Number(hour)) <= 838
  const isEnd = hour === '24' && Number(minute) === 0 && Number(second ?? 0) === 0 && Number(fraction) === 0
  return isOfDay(hour) || (isEnd && storage === 'postgres')
}

function isOfDay(hour: string): boolean {
  return /^\d{2}$/.test(hour) && Number(hour) < 24
}

function inDigits(digits: number): string {
  return digits === 0 ? 'no digits' : digits === 1 ? '1 digit' : `${digits} digits`
}

interface Complete {
  date: Moment['date']
  time: NonNullable<Moment['time']>
  offset: number | null
}

function textOf({ date, time, offset }: Complete, shape: MomentShape, digits: string): string {
  const day = date && `${date.year}-${date.month}-${date.day}`
  const bc = date?.isBc ? ' BC' : ''
  if (shape.of === 'date') return `${day}${bc}`
  const { rule, digits: most } = shape.fraction
  const isWhole = most === 0 || (digits === '' && rule !== 'fixed')
  const fraction = isWhole ? '' : `.${rule === 'trimmed' ? digits : digits.padEnd(most, '0')}`
  const seconds = shape.hasSeconds ? `:${time.second ?? '00'}${fraction}` : ''
  const zone = offset === null ? '' : zoneText(offset, shape.zone)
  const clock = `${time.hour}:${time.minute}${seconds}${zone}`
  return day === null ? clock : `${day}${shape.separator}${clock}${bc}`
}

function zoneText(offset: number, zone: Zone): string {
  if (zone === 'Z' || (zone === 'Z or offset' && offset === 0)) return 'Z'
  const two = (value: number) => String(value).padStart(2, '0')
  const [hours, minutes] = [two(Math.floor(Math.abs(offset) / 60)), two(Math.abs(offset) % 60)]
  const sign = offset < 0 ? '-' : '+'
  if (zone === 'hours') return `${sign}${hours}${minutes === '00' ? '' : `:${minutes}`}`
  return zone === 'compact' ? `${sign}${hours}${minutes}` : `${sign}${hours}:${minutes}`
}

/** The same instant in UTC: the clock turned back by so many minutes. Null before the first and after the last year. */
function earlier({ date, time }: Complete, minutes: number): Complete | null {
  if (!date || minutes === 0) return { date, time, offset: 0 }
  const total = Number(time.hour) * 60 + Number(time.minute) - minutes
  const inDay = ((total % 1440) + 1440) % 1440
  const two = (value: number) => String(value).padStart(2, '0')
  const moved = daysLater(date, Math.floor(total / 1440))
  return (
    moved && { date: moved, time: { ...time, hour: two(Math.floor(inDay / 60)), minute: two(inDay % 60) }, offset: 0 }
  )
}

/** At most one day on or back. */
export function daysLater(date: NonNullable<Moment['date']>, step: number): Moment['date'] {
  let [year, month, day] = [yearOf(date), Number(date.month), Number(date.day) + step]
  if (day < 1) {
    month -= 1
    if (month < 1) [year, month] = [year - 1, 12]
    day = daysIn(year, month)
  } else if (day > daysIn(year, month)) {
    ;[month, day] = [month + 1, 1]
    if (month > 12) [year, month] = [year + 1, 1]
  }
  if (year > 294_276 || year < -4712) return null
  const isBc = year < 1
  return {
    year: String(isBc ? 1 - year : year).padStart(4, '0'),
    month: String(month).padStart(2, '0'),
    day: String(day).padStart(2, '0'),
    isBc,
  }
}
