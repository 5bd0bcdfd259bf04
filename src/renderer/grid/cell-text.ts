// From what a person types to the value that is stored: booleans and dates in the spelling of their column, the stored
// type of everything else kept, and what is no value refused in words.
import type { Cell } from '../../shared/cell.ts'
import { decode, encode, encodeTyped, inWords, isForeign, spelled, type Codec } from '../../shared/codecs.ts'
import type { Parsed } from '../../shared/moments.ts'
import type { Dialect } from '../../shared/profiles.ts'
import type { Column } from '../../shared/tables.ts'
import { parseDecimalText, parseHex, parseInteger, parseReal, parseRealText, parseText } from './typed-text.ts'

/** How a cell is edited. `toggle`: true, false and NULL by key or click. */
export type EditMode = 'toggle' | 'codec' | 'mixed' | 'integer' | 'real' | 'decimal' | 'text' | 'binary'

/** What is known about a cell beyond its column. */
export interface Surroundings {
  /** The value as shown now; undefined in a new row where nothing was chosen. */
  present: Cell | undefined
  dialect: Dialect
}

export function editModeOf(column: Column, { present, dialect }: Surroundings): EditMode {
  const { codec, encoding, kind } = column
  if (codec) return codec.kind === 'boolean' ? 'toggle' : 'codec'
  if (encoding && encoding.basis !== 'chosen') return 'mixed'
  if (present instanceof Uint8Array || kind === 'binary') return 'binary'
  if (kind === 'integer' && dialect !== 'sqlite') return 'integer'
  if (typeof present === 'bigint') return kind === 'decimal' ? 'decimal' : 'integer'
  if (typeof present === 'number') return kind === 'decimal' ? 'decimal' : 'real'
  if (kind === 'real' || kind === 'decimal') return dialect === 'sqlite' && typeof present === 'string' ? 'text' : kind
  if (typeof present === 'string') return 'text'
  return kind === 'integer' || kind === 'boolean' ? 'integer' : 'text'
}

/**
 * Why the row's own value keeps a column of booleans or dates from being written in this row, or null. In a column of
 * several spellings only NULL can be set where the row does not tell its own.
 */
export function foreignWords(
  { name, codec }: Pick<Column, 'name' | 'codec'>,
  present: Cell | undefined,
): string | null {
  if (!codec || present === undefined || !isForeign(present, codec)) return null
  return `This row holds ${spelled(present)}, but ${name} is written as ${inWords(codec)}. Choose how ${name} is written to change it (in the menu of the cell).`
}

/** The value of a typed text, or why it has none. Never NULL: that is a command of its own. */
export function parseCell(text: string, column: Column, surroundings: Surroundings): Parsed<Cell> {
  const { present, dialect } = surroundings
  const foreign = foreignWords(column, present)
  if (foreign !== null) return { error: foreign }
  switch (editModeOf(column, surroundings)) {
    case 'toggle':
    case 'codec':
      return encodeTyped(text, column.codec as Codec, present)
    case 'mixed':
      return parseMixed(text, column, present)
    case 'integer':
      return parseInteger(text, column, dialect)
    case 'real':
      return dialect === 'postgres' ? parseRealText(text) : parseReal(text, dialect)
    case 'decimal':
      if (dialect !== 'sqlite') return parseDecimalText(text, column, dialect)
      return /^\s*[+-]?\d+\s*$/.test(text) ? parseInteger(text, column, dialect) : parseReal(text, dialect)
    case 'binary':
      return column.kind === 'binary' || column.type === ''
        ? parseHex(text, column)
        : { error: 'These bytes are no text. They can be looked at, and set to NULL.' }
    case 'text':
      return parseText(text, column, dialect)
  }
}

/** In a column of several spellings, only the row's own is taken, and only as it is spelled. */
function parseMixed(text: string, { name, encoding }: Column, present: Cell | undefined): Parsed<Cell> {
  const own = (encoding?.choices ?? []).filter((codec) => present != null && decode(present, codec).kind !== 'foreign')
  const [codec] = own
  const choose = `Choose how ${name} is written (in the menu of the cell).`
  if (!codec || own.length > 1) return { error: `${encoding?.words ?? ''} ${choose}`.trim() }
  const parsed = encodeTyped(text, codec, present)
  if ('error' in parsed || String(parsed.value) === text.trim()) return parsed
  return { error: `This row is written as ${inWords(codec)}; ${name} is written in several ways. ${choose}` }
}

/** The next state of a boolean that is toggled: true, false, NULL where the column allows it, and true again. */
export function toggled(
  present: Cell | undefined,
  column: Pick<Column, 'name' | 'codec' | 'isNullable'>,
): Parsed<Cell> {
  const { codec, isNullable } = column
  if (codec?.kind !== 'boolean') return { error: `${column.name} is not true or false.` }
  const foreign = foreignWords(column, present)
  if (foreign !== null) return { error: foreign }
  const meaning = decode(present ?? null, codec)
  if (meaning.kind !== 'boolean') return encode({ kind: 'boolean', value: true }, codec)
  if (meaning.value) return encode({ kind: 'boolean', value: false }, codec)
  return isNullable ? { value: null } : encode({ kind: 'boolean', value: true }, codec)
}
