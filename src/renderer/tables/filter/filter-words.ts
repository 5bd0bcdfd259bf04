// Filters in plain words, as they stand on chips and in messages: "email contains “smith”", "confirmed_at is NULL".
import type { Cell } from '../../../shared/cell.ts'
import { inWords } from '../../../shared/codecs.ts'
import { WEAK, type Condition, type Filter, type Test, type Writing } from '../../../shared/filters.ts'
import type { Column } from '../../../shared/tables.ts'
import { truthOf, valueInWords } from '../../grid/cell-show.ts'
import { dayOf } from './days.ts'

type Columns = readonly Column[]

/** Values that a list of them names. */
const NAMED = 3
/** Characters of a value that are shown. */
const SHOWN = 60

export function conditionInWords({ column: name, isNot, test }: Condition, columns: Columns): string {
  const column = columns.find((each) => each.name === name)
  const subject = name ?? 'any text'
  const not = isNot ? 'not ' : ''
  switch (test.test) {
    case 'contains':
      return `${subject} ${isNot ? 'does not contain' : 'contains'} “${short(test.text)}”`
    case 'starts':
      return `${subject} ${isNot ? 'does not start with' : 'starts with'} “${short(test.text)}”`
    case 'equals':
      return isNumber(column) && truthOf(test.value, column) === null
        ? `${subject} ${isNot ? '≠' : '='} ${value(test.value, column)}`
        : `${subject} is ${not}${value(test.value, column)}`
    case 'one-of':
      return `${subject} is ${not}${test.values.length === 1 ? '' : 'one of '}${list(test.values, column)}`
    case 'range':
      return `${subject} ${range(test, isNot, column)}`
    case 'null':
      return `${subject} is ${not}NULL`
    case 'empty':
      return `${subject} is ${not}empty`
    case 'foreign':
      return `${subject} is ${isNot ? '' : 'not '}written as ${writingInWords(test.to)}`
    case 'scheme':
      return `${subject} is ${not}${test.schemes.map(schemeInWords).join(' or ')}`
  }
}

const writingInWords = (to: Writing) => (to.kind === 'hex' ? `${to.digits} hexadecimal digits` : inWords(to))

function schemeInWords(scheme: string): string {
  if (scheme === WEAK) return 'a weak hash'
  return scheme === 'unknown' ? 'no known hash' : scheme === 'damaged' ? 'a damaged hash' : `a hash of ${scheme}`
}

/** The whole filter; inner groups in brackets. */
export function filterInWords(filter: Filter, columns: Columns, isInner = false): string {
  if (filter.kind === 'condition') return conditionInWords(filter, columns)
  const words = filter.parts.map((part) => filterInWords(part, columns, true)).join(` ${filter.join} `)
  return isInner ? `(${words})` : words
}

function range({ from, to }: Extract<Test, { test: 'range' }>, isNot: boolean, column: Column | undefined): string {
  const not = isNot ? 'not ' : ''
  const day = from && to && column && dayOf({ test: 'range', from, to }, column)
  if (day) return `is ${not}on ${day}`
  const isMoment = column?.codec?.kind === 'moment'
  const signs = isMoment ? { from: ['after', 'from'], to: ['before', 'up to'] } : { from: ['>', '≥'], to: ['<', '≤'] }
  const [more, less] = [signs.from[Number(from?.isIncluded)], signs.to[Number(to?.isIncluded)]]
  if (from && to) {
    const [a, b] = [value(from.value, column), value(to.value, column)]
    if (from.isIncluded && to.isIncluded) return `is ${not}between ${a} and ${b}`
    return `is ${not}${more} ${a} and ${less} ${b}`
  }
  const end = from ? `${more} ${value(from.value, column)}` : `${less} ${value(to?.value ?? null, column)}`
  return isNot ? `is not ${end}` : end
}

function list(values: readonly Cell[], column: Column | undefined): string {
  const named = values.slice(0, NAMED).map((each) => value(each, column))
  const more = values.length - named.length
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ')
}

const isNumber = (column: Column | undefined): column is Column =>
  column !== undefined && column.codec === null && ['integer', 'real', 'decimal'].includes(column.kind)

function value(cell: Cell, column: Column | undefined): string {
  // The database's own text of a number needs no quotes.
  if (isNumber(column) && typeof cell === 'string' && /^[-+\w.]+$/.test(cell)) return cell
  const words = valueInWords(cell, column)
  return words.length > SHOWN ? `${words.slice(0, SHOWN)}…` : words
}

const short = (text: string) => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text)
