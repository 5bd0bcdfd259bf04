// How a column's booleans, dates and times are written: by their owner's spelling, found by `core/encodings` and
// kept on every write. Reading a value gives its meaning, or says that it is foreign: not written this way.
import { z } from 'zod'
import { sameCell, type Cell } from './cell.ts'
import { exampleOf, momentOf, writeMoment, type Moment, type MomentShape, type Parsed } from './moments.ts'

/** What stands for true and for false, by the name of the spelling. */
export const BOOLEANS = {
  /** PostgreSQL's boolean, as the server spells it. */
  boolean: ['t', 'f'],
  integer: [1n, 0n],
  real: [1, 0],
  bit: [new Uint8Array([1]), new Uint8Array([0])],
  'T/F': ['T', 'F'],
  't/f': ['t', 'f'],
  'Y/N': ['Y', 'N'],
  'y/n': ['y', 'n'],
  '1/0': ['1', '0'],
  'true/false': ['true', 'false'],
  'TRUE/FALSE': ['TRUE', 'FALSE'],
  'True/False': ['True', 'False'],
  'yes/no': ['yes', 'no'],
} as const satisfies Record<string, readonly [Cell, Cell]>
export type BooleanSpelling = keyof typeof BOOLEANS

export const booleanSpellings = Object.keys(BOOLEANS) as BooleanSpelling[]

const momentShape: z.ZodType<MomentShape> = z.object({
  of: z.enum(['date', 'datetime', 'time']),
  separator: z.enum([' ', 'T']),
  hasSeconds: z.boolean(),
  fraction: z.object({
    rule: z.enum(['fixed', 'whole-or-fixed', 'trimmed']),
    digits: z.number().int().min(0).max(9),
  }),
  zone: z.enum(['none', 'Z', 'offset', 'Z or offset', 'compact', 'hours']),
  storage: z.enum(['text', 'postgres', 'mysql']),
})

export const codec = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('boolean'), spelling: z.enum(booleanSpellings as [BooleanSpelling]) }),
  z.object({ kind: z.literal('moment'), shape: momentShape }),
  /** A number in a column that is declared to hold dates: named and kept a number; what it counts is not guessed. */
  z.object({ kind: z.literal('number'), storage: z.enum(['integer', 'real']) }),
])
export type Codec = z.infer<typeof codec>

/** What a value says, whatever its spelling. */
export type Meaning =
  | { kind: 'null' }
  | { kind: 'boolean'; value: boolean }
  | { kind: 'moment'; moment: Moment }
  /** PostgreSQL's "infinity" and "-infinity". */
  | { kind: 'endless'; text: string }
  | { kind: 'number'; value: bigint | number }
  | { kind: 'foreign' }

const foreign: Meaning = { kind: 'foreign' }

/** What a stored value says. Only what `encode` would write, to the last digit, has a meaning; anything else is foreign. */
export function decode(cell: Cell, codec: Codec): Meaning {
  if (cell === null) return { kind: 'null' }
  switch (codec.kind) {
    case 'boolean': {
      const place = BOOLEANS[codec.spelling].findIndex((each) => sameCell(each, cell))
      return place < 0 ? foreign : { kind: 'boolean', value: place === 0 }
    }
    case 'number':
      return typeof cell === (codec.storage === 'integer' ? 'bigint' : 'number')
        ? { kind: 'number', value: cell as bigint | number }
        : foreign
    case 'moment': {
      if (typeof cell !== 'string') return foreign
      if (isEndless(cell, codec.shape)) return { kind: 'endless', text: cell }
      const moment = momentOf(cell)
      const written = moment && writeMoment(moment, codec.shape)
      // Without a zone `home` would supply one, which is then not what is stored.
      return written && 'value' in written && written.value === cell ? { kind: 'moment', moment } : foreign
    }
  }
}

/** Exactly the owner's spelling of a meaning, or why it has none: nothing is rounded or left out. */
export function encode(meaning: Meaning, codec: Codec, home?: number): Parsed<Cell> {
  if (meaning.kind === 'null') return { value: null }
  if (meaning.kind === 'boolean' && codec.kind === 'boolean') {
    return { value: BOOLEANS[codec.spelling][meaning.value ? 0 : 1] }
  }
  if (meaning.kind === 'moment' && codec.kind === 'moment') return writeMoment(meaning.moment, codec.shape, home)
  if (meaning.kind === 'endless' && codec.kind === 'moment' && isEndless(meaning.text, codec.shape)) {
    return { value: meaning.text }
  }
  if (meaning.kind === 'number' && codec.kind === 'number' && decode(meaning.value, codec).kind === 'number') {
    return { value: meaning.value }
  }
  return { error: `This column is written as ${inWords(codec)}.` }
}

function isEndless(text: string, { storage, of }: MomentShape): boolean {
  return storage === 'postgres' && of !== 'time' && (text === 'infinity' || text === '-infinity')
}

/** True when the column's type alone keeps foreign values out, so that whatever is stored is of this encoding. */
export function isNative(codec: Codec): boolean {
  if (codec.kind === 'moment') return codec.shape.storage !== 'text'
  return codec.kind === 'boolean' && codec.spelling === 'boolean'
}

