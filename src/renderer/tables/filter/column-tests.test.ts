// The tests that a column offers, what is stored in a condition for what is typed, and the words of it.
import { describe, expect, test } from 'vitest'
import type { Cell } from '../../../shared/cell.ts'
import type { Codec } from '../../../shared/codecs.ts'
import { WEAK, where, type Test } from '../../../shared/filters.ts'
import type { Dialect } from '../../../shared/profiles.ts'
import type { Column } from '../../../shared/tables.ts'
import {
  offeredFor,
  parseTyped,
  plainTyped,
  testLabel,
  testsOf,
  typedOf,
  type TestKind,
  type Typed,
} from './column-tests.ts'
import { conditionInWords, filterInWords } from './filter-words.ts'

function column(
  name: string,
  type: string,
  kind: Column['kind'],
  codec: Codec | null = null,
  more: Partial<Column> = {},
) {
  return {
    ...{ name, type, kind, codec, encoding: null, isNullable: true, default: null, keyPosition: 0 },
    ...{ isAutomatic: false, isGenerated: false, maxLength: null, isSecret: false, isIndexed: false },
    ...more,
  } satisfies Column
}
const moment = (digits: number, storage: 'text' | 'postgres' = 'text'): Codec => ({
  kind: 'moment',
  shape: {
    ...{ of: 'datetime', separator: ' ', hasSeconds: true, zone: 'none', storage },
    fraction: { rule: storage === 'text' ? 'fixed' : 'trimmed', digits },
  },
})
const columns = {
  email: column('email', 'varchar(10)', 'text', null, { maxLength: 10 }),
  note: column('note', 'text', 'text', null, { isNullable: false }),
  active: column('active', 'char(1)', 'text', { kind: 'boolean', spelling: 'T/F' }),
  flag: column('flag', 'boolean', 'boolean', { kind: 'boolean', spelling: 'integer' }),
  created: column('created', 'datetime', 'datetime', moment(6)),
  seconds: column('seconds', 'timestamp', 'datetime', moment(0)),
  id: column('id', 'integer', 'integer'),
  price: column('price', 'numeric(10,2)', 'decimal'),
  photo: column('photo', 'blob', 'binary'),
  mood: column('mood', "enum('calm','angry')", 'text'),
}
type Name = keyof typeof columns
const all = Object.values<Column>(columns)

const typed = (kind: TestKind, first = '', second = '', hasNull = false): Typed => ({
  ...plainTyped,
  ...{ kind, first, second, hasNull },
})
const parse = (name: Name | null, form: Typed, dialect: Dialect = 'sqlite') =>
  parseTyped(form, name === null ? null : columns[name], dialect)
const at = (value: Cell, isIncluded: boolean) => ({ value, isIncluded })

test('a secret column is asked for its scheme, for empty and for NULL alone', () => {
  const password = column('password', 'varchar(255)', 'text', null, { isSecret: true })
  expect(testsOf(password)).toEqual(['scheme', 'empty', 'null'])
  expect(testsOf({ ...password, isNullable: false })).toEqual(['scheme', 'empty'])
  expect(parseTyped(typed('scheme', 'bcrypt'), password, 'sqlite')).toEqual({
    value: { test: 'scheme', schemes: ['bcrypt'] },
  })
  expect(parseTyped(typed('scheme'), password, 'sqlite')).toMatchObject({ error: 'Choose a scheme.' })
  expect(typedOf({ test: 'scheme', schemes: ['bcrypt'] }, password)).toEqual(typed('scheme', 'bcrypt'))
  expect(offeredFor('scheme', password).map(({ value }) => value)).toContain('argon2id')
  const words = (test: Test, isNot = false) => conditionInWords(where('password', test, isNot), [password])
  expect(words({ test: 'scheme', schemes: ['bcrypt', 'unknown'] })).toBe(
    'password is a hash of bcrypt or no known hash',
  )
  expect(words({ test: 'scheme', schemes: [WEAK] }, true)).toBe('password is not a weak hash')
})

test('what is written otherwise is said in words, and is not typed', () => {
  const letters = columns.active.codec as Codec
  expect(typedOf({ test: 'foreign', to: letters }, columns.active)).toBeNull()
  const words = (test: Test, isNot = false) => conditionInWords(where('active', test, isNot), all)
  expect(words({ test: 'foreign', to: letters })).toBe(
    "active is not written as the texts 'T' for true and 'F' for false",
  )
  expect(words({ test: 'foreign', to: { kind: 'hex', digits: 32 } }, true)).toBe(
    'active is written as 32 hexadecimal digits',
  )
})

test('only what fits the column is offered', () => {
  expect(testsOf(columns.active)).toEqual(['true', 'false', 'null'])
  expect(testsOf(columns.created)).toEqual(['on', 'less', 'at-most', 'more', 'at-least', 'between', 'is', 'null'])
  expect(testLabel('less', columns.created)).toBe('is before')
  expect(testsOf(columns.id)).not.toContain('contains')
  expect(testsOf(columns.note)).toEqual(['contains', 'starts', 'is', 'one-of', 'empty'])
  expect(testsOf(columns.photo)).toEqual(['is', 'empty', 'null'])
  expect(testsOf(null)).toEqual(['contains', 'starts', 'is'])
})

