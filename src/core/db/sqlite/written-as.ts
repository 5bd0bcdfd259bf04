// Which values of a column are written by a codec, in SQLite's words: GLOB for the digits, date() for the calendar.
import type { Fraction, MomentShape, Zone } from '../../../shared/moments.ts'

/** SQL with `@` where the column stands. */
type Sql = string

const D = '[0-9]'
const HOURS = ['[+-]0[0-9]', '[+-]1[0-5]']

interface Ending {
  /** Any of them. */
  globs: readonly string[]
  letters: number
  not: readonly string[]
}

const bare: Ending = { globs: [''], letters: 0, not: [] }
const utc: Ending = { globs: ['Z'], letters: 1, not: [] }
/** Minus zero is written by nobody. */
const offset = (...not: string[]): Ending => ({
  globs: HOURS.map((hours) => `${hours}:[0-5]${D}`),
  letters: 6,
  not: ['-00:00', ...not],
})
const ENDINGS: Record<Zone, readonly Ending[]> = {
  none: [bare],
  Z: [utc],
  offset: [offset()],
  'Z or offset': [utc, offset('+00:00')],
  compact: [{ globs: HOURS.map((hours) => `${hours}[0-5]${D}`), letters: 5, not: ['-0000'] }],
  hours: [{ globs: HOURS, letters: 3, not: ['-00'] }, offset('[+-][0-9][0-9]:00')],
}

const anyOf = (text: Sql, globs: readonly string[]): Sql => {
  const parts = globs.map((glob) => `${text} glob '${glob}'`)
  return parts.length === 1 ? (parts[0] as Sql) : `(${parts.join(' or ')})`
}

function isFraction(text: Sql, { rule, digits }: Fraction): Sql {
  if (digits === 0) return `${text} = ''`
  const fixed = `${text} glob '.${D.repeat(digits)}'`
  if (rule === 'fixed') return fixed
  if (rule === 'whole-or-fixed') return `(${text} = '' or (${fixed} and ${text} glob '*[1-9]*'))`
  const trimmed = `length(${text}) <= ${digits + 1} and ${text} glob '.*[1-9]' and substr(${text}, 2) not glob '*[^0-9]*'`
  return `(${text} = '' or (${trimmed}))`
}

function isEnd(text: Sql, { hasSeconds, fraction, zone }: MomentShape): Sql {
  const none: Fraction = { rule: 'fixed', digits: 0 }
  const parts = ENDINGS[zone].map(({ globs, letters, not }) => {
    if (letters === 0) return isFraction(text, hasSeconds ? fraction : none)
    const end = `substr(${text}, -${letters})`
    const others = not.map((glob) => `${end} not glob '${glob}'`)
    const before = `substr(${text}, 1, length(${text}) - ${letters})`
    // Of a text that is shorter than its ending, substr() would give the whole.
    const isLong = `length(${text}) >= ${letters}`
    return [isLong, anyOf(end, globs), ...others, isFraction(before, hasSeconds ? fraction : none)].join(' and ')
  })
  return parts.length === 1 ? (parts[0] as Sql) : `(${parts.map((part) => `(${part})`).join(' or ')})`
}

function isTime(at: number, shape: MomentShape): Sql[] {
  const minutes = [`substr(@, ${at}, 5) glob '[0-2]${D}:[0-5]${D}'`, `substr(@, ${at}, 2) < '24'`]
  const seconds = shape.hasSeconds ? [`substr(@, ${at + 5}, 3) glob ':[0-5]${D}'`] : []
  return [...minutes, ...seconds, isEnd(`substr(@, ${at + (shape.hasSeconds ? 8 : 5)})`, shape)]
}

/** date() moves a day that no calendar has on to the next month. */
const IS_DATE: readonly Sql[] = [
  `substr(@, 1, 10) glob '${D}${D}${D}${D}-${D}${D}-${D}${D}'`,
  'date(substr(@, 1, 10)) is substr(@, 1, 10)',
  `substr(@, 1, 4) > '0000'`,
]

/** What comes behind a NUL is seen by none of these functions, but by instr(). */
const isText: readonly Sql[] = [`typeof(@) = 'text'`, 'instr(@, char(0)) = 0']

/** True for exactly the texts that `decode` takes. */
export function isMoment(shape: MomentShape): Sql {
  const { of, separator } = shape
  const date = of === 'time' ? [] : IS_DATE
  if (of === 'date') return [...isText, ...date, 'length(@) = 10'].join(' and ')
  const time = of === 'time' ? isTime(1, shape) : [`substr(@, 11, 1) = '${separator}'`, ...isTime(12, shape)]
  return [...isText, ...date, ...time].join(' and ')
}

export const isHex = (digits: number): Sql =>
  [...isText, `length(@) = ${digits}`, `@ not glob '*[^0-9a-fA-F]*'`].join(' and ')
