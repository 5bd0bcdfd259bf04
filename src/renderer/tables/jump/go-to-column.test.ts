// Which column "Go to …" is about, and what is made of what is typed.
import { expect, test } from 'vitest'
import type { Column, TableDescription } from '../../../shared/tables.ts'
import { goToColumn, parseGoTo } from './go-to-column.ts'

const column = (name: string, more: Partial<Column> = {}): Column => ({
  ...{ name, type: '', kind: 'text', isNullable: true, default: null, keyPosition: 0, isAutomatic: false },
  ...{ isGenerated: false, maxLength: null, isSecret: false, isIndexed: true, codec: null, encoding: null },
  ...more,
})
const moment = (storage: 'text' | 'postgres'): Column['codec'] => ({
  kind: 'moment',
  shape: {
    ...{ of: 'datetime', separator: ' ', hasSeconds: true, zone: 'none', storage },
    fraction: { rule: 'trimmed', digits: 6 },
  },
})

test('the sorted column, else the email, else where one stands', () => {
  const description = (columns: Column[]): TableDescription => ({
    ...{ name: 't', dialect: 'sqlite', kind: 'table', key: ['id'], unique: [], readOnly: null },
    ...{ references: [], notes: [], owner: null, columns },
  })
  const all = description([column('id'), column('email'), column('password', { isSecret: true }), column('name')])
  const nameOf = (sort: string | null, at = 'name', of = all) =>
    goToColumn({
      description: of,
      sort: sort === null ? null : { column: sort, direction: 'asc' },
      current: { column: at },
    })?.name
  expect([nameOf('name'), nameOf(null), nameOf('password')]).toEqual(['name', 'email', 'email'])
  const noEmail = description([column('id'), column('name'), column('password', { isSecret: true })])
  expect([nameOf(null, 'name', noEmail), nameOf(null, 'password', noEmail)]).toEqual(['name', 'id'])
})

test('text and stored dates are taken as they begin, numbers and native dates as values', () => {
  expect(parseGoTo(' ann@', column('email'), 'sqlite')).toEqual({ value: 'ann@' })
  expect(parseGoTo('2024-05', column('at', { codec: moment('text') }), 'sqlite')).toEqual({ value: '2024-05' })
  expect(parseGoTo('70', column('id', { kind: 'integer', type: 'integer' }), 'sqlite')).toEqual({ value: 70n })
  const native = column('at', { kind: 'datetime', type: 'timestamp', codec: moment('postgres') })
  expect(parseGoTo('2024-05', native, 'postgres')).toEqual({ value: '2024-05-01 00:00:00' })
  expect(parseGoTo('2024', native, 'postgres')).toEqual({ value: '2024-01-01 00:00:00' })
})

test('what is no value is told what is expected', () => {
  expect(parseGoTo('', column('email'), 'sqlite')).toEqual({ error: 'Type the email to go to, or how it begins.' })
  expect(parseGoTo('x', column('id', { kind: 'integer', type: 'integer' }), 'sqlite')).toHaveProperty('error')
})
