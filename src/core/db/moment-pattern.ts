// Which texts a column of dates or times holds, as a regular expression for servers: exactly those that `decode` takes.
import type { Fraction, MomentShape, Zone } from '../../shared/moments.ts'

const LEAP_YEAR = '(?:[0-9][0-9](?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)'
const DATE =
  '(?:(?!0000)[0-9]{4}-(?:' +
  '(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))' +
  `|${LEAP_YEAR}-02-29)`
const MINUTES = '(?:[01][0-9]|2[0-3]):[0-5][0-9]'

const HOURS = '(?:0[0-9]|1[0-5])'
/** Minus zero is written by nobody. */
const OFFSET = `(?!-00:00)[+-]${HOURS}:[0-5][0-9]`
const ZONES: Record<Zone, string> = {
  none: '',
  Z: 'Z',
  offset: OFFSET,
  'Z or offset': `(?:Z|(?![+]00:00)${OFFSET})`,
  compact: `(?!-0000)[+-]${HOURS}[0-5][0-9]`,
  hours: `(?:[+]${HOURS}|-(?:0[1-9]|1[0-5])|[+-]${HOURS}:(?!00)[0-5][0-9])`,
}

function fractionOf({ rule, digits }: Fraction): string {
  if (digits === 0) return ''
  if (rule === 'fixed') return `[.][0-9]{${digits}}`
  if (rule === 'trimmed') return `(?:[.][0-9]{0,${digits - 1}}[1-9])?`
  return `(?:[.](?!0{${digits}})[0-9]{${digits}})?`
}

/** Without anchors, in what PostgreSQL, PCRE and ICU have in common; compared with regard to case. */
export function momentPattern({ of, separator, hasSeconds, fraction, zone }: MomentShape): string {
  if (of === 'date') return DATE
  const seconds = hasSeconds ? `:[0-5][0-9]${fractionOf(fraction)}` : ''
  const time = `${MINUTES}${seconds}${ZONES[zone]}`
  return of === 'time' ? time : `${DATE}${separator}${time}`
}

/** As many hexadecimal digits. */
export const hexPattern = (digits: number): string => `[0-9a-fA-F]{${digits}}`
