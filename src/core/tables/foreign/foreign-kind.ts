// One foreign value: which group it belongs to, what its owner makes of it, and what it can be written as instead.
import { sameCell, type Cell } from '../../../shared/cell.ts'
import { decode, encode, type Codec } from '../../../shared/codecs.ts'
import type { ForeignGroup } from '../../../shared/foreign-rows.ts'
import { momentOf } from '../../../shared/moments.ts'
import type { Owner } from '../../../shared/owners.ts'
import type { Dialect } from '../../../shared/profiles.ts'
import type { ShapeColumn } from '../../db/database.ts'
import { isSameSense, readingOf, type Reading } from '../../owners/reading.ts'
import { fit } from './fit.ts'
import { kindInWords, looksOf, readingInWords, repairInWords } from './foreign-words.ts'

/** A column that is looked at. Its codec is not of a server's own type. */
export interface ForeignColumn {
  column: ShapeColumn
  codec: Codec
  dialect: Dialect
  owner: Pick<Owner, 'name' | 'writer'>
}

export type ForeignKind = Omit<ForeignGroup, 'rows' | 'example' | 'column'>
type Repair = ForeignGroup['repairs'][number]

/** Values of one group are the same or look the same, are read in the same way, and have the same repairs. */
export function foreignKind(cell: Exclude<Cell, null>, of: ForeignColumn): ForeignKind {
  const { column, codec, dialect, owner } = of
  const reading = readingOf(owner.writer, { ...column, codec, dialect }, cell)
  const readOf = (value: Cell) => readingOf(owner.writer, { ...column, codec, dialect }, value).sense
  const made = readRepair(reading, of)
  const asRead = 'value' in made && !isSameSense(readOf(made.value), reading.sense) ? misread : made
  const meant = meantRepair(cell, of)
  const asMeant = 'value' in meant && isMisread(meant.value, readOf(meant.value), codec) ? misread : meant
  const repairs: Repair[] = []
  const isSame = 'value' in asRead && 'value' in asMeant && sameCell(asRead.value, asMeant.value)
  if ('value' in asRead) {
    const words = repairInWords('as-read', asRead.value, owner.writer, isSame)
    repairs.push({ to: 'as-read', value: asRead.value, words, loses: null })
  }
  if ('value' in asMeant && !isSame) {
    const words = repairInWords('as-meant', asMeant.value, owner.writer, false)
    repairs.push({ to: 'as-meant', value: asMeant.value, words, loses: asMeant.loses })
  }
  if (column.isNullable && !repairs.some(({ value }) => value === null)) {
    repairs.push({ to: 'null', value: null, words: repairInWords('null', null, owner.writer, false), loses: null })
  }
  const taken = column.isGenerated ? [] : repairs
  const note = column.isGenerated ? `${column.name} is computed by the database.` : noteOf(reading, asRead, asMeant)
  const looks = looksOf(cell, codec)
  const signature = [looks, reading.how, reading.older?.how, taken.map(({ to, loses }) => [to, loses]), note]
  return {
    id: JSON.stringify(signature),
    words: kindInWords(cell, codec),
    readAs: readingInWords(owner.writer, reading),
    repairs: taken,
    note,
  }
}

const byHand = (id: string, words: string, note: string): ForeignKind => ({
  ...{ id, words, note },
  readAs: 'what its application makes of it is not told',
  repairs: [],
})

/** Of more than can be read of a value here. */
export const tooLong = byHand('too long', 'text or bytes of more than 1,024 bytes', 'It can be looked at in its row.')

/** Of a column in which values of too many kinds stand. */
export const otherKinds = byHand(
  'others',
  'values of many other kinds',
  'Repair the others first, or look at them in their rows; then look again.',
)

type Made = { value: Cell; loses: string | null } | { error: string | null }

const misread: Made = {
  error: 'What would be written in the spelling of this column is read as something else by its owner.',
}

/** Of a spelling that the owner reads otherwise ('no' is true to SQLAlchemy) nothing can be made that is meant. */
function isMisread(value: Cell, sense: Reading['sense'], codec: Codec): boolean {
  if (sense.kind === 'unknown') return false
  const meaning = decode(value, codec)
  if (meaning.kind === 'boolean') return !isSameSense(sense, meaning)
  return sense.kind !== 'moment'
}

/** What changes nothing for the application, where what it reads can be written in the column's encoding. */
function readRepair({ sense }: Reading, { column, codec }: ForeignColumn): Made {
  if (sense.kind === 'null') return column.isNullable ? { value: null, loses: null } : { error: null }
  if (sense.kind === 'boolean') {
    const written = encode(sense, codec)
    return 'value' in written ? { value: written.value, loses: null } : { error: null }
  }
  if (sense.kind !== 'moment' || codec.kind !== 'moment') return { error: null }
  // What the application reads must come back whole: here nothing may be left out.
  const fitted = fit(sense.moment, codec, 'local')
  return 'value' in fitted && fitted.loses === null ? fitted : { error: 'error' in fitted ? fitted.error : null }
}

/** What the value says, whoever reads it. */
function meantRepair(cell: Exclude<Cell, null>, { codec, owner }: ForeignColumn): Made {
  if (codec.kind === 'number') {
    return { error: 'What the numbers of this column count is not known, so that no number can be made of it.' }
  }
  if (codec.kind === 'boolean') {
    const value = truthOf(cell)
    const written = value === null ? null : encode({ kind: 'boolean', value }, codec)
    return written && 'value' in written ? { value: written.value, loses: null } : { error: null }
  }
  if (typeof cell === 'bigint' || typeof cell === 'number') {
    return {
      error: 'What this number counts (seconds, milliseconds, days) is not known, so that no date can be made of it.',
    }
  }
  const moment = typeof cell === 'string' ? momentOf(cell.trim()) : null
  if (!moment) return { error: null }
  const isUtc = owner.name === 'flask-security' || owner.name === 'py4web' || owner.writer === 'gorm'
  // GORM takes what names no zone as UTC.
  const told = owner.writer === 'gorm' && moment.offset === null && moment.time ? { ...moment, offset: 0 } : moment
  return fit(told, codec, isUtc ? 'utc' : owner.name === 'web2py' ? 'local' : 'unknown')
}

const WORDS = new Map([
  ...['1', 't', 'true', 'y', 'yes', 'on'].map((word): [string, boolean] => [word, true]),
  ...['0', 'f', 'false', 'n', 'no', 'off'].map((word): [string, boolean] => [word, false]),
])

function truthOf(cell: Exclude<Cell, null>): boolean | null {
  if (typeof cell === 'string') return WORDS.get(cell.trim().toLowerCase()) ?? null
  if (cell instanceof Uint8Array) return cell.length === 1 && (cell[0] ?? 2) < 2 ? cell[0] === 1 : null
  return Number(cell) === 1 ? true : Number(cell) === 0 ? false : null
}

function noteOf({ sense, how }: Reading, asRead: Made, asMeant: Made): string | null {
  if ('error' in asMeant && asMeant.error !== null) return asMeant.error
  if ('value' in asMeant && asMeant.loses !== null) return `This column has no place for ${asMeant.loses}.`
  if (how === 'cut' && 'value' in asRead) return 'The digits behind the sixth, which it does not read, go.'
  if (sense.kind === 'moment' && 'error' in asRead && asRead.error !== null && 'error' in asMeant) return asRead.error
  return null
}
