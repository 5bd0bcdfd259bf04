// How one column writes its booleans, dates and times: from the declared type first, then from values that were read.
import type { Cell } from '../../shared/cell.ts'
import {
  BOOLEANS,
  booleanSpellings,
  decode,
  inWords,
  isForeign,
  isNative,
  spelled,
  type BooleanSpelling,
  type Codec,
} from '../../shared/codecs.ts'
import { sameCell } from '../../shared/cell.ts'
import type { Owner } from '../../shared/owners.ts'
import type { Dialect } from '../../shared/profiles.ts'
import type { Encoding } from '../../shared/tables.ts'
import type { ShapeColumn } from '../db/database.ts'
import { momentCodecs, type CountedCodec } from './moments.ts'
import { nativeCodec } from './native.ts'
import { isNumericFlag, usualBoolean, usualMoment } from './usual.ts'

/** What was found for a column; both null where it holds neither booleans nor dates. */
export interface Found {
  codec: Codec | null
  encoding: Encoding | null
}

export interface Surroundings {
  dialect: Dialect
  /** All columns of the table: a neighbour may tell whose table it is. */
  columns: readonly ShapeColumn[]
  /** Whose table it is, which decides where no value does; null while that is not known. */
  owner: Owner | null
}

const nothing: Found = { codec: null, encoding: null }

/** Names that people give to flags. Without one, a column of numbers that is not declared boolean stays numbers. */
const FLAG =
  /^(is|has|can|may|was|allow|use)_|(^|_)(active|enabled|disabled|confirmed|verified|locked|blocked|deleted|admin|superuser|staff)$/i
/** Names that people give to dates; needed where the declared type says text and there are few values. */
const DATED =
  /(_at|_on|_since|_until)$|(^|_)(date|datetime|time|timestamp|created|updated|modified|expires|expiry)(_|$)/i
/** So many values in one spelling make dates of a column that is declared to hold text, whatever its name. */
const MANY = 20

const isDateKind = ({ kind }: ShapeColumn) => kind === 'date' || kind === 'datetime' || kind === 'time'

/** False when the declared type alone decides, so that no value needs to be read. */
export function needsValues(column: ShapeColumn, { dialect, owner }: Pick<Surroundings, 'dialect' | 'owner'>): boolean {
  if (nativeCodec(column, dialect) || column.keyPosition > 0) return false
  if (isNumericFlag(column, owner, dialect)) return true
  if (isBit(column)) return true
  if (column.kind === 'real') return dialect === 'sqlite' && FLAG.test(column.name)
  if (column.kind === 'integer' || column.kind === 'decimal') return isFlag(column)
  if (column.kind === 'binary') return false
  return column.kind !== 'other' || dialect === 'sqlite'
}

function isBit({ type }: ShapeColumn): boolean {
  return /^bit(\(1\))?$/i.test(type.trim())
}

function isDeclaredBoolean(column: ShapeColumn): boolean {
  return column.kind === 'boolean' || /^(tinyint\(1\)|bool(ean)?)( |$)/i.test(column.type.trim())
}

function isFlag(column: ShapeColumn): boolean {
  return isDeclaredBoolean(column) || FLAG.test(column.name) || /^\(?(true|false)\)?$/i.test(column.default ?? '')
}

/** `values`: what was read of the column, NULLs left out; null when it could not be read in time. */
export function detect(column: ShapeColumn, values: readonly Cell[] | null, around: Surroundings): Found {
  const native = nativeCodec(column, around.dialect)
  if (native) {
    return { codec: native, encoding: { basis: 'type', words: `${column.type} leaves no choice.`, choices: [native] } }
  }
  if (column.keyPosition > 0) return nothing
  if (isDeclaredBoolean(column) || isBit(column) || isNumericFlag(column, around.owner, around.dialect)) {
    return declaredBoolean(column, values, around)
  }
  if (isDateKind(column)) return declaredMoment(column, values, around)
  if (values === null) return nothing
  return undeclaredBoolean(column, values, around) ?? undeclaredMoment(column, values, around) ?? nothing
}

