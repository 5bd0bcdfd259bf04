// Typed text to stored values and back: the stored type and the column's spelling stay, nothing is rounded, and what is no
// value is refused in words.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Cell } from '../../shared/cell.ts'
import type { Codec } from '../../shared/codecs.ts'
import type { MomentShape } from '../../shared/moments.ts'
import type { Dialect } from '../../shared/profiles.ts'
import type { Column, ColumnKind, Encoding } from '../../shared/tables.ts'
import { copyText, editText, inWords, look, storedWords, truthOf, valueInWords } from './cell-show.ts'
import { editModeOf, foreignWords, parseCell, toggled } from './cell-text.ts'

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

function parse(text: string, kind: ColumnKind, present: Cell | undefined, more: Partial<Column> = {}) {
  return parseCell(text, column(kind, more), { present, dialect: 'sqlite' })
}

/** What a server's column of a declared type takes. */
function parseAt(dialect: Dialect, type: string, kind: ColumnKind, text: string, more: Partial<Column> = {}) {
  return parseCell(text, column(kind, { type, ...more }), { present: null, dialect })
}

const letters: Codec = { kind: 'boolean', spelling: 'T/F' }
const numbers: Codec = { kind: 'boolean', spelling: 'integer' }
const shape: MomentShape = {
  of: 'datetime',
  separator: ' ',
  hasSeconds: true,
  fraction: { rule: 'fixed', digits: 0 },
  zone: 'none',
  storage: 'text',
}
const seconds: Codec = { kind: 'moment', shape }
const mixed = (...choices: Codec[]): Encoding => ({ basis: 'mixed', words: 'It is written in several ways.', choices })

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })

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
  test('bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 0, maxLength: 40 }),
        (value) => void expect(parse(copyText(value)!, 'binary', value)).toEqual({ value }),
      ),
    )
  })
})

describe('a column that has an encoding', () => {
  test('is toggled in its own spelling, and skips NULL where the column does', () => {
    const at = (codec: Codec, isNullable: boolean) => (present: Cell | undefined) =>
      toggled(present, { name: 'it', codec, isNullable })
    expect(['T', 'F', null].map(at(letters, true))).toEqual([{ value: 'F' }, { value: null }, { value: 'T' }])
    expect(['T', 'F', undefined].map(at(letters, false))).toEqual([{ value: 'F' }, { value: 'T' }, { value: 'T' }])
    expect([1n, 0n, null].map(at(numbers, true))).toEqual([{ value: 0n }, { value: null }, { value: 1n }])
    const bit: Codec = { kind: 'boolean', spelling: 'bit' }
    expect(at(bit, true)(new Uint8Array([1]))).toEqual({ value: new Uint8Array([0]) })
  })
  test('takes typed words and dates, and writes them as its owner does', () => {
    expect(parse('true', 'text', 'F', { codec: letters })).toEqual({ value: 'T' })
    expect(parse('0', 'text', null, { codec: letters })).toEqual({ value: 'F' })
    expect(parse('2024-02-29T01:02', 'datetime', null, { codec: seconds })).toEqual({ value: '2024-02-29 01:02:00' })
    expect(parse('2024-02-30', 'datetime', null, { codec: seconds })).toHaveProperty('error')
  })
  test('refuses every change of a row that holds something foreign', () => {
    const words = "This row holds '1', but it is written as the texts 'T' for true and 'F' for false."
    expect(foreignWords(column('text', { codec: letters }), '1')).toContain(words)
    expect(parse('T', 'text', '1', { codec: letters })).toHaveProperty('error')
    expect(toggled('1', { name: 'it', codec: letters, isNullable: true })).toHaveProperty('error')
    expect(foreignWords(column('text', { codec: letters }), 'F')).toBeNull()
  })
  test('says true and false, and what is stored for them', () => {
    const it = column('text', { codec: letters })
    expect(['T', 'F', null, '1'].map((cell) => truthOf(cell, it))).toEqual([true, false, null, null])
    expect(['T', 'F', null, '1'].map((cell) => valueInWords(cell, it))).toEqual(['true', 'false', 'NULL', '“1”'])
    expect(['T', null].map((cell) => storedWords(cell, it))).toEqual(["Stored as 'T'", null])
  })
})

