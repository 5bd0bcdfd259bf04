// A value of one table as the other's owner would have written it, or why it has no such spelling: nothing is cut or bent.
import type { Cell } from '../../shared/cell.ts'
import { encode, inWords, isForeign, spelled, type Meaning } from '../../shared/codecs.ts'
import { gateState } from '../../shared/gate.ts'
import { integerRange } from '../../shared/integer-range.ts'
import type { Parsed } from '../../shared/moments.ts'
import type { Dialect } from '../../shared/profiles.ts'
import { unfitFor } from '../db/charset.ts'
import type { Pair } from './column-pairs.ts'
import { isMixed } from './pair-words.ts'
import { mayLogIn, meaningOf, plainDigits } from './sense.ts'
import type { Side, SideColumn } from './side.ts'

/** Errors go on after a colon, without a full stop. `left` of the pair is the side that is copied from. NULL has its caller. */
export function translate(from: Side, to: Side, pair: Pair, cell: Cell): Parsed<Cell> {
  const value = translated(from, to, pair, cell)
  if ('error' in value || value.value === null) return value
  const why = whyUnfit(to.database.dialect, pair.right, value.value)
  return why === null ? value : { error: why }
}

function translated(from: Side, to: Side, pair: Pair, cell: Cell): Parsed<Cell> {
  if (pair.as === 'access') return access(from, to, pair, cell)
  if (pair.as === 'gate') return gate(from, to, pair, cell)
  if (cell === null) return { value: null }
  if (pair.as === 'boolean' || pair.as === 'moment') {
    const { codec } = pair.right.found
    const meaning = meaningOf(pair.left, pair.as, cell)
    if (!codec) return { error: `${pair.right.name} of ${to.name} is not written in one way` }
    if (meaning.kind === 'foreign') return { error: `${from.name} does not hold it as the column is written there` }
    const encoded = encode(withoutUtc(meaning, pair.right), codec, 0)
    return 'error' in encoded
      ? { error: encoded.error.replace(/\.? Accepted here: .*$/, '').replace(/\.$/, '') }
      : encoded
  }
  return bare(from, to, pair, cell)
}

/** An instant in UTC is the same digits where no zone is written. Any other offset would be lost, and is refused there. */
function withoutUtc(meaning: Meaning, column: SideColumn): Meaning {
  const { codec } = column.found
  const isNaive = codec?.kind === 'moment' && codec.shape.zone === 'none'
  if (meaning.kind !== 'moment' || !isNaive || meaning.moment.offset !== 0) return meaning
  return { kind: 'moment', moment: { ...meaning.moment, offset: null } }
}

const openGate = ({ isNullable }: SideColumn): Cell => (isNullable ? null : '')

function access(from: Side, to: Side, { left, right }: Pair, cell: Cell): Parsed<Cell> {
  const may = mayLogIn(left, from.user, cell)
  if (may === null) return { error: `${from.name} does not hold it as the column is written there` }
  if (to.user.gate?.column === right.name) return { value: may ? openGate(right) : (to.user.gate.blocked[0] ?? '') }
  const { codec } = right.found
  return codec
    ? encode({ kind: 'boolean', value: may }, codec)
    : { error: `${right.name} of ${to.name} is not written in one way` }
}

function gate(from: Side, to: Side, { right }: Pair, cell: Cell): Parsed<Cell> {
  const [source, target] = [from.user.gate, to.user.gate]
  if (!source || !target) return { value: cell }
  const state = gateState(source, cell)
  if (state === 'open') return { value: openGate(right) }
  const isSame = source.column === target.column && source.pending.join('\n') === target.pending.join('\n')
  if (state === 'blocked' && !isSame) return { value: target.blocked[0] ?? '' }
  return isSame ? { value: cell } : { error: `${to.owner.words} has no word for ${spelled(cell)}` }
}

/** Between columns without an encoding that both have. */
function bare(from: Side, to: Side, { left, right }: Pair, cell: Exclude<Cell, null>): Parsed<Cell> {
  const refuse = (why: string) => ({ error: `${spelled(cell)} ${why}` })
  const isAnything = to.database.dialect === 'sqlite' && right.kind === 'other'
  const isSameType =
    from.database.dialect === to.database.dialect && left.type.toLowerCase() === right.type.toLowerCase()
  if (right.found.codec && isForeign(cell, right.found.codec)) {
    return refuse(`is not how ${right.name} is written in ${to.name}: ${inWords(right.found.codec)}`)
  }
  if (isMixed(right)) return { error: `${right.name} of ${to.name} is not written in one way` }
  if (isAnything || isSameType) return { value: cell }
  if (cell instanceof Uint8Array) return right.kind === 'binary' ? { value: cell } : refuse(`is no ${words(right)}`)
  const digits = typeof cell === 'string' && left.kind !== 'decimal' ? null : plainDigits(cell)
  switch (right.kind) {
    case 'text':
      return { value: String(cell) }
    case 'integer':
      return digits !== null && /^-?\d+$/.test(digits) ? { value: BigInt(digits) } : refuse('is no whole number')
    case 'real':
      return digits !== null && plainDigits(Number(digits)) === digits
        ? { value: Number(digits) }
        : refuse('is no number that the column holds exactly')
    case 'decimal':
      return digits !== null ? { value: digits } : refuse('is no number')
    case 'other':
      if (typeof cell === 'string' && (right.choices?.includes(cell) ?? left.kind === 'other')) return { value: cell }
      return refuse(`is no ${words(right)}`)
    default:
      return right.found.codec && typeof cell === 'string' ? { value: cell } : refuse(`is no ${words(right)}`)
  }
}

const words = ({ type, kind }: SideColumn) => type || kind

/** Why the column cannot hold this value, by its length, its range and its characters; null where nothing is known against it. */
export function whyUnfit(dialect: Dialect, column: SideColumn, value: Exclude<Cell, null>): string | null {
  if (typeof value === 'bigint' && column.kind === 'integer') {
    const { min, max } = integerRange(dialect, column.type)
    if (value < min || value > max) return `${value} does not fit ${column.type}`
  }
  if (typeof value !== 'string') return null
  const { maxLength } = column
  if (maxLength !== null && [...value].length > maxLength) return `the column holds at most ${maxLength} characters`
  if (dialect === 'postgres' && value.includes('\0')) return 'PostgreSQL stores no text with a NUL character'
  return unfitFor(column.charset, value)
}
