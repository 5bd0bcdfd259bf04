// What the database made of typed values is pointed out where it is another value, and not where it is another spelling.
import { expect, test } from 'vitest'
import type { Cell } from '../../shared/cell.ts'
import type { Column } from '../../shared/tables.ts'
import { storedDifferences } from './stored-differences.ts'

const column = (kind: Column['kind'], more: Partial<Column> = {}): Column => ({
  name: 'c',
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
})

function words(typed: Cell, stored: Cell, of: Column): string[] {
  const change = { kind: 'insert' as const, id: 'x', values: { c: typed } }
  const answer = { columns: ['id', 'c'], rows: [{ key: [1n], cells: [1n, stored] }] }
  return storedDifferences({ columns: [of] }, [change], answer).map((each) => each.words)
}

test.each<[what: string, typed: Cell, stored: Cell, of: Column, expected: string[]]>([
  ['cut text', 'x'.repeat(31), 'x'.repeat(20), column('text'), ['The database stored 20 of 31 characters of c.']],
  ['letters beyond 16 bits', '👋👋👋', '👋', column('text'), ['The database stored 1 of 3 characters of c.']],
  ['what a trigger wrote', 'Ann', 'ann', column('text'), ['The database stored “ann” for c, not “Ann”.']],
  ['a default in place of NULL', null, 'x', column('text'), ['The database stored “x” for c, not NULL.']],
  ['nothing instead of text', 'x', '', column('text'), ['The database stored (empty) for c, not “x”.']],
  ['cut bytes', new Uint8Array(3), new Uint8Array(2), column('binary'), ['The database stored 2 of 3 bytes of c.']],
  ['a rounded number', '1.255', '1.26', column('decimal'), ['The database stored 1.26 for c, not 1.255.']],
  ['the same number', '1.5', '1.50', column('decimal'), []],
  ['a long number', '12345678901234567890.10', '12345678901234567890.1', column('decimal'), []],
  [
    'a long number, one digit off',
    '12345678901234567891',
    '12345678901234567890',
    column('decimal'),
    [expect.anything() as string],
  ],
  ['the same JSON', '{"b":1,"a":[2]}', '{"a": [2], "b": 1}', column('other', { type: 'jsonb' }), []],
  ['the same value', 5n, 5n, column('integer'), []],
])('%s', (_, typed, stored, of, expected) => expect(words(typed, stored, of)).toEqual(expected))
