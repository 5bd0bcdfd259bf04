// What stands beside a change when it is sent: never a secret, never the beginning of a value.
import { expect, test } from 'vitest'
import type { Column, TableDescription } from '../../shared/tables.ts'
import { wholeCell } from '../grid/grid-line.ts'
import type { GridRow } from '../grid/row-blocks.ts'
import { itemsOf } from './describe-change.ts'
import { guard, missingValues } from './guards.ts'
import { hexDump } from './hex-dump.ts'

function column(name: string, more: Partial<Column> = {}): Column {
  return {
    name,
    type: '',
    kind: 'text',
    isNullable: false,
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

const columns = [
  column('id', { kind: 'integer', isAutomatic: true, keyPosition: 1 }),
  column('email'),
  column('password', { isSecret: true, isNullable: true }),
  column('note', { isNullable: true }),
  column('active', { kind: 'boolean', default: '1', codec: { kind: 'boolean', spelling: 'integer' } }),
]
const description = {
  name: 'auth_user',
  dialect: 'sqlite' as const,
  kind: 'table' as const,
  columns,
  key: ['id'],
  unique: [],
  readOnly: null,
  references: [],
  notes: [],
  owner: null,
}
const row: GridRow = {
  id: '["i1"]',
  key: [1n],
  cells: [1n, 'a@example.com', { secret: 'argon2id' }, 'the beginn', null],
  cut: new Map([[3, 9_000]]),
}

test('a delete is guarded by every cell that was seen whole, also by NULL', () => {
  expect(guard(description, row)).toEqual({ id: 1n, email: 'a@example.com', active: null })
  const locked = { ...row, cells: [1n, 'a@example.com', null, 'x', null] }
  expect(guard(description, locked)).toEqual({ id: 1n, email: 'a@example.com', active: null })
})

test('a cut or secret cell has no whole value, and a staged one has its own', () => {
  const line = { id: row.id, row, change: undefined }
  expect(wholeCell(line, columns[3]!, 3)).toBe('cut')
  expect(wholeCell(line, columns[2]!, 2)).toBe('secret')
  expect(wholeCell(line, columns[4]!, 4)).toEqual({ cell: null })
  const change = { kind: 'update' as const, id: row.id, key: [1n], original: { note: 'all' }, values: { note: 'new' } }
  expect(wholeCell({ ...line, change }, columns[3]!, 3)).toEqual({ cell: 'new' })
})

test('a new row needs what is NOT NULL without a default, and nothing else', () => {
  const insert = (values: Record<string, null | string>) => [{ kind: 'insert' as const, id: 'new 1', values }]
  const missing = (values: Record<string, null | string>) =>
    missingValues(description, insert(values)).map((each) => each.column.name)
  expect(missing({})).toEqual(['email'])
  expect(missing({ email: null })).toEqual(['email'])
  expect(missing({ email: '' })).toEqual([])
  const touches = [{ column: 'email', on: 'insert' as const, words: 'Set by rule.' }]
  const set = { columns, owner: { touches } as unknown as TableDescription['owner'] }
  expect(missingValues(set, insert({}))).toEqual([])
})

test('changes are told in the order of the columns, booleans as true and false', () => {
  const items = itemsOf(
    [
      { kind: 'update', id: '1', key: [1n], original: { active: 1n, email: 'a' }, values: { active: 0n, email: '' } },
      { kind: 'insert', id: '2', values: { email: 'b' } },
      { kind: 'delete', id: '3', key: [3n], original: { email: 'c' } },
    ],
    description,
  )
  expect(items.map(({ where, cell, row: whole }) => [where, cell ? `${cell.old} → ${cell.new}` : whole])).toEqual([
    ['row id 1, email', '“a” → (empty)'],
    ['row id 1, active', 'true → false'],
    ['new row', 'email “b”'],
    ['row id 3', 'delete “c”'],
  ])
})

test('bytes are shown with their offset and their letters', () => {
  const lines = hexDump(new TextEncoder().encode('auth_user\0 and more')).split('\n')
  expect(lines[0]).toBe('00000000  61 75 74 68 5f 75 73 65  72 00 20 61 6e 64 20 6d  auth_user· and m')
  expect(lines[1]).toBe(`00000010  6f 72 65${' '.repeat(42)}ore`)
})