/** True for a stored value that its owner did not write this way. A server's own type holds none. */
export function isForeign(cell: Cell, codec: Codec): boolean {
  return decode(cell, codec).kind === 'foreign' && !isNative(codec)
}

/** What a person typed, written as the owner would. `present` is the row's value: its zone is kept where none was typed. */
export function encodeTyped(text: string, codec: Codec, present?: Cell): Parsed<Cell> {
  const typed = text.trim()
  if (codec.kind === 'number') return encodeNumber(typed, codec)
  if (codec.kind === 'boolean') {
    const value = booleanTyped(typed, codec.spelling)
    if (value === null) return { error: `${quoted(text)} is neither true nor false. Accepted here: true, false` }
    return encode({ kind: 'boolean', value }, codec)
  }
  if (isEndless(typed.toLowerCase(), codec.shape)) return { value: typed.toLowerCase() }
  const moment = momentOf(typed)
  const what = codec.shape.of === 'time' ? 'time' : 'date'
  if (!moment) return { error: `No such ${what}. Accepted here: ${exampleOf(codec.shape)}` }
  const now = present === undefined || present === null ? null : decode(present, codec)
  return encode({ kind: 'moment', moment }, codec, (now?.kind === 'moment' ? now.moment.offset : null) ?? 0)
}

/** The column's own spelling first: 'N' and 'F' are words of other spellings too. Numbers and bytes also as they are copied. */
function booleanTyped(text: string, spelling: BooleanSpelling): boolean | null {
  const own = BOOLEANS[spelling].findIndex(
    (cell) => String(cell) === text || (typeof cell !== 'string' && spelled(cell) === text),
  )
  if (own >= 0) return own === 0
  const word = text.toLowerCase()
  if (['1', 'true', 't', 'yes', 'y'].includes(word)) return true
  return ['0', 'false', 'f', 'no', 'n'].includes(word) ? false : null
}

function encodeNumber(text: string, codec: Extract<Codec, { kind: 'number' }>): Parsed<Cell> {
  const isWhole = /^[+-]?\d+$/.test(text)
  if (codec.storage === 'integer') {
    const value = isWhole ? BigInt(text.replace('+', '')) : null
    if (value === null || BigInt.asIntN(64, value) !== value) {
      return {
        error: `${quoted(text)} is no whole number. This column holds ${inWords(codec)}. Accepted here: 1705314030`,
      }
    }
    return { value }
  }
  const value = Number(text)
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) || !Number.isFinite(value)) {
    return { error: `${quoted(text)} is no number. This column holds ${inWords(codec)}. Accepted here: 2460324.5` }
  }
  return { value }
}

function quoted(text: string): string {
  return text === '' ? 'Empty text' : `“${text.length > 40 ? `${text.slice(0, 40)}…` : text}”`
}

/** A stored value as its type spells it: 'T' in quotes, 1, 0x01. For tooltips and messages. */
export function spelled(cell: Cell): string {
  if (cell === null) return 'NULL'
  if (cell instanceof Uint8Array) {
    return `0x${Array.from(cell.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('')}`
  }
  if (typeof cell === 'string') return `'${cell.length > 60 ? `${cell.slice(0, 60)}…` : cell}'`
  return typeof cell === 'number' && Number.isInteger(cell) ? `${cell}.0` : String(cell)
}

/** The encoding in words that go on after "written as". */
export function inWords(codec: Codec): string {
  if (codec.kind === 'number')
    return `${codec.storage === 'integer' ? 'whole numbers' : 'numbers'} of a clock of their own`
  if (codec.kind === 'boolean') {
    if (codec.spelling === 'boolean') return 'boolean'
    const [yes, no] = BOOLEANS[codec.spelling]
    const how = { bigint: 'numbers ', number: 'numbers ', string: 'texts ', object: 'bits ' }[typeof yes as 'string']
    return `the ${how}${spelled(yes)} for true and ${spelled(no)} for false`
  }
  const { shape } = codec
  const rules: Record<typeof shape.fraction.rule, string> = {
    fixed: '',
    'whole-or-fixed': ', a whole second without its fraction',
    trimmed: ', the fraction without trailing zeros',
  }
  const rule = shape.of === 'date' || shape.fraction.digits === 0 ? '' : rules[shape.fraction.rule]
  return `${shape.storage === 'text' ? 'text like ' : ''}${exampleOf(shape)}${rule}`
}

/** This moment in UTC as the column writes it, from an ISO text with milliseconds and Z; null where it has no place. */
export function nowIn(codec: Codec, iso: string): Cell {
  if (codec.kind !== 'moment') return null
  const now = momentOf(iso)
  if (!now?.date || !now.time) return null
  const { of, hasSeconds, fraction, zone } = codec.shape
  const isCut = !hasSeconds || fraction.digits < 3
  const digits = isCut && hasSeconds ? now.time.fraction.slice(0, fraction.digits) : isCut ? '' : now.time.fraction
  const time = { ...now.time, second: hasSeconds ? now.time.second : null, fraction: digits }
  const offset = zone === 'none' || of === 'date' ? null : 0
  const moment = { date: of === 'time' ? null : now.date, time: of === 'date' ? null : time, offset }
  const written = writeMoment(moment, codec.shape)
  return 'value' in written ? written.value : null
}
