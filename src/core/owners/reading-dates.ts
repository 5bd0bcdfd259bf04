// What each library reads from a date column of SQLite, by how the text there is written: the table of interop.md, section 4.
import type { Cell } from '../../shared/cell.ts'
import { daysLater, momentOf, type Moment } from '../../shared/moments.ts'
import { fails, nothing, unknown, type How, type Reading, type Sense } from './reading-kinds.ts'

type Writer = 'sqlalchemy' | 'pydal' | 'gorm'
/** The second word is of the older version in use, where that one does otherwise. */
type Told = readonly [now: How, older?: How]

const OLDER: Record<Writer, string> = { sqlalchemy: 'SQLAlchemy 1.4', pydal: 'PyDAL 2020', gorm: '' }

/** By the text with 9 for each digit and + for either sign. GORM takes what has no zone as UTC. */
const TABLE: Readonly<Record<string, Readonly<Record<Writer, Told>>>> = {
  '9999-99-99 99:99:99': { sqlalchemy: ['written'], pydal: ['written'], gorm: ['utc'] },
  '9999-99-99 99:99:99.999999': { sqlalchemy: ['written'], pydal: ['written'], gorm: ['utc'] },
  '9999-99-99 99:99:99.999': { sqlalchemy: ['written', 'micros'], pydal: ['written'], gorm: ['utc'] },
  '9999-99-99 99:99:99.999999999': { sqlalchemy: ['cut', 'fails'], pydal: ['cut'], gorm: ['utc'] },
  '9999-99-99T99:99:99': { sqlalchemy: ['written', 'fails'], pydal: ['written', 'fails'], gorm: ['utc'] },
  '9999-99-99T99:99:99Z': { sqlalchemy: ['aware', 'fails'], pydal: ['aware', 'fails'], gorm: ['written'] },
  '9999-99-99 99:99:99+99:99': { sqlalchemy: ['aware', 'zone ignored'], pydal: ['aware', 'fails'], gorm: ['written'] },
  '9999-99-99 99:99': { sqlalchemy: ['written', 'fails'], pydal: ['written', 'fails'], gorm: ['utc'] },
  '9999-99-99': { sqlalchemy: ['written', 'fails'], pydal: ['written', 'fails'], gorm: ['utc'] },
}

/** GORM's own shape: as many digits as are needed, and an offset. */
const OF_GORM = /^9999-99-99 99:99:99(\.9{1,9})?\+99:99$/

const zeroTime: Reading = { how: 'zero time', sense: momentSense('0001-01-01 00:00:00+00:00'), older: null }

/** `type`: as it is declared. PyDAL hands a zone on from a TIMESTAMP, and adds it to the digits anywhere else. */
export function readDatetime(writer: Writer, type: string, cell: Exclude<Cell, null>): Reading {
  if (typeof cell === 'bigint') return ofNumber(writer, cell)
  if (typeof cell !== 'string') return unknown
  if (cell === '') return { sqlalchemy: fails, pydal: nothing, gorm: zeroTime }[writer]
  const looks = cell.replace(/\d/g, '9').replace(/(:99(?:\.9+)?)[+-]/, '$1+')
  const moment = momentOf(cell)
  if (!moment) return ofNoDate(writer, cell, looks)
  const told = TABLE[looks]?.[writer] ?? (writer === 'gorm' && isOfGorm(looks, cell) ? (['written'] as const) : null)
  if (!told) return unknown
  const [now, older] = told
  const isAdded = writer === 'pydal' && now === 'aware' && !looks.endsWith('Z') && !/^timestamp\b/i.test(type)
  const reading = read(isAdded ? 'offset added' : now, moment)
  return { ...reading, older: older ? { ...read(older, moment), version: OLDER[writer] } : null }
}

const isOfGorm = (looks: string, cell: string) => OF_GORM.test(looks) && !/\.\d*0[+-]/.test(cell)

function read(how: How, moment: Moment): { how: How; sense: Sense } {
  if (how === 'fails') return { how, sense: { kind: 'fails' } }
  return { how, sense: { kind: 'moment', moment: made(how, complete(moment)) } }
}

type Complete = Moment & { date: NonNullable<Moment['date']>; time: NonNullable<Moment['time']> }

/** A day is its midnight, a minute its first second. */
function complete({ date, time, offset }: Moment): Complete {
  const clock = time ?? { hour: '00', minute: '00', second: '00', fraction: '' }
  if (!date) throw new Error('Every text of the table begins with a day.')
  return { date, time: { ...clock, second: clock.second ?? '00' }, offset }
}

function made(how: How, moment: Complete): Moment {
  const { time } = moment
  switch (how) {
    case 'utc':
      return { ...moment, offset: 0 }
    case 'zone ignored':
      return { ...moment, offset: null }
    case 'cut':
      return { ...moment, time: { ...time, fraction: time.fraction.slice(0, 6) } }
    case 'micros':
      return { ...moment, time: { ...time, fraction: time.fraction.padStart(6, '0') } }
    case 'offset added':
      return moved(moment, moment.offset ?? 0)
    default:
      return moment
  }
}

/** The clock moved on by so many minutes, less than a day; the zone is gone. */
function moved({ date, time }: Complete, minutes: number): Moment {
  const total = Number(time.hour) * 60 + Number(time.minute) + minutes
  const two = (value: number) => String(value).padStart(2, '0')
  const inDay = ((total % 1440) + 1440) % 1440
  const clock = { ...time, hour: two(Math.floor(inDay / 60)), minute: two(inDay % 60) }
  return { date: daysLater(date, Math.floor(total / 1440)), time: clock, offset: null }
}

/** Text that begins with a digit may be a date of some kind; only what is none at all was tried, and days that no month has. */
function ofNoDate(writer: Writer, cell: string, looks: string): Reading {
  if (!/^\s*[+-]?\d/.test(cell)) return writer === 'gorm' ? zeroTime : fails
  return writer === 'sqlalchemy' && /^9999-99-99 99:99:99/.test(looks) ? fails : unknown
}

/** Ten digits, as today's seconds since 1970 have them, were tried. */
function ofNumber(writer: Writer, cell: bigint): Reading {
  if (writer !== 'gorm') return fails
  if (cell < 1_000_000_000n || cell > 9_999_999_999n) return unknown
  return { how: 'unix', sense: momentSense(unixText(Number(cell))), older: null }
}

function momentSense(text: string): Sense {
  const moment = momentOf(text)
  return moment ? { kind: 'moment', moment } : { kind: 'unknown' }
}

/** Whole seconds since 1970, in UTC: an instant, so that a Date cannot bend it. */
function unixText(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')}+00:00`
}
