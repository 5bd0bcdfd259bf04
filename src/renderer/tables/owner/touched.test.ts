// What a save sets by itself is shown where it will be set, and nowhere else.
import { expect, test } from 'vitest'
import type { Codec } from '../../../shared/codecs.ts'
import type { Owner, Touch } from '../../../shared/owners.ts'
import type { Change, Column, Encoding } from '../../../shared/tables.ts'
import { entriesOf } from '../changes/change-entries.ts'
import { touchesOf, touchesOfChange } from './touched.ts'

const touch = (column: string, on: Touch['on']): Touch => ({ column, on, words: `GORM sets ${column}.` })
const touches = [touch('created_at', 'insert'), touch('updated_at', 'update')]
const update: Change = { kind: 'update', id: 'u', key: [1n], original: { email: 'a' }, values: { email: 'b' } }
const insert: Change = { kind: 'insert', id: 'i', values: { email: 'c' } }
const given: Change = { kind: 'insert', id: 'g', values: { email: 'd', updated_at: null } }
const gone: Change = { kind: 'delete', id: 'd', key: [2n], original: {} }
const named = (all: readonly Touch[]) => all.map(({ column }) => column)

test('a new row has both set, a changed one what every change sets, a given value stays, a delete sets nothing', () => {
  const of = (change: Change) => named(touchesOfChange(touches, change))
  expect([of(update), of(insert), of(given), of(gone)]).toEqual([
    ['updated_at'],
    ['created_at', 'updated_at'],
    ['created_at'],
    [],
  ])
})

test('the list of changes has a line for each, behind what a person staged', () => {
  const columns: Column[] = []
  const lines = entriesOf([update, gone], columns, [], false, touches)
  expect(lines.map(({ change, column, touch: set }) => [change.id, column, set?.column])).toEqual([
    ['u', null, undefined],
    ['u', 'email', undefined],
    ['u', 'updated_at', 'updated_at'],
    ['d', null, undefined],
  ])
  expect(entriesOf([update], columns, [], false, touches)[1]).toBe(lines[1])
  expect(entriesOf([update], columns, [], false, [])).toHaveLength(2)
})

test('a column is set in its codec, or as its owner writes; numbers and what a person leaves as typed are not', () => {
  const shape = { of: 'datetime', separator: ' ', hasSeconds: true, zone: 'none', storage: 'text' } as const
  const moment: Codec = { kind: 'moment', shape: { ...shape, fraction: { rule: 'fixed', digits: 6 } } }
  const said = (basis: Encoding['basis']): Encoding => ({ basis, words: '', choices: [] })
  const isSet = (codec: Codec | null, encoding: Encoding | null) => {
    const column = { name: 'updated_at', codec, encoding } as Column
    const owner: Owner = {
      ...{ name: 'gorm', writer: 'gorm', words: 'GORM v2', evidence: [], meanings: {} },
      ...{ user: null, touches },
    }
    return touchesOf({ owner, columns: [column] }).length === 1
  }
  expect(isSet(moment, said('values'))).toBe(true)
  expect(isSet(null, said('mixed'))).toBe(true)
  expect(isSet(null, said('chosen'))).toBe(false)
  expect(isSet({ kind: 'number', storage: 'integer' }, said('values'))).toBe(false)
  expect(isSet(null, null)).toBe(false)
})
