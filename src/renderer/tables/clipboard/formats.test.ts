// Cells as text for other programs: every digit, and NULL apart from empty text.
import { describe, expect, test } from 'vitest'
import type { Cell } from '../../../shared/cell.ts'
import type { Column, ColumnKind } from '../../../shared/tables.ts'
import { asCsv, asInList, asJson, asMarkdown, asTsv, formulaCount, isFormula } from './formats.ts'

const column = (name: string, kind: ColumnKind, more: Partial<Column> = {}): Column => ({
  name,
  type: kind,
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
})

const columns = [
  column('id', 'integer'),
  column('a,"b"', 'text'),
  column('n', 'decimal'),
  column('ok', 'boolean', { codec: { kind: 'boolean', spelling: 'T/F' } }),
  column('data', 'other', { type: 'jsonb' }),
  column('raw', 'binary'),
]
const rows: Cell[][] = [
  [
    9007199254740993n,
    'x|y\\\nz',
    '0.10000000000000000001',
    'T',
    '{"a": 12345678901234567890, "a": 1}',
    new Uint8Array([0, 255]),
  ],
  [-1n, '', null, null, 'not json', null],
]
const cells = { columns, rows }

test('CSV has the names first, and tells NULL from empty text', () => {
  expect(asCsv({ columns: columns.slice(0, 3), rows: rows.map((row) => row.slice(0, 3)) })).toBe(
    'id,"a,""b""",n\r\n9007199254740993,"x|y\\\nz",0.10000000000000000001\r\n-1,"",',
  )
})

test('JSON keeps every digit, and JSON as it is written', () => {
  expect(asJson(cells)).toBe(
    [
      '[',
      '  {"id": 9007199254740993, "a,\\"b\\"": "x|y\\\\\\nz", "n": 0.10000000000000000001, "ok": true, "data": {"a": 12345678901234567890, "a": 1}, "raw": "0x00ff"},',
      '  {"id": -1, "a,\\"b\\"": "", "n": null, "ok": null, "data": "not json", "raw": null}',
      ']',
    ].join('\n'),
  )
  expect(() => JSON.parse(asJson(cells)) as unknown).not.toThrow()
})

test('numbers that JSON does not have are text', () => {
  const odd = { columns: [column('r', 'real'), column('d', 'decimal')], rows: [[Infinity, 'NaN'], [-0, '+5']] as Cell[][] } // prettier-ignore
  expect(asJson(odd)).toBe('[\n  {"r": "Infinity", "d": "NaN"},\n  {"r": -0.0, "d": "+5"}\n]')
})

test('a value that the database chooses is left out of JSON, and empty elsewhere', () => {
  const unset = { columns: columns.slice(0, 2), rows: [[undefined, 'x']] }
  expect(asJson(unset)).toBe('[\n  {"a,\\"b\\"": "x"}\n]')
  expect(asTsv(unset)).toBe('\tx')
})

test('Markdown keeps the table together', () => {
  expect(asMarkdown({ columns: columns.slice(0, 2), rows: rows.map((row) => row.slice(0, 2)) })).toBe(
    ['| id | a,"b" |', '| ---: | --- |', '| 9007199254740993 | x\\|y\\\\<br>z |', '| -1 |  |'].join('\n'),
  )
})

test('an IN list has each value once, and no NULL', () => {
  expect(asInList(['1', 'NULL', "'a'", '1', 'NULL'])).toEqual({ text: "(1, 'a')", nulls: 2 })
})

describe('text that a spreadsheet would run', () => {
  test.each<[Cell, boolean]>([
    ['=1+1', true],
    ['@SUM(A1)', true],
    ['-cmd', true],
    ['+49 30 1', true],
    ['\t=1', true],
    ['-5', false],
    ['+1.5e3', false],
    [-5n, false],
    ['a=1', false],
    [null, false],
  ])('%s: %s', (cell, isRun) => expect(isFormula(cell)).toBe(isRun))

  test('is copied as it is, and with an apostrophe where a person asks for it', () => {
    const one = { columns: [column('t', 'text')], rows: [['=1'], ['x']] }
    expect(asTsv(one)).toBe('=1\nx')
    expect(asTsv(one, { hasSafeFormulas: true })).toBe("'=1\nx")
    expect(formulaCount(one)).toBe(1)
  })
})