const cases: [name: Name | null, form: Typed, test: Test, words: string, negated: string][] = [
  ['active', typed('true'), { test: 'equals', value: 'T' }, 'active is true', 'active is not true'],
  ['flag', typed('false'), { test: 'equals', value: 0n }, 'flag is false', 'flag is not false'],
  [
    'created',
    typed('less', '2024-01-01'),
    { test: 'range', from: null, to: at('2024-01-01 00:00:00.000000', false) },
    'created before 2024-01-01 00:00:00.000000',
    'created is not before 2024-01-01 00:00:00.000000',
  ],
  [
    'created',
    typed('on', '2024-02-29'),
    { test: 'range', from: at('2024-02-29 00:00:00.000000', true), to: at('2024-03-01 00:00:00.000000', false) },
    'created is on 2024-02-29',
    'created is not on 2024-02-29',
  ],
  [
    'seconds',
    typed('on', '2024-12-31'),
    { test: 'range', from: at('2024-12-31 00:00:00', true), to: at('2025-01-01 00:00:00', false) },
    'seconds is on 2024-12-31',
    'seconds is not on 2024-12-31',
  ],
  [
    'id',
    typed('between', '5', '7'),
    { test: 'range', from: at(5n, true), to: at(7n, true) },
    'id is between 5 and 7',
    'id is not between 5 and 7',
  ],
  ['id', typed('is', '5'), { test: 'equals', value: 5n }, 'id = 5', 'id ≠ 5'],
  ['id', typed('more', '5'), { test: 'range', from: at(5n, false), to: null }, 'id > 5', 'id is not > 5'],
  [
    'id',
    typed('one-of', '1\n2\n3\n4', '', true),
    { test: 'one-of', values: [null, 1n, 2n, 3n, 4n] },
    'id is one of NULL, 1, 2 and 2 more',
    'id is not one of NULL, 1, 2 and 2 more',
  ],
  [
    'email',
    typed('contains', '@x'),
    { test: 'contains', text: '@x' },
    'email contains “@x”',
    'email does not contain “@x”',
  ],
  [
    'email',
    typed('starts', ' a'),
    { test: 'starts', text: ' a' },
    'email starts with “ a”',
    'email does not start with “ a”',
  ],
  ['email', typed('null'), { test: 'null' }, 'email is NULL', 'email is not NULL'],
  ['note', typed('empty'), { test: 'empty' }, 'note is empty', 'note is not empty'],
  ['mood', typed('is', 'calm'), { test: 'equals', value: 'calm' }, 'mood is “calm”', 'mood is not “calm”'],
  [
    'photo',
    typed('is', '0x00ff'),
    { test: 'equals', value: Uint8Array.of(0, 255) },
    'photo is 0x00ff (2 bytes)',
    'photo is not 0x00ff (2 bytes)',
  ],
  [
    null,
    typed('contains', 'ann'),
    { test: 'contains', text: 'ann' },
    'any text contains “ann”',
    'any text does not contain “ann”',
  ],
]

test.each(cases)('%s %o', (name, form, expected, words, negated) => {
  const dialect = name === 'mood' ? 'mysql' : 'sqlite'
  expect(parse(name, form, dialect)).toEqual({ value: expected })
  expect(conditionInWords(where(name, expected), all)).toBe(words)
  expect(conditionInWords(where(name, expected, true), all)).toBe(negated)
  // What was typed stands in the form again, in the spelling of the column.
  const again = typedOf(expected, name === null ? null : columns[name])
  expect(again && parse(name, again, dialect)).toEqual({ value: expected })
  expect(again?.kind).toBe(form.kind)
})

describe('what is no value says what is expected', () => {
  const bad: [name: Name, form: Typed, error: RegExp, field: 'first' | 'second'][] = [
    ['created', typed('less', 'soon'), /No such date\. Accepted here: 2024-01-31 09:30:00/, 'first'],
    ['created', typed('on', '2024-02-30'), /No such day/, 'first'],
    ['created', typed('on', '2024-02-29 10:00'), /No such day/, 'first'],
    ['created', typed('between', '2024-01-01', 'x'), /No such date/, 'second'],
    ['id', typed('is', 'abc'), /not a whole number/, 'first'],
    ['id', typed('one-of', '1\nx'), /^Line 2: “x” is not a whole number/, 'first'],
    ['id', typed('one-of', '\n\n'), /one on each line/, 'first'],
    ['id', typed('one-of', '1\n'.repeat(1001)), /1001 values; up to 1000/, 'first'],
    ['email', typed('contains', ''), /Type the text/, 'first'],
    ['mood', typed('is', 'glad'), /none of “calm”, “angry”/, 'first'],
  ]
  test.each(bad)('%s %o', (name, form, error, field) => {
    const found = parse(name, form, name === 'mood' ? 'mysql' : 'sqlite')
    expect(found).toEqual({ error: expect.stringMatching(error) as string, field })
  })
})

test('a text that is longer than the column can still be asked for', () => {
  expect(parse('email', typed('is', 'longer than ten'))).toEqual({
    value: { test: 'equals', value: 'longer than ten' },
  })
})

test('what no form has a place for is begun anew rather than shown wrong', () => {
  expect(typedOf({ test: 'range', from: at(1n, true), to: at(2n, false) }, columns.id)).toBeNull()
  expect(typedOf({ test: 'one-of', values: ['a\nb', 'c'] }, columns.note)).toBeNull()
})

test('a whole filter in words has brackets where they are needed', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((text) => where('note', { test: 'equals', value: text }))
  const inner = { kind: 'group' as const, join: 'or' as const, parts: [b!, c!] }
  expect(filterInWords({ kind: 'group', join: 'and', parts: [a!, inner] }, all)).toBe(
    'note is “a” and (note is “b” or note is “c”)',
  )
})
