// Which tests fit a column, what a person types for each, and the condition that comes of it: values in the column's encoding.
import type { Cell } from '../../../shared/cell.ts'
import { BOOLEANS, type Codec } from '../../../shared/codecs.ts'
import { MOST_VALUES, WEAK, type Test } from '../../../shared/filters.ts'
import type { Parsed } from '../../../shared/moments.ts'
import type { Dialect } from '../../../shared/profiles.ts'
import { SCHEME_NAMES } from '../../../shared/scheme-names.ts'
import type { Column } from '../../../shared/tables.ts'
import { editText, hex, truthOf } from '../../grid/cell-show.ts'
import { parseCell } from '../../grid/cell-text.ts'
import { choicesOf } from '../../grid/typed-text.ts'
import { dayOf, onDay } from './days.ts'

export type TestKind =
  | 'contains'
  | 'starts'
  | 'is'
  | 'one-of'
  | 'less'
  | 'at-most'
  | 'more'
  | 'at-least'
  | 'between'
  | 'on'
  | 'true'
  | 'false'
  | 'null'
  | 'empty'
  | 'scheme'

/** What is asked for beside the kind. `lines`: one value on each line. */
export type Fields = 'none' | 'one' | 'two' | 'lines'

/** What stands in the form. */
export interface Typed {
  kind: TestKind
  first: string
  second: string
  /** NULL is one of the values, too. */
  hasNull: boolean
}

export const plainTyped: Omit<Typed, 'kind'> = { first: '', second: '', hasNull: false }

const WORDS: Record<TestKind, string> = {
  contains: 'contains',
  starts: 'starts with',
  is: 'is',
  'one-of': 'is one of',
  less: 'is less than',
  'at-most': 'is at most',
  more: 'is more than',
  'at-least': 'is at least',
  between: 'is between',
  on: 'is on the day',
  true: 'is true',
  false: 'is false',
  null: 'is NULL',
  empty: 'is empty',
  scheme: 'is of the scheme',
}
const OF_MOMENTS: Partial<Record<TestKind, string>> = {
  less: 'is before',
  'at-most': 'is at or before',
  more: 'is after',
  'at-least': 'is at or after',
}

/** Null stands for any text. */
export function testsOf(column: Column | null): TestKind[] {
  if (!column) return ['contains', 'starts', 'is']
  const { codec, kind, isNullable } = column
  const never: TestKind[] = isNullable ? ['null'] : []
  if (column.isSecret) return ['scheme', 'empty', ...never]
  if (codec?.kind === 'boolean') return ['true', 'false', ...never]
  if (codec?.kind === 'moment') {
    const day: TestKind[] = codec.shape.of === 'datetime' ? ['on'] : []
    return [...day, 'less', 'at-most', 'more', 'at-least', 'between', 'is', ...never]
  }
  if (['integer', 'real', 'decimal'].includes(kind) || codec?.kind === 'number') {
    return ['is', 'between', 'less', 'at-most', 'more', 'at-least', 'one-of', ...never]
  }
  if (kind === 'binary') return ['is', 'empty', ...never]
  if (choicesFor(column).length > 0) return ['is', 'one-of', 'contains', ...never]
  return ['contains', 'starts', 'is', 'one-of', 'empty', ...never]
}

export function testLabel(kind: TestKind, column: Column | null): string {
  const moment = column?.codec?.kind === 'moment' ? OF_MOMENTS[kind] : undefined
  return moment ?? WORDS[kind]
}

export function fieldsOf(kind: TestKind): Fields {
  if (['true', 'false', 'null', 'empty'].includes(kind)) return 'none'
  if (kind === 'between') return 'two'
  return kind === 'one-of' ? 'lines' : 'one'
}

/** What a column of choices may hold; empty for any other. */
export function choicesFor(column: Column | null): string[] {
  return column?.choices ?? (column ? choicesOf(column.type) : [])
}

/** What a form offers to choose among, for this kind of test; empty where a value is typed. */
export function offeredFor(kind: TestKind, column: Column | null): { value: string; label: string }[] {
  const plain = (value: string) => ({ value, label: value })
  if (kind !== 'scheme') return kind === 'is' ? choicesFor(column).map(plain) : []
  const words: Record<string, string> = { unknown: 'none that is known', damaged: 'damaged or cut off' }
  return [
    { value: WEAK, label: 'any weak one' },
    ...SCHEME_NAMES.map((name) => ({ value: name, label: words[name] ?? name })),
  ]
}

