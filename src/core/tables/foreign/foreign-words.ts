// Foreign values in words for people: how they are stored, what their owner makes of them, what a repair writes.
import type { Cell } from '../../../shared/cell.ts'
import { spelled, type Codec } from '../../../shared/codecs.ts'
import type { Writer } from '../../../shared/owners.ts'
import { momentOf } from '../../../shared/moments.ts'
import type { How, Reading } from '../../owners/reading.ts'

/** Characters of a text that tell it from others. */
const TELLING = 80

const LIBRARY: Record<Writer, string> = {
  sqlalchemy: 'SQLAlchemy',
  pydal: 'PyDAL',
  gorm: 'GORM',
  django: 'Django',
  unknown: 'its application',
}

/** The same for values of one group: each boolean for itself, dates by their shape, with 9 for each digit. */
export function looksOf(cell: Exclude<Cell, null>, codec: Codec): string {
  if (codec.kind === 'boolean') return typeof cell === 'string' ? `text ${cell.slice(0, TELLING)}` : spelled(cell)
  if (cell instanceof Uint8Array) return 'bytes'
  if (typeof cell === 'number') return 'real'
  if (typeof cell === 'bigint') return `integer ${String(cell).length}`
  const shape = cell.slice(0, TELLING).replace(/\d/g, '9')
  return momentOf(cell) ? shape : `no date ${shape}`
}

/** How the value is stored; after "holds". */
export function kindInWords(cell: Exclude<Cell, null>, codec: Codec): string {
  if (cell === '') return 'empty text'
  if (cell instanceof Uint8Array) return `bytes like ${spelled(cell)}`
  if (typeof cell === 'bigint' || typeof cell === 'number') {
    return codec.kind === 'boolean' ? `the number ${spelled(cell)}` : `numbers like ${spelled(cell)}`
  }
  if (codec.kind === 'boolean') return `the text ${spelled(cell)}`
  const short = cell.length > 60 ? `${cell.slice(0, 60)}…` : cell
  if (momentOf(cell)) return `text like ${short}`
  return /^\d{4}-\d\d-\d\d/.test(cell)
    ? `text like ${short}, a date that does not exist`
    : `text like ${short}, no date`
}

const READS: Record<Exclude<How, 'null' | 'boolean' | 'fails' | 'unknown'>, string> = {
  written: 'reads the date that is written',
  utc: 'reads the date that is written, as UTC',
  aware: 'reads it with its time zone, which fails where it is compared with times without one',
  'zone ignored': 'reads the digits and ignores the time zone',
  'offset added': 'adds the offset to the digits and reads another hour',
  cut: 'reads six digits after the second',
  micros: 'takes the digits after the second for microseconds',
  unix: 'reads it as seconds since 1970',
  'zero time': 'reads 0001-01-01, without an error',
}

/** "PyDAL reads it as false". */
export function readingInWords(writer: Writer, { how, sense, older }: Reading): string {
  const library = LIBRARY[writer]
  const now = howInWords(library, how, sense)
  return older ? `${now}; ${howInWords(older.version, older.how, older.sense)}` : now
}

function howInWords(library: string, how: How, sense: Reading['sense']): string {
  switch (how) {
    case 'fails':
      return `every query of ${library} that meets it fails`
    case 'unknown':
      return `what ${library} makes of it is not known`
    case 'null':
      return `${library} reads it as NULL`
    case 'boolean':
      return `${library} reads it as ${sense.kind === 'boolean' && sense.value ? 'true' : 'false'}`
    default:
      return `${library} ${READS[how]}`
  }
}

export function repairInWords(
  to: 'as-read' | 'as-meant' | 'null',
  value: Cell,
  writer: Writer,
  isMeantToo: boolean,
): string {
  const written = value === null ? 'NULL' : typeof value === 'string' ? value : spelled(value)
  if (to === 'null') return 'NULL, no value'
  if (to === 'as-meant') return `${written}, as it was probably meant`
  return `${written}, as ${LIBRARY[writer]} reads it today${isMeantToo ? ' and as it was meant' : ''}`
}
