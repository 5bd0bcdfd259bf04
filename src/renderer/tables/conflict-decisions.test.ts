// Decisions about rows that changed elsewhere: what is staged after them, in one step that can be undone.
import { describe, expect, test } from 'vitest'
import type { Column, Conflict, TableDescription } from '../../shared/tables.ts'
import { rowIdOf } from '../grid/row-id.ts'
import { deleteRows, editMany, nothingStaged, undo } from './changes.ts'
import { decide, madeAnew, type CellDecision } from './conflict-decisions.ts'
import { chooseAll, chooseCell, chooseRow, choiceOf, isDecided, type Choices } from './conflicts/conflict-choices.ts'

const set = (row: bigint, column: string, value: string) => ({
  do: 'set' as const,
  key: [row],
  column,
  original: `${column} was`,
  value,
})
const conflict = (row: bigint, columns: string[], isGone = false): Conflict => ({
  changeId: rowIdOf([row]),
  key: [row],
  isGone,
  columns: columns.map((column) => ({
    column,
    base: `${column} was`,
    theirs: `${column} theirs`,
    mine: `${column} mine`,
  })),
})
const staged = editMany(nothingStaged, [
  set(1n, 'a', 'a mine'),
  set(1n, 'b', 'b mine'),
  set(1n, 'c', 'c mine'),
  set(2n, 'a', 'a mine'),
])

describe('one row, cell by cell', () => {
  const cells = (all: Record<string, CellDecision>) =>
    decide(staged, [conflict(1n, ['a', 'b'])], () => ({ row: 'cells', cells: new Map(Object.entries(all)) }))

  test('mine is guarded by theirs, theirs is not staged, an edit is a value of its own; the rest stays', () => {
    const after = cells({ a: { take: 'mine' }, b: { take: 'theirs' } })
    expect(after.changes[0]).toMatchObject({
      original: { a: 'a theirs', c: 'c was' },
      values: { a: 'a mine', c: 'c mine' },
    })
    expect(cells({ a: { take: 'edit', value: 'third' }, b: { take: 'edit', value: null } }).changes[0]).toMatchObject({
      original: { a: 'a theirs', b: 'b theirs' },
      values: { a: 'third', b: null },
    })
    expect(after.changes[1]).toBe(staged.changes[1])
    expect(undo(after).changes).toEqual(staged.changes)
  })

  test('an edit to what is stored already leaves nothing to write', () => {
    expect(cells({ a: { take: 'edit', value: 'a theirs' }, b: { take: 'theirs' } }).changes[0]).toMatchObject({
      original: { c: 'c was' },
      values: { c: 'c mine' },
    })
  })
})

test('thousands are one step', () => {
  const many = editMany(
    nothingStaged,
    Array.from({ length: 5_000 }, (_, row) => set(BigInt(row), 'a', 'a mine')),
  )
  const conflicts = Array.from({ length: 5_000 }, (_, row) => conflict(BigInt(row), ['a']))
  const theirs = decide(many, conflicts, () => ({ row: 'theirs' }))
  expect([theirs.changes.length, theirs.past.length, undo(theirs).changes.length]).toEqual([0, 2, 5_000])
})

test('a row that is gone is dropped, or made anew', () => {
  const gone = conflict(1n, [], true)
  expect(decide(staged, [gone], () => ({ row: 'theirs' })).changes).toEqual([staged.changes[1]])
  const anew = decide(staged, [gone], () => ({ row: 'insert', id: 'new 1', values: { a: 'x' } }))
  expect(anew.changes[0]).toEqual({ kind: 'insert', id: 'new 1', values: { a: 'x' } })
  const marked = deleteRows(nothingStaged, [{ key: [1n], original: { a: 'a was' } }])
  expect(decide(marked, [gone], () => ({ row: 'theirs' })).changes).toEqual([])
})

describe('what a new row in place of one that is gone holds', () => {
  const column = (name: string, more: Partial<Column> = {}): Column => ({
    name,
    type: 'text',
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
  })
  const table = (...columns: Column[]): TableDescription => ({
    name: 'auth_user',
    dialect: 'sqlite',
    kind: 'table',
    columns,
    key: ['id'],
    unique: [],
    readOnly: null,
    references: [],
    notes: [],
    owner: null,
  })
  const change = editMany(nothingStaged, [set(1n, 'email', 'mine')]).changes[0]
  if (change?.kind !== 'update') throw new Error('An update was staged.')
  const id = column('id', { isAutomatic: true })

  test('my edits, what was seen, and a session key of its own; the key is left to the database', () => {
    const description = table(
      id,
      column('email'),
      column('name'),
      column('fs_uniquifier'),
      column('note', { isNullable: true }),
    )
    const made = madeAnew(description, change, ['id'], [1n, 'seen', 'Ann', 'old key', undefined])
    expect(made).toEqual({
      values: { email: 'mine', name: 'Ann', fs_uniquifier: expect.stringMatching(/^[0-9a-f]{32}$/) as string },
    })
  })
  test('a key that nobody else makes is kept', () => {
    const description = table(column('id'), column('email'))
    expect(madeAnew(description, change, ['id'], [])).toEqual({ values: { id: 1n, email: 'mine' } })
  })
  test('it is not offered while a value that is needed is not known: cut, secret, or never read', () => {
    const description = table(id, column('email'), column('name'), column('password'))
    const made = madeAnew(description, change, ['id'], [1n, 'seen', undefined, { secret: 'bcrypt' }])
    expect(made).toEqual({ error: expect.stringMatching(/name, password/) as string })
  })
})

test('choices: a cell overrides the row, and a row is decided when all its cells are', () => {
  const two = conflict(1n, ['a', 'b'])
  const none: Choices = new Map()
  const one = chooseCell(none, two, 'a', { take: 'theirs' })
  expect([isDecided(none, two), isDecided(one, two)]).toEqual([false, false])
  const whole = chooseRow(none, two, { row: 'mine' })
  const mixed = chooseCell(whole, two, 'b', { take: 'theirs' })
  expect(isDecided(mixed, two)).toBe(true)
  expect([choiceOf(mixed, two, 'a'), choiceOf(mixed, two, 'b')]).toEqual([{ take: 'mine' }, { take: 'theirs' }])
  expect(isDecided(chooseCell(mixed, two, 'b', undefined), two)).toBe(false)
  const gone = conflict(2n, [], true)
  const all = chooseAll(none, [two, gone], 'mine')
  expect([isDecided(all, two), isDecided(all, gone)]).toEqual([true, false])
})
