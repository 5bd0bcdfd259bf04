// Dates and times as text: checked against the calendar and written in the spelling of the row, never through a Date.

/** How a column's dates are spelled. */
export interface Spelling {
  /** Between date and time; null for a date without a time. */
  separator: ' ' | 'T' | null
  hasSeconds: boolean
  /** Digits after the seconds' point. */
  digits: number
  /** '', 'Z' or an offset such as '+02:00'. */
  zone: string
}

export const plainDateTime: Spelling = { separator: ' ', hasSeconds: true, digits: 6, zone: '' }
export const plainDate: Spelling = { separator: null, hasSeconds: false, digits: 0, zone: '' }

interface Parts {
  date: string
  minutes: string
  seconds: string | null
  fraction: string
  spelling: Spelling
}

const shape = /^(\d{4})-(\d{2})-(\d{2})(?:([ T])(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/
const timeShape = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?$/

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

function isTime(hour: string, minute: string, second: string | undefined): boolean {
  return Number(hour) < 24 && Number(minute) < 60 && Number(second ?? 0) < 60
}

function partsOf(text: string): Parts | null {
  const match = shape.exec(text)
  if (!match) return null
  const [, year = '', month = '', day = '', separator, hour = '00', minute = '00', second, fraction = '', zone = ''] =
    match
  if (Number(year) < 1 || Number(month) < 1 || Number(month) > 12) return null
  if (Number(day) < 1 || Number(day) > daysIn(Number(year), Number(month))) return null
  if (!isTime(hour, minute, second)) return null
  return {
    date: `${year}-${month}-${day}`,
    minutes: `${hour}:${minute}`,
    seconds: second ?? null,
    fraction,
    spelling: {
      separator: (separator as ' ' | 'T' | undefined) ?? null,
      hasSeconds: second !== undefined,
      digits: fraction.length,
      zone,
    },
  }
}

/** How a text spells a real date, or null when it is none. */
export function spellingOf(text: string): Spelling | null {
  return partsOf(text)?.spelling ?? null
}

/** An example in the given spelling, for messages. */
export function example(spelling: Spelling): string {
  if (spelling.separator === null) return '2024-01-31'
  const fraction = spelling.digits > 0 ? `.${'123456789'.slice(0, spelling.digits)}` : ''
  const seconds = spelling.hasSeconds ? `:00${fraction}` : ''
  return `2024-01-31${spelling.separator}09:30${seconds}${spelling.zone}`
}

export type Parsed<T> = { value: T } | { error: string }

/**
 * Reads a date as a person types it and writes it in `spelling`. Nothing is dropped without a word: digits or a zone that
 * the spelling has no place for are an error. With a zone the fraction stays as typed, because writers with zones (Go)
 * leave trailing zeros out.
 */
export function parseDateTime(text: string, spelling: Spelling): Parsed<string> {
  const parts = partsOf(text.trim())
  if (!parts) return { error: `No such date. Accepted here: ${example(spelling)}` }
  const typed = parts.spelling
  if (spelling.separator === null) {
    if (typed.separator !== null)
      return { error: `This column holds a date without a time. Accepted here: ${example(spelling)}` }
    return { value: parts.date }
  }
  if (typed.zone !== '' && spelling.zone === '') {
    return { error: `Values of this column carry no time zone. Accepted here: ${example(spelling)}` }
  }
  const zone = typed.zone === '' ? spelling.zone : typed.zone
  const digits = zone === '' ? spelling.digits : Math.max(parts.fraction.length, 0)
  const rest = parts.fraction.slice(digits)
  if (/[1-9]/.test(rest))
    return { error: `This row keeps ${inDigits(digits)} after the second. Accepted here: ${example(spelling)}` }
  const seconds = parts.seconds ?? '00'
  if (!spelling.hasSeconds && (seconds !== '00' || /[1-9]/.test(parts.fraction))) {
    return { error: `This row keeps no seconds. Accepted here: ${example(spelling)}` }
  }
  const fraction = digits > 0 ? `.${parts.fraction.slice(0, digits).padEnd(digits, '0')}` : ''
  const tail = spelling.hasSeconds ? `:${seconds}${fraction}` : ''
  return { value: `${parts.date}${spelling.separator}${parts.minutes}${tail}${zone}` }
}

function inDigits(digits: number): string {
  return digits === 0 ? 'no digits' : digits === 1 ? '1 digit' : `${digits} digits`
}

/** A time of day, kept as typed. */
export function parseTime(text: string): Parsed<string> {
  const match = timeShape.exec(text.trim())
  if (!match || !isTime(match[1] as string, match[2] as string, match[3])) {
    return { error: 'No such time. Accepted here: 09:30:00' }
  }
  return { value: text.trim() }
}
