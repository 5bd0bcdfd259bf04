// The order in which columns are shown: pinned ones first, hidden ones not at all.
import { expect, test } from 'vitest'
import type { ColumnLayout } from '../../shared/table-settings.ts'
import type { Column } from '../../shared/tables.ts'
import { columnsInOrder, pinnedNames, plainLayout } from './column-order.ts'

const column = (name: string, keyPosition = 0) => ({ name, keyPosition, kind: 'text' }) as Column
const columns = [column('name'), column('email'), column('id', 1), column('active')]
const shown = (layout: Partial<ColumnLayout> = {}) =>
  columnsInOrder(columns, { ...plainLayout, ...layout }).map(({ name }) => name)

test('where nobody chose, the key and the email stand at the start', () => {
  expect(pinnedNames(columns, plainLayout)).toEqual(['email', 'id'])
  expect(shown()).toEqual(['email', 'id', 'name', 'active'])
  expect(shown({ order: ['id', 'email'] })).toEqual(['id', 'email', 'name', 'active'])
})

test('a person may pin others, or none', () => {
  expect(shown({ pinned: [] })).toEqual(['name', 'email', 'id', 'active'])
  expect(shown({ pinned: ['active'], order: ['active', 'id'] })).toEqual(['active', 'id', 'name', 'email'])
})

test('hidden columns are left out, pinned or not', () => {
  expect(shown({ hidden: { email: false, name: false, active: true } })).toEqual(['id', 'active'])
})
