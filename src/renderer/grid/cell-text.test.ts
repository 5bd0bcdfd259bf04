// Typed text to stored values and back: the type stays, nothing is rounded, and what is no value is refused in words.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Cell } from '../../shared/cell.ts'
import type { Column, ColumnKind } from '../../shared/tables.ts'
import { copyText, editText, inWords, look } from './cell-show.ts'
import { editModeOf, parseCell, toggled } from './cell-text.ts'
import { example, spellingOf } from './date-text.ts'

function column(kind: ColumnKind, more: Partial<Column> = {}): Column {
  return {
    name: 'it',
    type: '',
    kind,
    isNullable: true,
    default: null,
    keyPosition: 0,
    isAutomatic: false,
    isGenerated: false,
    maxLength: null,
    isSecret: false,
    isIndexed: false,
    codec: null,
    encoding: null,
    ...more,
  }
}

function parse(text: string, kind: ColumnKind, present: Cell | undefined, others: Cell[] = []) {
  return parseCell(text, column(kind), { present, others })
}

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const digits = (length: number) =>
  fc.integer({ min: 0, max: 10 ** length - 1 }).map((n) => String(n).padStart(length, '0'))
const dateText = fc
  .record({
    date: fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T00:00:00Z'),
      noInvalidDate: true,
    }),
    separator: fc.constantFrom(' ', 'T'),
    fraction: fc.integer({ min: 0, max: 9 }).chain((n) => (n === 0 ? fc.constant('') : digits(n).map((d) => `.${d}`))),
    zone: fc.constantFrom('', '', 'Z', '+02:00', '-0330'),
  })
  .map(({ date, separator, fraction, zone }) => {
    const iso = date.toISOString().replace(/^[+-]\d\d/, '')
    return `${iso.slice(0, 10)}${separator}${iso.slice(11, 19)}${fraction}${zone}`
  })

describe('what an editor opens with is read as the very same value', () => {
  test('whole numbers of 64 bits', () => {
    fc.assert(fc.property(int64, (value) => void expect(parse(editText(value)!, 'integer', value)).toEqual({ value })))
    fc.assert(fc.property(int64, (value) => void expect(parse(editText(value)!, 'decimal', value)).toEqual({ value })))
  })
  test('floating point numbers, with -0 and infinities', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => {
        const back = parse(editText(value)!, 'real', value)
        expect('value' in back && Object.is(back.value, value)).toBe(true)
      }),
    )
  })
  test('text of any kind', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        (value) => void expect(parse(value, 'text', value)).toEqual({ value }),
      ),
    )
  })
  test('dates in any spelling', () => {
    fc.assert(
      fc.property(dateText, (value) => {
        expect(spellingOf(value)).not.toBeNull()
        expect(parse(editText(value)!, 'datetime', value)).toEqual({ value })
      }),
    )
  })
})

describe('the stored type decides', () => {
  test('an integer column takes no text, no fraction and no more than 64 bits', () => {
    expect(parse('9223372036854775807', 'integer', 1n)).toEqual({ value: 9223372036854775807n })
    expect(parse('9223372036854775808', 'integer', 1n)).toHaveProperty('error')
    for (const text of ['', ' ', '1.0', '1e3', 'abc', '0x10', '--1'])
      expect(parse(text, 'integer', 1n)).toHaveProperty('error')
  })
  test('5 stays 5 and 5.0 stays 5.0', () => {
    expect(parse('5', 'real', 1.5)).toEqual({ value: 5 })
    expect(parse('5', 'integer', 1n)).toEqual({ value: 5n })
    expect(look(5).text).toBe('5.0')
    expect(look(5n).text).toBe('5')
    expect(parse('1e999', 'real', 1)).toHaveProperty('error')
  })
  test('a boolean that holds letters is text, one that holds 0 and 1 is toggled', () => {
    expect(editModeOf(column('boolean'), { present: 1n, others: [] })).toBe('toggle')
    expect(editModeOf(column('boolean'), { present: null, others: [] })).toBe('toggle')
    expect(editModeOf(column('boolean'), { present: 'T', others: [] })).toBe('text')
    expect(editModeOf(column('boolean'), { present: null, others: [null, 'F'] })).toBe('text')
    expect(editModeOf(column('boolean'), { present: 2n, others: [] })).toBe('integer')
    expect(parse('F', 'boolean', 'T')).toEqual({ value: 'F' })
  })
  test('a boolean goes true, false, NULL, and skips NULL where the column does', () => {
    expect([1n, 0n, null].map((cell) => toggled(cell, true))).toEqual([0n, null, 1n])
    expect([1n, 0n, undefined].map((cell) => toggled(cell, false))).toEqual([0n, 1n, 1n])
  })
  test('a time stored as a number stays one', () => {
    expect(parse('1705314031', 'datetime', 1705314030n)).toEqual({ value: 1705314031n })
    expect(parse('2024-01-01 00:00:00', 'datetime', 1705314030n)).toHaveProperty('error')
  })
  test('binary is not typed', () => {
    expect(parse('00', 'binary', new Uint8Array([0]))).toHaveProperty('error')
    expect(parse('00', 'text', new Uint8Array([0]))).toHaveProperty('error')
  })
  test('length is counted in characters, not in bytes', () => {
    const four = column('text', { maxLength: 4 })
    expect(parseCell('😀😀😀😀', four, { present: '', others: [] })).toEqual({ value: '😀😀😀😀' })
    expect(parseCell('abcde', four, { present: '', others: [] })).toHaveProperty('error')
  })
})

