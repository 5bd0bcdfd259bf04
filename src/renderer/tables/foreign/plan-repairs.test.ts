// What is staged of repairs: no word of a person is overwritten, and no more rows than one save takes.
import { expect, test } from 'vitest'
import { MOST_CHANGES, type Change } from '../../../shared/tables.ts'
import { rowIdOf } from '../../grid/row-id.ts'
import { deleteRows, editMany, nothingStaged, setCell } from '../changes.ts'
import { planRepairs } from './plan-repairs.ts'

const cell = (id: number, column = 'active') => ({ key: [BigInt(id)], column, original: '1', value: 'F' })

test('edits of the same cells stay, rows that are to be deleted are left alone, others are joined', () => {
  const edited = setCell(nothingStaged, [1n], 'active', '1', 'T')
  const other = setCell(edited, [2n], 'email', 'a', 'b')
  const staged = deleteRows(other, [{ key: [3n], original: { active: '1' } }])
  const plan = planRepairs(staged, [cell(1), cell(1, 'seen'), cell(2), cell(3), cell(4)])
  expect(plan).toMatchObject({ edited: 1, deleted: 1, beyond: 0 })
  const { changes } = editMany(staged, plan.edits)
  expect(changes.map(({ id }) => id)).toEqual([1n, 2n, 3n, 4n].map((id) => rowIdOf([id])))
  const [one, two, three, four] = changes as [Change, Change, Change, Change]
  expect(one).toMatchObject({ values: { active: 'T', seen: 'F' }, repairs: ['seen'] })
  expect(two).toMatchObject({ values: { email: 'b', active: 'F' }, repairs: ['active'] })
  expect(three.kind).toBe('delete')
  expect(four).toMatchObject({ original: { active: '1' }, values: { active: 'F' }, repairs: ['active'] })
})

test('rows beyond what one save takes are told, and cells of rows that are staged already are not among them', () => {
  const before = Array.from({ length: 3 }, (_, row) => ({
    ...{ do: 'set' as const, key: [BigInt(row)], column: 'email', original: 'a', value: 'b' },
  }))
  const staged = editMany(nothingStaged, before)
  const cells = Array.from({ length: MOST_CHANGES }, (_, row) => cell(row))
  const plan = planRepairs(staged, [...cells, cell(MOST_CHANGES), cell(MOST_CHANGES, 'seen')])
  expect(plan.beyond).toBe(1)
  expect(editMany(staged, plan.edits).changes).toHaveLength(MOST_CHANGES)
})