function countBooleans(values: readonly Cell[]): { counts: Map<BooleanSpelling, number>; strange: Cell[] } {
  const counts = new Map<BooleanSpelling, number>()
  const strange: Cell[] = []
  for (const value of values) {
    // The server's own boolean is known by its type; the same letters in a column of text are 't/f'.
    const spelling = booleanSpellings.find(
      (each) => each !== 'boolean' && decode(value, { kind: 'boolean', spelling: each }).kind === 'boolean',
    )
    if (spelling) counts.set(spelling, (counts.get(spelling) ?? 0) + 1)
    else strange.push(value)
  }
  return { counts: new Map([...counts].sort(([, a], [, b]) => b - a)), strange }
}

function declaredBoolean(column: ShapeColumn, values: readonly Cell[] | null, around: Surroundings): Found {
  const fallback: Codec = { kind: 'boolean', spelling: usualBoolean(column, around.dialect) }
  if (values === null) return unread(column, fallback)
  const { counts, strange } = countBooleans(values)
  const found = [...counts].map(([spelling, count]) => ({ codec: { kind: 'boolean', spelling } as const, count }))
  return judge(column, found, strange, fallback, around)
}

function declaredMoment(column: ShapeColumn, values: readonly Cell[] | null, around: Surroundings): Found {
  const of = column.kind === 'date' || column.kind === 'time' ? column.kind : 'datetime'
  const fallback = usualMoment(of, around.owner?.writer ?? 'unknown')
  if (values === null) return unread(column, fallback)
  const { found, strange } = momentCodecs(values)
  return judge(column, asItsOwner(found, values, fallback), strange, fallback, around)
}

/**
 * A rule of the owner's that depends on the value (Django: a whole second has no fraction) shows in part of the values alone. Where
 * none of them speaks against it, it is what the next one is written by.
 */
function asItsOwner(found: readonly CountedCodec[], values: readonly Cell[], own: Codec): readonly CountedCodec[] {
  const [only, ...others] = found
  const isRuled = own.kind === 'moment' && own.shape.fraction.rule === 'whole-or-fixed'
  if (!only || others.length > 0 || !isRuled) return found
  const isOwn = values.every((value) => isForeign(value, only.codec) || !isForeign(value, own))
  return isOwn ? [{ ...only, codec: own }] : found
}

/** One encoding and a few strange values: that encoding, and the strange rows are refused one by one. Else a person decides. */
function judge(
  column: ShapeColumn,
  found: readonly { codec: Codec; count: number }[],
  strange: readonly Cell[],
  fallback: Codec,
  { owner }: Pick<Surroundings, 'owner'>,
): Found {
  const { name, type } = column
  const [first, ...rest] = found
  if (!first && strange.length === 0) {
    const who = owner && owner.writer !== 'unknown' ? `, as ${owner.words} writes` : ''
    const words = `${name} (${type}) holds no value yet; it will be written as ${inWords(fallback)}${who}.`
    return { codec: fallback, encoding: { basis: 'empty', words, choices: [fallback] } }
  }
  const counted = found.map(({ codec, count }) => `${count.toLocaleString('en-US')} as ${inWords(codec)}`)
  if (strange.length > 0) counted.push(`${strange.length.toLocaleString('en-US')} as neither (${examples(strange)})`)
  const choices = found.length > 0 ? found.map(({ codec }) => codec) : [fallback]
  if (!first || rest.length > 0 || strange.length > first.count) {
    const how = found.length > 1 ? 'in several ways' : 'in no way that is known'
    const words = `${name} is written ${how}: of the values that were looked at, ${counted.join('; ')}.`
    return { codec: null, encoding: { basis: 'mixed', words, choices } }
  }
  const words =
    strange.length === 0
      ? `All ${first.count.toLocaleString('en-US')} values that were looked at are written as ${inWords(first.codec)}.`
      : `Of the values that were looked at, ${counted.join('; ')}.`
  return { codec: first.codec, encoding: { basis: 'values', words, choices } }
}

