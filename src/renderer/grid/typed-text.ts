// What each engine's types take of a typed text, told before it is staged: the server would refuse some of it later, and
// bend the rest without a word (digits that are rounded away).
import type { Cell } from '../../shared/cell.ts'
import { integerRange } from '../../shared/integer-range.ts'
import type { Parsed } from '../../shared/moments.ts'
import type { Dialect } from '../../shared/profiles.ts'
import type { Column } from '../../shared/tables.ts'
import { jsonProblem, problemInWords } from './json-text.ts'
import { isJsonType } from './json-type.ts'

export function quote(text: string): string {
  return text === '' ? 'Empty text' : `“${text.length > 40 ? `${text.slice(0, 40)}…` : text}”`
}

const isNumber = (text: string) => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)

export function parseInteger(text: string, column: Column, dialect: Dialect): Parsed<bigint> {
  const trimmed = text.trim()
  if (!/^[+-]?\d+$/.test(trimmed)) return { error: `${quote(text)} is not a whole number. Accepted here: 42` }
  const value = BigInt(trimmed.replace(/^\+/, ''))
  const { min, max } = integerRange(dialect, column.type)
  if (value < min || value > max) return { error: `A whole number here goes from ${min} to ${max}.` }
  return { value }
}

/** A floating point number of SQLite, which keeps infinities, or of MySQL, which does not. */
export function parseReal(text: string, dialect: Dialect): Parsed<number> {
  const trimmed = text.trim()
  if (!isNumber(trimmed) && !(dialect === 'sqlite' && /^[+-]?Infinity$/.test(trimmed)))
    return { error: `${quote(text)} is not a number. Accepted here: 3.25` }
  const value = Number(trimmed)
  if (isNumber(trimmed) && !Number.isFinite(value)) return { error: 'This number is too large to be stored.' }
  return { value }
}

/** A floating point number of PostgreSQL, which comes and goes as the server's own text. */
export function parseRealText(text: string): Parsed<string> {
  const trimmed = text.trim()
  if (isNumber(trimmed) || /^(NaN|[+-]?Infinity)$/i.test(trimmed)) return { value: trimmed }
  return { error: `${quote(text)} is not a number. Accepted here: 3.25` }
}

/** An exact number of a server: the text as typed, when the declared digits hold all of it. */
export function parseDecimalText(text: string, column: Column, dialect: Dialect): Parsed<string> {
  const trimmed = text.trim()
  if (dialect === 'postgres' && /^(NaN|[+-]?Infinity)$/i.test(trimmed)) return { value: trimmed }
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(trimmed))
    return { error: `${quote(text)} is not an exact number. Accepted here: 3.25` }
  const declared = /\((\d+)(?:,\s*(-?\d+))?\)/.exec(column.type)
  const plainMysql = dialect === 'mysql' && !declared
  const precision = declared ? Number(declared[1]) : plainMysql ? 10 : null
  if (precision === null) return { value: trimmed }
  const scale = Number(declared?.[2] ?? 0)
  const [, whole = '', fraction = ''] = /^[+-]?0*(\d*)\.?(\d*)$/.exec(trimmed) ?? []
  if (fraction.replace(/0+$/, '').length > Math.max(0, scale)) {
    return { error: `${column.name} keeps ${digits(Math.max(0, scale))} behind the point (${column.type}).` }
  }
  if (whole.length > precision - scale) {
    return { error: `${column.name} keeps ${digits(precision - scale)} before the point (${column.type}).` }
  }
  return { value: trimmed }
}

