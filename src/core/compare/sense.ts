// What a stored value says to the application that owns it, whatever its spelling; and the one text of each such meaning.
import type { Cell } from '../../shared/cell.ts'
import { decode, type Meaning } from '../../shared/codecs.ts'
import { gateState } from '../../shared/gate.ts'
import { writeMoment, type Moment } from '../../shared/moments.ts'
import type { UserColumns } from '../../shared/owners.ts'
import { grainOf, type Grain, type Pair } from './column-pairs.ts'
import type { SideColumn } from './side.ts'

/** `foreign` where no encoding of the column that is of this kind has written it. */
export function meaningOf(column: Pick<SideColumn, 'codecs'>, kind: 'boolean' | 'moment', cell: Cell): Meaning {
  for (const codec of column.codecs) {
    const meaning = codec.kind === kind ? decode(cell, codec) : { kind: 'foreign' as const }
    if (meaning.kind !== 'foreign') return meaning
  }
  return cell === null ? { kind: 'null' } : { kind: 'foreign' }
}

/** Whether a user may log in, by the flag or the gate of this column. No flag is set: Python takes NULL for false. */
export function mayLogIn(column: SideColumn, user: UserColumns, cell: Cell): boolean | null {
  if (user.gate?.column === column.name) return gateState(user.gate, cell) === 'open'
  const meaning = meaningOf(column, 'boolean', cell)
  if (meaning.kind === 'null') return false
  return meaning.kind === 'boolean' ? meaning.value : null
}

/** Answers with the text that two values of the pair share if and only if they mean the same. */
export function canonOf(pair: Pair, users: { left: UserColumns; right: UserColumns }) {
  const grain = pair.as === 'moment' ? grainOf(pair) : null
  // A number in a column of text and one in a column of numbers mean the same.
  const isText = pair.left.kind === 'text' || pair.right.kind === 'text'
  const canon = (side: 'left' | 'right', cell: Cell): string => {
    const column = pair[side]
    if (pair.as === 'access') return accessText(mayLogIn(column, users[side], cell), cell)
    if (pair.as === 'gate') {
      const { gate } = users[side]
      return gate ? gateState(gate, cell) : `word ${storedText(cell)}`
    }
    if (cell === null) return ''
    if (pair.as === 'boolean' || pair.as === 'moment') {
      const text = meaningText(meaningOf(column, pair.as, cell), grain)
      if (text !== null) return text
    }
    return isText ? textCanon(cell) : valueCanon(column, cell)
  }
  return canon
}

const accessText = (may: boolean | null, cell: Cell) => (may === null ? `? ${storedText(cell)}` : may ? 'in' : 'out')

function meaningText(meaning: Meaning, grain: Grain | null): string | null {
  if (meaning.kind === 'boolean') return meaning.value ? 'yes' : 'no'
  if (meaning.kind === 'endless') return `endless ${meaning.text}`
  return meaning.kind === 'moment' && grain ? `at ${momentText(meaning.moment, grain)}` : null
}

/** Digits that the other side cannot hold are cut off, as it would have done. */
function momentText(moment: Moment, { of, hasSeconds, digits, isInstant }: Grain): string {
  const { date, time } = isInstant ? inUtc(moment) : moment
  const day = date ? `${date.year}-${date.month}-${date.day}${date.isBc ? ' BC' : ''}` : ''
  if (of === 'date') return day
  const { hour = '00', minute = '00', second = null, fraction = '' } = time ?? {}
  const seconds = hasSeconds ? `:${second ?? '00'}.${fraction.slice(0, digits).padEnd(digits, '0')}` : ''
  return `${day} ${hour}:${minute}${seconds}`
}

/** Without a zone it is taken for UTC. Where UTC has no such year, as it is written. */
export function inUtc(moment: Moment): Moment {
  if (!moment.date || !moment.time || !moment.offset) return { ...moment, offset: 0 }
  const written = writeMoment(moment, {
    of: 'datetime',
    separator: ' ',
    hasSeconds: true,
    fraction: { rule: 'fixed', digits: 9 },
    zone: 'Z',
    storage: 'postgres',
  })
  const parts = 'value' in written ? /^(\d+)-(\d\d)-(\d\d) (\d\d):(\d\d)/.exec(written.value) : null
  if (!parts || !('value' in written)) return moment
  const [, year = '', month = '', day = '', hour = '', minute = ''] = parts
  const date = { year, month, day, isBc: written.value.endsWith(' BC') }
  return { date, time: { ...moment.time, hour, minute }, offset: 0 }
}

export function storedText(cell: Cell): string {
  return cell instanceof Uint8Array ? `0x${Buffer.from(cell).toString('hex')}` : String(cell)
}

function textCanon(cell: Exclude<Cell, null>): string {
  return cell instanceof Uint8Array ? `bytes ${storedText(cell)}` : `text ${String(cell)}`
}

/** 5, 5.0 and '5.00' are one number in columns of numbers. */
function valueCanon({ kind }: SideColumn, cell: Exclude<Cell, null>): string {
  const isNumber = typeof cell === 'bigint' || typeof cell === 'number'
  if (isNumber || (kind === 'decimal' && typeof cell === 'string')) {
    const plain = plainDigits(cell)
    if (plain !== null) return `number ${plain}`
  }
  return textCanon(cell)
}

/** The digits of a number without those that add nothing; null where it has none ("NaN"). */
export function plainDigits(cell: string | number | bigint): string | null {
  if (typeof cell === 'number' && Number.isInteger(cell)) return BigInt(cell).toString()
  const parts = /^([+-]?)0*(\d*)(?:\.(\d*?)0*)?$/.exec(String(cell))
  if (!parts) return typeof cell === 'number' ? String(cell) : null
  const [, sign = '', whole = '', fraction = ''] = parts
  const digits = `${whole || '0'}${fraction && `.${fraction}`}`
  return sign === '-' && digits !== '0' ? `-${digits}` : digits
}