function unread({ name }: ShapeColumn, codec: Codec): Found {
  const words = `The values of ${name} could not be read in time; its declared type suggests ${inWords(codec)}. Reload to look again.`
  return { codec: isNative(codec) ? codec : null, encoding: { basis: 'unread', words, choices: [codec] } }
}

function examples(values: readonly Cell[]): string {
  const different = values.filter((value, index) => values.findIndex((each) => sameCell(each, value)) === index)
  return different.slice(0, 3).map(spelled).join(', ') + (different.length > 3 ? ', …' : '')
}

/** Letters in CHAR(1), numbers in a column that is named or preset like a flag, words in a column of text. */
function undeclaredBoolean(column: ShapeColumn, values: readonly Cell[], around: Surroundings): Found | null {
  const { dialect } = around
  const isLetter = column.kind === 'text' && column.maxLength === 1
  if (isLetter && values.length === 0) return emptyLetter(column, around)
  const { counts, strange } = countBooleans(values)
  // One strange letter does not make codes of a flag: written as plain text, it would take 1 for true.
  const isTold =
    isLetter && (FLAG.test(column.name) || (isOfPydal(around) && ['T', 'F'].every((letter) => values.includes(letter))))
  if (counts.size === 0 || (strange.length > 0 && !isTold)) return null
  const [spelling] = counts.keys() as Iterable<BooleanSpelling> as [BooleanSpelling]
  const isNumber = ['integer', 'real', 'decimal'].includes(column.kind)
  if (isNumber || (dialect === 'sqlite' && column.kind === 'other')) {
    if (!isFlag(column)) return null
  } else if (
    column.kind !== 'text' ||
    !(isLetter ? isLetterFlag(column, around, values) : isWordFlag(column, values, counts))
  ) {
    return null
  }
  const found = [...counts].map(([each, count]) => ({ codec: { kind: 'boolean', spelling: each } as const, count }))
  return judge(column, found, strange, { kind: 'boolean', spelling }, around)
}

/** Single letters may be codes of anything (F and M), unless both of a pair are there, or name or neighbours say so. */
function isLetterFlag({ name }: ShapeColumn, around: Surroundings, values: readonly Cell[]): boolean {
  const seen = new Set(values)
  const isPair = booleanSpellings.some((each) => BOOLEANS[each].every((cell) => seen.has(cell)))
  return isPair || FLAG.test(name) || isOfPydal(around)
}

/** A column of longer text is one only if every value is such a word, both are there, or its name says so. */
function isWordFlag(
  { name, type }: ShapeColumn,
  values: readonly Cell[],
  counts: ReadonlyMap<BooleanSpelling, number>,
): boolean {
  if (counts.size > 1) return FLAG.test(name)
  return FLAG.test(name) || (hasBoth(values) && !counts.has('1/0') && !/^(enum|set)\b/i.test(type))
}

function hasBoth(values: readonly Cell[]): boolean {
  return new Set(values).size === 2
}

/** PyDAL writes its texts as CHAR(512) or VARCHAR(512), and its booleans as CHAR(1). */
function isOfPydal({ columns, owner }: Surroundings): boolean {
  if (owner && owner.writer !== 'unknown') return owner.writer === 'pydal'
  return columns.some(({ kind, maxLength }) => kind === 'text' && maxLength === 512)
}

/** In a table without rows the owner or the neighbours alone tell. */
function emptyLetter(column: ShapeColumn, around: Surroundings): Found | null {
  if (!isOfPydal(around)) return null
  return judge(column, [], [], { kind: 'boolean', spelling: 'T/F' }, around)
}

/** A column of text is taken for dates only when every value is one, in one spelling, and there are many or its name says so. */
function undeclaredMoment(column: ShapeColumn, values: readonly Cell[], around: Surroundings): Found | null {
  if (column.kind !== 'text' && column.kind !== 'other') return null
  if (!values.every((value) => typeof value === 'string')) return null
  const { found, strange } = momentCodecs(values)
  const [only] = found
  if (!only || found.length > 1 || strange.length > 0) return null
  if (only.count < MANY && !DATED.test(column.name)) return null
  return judge(column, found, [], only.codec, around)
}
