// Each button of the migrations screen is off for the right reason.
import { expect, test } from 'vitest'
import type { MigrationStep } from '../../shared/migrations.ts'
import { whyNot } from './why-not.ts'

const step = (name: string, state: MigrationStep['state']): MigrationStep => ({
  name,
  state,
  batch: state === 'pending' ? null : 1,
  appliedAt: null,
  summary: '',
})
const list = (steps: MigrationStep[], lastBatch: string[] = [], blocked: string | null = null) => ({
  steps,
  lastBatch,
  blocked,
  note: null,
})

test('nothing applied: steps can be run, nothing can be rolled back', () => {
  expect(whyNot(list([step('1', 'pending')]), false)).toEqual({
    all: null,
    next: null,
    rollback: 'No step is applied.',
  })
})

test('everything applied: only a rollback is left', () => {
  expect(whyNot(list([step('1', 'applied')], ['1']), false)).toEqual({
    all: 'Every step is applied.',
    next: 'Every step is applied.',
    rollback: null,
  })
})

test('a missing file in the last batch cannot be rolled back, one in an earlier batch does not matter', () => {
  const steps = [step('0', 'missing'), step('1', 'applied')]
  expect(whyNot(list(steps, ['1']), false).rollback).toBeNull()
  expect(whyNot(list(steps, ['1', '0']), false).rollback).toBe('0 is in the last batch, and its file is missing.')
})

test('a run under way and a blocked database stop everything', () => {
  expect(new Set(Object.values(whyNot(list([step('1', 'pending')]), true)))).toEqual(new Set(['A run is under way.']))
  expect(new Set(Object.values(whyNot(list([step('1', 'pending')], [], 'Read-only file.'), false)))).toEqual(
    new Set(['Read-only file.']),
  )
})