function digits(count: number): string {
  return count === 0 ? 'no digits' : count === 1 ? '1 digit' : `${count} digits`
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Text, and everything that a server takes as text. */
export function parseText(text: string, column: Column, dialect: Dialect): Parsed<string> {
  const length = Array.from(text).length
  if (column.maxLength !== null && length > column.maxLength) {
    const over = length - column.maxLength
    const [has, limit, fewer] = [length, column.maxLength, over].map((count) => count.toLocaleString('en-US'))
    return { error: `${has} characters: ${column.name} holds at most ${limit}, which is ${fewer} fewer.` }
  }
  if (dialect === 'postgres' && text.includes('\0')) {
    return { error: 'PostgreSQL stores no NUL character (␀) in text.' }
  }
  if (/\p{Surrogate}/u.test(text)) return { error: 'The text holds half of a character, which no database stores.' }
  const why = whyNotOfType(text, column.type, dialect, column.choices ? { choices: column.choices } : {})
  return why === null ? { value: text } : { error: why }
}

function whyNotOfType(text: string, declared: string, dialect: Dialect, known: Pick<Column, 'choices'>): string | null {
  const type = declared.trim().toLowerCase()
  if (dialect === 'postgres' && type.endsWith('[]')) {
    return isArray(text) ? null : `${quote(text)} is not an array. Accepted here: {1,2}`
  }
  const problem = isJsonType({ type }) ? jsonProblem(text) : null
  if (problem) return `This is not JSON. ${problemInWords(text, problem)} Accepted here: {"a": 1}`
  if (dialect === 'sqlite') return null
  if (type === 'uuid' && !UUID.test(text.trim())) {
    return `${quote(text)} is not a UUID. Accepted here: 6f1c0a52-9d3e-4b7a-8c21-0e5d4f3a2b19`
  }
  const bits = /^bit(?:\((\d+)\)| varying\((\d+)\)| varying)?$/.exec(type)
  if (dialect === 'postgres' && bits && !areBits(text, bits)) return `${quote(text)} is not a value of ${declared}.`
  if (dialect === 'mysql' && /^year\b/.test(type) && !/^(0000|19\d\d|20\d\d|21[0-4]\d|215[0-5])$/.test(text)) {
    return `${quote(text)} is not a year from 1901 to 2155.`
  }
  const choices = choicesIn({ type: declared, ...known })
  if (choices.length > 0 && !choices.includes(text))
    return `${quote(text)} is none of ${choices.map(quote).join(', ')}.`
  return null
}

/** The values of MySQL's enum, which stand in its type; empty for any other. */
export function choicesOf(declared: string): string[] {
  const list = /^enum\((.*)\)/is.exec(declared.trim())?.[1]
  if (list === undefined) return []
  return Array.from(list.matchAll(/'((?:[^']|'')*)'/g), ([, choice = '']) => choice.replaceAll("''", "'"))
}

/** The values that a column's type knows; empty where it knows none. */
export function choicesIn({ type, choices }: Pick<Column, 'type' | 'choices'>): readonly string[] {
  return choices ?? choicesOf(type)
}

function areBits(text: string, [type, fixed, most]: RegExpExecArray): boolean {
  if (!/^[01]*$/.test(text)) return false
  const isVarying = type.startsWith('bit varying')
  if (most !== undefined) return text.length <= Number(most)
  return isVarying || text.length === Number(fixed ?? 1)
}

/** Braces in pairs outside of quotes, from the first letter to the last. The server looks at what is inside of them. */
function isArray(text: string): boolean {
  let depth = 0
  let isQuoted = false
  const body = text.trim().replace(/^(\[[-+\d:]+\])+\s*=\s*/, '')
  for (let at = 0; at < body.length; at++) {
    const letter = body[at]
    if (letter === '\\') at += 1
    else if (letter === '"') isQuoted = !isQuoted
    else if (!isQuoted && letter === '{') depth += 1
    else if (!isQuoted && letter === '}') depth -= 1
    if (depth < 1 && at < body.length - 1) return false
  }
  return body.startsWith('{') && depth === 0 && !isQuoted
}

/** Bytes that are edited in the cell, as a line of hexadecimal digits. */
export const HEX_LIMIT = 256
/** Bytes that are edited at all. */
export const BYTES_LIMIT = 1024 * 1024

export function parseHex(text: string, column: Column): Parsed<Cell> {
  const typed = text
    .trim()
    .replace(/^(0x|\\x)/i, '')
    .replace(/\s+/g, '')
  if (typed.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(typed) || text.trim() === '') {
    return { error: `${quote(text)} are no bytes: two hexadecimal digits for each. Accepted here: 0x00ff` }
  }
  const value = new Uint8Array(typed.length / 2)
  for (let at = 0; at < value.length; at++) value[at] = parseInt(typed.slice(at * 2, at * 2 + 2), 16)
  const length = /^(?:var)?binary\((\d+)\)/i.exec(column.type)?.[1]
  const bits = /^bit\((\d+)\)/i.exec(column.type)?.[1]
  if (length !== undefined && value.length > Number(length)) {
    return { error: `${value.length} bytes: ${column.name} holds at most ${length}.` }
  }
  if (bits !== undefined && !fitsBits(value, Number(bits))) {
    const digits = Math.ceil(Number(bits) / 8) * 2
    return {
      error: `${column.name} holds ${bits} bits, written as ${digits} hexadecimal digits: 0x${'0'.repeat(digits)}`,
    }
  }
  return { value }
}

/** MySQL's BIT comes as its bytes, the highest first. */
function fitsBits(bytes: Uint8Array, bits: number): boolean {
  if (bytes.length !== Math.ceil(bits / 8)) return false
  const spare = bytes.length * 8 - bits
  return (bytes[0] ?? 0) >> (8 - spare) === 0 || spare === 0
}
