// Text of rows and fields: what is written is read as the very same fields, and what spreadsheets write is read as they mean it.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readDelimited, readPasted, writeDelimited, type Field } from './delimited.ts'

const runs = { numRuns: import.meta.env.VERIFY === 'full' ? 20_000 : 300, seed: 5 }
const field = fc.oneof(
  fc.constant<Field>(null),
  fc.constantFrom<Field>('', '"', '""', 'a"b', '"a"b', 'a\tb', 'a,b', 'a\nb', 'a\r\nb', '\r', ' x ', '=1'),
  fc.string({ unit: 'grapheme', maxLength: 8 }).map((text): Field => text),
)
const block = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 5 })).chain(([width, height]) => {
  const row = fc.array(field, { minLength: width, maxLength: width })
  return fc.array(row, { minLength: height, maxLength: height })
})

describe('written and read again', () => {
  test.each([
    ['TSV', '\t', '\n'],
    ['CSV', ',', '\r\n'],
    ['CSV of semicolons', ';', '\n'],
  ])('%s keeps every field, NULL and empty text apart', (_, delimiter, lineBreak) => {
    fc.assert(
      fc.property(block, (rows) => {
        const text = writeDelimited(rows, delimiter, lineBreak)
        expect(readDelimited(text, delimiter)).toEqual(rows)
      }),
      runs,
    )
  })

  test('a block of TSV that is pasted is that block', () => {
    fc.assert(
      fc.property(block, (rows) => {
        const text = writeDelimited(rows, '\t', '\n')
        const pasted = readPasted(text)
        const isOneColumn = rows[0]?.length === 1
        // One column looks like lines, or like CSV; a single cell like any text.
        if (!isOneColumn) expect(pasted).toEqual({ rows, by: 'tabs' })
      }),
      runs,
    )
  })
})

describe('what others write', () => {
  test.each<[string, string, Field[][]]>([
    ['a last line break ends the last row', 'a\tb\r\nc\td\r\n', [['a', 'b'], ['c', 'd']]], // prettier-ignore
    ['an empty field is NULL', 'a\t\t\nb\t\tc', [['a', null, null], ['b', null, 'c']]], // prettier-ignore
    ['a quoted field may hold lines and tabs', '"a\r\nb\t""c"""\td\n', [['a\r\nb\t"c"', 'd']]],
    ['quotes that enclose no field are letters', '"a" b\t5" disk\t"x', [['"a" b', '5" disk', '"x']]],
    ['a row of one empty field', '\na\n', [[null], ['a']]],
  ])('%s', (_, text, rows) => expect(readDelimited(text, '\t')).toEqual(rows))

  test.each([
    ['one line is one value, whatever is in it', 'a, "b"; c', { text: 'a, "b"; c' }],
    ['lines of one width with commas are CSV', 'a,b\n"c,1",\n', { rows: [['a', 'b'], ['c,1', null]], by: 'commas' }], // prettier-ignore
    ['semicolons too', 'a;b\nc;d', { rows: [['a', 'b'], ['c', 'd']], by: 'commas' }], // prettier-ignore
    ['lines of several widths are lines', 'Hello, you\nbye', { rows: [['Hello, you'], ['bye']], by: 'lines' }],
  ])('%s', (_, text, pasted) => expect(readPasted(text)).toEqual(pasted))
})
