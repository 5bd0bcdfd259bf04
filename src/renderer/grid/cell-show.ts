// How a stored value is shown in a grid, and the text that copying it gives.
import { isSecret, type Cell, type ShownCell } from '../../shared/cell.ts'
import { decode, spelled } from '../../shared/codecs.ts'
import type { Column } from '../../shared/tables.ts'
import { partsOf, withSigns, type Shown } from './unseen.ts'

/** What a cell looks like. `hint` is a word about the value, set apart from the value itself. */
export interface Look {
  tone: 'null' | 'empty' | 'secret' | 'binary' | 'number' | 'text'
  text: string
}

/** Bytes of a binary value that a cell shows. */
const SHOWN_BYTES = 12

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function bytesInWords(count: number): string {
  return count === 1 ? '1 byte' : `${count.toLocaleString('en-US')} bytes`
}

/** Whole numbers that are stored as REAL keep a ".0", so that 5 and 5.0 look different. */
export function realText(value: number): string {
  if (Object.is(value, -0)) return '-0.0'
  const text = String(value)
  return /^-?\d+$/.test(text) ? `${text}.0` : text
}

/** The exact text of a value that has one: what an editor opens with. NULL has none, and neither has binary. */
export function editText(cell: Cell): string | null {
  if (cell === null || cell instanceof Uint8Array) return null
  return typeof cell === 'number' ? realText(cell) : String(cell)
}

/** One line for a cell, signs in place of what cannot be seen. `cutLength` is the whole length of a cut value. */
export function look(cell: ShownCell, cutLength?: number): Look {
  if (cell === null) return { tone: 'null', text: 'NULL' }
  if (cell === '') return { tone: 'empty', text: '(empty)' }
  if (isSecret(cell)) return { tone: 'secret', text: `•••••• ${cell.secret}` }
  if (cell instanceof Uint8Array) {
    const length = cutLength ?? cell.length
    const more = length > SHOWN_BYTES ? '…' : ''
    return { tone: 'binary', text: `0x${hex(cell.subarray(0, SHOWN_BYTES))}${more} (${bytesInWords(length)})` }
  }
  if (typeof cell === 'string') return { tone: 'text', text: oneLine(cell, cutLength !== undefined) }
  return { tone: 'number', text: editText(cell) as string }
}

/** Characters of a text that one line shows at most: no column is wider. */
const LINE = 400

const isLonger = (text: string, isCut: boolean) => isCut || text.length > LINE

/** A text in one line, for lists, labels and messages. */
export function oneLine(text: string, isCut = false): string {
  const goesOn = isLonger(text, isCut)
  return `${withSigns(text.slice(0, LINE), goesOn)}${goesOn ? '…' : ''}`
}

/** The same, its signs apart from its letters. `isPadded`: blanks at its end are the type's own, and mean nothing. */
export function lineOf(text: string, { isCut = false, isPadded = false }): Shown[] {
  const goesOn = isLonger(text, isCut)
  return [...partsOf(text.slice(0, LINE), goesOn || isPadded), ...(goesOn ? [{ text: '…', isSign: false }] : [])]
}

/** PostgreSQL fills values of this type with blanks, which mean nothing. */
export const isPadded = ({ type }: Pick<Column, 'type'>): boolean => /^character\(/.test(type)

/** A value in words, for lists of changes and messages: NULL and empty text stay apart, text stands in quotes. */
export function inWords(cell: ShownCell): string {
  return typeof cell === 'string' && cell !== '' ? `“${oneLine(cell)}”` : look(cell).text
}

/** What a staged value of a password column is, in words. */
export function newSecretWords(cell: ShownCell | undefined): string {
  return cell !== undefined && isSecret(cell)
    ? `A new password hash: ${cell.secret}. The host keeps it until it is saved.`
    : 'No password: NULL.'
}

/** What a boolean says, whatever its spelling; null for any other value and for one that is foreign to its column. */
export function truthOf(cell: ShownCell | undefined, { codec }: Pick<Column, 'codec'>): boolean | null {
  if (codec?.kind !== 'boolean' || cell === undefined || isSecret(cell)) return null
  const meaning = decode(cell, codec)
  return meaning.kind === 'boolean' ? meaning.value : null
}

/** A column's value in words: booleans as true and false, dates and numbers without quotes. */
export function valueInWords(cell: ShownCell, column: Pick<Column, 'kind' | 'codec'> | undefined): string {
  const truth = column ? truthOf(cell, column) : null
  if (truth !== null) return String(truth)
  const isPlain = column?.codec?.kind === 'moment' || column?.kind === 'real' || column?.kind === 'decimal'
  return isPlain ? look(cell).text : inWords(cell)
}

/** What stands in the database for a boolean that is shown as true or false; null where the cell shows it already. */
export function storedWords(cell: ShownCell | undefined, column: Pick<Column, 'codec'>): string | null {
  if (truthOf(cell, column) === null || cell === undefined || isSecret(cell)) return null
  return `Stored as ${spelled(cell)}`
}

/** What copying a cell puts on the clipboard; null when there is nothing to copy. */
export function copyText(cell: Cell): string | null {
  return cell instanceof Uint8Array ? `0x${hex(cell)}` : editText(cell)
}
