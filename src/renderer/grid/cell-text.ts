// From what a person types to the value that is stored: the stored type of the present value is kept.
import type { Cell } from '../../shared/cell.ts'
import type { Column } from '../../shared/tables.ts'
import {
  parseDateTime,
  parseTime,
  plainDate,
  plainDateTime,
  spellingOf,
  type Parsed,
  type Spelling,
} from './date-text.ts'

/** How a cell is edited. `toggle`: true, false and NULL by key or click. */
export type EditMode = 'toggle' | 'integer' | 'real' | 'decimal' | 'text' | 'date' | 'time' | 'binary'

/** What is known about a cell beyond its column: its present value, and values of the same column in other rows. */
export interface Surroundings {
  /** The value as shown now; undefined in a new row where nothing was chosen. */
  present: Cell | undefined
  /** Values of other rows near by, for the spelling that this column uses. */
  others: readonly Cell[]
}

const MIN = -(2n ** 63n)
const MAX = 2n ** 63n - 1n

/** The value whose type decides: the present one, or for NULL the first other row's. */
function pattern({ present, others }: Surroundings): Cell | undefined {
  return present ?? others.find((cell) => cell !== null)
}

export function editModeOf(column: Column, surroundings: Surroundings): EditMode {
  const { present } = surroundings
  if (present instanceof Uint8Array || column.kind === 'binary') return 'binary'
  if (column.kind === 'boolean') {
    const like = pattern(surroundings)
    if (like === undefined || like === 0n || like === 1n) return 'toggle'
    if (typeof like === 'string') return 'text'
  }
  if (typeof present === 'bigint') return column.kind === 'decimal' ? 'decimal' : 'integer'
  if (typeof present === 'number') return column.kind === 'decimal' ? 'decimal' : 'real'
  if (column.kind === 'date' || column.kind === 'datetime') {
    const like = pattern(surroundings)
    if (present === null || present === undefined)
      return typeof like === 'bigint' ? 'integer' : typeof like === 'number' ? 'real' : 'date'
    return 'date'
  }
  if (column.kind === 'time') return 'time'
  if (typeof present === 'string') return 'text'
  if (column.kind === 'integer' || column.kind === 'boolean') return 'integer'
  if (column.kind === 'real' || column.kind === 'decimal') return column.kind
  return 'text'
}

/** The spelling a date is written in: the row's own, else that of other rows, else six digits as SQLAlchemy writes. */
export function spellingFor(column: Column, { present, others }: Surroundings): Spelling {
  for (const cell of [present, ...others]) {
    const found = typeof cell === 'string' ? spellingOf(cell) : null
    if (found) return found
  }
  return column.kind === 'date' ? plainDate : plainDateTime
}

/** The value of a typed text, or why it has none. Never NULL: that is a command of its own. */
export function parseCell(text: string, column: Column, surroundings: Surroundings): Parsed<Cell> {
  switch (editModeOf(column, surroundings)) {
    case 'integer':
      return parseInteger(text)
    case 'real':
      return parseReal(text)
    case 'decimal':
      return /^\s*[+-]?\d+\s*$/.test(text) ? parseInteger(text) : parseReal(text)
    case 'date':
      return parseDate(text, column, surroundings)
    case 'time':
      return parseTime(text)
    case 'toggle':
      return parseToggle(text)
    case 'binary':
      return { error: 'Binary values are not typed. They can be looked at, and set to NULL.' }
    case 'text':
      return parseText(text, column)
  }
}

function parseInteger(text: string): Parsed<bigint> {
  const trimmed = text.trim()
  if (!/^[+-]?\d+$/.test(trimmed)) return { error: `${quote(text)} is not a whole number. Accepted here: 42` }
  const value = BigInt(trimmed.replace(/^\+/, ''))
  if (value < MIN || value > MAX) return { error: `A whole number here goes from ${MIN} to ${MAX}.` }
  return { value }
}

function parseReal(text: string): Parsed<number> {
  const trimmed = text.trim()
  const isNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed)
  if (!isNumber && !/^[+-]?Infinity$/.test(trimmed))
    return { error: `${quote(text)} is not a number. Accepted here: 3.25` }
  const value = Number(trimmed)
  if (isNumber && !Number.isFinite(value)) return { error: 'This number is too large to be stored.' }
  return { value }
}

function parseDate(text: string, column: Column, surroundings: Surroundings): Parsed<string> {
  const own = spellingFor(column, surroundings)
  const typed = spellingOf(text.trim())
  // A row that holds a bare date in a column of times is given the time in the spelling of the other rows.
  if (column.kind === 'datetime' && own.separator === null && typed?.separator) {
    const { others } = surroundings
    const timed = others.filter((cell) => typeof cell === 'string' && spellingOf(cell)?.separator != null)
    return parseDateTime(text, spellingFor(column, { present: undefined, others: timed }))
  }
  return parseDateTime(text, own)
}

function parseToggle(text: string): Parsed<bigint> {
  const word = text.trim().toLowerCase()
  if (['1', 'true', 't', 'yes', 'y'].includes(word)) return { value: 1n }
  if (['0', 'false', 'f', 'no', 'n'].includes(word)) return { value: 0n }
  return { error: `${quote(text)} is neither true nor false. Accepted here: true, false, 1, 0` }
}

function parseText(text: string, column: Column): Parsed<string> {
  const length = Array.from(text).length
  if (column.maxLength !== null && length > column.maxLength) {
    const over = length - column.maxLength
    const limit = column.maxLength.toLocaleString('en-US')
    return {
      error: `${length.toLocaleString('en-US')} characters: ${column.name} holds at most ${limit}, which is ${over.toLocaleString('en-US')} fewer.`,
    }
  }
  return { value: text }
}

function quote(text: string): string {
  return text === '' ? 'Empty text' : `“${text.length > 40 ? `${text.slice(0, 40)}…` : text}”`
}

/** The next state of a boolean that is toggled: true, false, NULL where the column allows it, and true again. */
export function toggled(present: Cell | undefined, isNullable: boolean): Cell {
  if (present === 1n) return 0n
  if (present === 0n) return isNullable ? null : 1n
  return 1n
}