describe('a column of several encodings', () => {
  const both = { encoding: mixed(letters, { kind: 'boolean', spelling: '1/0' }) }
  test('takes only the own spelling of the row, exactly as it is spelled', () => {
    expect(editModeOf(column('text', both), { present: 'T', dialect: 'sqlite' })).toBe('mixed')
    expect(parse('F', 'text', 'T', both)).toEqual({ value: 'F' })
    expect(parse('0', 'text', '1', both)).toEqual({ value: '0' })
    for (const typed of ['0', 'false', 'f']) expect(parse(typed, 'text', 'T', both)).toHaveProperty('error')
  })
  test('takes nothing where the row tells none', () => {
    for (const present of [null, undefined, 'x']) expect(parse('T', 'text', present, both)).toHaveProperty('error')
  })
  test('takes what is typed once a person says so', () => {
    const chosen = { encoding: { ...both.encoding, basis: 'chosen' as const } }
    expect(parse('anything', 'text', 'T', chosen)).toEqual({ value: 'anything' })
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
  test('bytes are typed where bytes belong, and not where text is damaged', () => {
    expect(parse('00FF', 'binary', null)).toEqual({ value: new Uint8Array([0, 255]) })
    for (const text of ['', '0', '0x0', 'xyz', '12 3']) expect(parse(text, 'binary', null)).toHaveProperty('error')
    expect(parse('00', 'text', new Uint8Array([0]), { type: 'TEXT' })).toHaveProperty('error')
  })
  test('length is counted in characters, not in bytes', () => {
    expect(parse('😀😀😀😀', 'text', '', { maxLength: 4 })).toEqual({ value: '😀😀😀😀' })
    expect(parse('abcde', 'text', '', { maxLength: 4 })).toHaveProperty('error')
  })
  test('half of a character is no text', () => {
    expect(parse('a\ud800', 'text', '')).toHaveProperty('error')
  })
})

describe('each engine takes what its types hold, and says so before', () => {
  test.each<[Dialect, string, ColumnKind, string, Cell]>([
    ['postgres', 'smallint', 'integer', '32767', 32767n],
    ['mysql', 'bigint(20) unsigned', 'integer', '18446744073709551615', 18446744073709551615n],
    ['postgres', 'bigint', 'integer', '-9223372036854775808', -(2n ** 63n)],
    ['postgres', 'numeric', 'decimal', '1.500', '1.500'],
    ['postgres', 'numeric(10,2)', 'decimal', '12345678.10', '12345678.10'],
    ['postgres', 'numeric(10,2)', 'decimal', '1.5000', '1.5000'],
    ['postgres', 'numeric', 'decimal', 'NaN', 'NaN'],
    ['postgres', 'double precision', 'real', '1e-300', '1e-300'],
    ['postgres', 'double precision', 'real', '-Infinity', '-Infinity'],
    [
      'mysql',
      'decimal(65,30)',
      'decimal',
      `${'9'.repeat(35)}.${'9'.repeat(30)}`,
      `${'9'.repeat(35)}.${'9'.repeat(30)}`,
    ],
    ['postgres', 'jsonb', 'other', '{"a": 1.0, "a": 9007199254740993}', '{"a": 1.0, "a": 9007199254740993}'],
    ['postgres', 'uuid', 'text', '6F1C0A52-9d3e-4b7a-8c21-0e5d4f3a2b19', '6F1C0A52-9d3e-4b7a-8c21-0e5d4f3a2b19'],
    ['postgres', 'integer[]', 'other', '{1,2,{3}}', '{1,2,{3}}'],
    ['postgres', 'text[]', 'other', '{"a}","b\\""}', '{"a}","b\\""}'],
    ['postgres', 'integer[]', 'other', '[0:1]={1,2}', '[0:1]={1,2}'],
    ['postgres', 'bit(3)', 'other', '101', '101'],
    ['mysql', "enum('a','it''s')", 'text', "it's", "it's"],
    ['postgres', 'bit varying', 'other', '0101', '0101'],
    ['mysql', 'bit(10)', 'binary', '0x03ff', new Uint8Array([3, 255])],
    ['mysql', 'varbinary(2)', 'binary', '0x03ff', new Uint8Array([3, 255])],
    ['mysql', 'text', 'text', 'a\0b', 'a\0b'],
    ['mysql', 'double', 'real', '2.5e10', 2.5e10],
    ['mysql', 'year(4)', 'text', '2155', '2155'],
    ['postgres', 'inet', 'other', 'whatever the server thinks of it', 'whatever the server thinks of it'],
  ])('%s %s (%s) takes %j', (dialect, type, kind, text, value) => {
    expect(parseAt(dialect, type, kind, text)).toEqual({ value })
  })

  test.each<[Dialect, string, ColumnKind, string]>([
    ['postgres', 'smallint', 'integer', '32768'],
    ['mysql', 'bigint(20) unsigned', 'integer', '-1'],
    ['mysql', 'bigint(20) unsigned', 'integer', '18446744073709551616'],
    ['mysql', 'tinyint(4)', 'integer', '128'],
    ['postgres', 'numeric(10,2)', 'decimal', '1.234'],
    ['postgres', 'numeric(10,2)', 'decimal', '123456789.1'],
    ['mysql', 'decimal(10,0)', 'decimal', '1.5'],
    ['mysql', 'decimal(10,2)', 'decimal', 'NaN'],
    ['postgres', 'numeric', 'decimal', '1,5'],
    ['postgres', 'double precision', 'real', 'much'],
    ['mysql', 'double', 'real', 'Infinity'],
    ['postgres', 'jsonb', 'other', "{'a': 1}"],
    ['mysql', 'json', 'other', ''],
    ['sqlite', 'JSON', 'text', '{'],
    ['postgres', 'uuid', 'text', '6f1c0a52'],
    ['postgres', 'integer[]', 'other', '1,2'],
    ['postgres', 'integer[]', 'other', '{1,2'],
    ['postgres', 'text[]', 'other', '{a}{b}'],
    ['postgres', 'bit(3)', 'other', '1010'],
    ['postgres', 'bit varying(3)', 'other', '1010'],
    ['postgres', 'bit varying', 'other', '102'],
    ['mysql', "enum('a','b')", 'text', 'c'],
    ['mysql', 'year(4)', 'text', '24'],
    ['mysql', 'bit(10)', 'binary', '0x04ff'],
    ['mysql', 'bit(10)', 'binary', '0xff'],
    ['mysql', 'varbinary(2)', 'binary', '0x03ff00'],
    ['postgres', 'text', 'text', 'a\0b'],
  ])('%s %s (%s) refuses %j', (dialect, type, kind, text) => {
    expect(parseAt(dialect, type, kind, text)).toHaveProperty('error')
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
