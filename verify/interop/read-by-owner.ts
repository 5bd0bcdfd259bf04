// What a stored value says to the library that owns it, from the rules of the interop reference (section 4), written apart from
// Roster's own codecs so that one holds the other.
import type { Cell } from '../../src/shared/cell.ts'

/** PyDAL: the letters T and F alone. SQLAlchemy and GORM: whole numbers or the server's boolean. */
export function readBoolean(library: string, cell: Cell): boolean | null {
  if (cell === null) return null
  const isPydal = /pydal|web2py|py4web/i.test(library)
  if (isPydal) {
    if (cell === 'T' || cell === 'F') return cell === 'T'
  } else if (cell === 1n || cell === 0n) return cell === 1n
  else if (cell === 't' || cell === 'f') return cell === 't'
  throw new Error(`${library} does not write ${String(cell)} into a boolean.`)
}

/** Wall clock with T and without trailing zeros of the fraction; an offset is applied, as GORM's instants are compared in UTC. */
export function readMoment(cell: Cell): string | null {
  if (cell === null) return null
  const text = String(cell)
  const isBefore = text.endsWith(' BC')
  const found = /^(\d+)-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d(?::?\d\d(?::?\d\d)?)?)?$/.exec(
    text.replace(/ BC$/, ''),
  )
  if (!found) throw new Error(`${text} is no moment.`)
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '', fraction = '', zone] = found
  const rest = fraction.replace(/\.?0+$/, '')
  if (zone === undefined || zone === 'Z')
    return `${isBefore ? '0000' : year}-${month}-${day}T${hour}:${minute}:${second}${rest}`
  const sign = zone.startsWith('-') ? -1 : 1
  const [hours = 0, minutes = 0, seconds = 0] = (zone.slice(1).match(/\d\d/g) ?? []).map(Number)
  const at = new Date(0)
  at.setUTCFullYear(isBefore ? 1 - Number(year) : Number(year), Number(month) - 1, Number(day))
  at.setUTCHours(Number(hour) - sign * hours, Number(minute) - sign * minutes, Number(second) - sign * seconds)
  return (
    at
      .toISOString()
      .replace(/\.000Z$/, '')
      .replace(/^[+-]0*(\d{4,})-/, '$1-') + rest
  )
}

/** The same form of an expected text. */
export const momentExpected = (text: string | null | undefined): string | null =>
  text === null || text === undefined ? null : text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')

/** list:string of PyDAL: |one|two|, a bar inside doubled, U+001F where two of them would meet. */
export function readList(cell: Cell): string[] | null {
  if (cell === null) return null
  const text = String(cell)
  if (text === '||') return []
  const items = text.slice(1, -1).split(/(?<!\|)\|(?!\|)/)
  return items.map((item) => item.replaceAll('||', '|').replaceAll('\u001f', ''))
}

/** The digits that a clock in Berlin shows at an instant that is told in UTC: GORM's `loc=Local` of the sets on MariaDB. */
export function inBerlin(utc: string | null): string | null {
  if (utc === null) return null
  const [seconds = '', fraction] = utc.split('.')
  const parts = new Intl.DateTimeFormat('sv-SE', {
    ...{ timeZone: 'Europe/Berlin', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  }).format(new Date(`${seconds}Z`))
  return parts.replace(' ', 'T') + (fraction ? `.${fraction}` : '')
}