/** The test, or what is wrong with what was typed. `field`: which one. */
export function parseTyped(
  typed: Typed,
  column: Column | null,
  dialect: Dialect,
): { value: Test } | { error: string; field: 'first' | 'second' } {
  const value = (text: string) => valueOf(text, column, dialect)
  const bad = (error: string, field: 'first' | 'second' = 'first') => ({ error, field })
  const { kind, first, second, hasNull } = typed
  switch (kind) {
    case 'null':
    case 'empty':
      return { value: { test: kind } }
    case 'true':
    case 'false':
      return { value: { test: 'equals', value: booleanOf(kind === 'true', column?.codec ?? null) } }
    case 'scheme':
      return first === '' ? bad('Choose a scheme.') : { value: { test: 'scheme', schemes: [first] } }
    case 'contains':
    case 'starts':
      if (first === '') return bad('Type the text to look for.')
      return first.length > 500
        ? bad('Up to 500 characters can be looked for.')
        : { value: { test: kind, text: first } }
    case 'on': {
      const day = column?.codec ? onDay(first, column.codec) : { error: `${column?.name ?? 'Text'} holds no dates.` }
      return 'error' in day ? bad(day.error) : day
    }
    case 'one-of': {
      const lines = first.split(/\r\n|\r|\n/).filter((line) => line !== '')
      if (lines.length + Number(hasNull) === 0) return bad('Type or paste the values, one on each line.')
      if (lines.length + Number(hasNull) > MOST_VALUES) {
        return bad(`${lines.length} values; up to ${MOST_VALUES} can be asked at once.`)
      }
      const values: Cell[] = hasNull ? [null] : []
      for (const [index, line] of lines.entries()) {
        const parsed = value(line)
        if ('error' in parsed) return bad(`Line ${index + 1}: ${parsed.error}`)
        values.push(parsed.value)
      }
      return { value: { test: 'one-of', values } }
    }
    case 'between': {
      const [from, to] = [value(first), value(second)]
      if ('error' in from) return bad(from.error)
      if ('error' in to) return bad(to.error, 'second')
      return { value: rangeOf(from.value, true, to.value, true) }
    }
  }
  const parsed = value(first)
  if ('error' in parsed) return bad(parsed.error)
  switch (kind) {
    case 'is':
      return { value: { test: 'equals', value: parsed.value } }
    case 'less':
    case 'at-most':
      return { value: rangeOf(undefined, false, parsed.value, kind === 'at-most') }
    case 'more':
    case 'at-least':
      return { value: rangeOf(parsed.value, kind === 'at-least', undefined, false) }
  }
}

function rangeOf(from: Cell | undefined, isFrom: boolean, to: Cell | undefined, isTo: boolean): Test {
  const end = (value: Cell | undefined, isIncluded: boolean) => (value === undefined ? null : { value, isIncluded })
  return { test: 'range', from: end(from, isFrom), to: end(to, isTo) }
}

const booleanOf = (isTrue: boolean, codec: Codec | null): Cell =>
  BOOLEANS[codec?.kind === 'boolean' ? codec.spelling : 'integer'][isTrue ? 0 : 1]

/** As an editor of the column would store it. A column of several spellings is asked as it is typed. */
function valueOf(text: string, column: Column | null, dialect: Dialect): Parsed<Cell> {
  if (!column) return { value: text }
  const asked = column.codec ? column : { ...column, encoding: null, maxLength: null }
  return parseCell(text, asked, { present: undefined, dialect })
}

/** What the form shows of a test, to be edited; null for one that it has no kind for. */
export function typedOf(test: Test, column: Column | null): Typed | null {
  const text = (cell: Cell) => (cell instanceof Uint8Array ? `0x${hex(cell)}` : (editText(cell) ?? ''))
  const typed = (kind: TestKind, first = '', more: Partial<Typed> = {}): Typed => ({
    ...plainTyped,
    kind,
    first,
    ...more,
  })
  switch (test.test) {
    case 'null':
    case 'empty':
      return typed(test.test)
    case 'contains':
    case 'starts':
      return typed(test.test, test.text)
    case 'foreign':
      return null
    case 'scheme':
      return test.schemes.length === 1 ? typed('scheme', test.schemes[0]) : null
    case 'equals': {
      const truth = column ? truthOf(test.value, column) : null
      return truth === null ? typed('is', text(test.value)) : typed(truth ? 'true' : 'false')
    }
    case 'one-of': {
      const values = test.values.filter((value) => value !== null)
      const hasNull = values.length < test.values.length
      // A line break in a value would make two of it.
      return values.some((value) => /[\r\n]|^$/.test(text(value)))
        ? null
        : typed('one-of', values.map(text).join('\n'), { hasNull })
    }
    case 'range': {
      const day = column && dayOf(test, column)
      if (day) return typed('on', day)
      const { from, to } = test
      if (from && to) {
        const isBoth = from.isIncluded && to.isIncluded
        return isBoth ? typed('between', text(from.value), { second: text(to.value) }) : null
      }
      if (from) return typed(from.isIncluded ? 'at-least' : 'more', text(from.value))
      return to ? typed(to.isIncluded ? 'at-most' : 'less', text(to.value)) : null
    }
  }
}
