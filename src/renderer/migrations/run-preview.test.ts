// The question before a run names the steps that are run, in their order, and is asked where it should be.
import { expect, test } from 'vitest'
import type { MigrationAction } from '../../shared/migration-runs.ts'
import { halfOf, listOf, step } from './list.test-setup.ts'
import { needsConsent, noteOf, previewOf } from './run-preview.ts'

const list = listOf(
  [
    step('1', 'applied', { batch: 1 }),
    step('2', 'out-of-order'),
    step('3', 'changed', { batch: 2, ledgerName: '3-old' }),
    step('4', 'applied', { batch: 2 }),
    step('5', 'pending'),
    step('6', 'pending'),
  ],
  { lastBatch: ['4', '3-old'] },
)

function names(action: MigrationAction): [string, string[]] {
  const { direction, steps } = previewOf(action, list)
  return [direction, steps.map(({ name }) => name)]
}

test('pending steps are run in the order of the list', () => {
  expect(names({ kind: 'all' })).toEqual(['up', ['2', '5', '6']])
  expect(names({ kind: 'next' })).toEqual(['up', ['2']])
  expect(names({ kind: 'up-to', name: '5' })).toEqual(['up', ['2', '5']])
})

test('applied steps are undone the newest first, under the names of their files', () => {
  expect(names({ kind: 'rollback' })).toEqual(['down', ['4', '3']])
  expect(names({ kind: 'down-to', name: '1' })).toEqual(['down', ['4', '3', '1']])
})

test('a half step is taken up in its own direction and undone in the other', () => {
  for (const direction of ['up', 'down'] as const) {
    const other = direction === 'up' ? 'down' : 'up'
    const half = listOf([step('1', 'half')], { half: halfOf('1', { direction }) })
    expect(previewOf({ kind: 'resume', name: '1', from: 2 }, half).direction).toBe(direction)
    expect(previewOf({ kind: 'undo', name: '1' }, half).direction).toBe(other)
  }
})

test('undoing is always asked about, running only where the button does not say it all', () => {
  const plain = listOf([step('1', 'applied'), step('2', 'pending')], { lastBatch: ['1'] })
  expect(needsConsent({ kind: 'all' }, plain, false)).toBe(false)
  expect(needsConsent({ kind: 'next' }, plain, false)).toBe(false)
  expect(needsConsent({ kind: 'up-to', name: '2' }, plain, false)).toBe(true)
  expect(needsConsent({ kind: 'rollback' }, plain, false)).toBe(true)
  expect(needsConsent({ kind: 'down-to', name: '1' }, plain, false)).toBe(true)
  expect(needsConsent({ kind: 'all' }, plain, true)).toBe(true)
  const late = listOf([step('1', 'out-of-order'), step('2', 'applied')])
  expect(needsConsent({ kind: 'all' }, late, false)).toBe(true)
  const foreign = { ...plain, otherTools: [{ tool: 'Alembic', where: 'alembic_version', lines: [], count: 1 }] }
  expect(needsConsent({ kind: 'all' }, foreign, false)).toBe(true)
})

test('what stands beside the folder is not said twice', () => {
  const folder = { ...list.folder, problem: '1.down.sql is left out.' }
  expect(noteOf({ ...list, note: 'MariaDB keeps each change. 1.down.sql is left out.', folder })).toBe(
    'MariaDB keeps each change.',
  )
  expect(noteOf({ ...list, note: '1.down.sql is left out.', folder })).toBeNull()
  expect(noteOf({ ...list, note: 'MariaDB keeps each change.' })).toBe('MariaDB keeps each change.')
})