describe('dates are written in the spelling of the row', () => {
  test.each([
    ['2024-02-29 01:02', '2020-01-01 00:00:00.000000', '2024-02-29 01:02:00.000000'],
    ['2024-02-29T01:02:03.5', '2020-01-01 00:00:00.000000', '2024-02-29 01:02:03.500000'],
    ['2024-02-29', '2020-01-01 00:00:00', '2024-02-29 00:00:00'],
    ['2024-02-29 01:02:03', '2020-01-01T00:00:00', '2024-02-29T01:02:03'],
    ['2024-02-29 01:02:03', '2020-01-01 00:00:00.123456789+02:00', '2024-02-29 01:02:03+02:00'],
    ['2024-02-29 01:02:03.12+01:00', '2020-01-01 00:00:00+02:00', '2024-02-29 01:02:03.12+01:00'],
    ['2024-02-29 01:02:03.000', '2020-01-01 00:00:00', '2024-02-29 01:02:03'],
    ['0001-01-01 00:00:00.000001', '2020-01-01 00:00:00.000000', '0001-01-01 00:00:00.000001'],
    ['2024-03-31 02:30:00', '2020-01-01 00:00:00', '2024-03-31 02:30:00'],
  ])('%s beside %s is %s', (typed, present, value) => expect(parse(typed, 'datetime', present)).toEqual({ value }))

  test.each([
    ['2023-02-29 00:00:00', '2020-01-01 00:00:00'],
    ['2024-13-01', '2020-01-01 00:00:00'],
    ['2024-04-31', '2020-01-01 00:00:00'],
    ['2024-01-01 24:00:00', '2020-01-01 00:00:00'],
    ['2024-01-01 00:00:60', '2020-01-01 00:00:00'],
    ['0000-01-01', '2020-01-01 00:00:00'],
    ['1.2.2024', '2020-01-01 00:00:00'],
    ['now', '2020-01-01 00:00:00'],
    ['', '2020-01-01 00:00:00'],
    ['2024-01-01 00:00:00.5', '2020-01-01 00:00:00'],
    ['2024-01-01 00:00:00Z', '2020-01-01 00:00:00'],
  ])('%s is refused beside %s, with an example that is accepted', (typed, present) => {
    const refused = parse(typed, 'datetime', present)
    expect(refused).toHaveProperty('error')
    const shown = 'error' in refused ? refused.error.split('Accepted here: ')[1]! : ''
    expect(parse(shown, 'datetime', present)).toHaveProperty('value')
  })

  test('a NULL takes the spelling of other rows, and six digits where there are none', () => {
    expect(parse('2024-01-01', 'datetime', null, [null, 'junk', '2020-01-01 00:00:00'])).toEqual({
      value: '2024-01-01 00:00:00',
    })
    expect(parse('2024-01-01', 'datetime', null, [null])).toEqual({ value: '2024-01-01 00:00:00.000000' })
    expect(parse('2024-01-01', 'date', null)).toEqual({ value: '2024-01-01' })
    expect(parse('2024-01-01 10:00', 'date', null)).toHaveProperty('error')
  })
  test('a bare date in a column of times is given its time as other rows spell it', () => {
    expect(parse('2024-01-02 03:04:05', 'datetime', '2024-01-01', ['2020-01-01 00:00:00.000'])).toEqual({
      value: '2024-01-02 03:04:05.000',
    })
  })
  test('every example is itself a date', () => {
    fc.assert(fc.property(dateText, (text) => void expect(spellingOf(example(spellingOf(text)!))).not.toBeNull()))
  })
})

describe('NULL, empty text and the word NULL are three things', () => {
  test('on the screen, in lists and on the clipboard', () => {
    const three: Cell[] = [null, '', 'NULL']
    expect(three.map((cell) => look(cell))).toEqual([
      { tone: 'null', text: 'NULL' },
      { tone: 'empty', text: '(empty)' },
      { tone: 'text', text: 'NULL' },
    ])
    expect(three.map(inWords)).toEqual(['NULL', '(empty)', '“NULL”'])
    expect(three.map(copyText)).toEqual([null, '', 'NULL'])
  })
  test('a typed NULL is a text, and an emptied text is the empty text', () => {
    expect(parse('NULL', 'text', null)).toEqual({ value: 'NULL' })
    expect(parse('', 'text', 'x')).toEqual({ value: '' })
  })
})

test('secrets and binary values are named, not shown', () => {
  expect(look({ secret: 'argon2id' })).toEqual({ tone: 'secret', text: '•••••• argon2id' })
  expect(look(new Uint8Array([0, 255]))).toEqual({ tone: 'binary', text: '0x00ff (2 bytes)' })
  expect(look(new Uint8Array(2048), 70_000).text).toBe('0x000000000000000000000000… (70,000 bytes)')
  expect(look('begin', 9_000).text).toBe('begin…')
})
