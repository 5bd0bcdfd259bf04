// The order in which steps are run and undone.
import { expect, test } from 'vitest'
import { appliedDownTo, pendingUpTo } from './migration-order.ts'
import type { MigrationStep } from './migration-steps.ts'

const step = (name: string, state: MigrationStep['state'], batch: number | null, appliedAt: string | null = null) => ({
  name,
  ledgerName: null,
  kind: 'module' as const,
  state,
  batch,
  appliedAt,
  appliedBy: null,
  person: null,
  ms: null,
  summary: '',
  problem: null,
})
const names = (steps: { name: string }[]) => steps.map(({ name }) => name)

test('batches come first, then the ledger’s times, then the names', () => {
  const steps = [
    step('1', 'applied', 3),
    step('2', 'applied', 1, '2026-01-01T00:00:02Z'),
    step('3', 'missing', 1, '2026-01-01T00:00:01Z'),
    step('4', 'changed', 2),
    step('5', 'renamed', 2),
    step('6', 'pending', null),
  ]
  expect(names(appliedDownTo(steps, steps[2]!))).toEqual(['1', '5', '4', '2', '3'])
  expect(names(appliedDownTo(steps, steps[3]!))).toEqual(['1', '5', '4'])
})

test('pending steps up to one leave out what is applied, half done or later', () => {
  const steps = [
    step('1', 'out-of-order', null),
    step('2', 'applied', 1),
    step('3', 'half', null),
    step('4', 'pending', null),
    step('5', 'pending', null),
  ]
  expect(names(pendingUpTo(steps, steps[3]!))).toEqual(['1', '4'])
})
