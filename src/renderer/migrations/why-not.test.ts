// Each button of the migrations screen is off for the right reason.
import { expect, test } from 'vitest'
import { halfOf, listOf, step } from './list.test-setup.ts'
import { whyNoAdopt, whyNoHalfRun, whyNoMark, whyNot, whyNotStep } from './why-not.ts'

const folder = (more: { trust?: 'new' | 'changed'; problem?: string }) => ({
  path: '/srv/app/migrations',
  trust: 'trusted' as const,
  content: 'x',
  files: [],
  problem: null,
  ...more,
})

test('nothing applied: steps can be run, nothing can be rolled back', () => {
  expect(whyNot(listOf([step('1', 'pending')]), false)).toEqual({
    all: null,
    next: null,
    plan: null,
    rollback: 'No step is applied.',
  })
})

test('everything applied: only a rollback is left', () => {
  expect(whyNot(listOf([step('1', 'applied')], { lastBatch: ['1'] }), false)).toEqual({
    all: 'Every step is applied.',
    next: 'Every step is applied.',
    plan: 'Every step is applied.',
    rollback: null,
  })
})

test('a step that came too late is pending too', () => {
  expect(whyNot(listOf([step('1', 'out-of-order'), step('2', 'applied')]), false)).toMatchObject({
    all: null,
    next: null,
    plan: null,
  })
})

test('an empty folder, and one that cannot be read, are told apart', () => {
  expect(whyNot(listOf([]), false).all).toBe('There is no step yet.')
  expect(whyNot(listOf([], { folder: folder({ problem: 'It is not there.' }) }), false).all).toBe('It is not there.')
})

test('a missing file in the last batch cannot be rolled back, one in an earlier batch does not matter', () => {
  const steps = [step('0', 'missing'), step('1', 'applied')]
  expect(whyNot(listOf(steps, { lastBatch: ['1'] }), false).rollback).toBeNull()
  expect(whyNot(listOf(steps, { lastBatch: ['1', '0'] }), false).rollback).toBe(
    '0 is in the last batch, and its file is missing.',
  )
})

test('a run under way and a blocked database stop everything that writes', () => {
  const list = listOf([step('1', 'pending')])
  expect(new Set(Object.values(whyNot(list, true)))).toEqual(new Set(['A run is under way.']))
  expect(whyNoMark(list, true)).toBe('A run is under way.')
  const blocked = whyNot({ ...list, blocked: 'Read-only file.' }, false)
  expect(blocked).toEqual({ all: 'Read-only file.', next: 'Read-only file.', rollback: 'Read-only file.', plan: null })
})

test('code that is not trusted is neither run nor planned, and the ledger can still be written', () => {
  for (const trust of ['new', 'changed'] as const) {
    const list = listOf([step('1', 'pending')], { folder: folder({ trust }) })
    const { all, plan } = whyNot(list, false)
    expect(all).toMatch(/trusted/)
    expect(plan).toBe(all)
    expect(whyNoHalfRun(list, false)).toBe(all)
    expect(whyNoMark(list, false)).toBeNull()
  }
})

test('a lock that was left behind stops runs in its own words; a run of Roster is waited for', () => {
  const steps = [step('1', 'pending')]
  const left = listOf(steps, { lock: { kind: 'knex', message: 'Locked since Monday.', canRepair: true } })
  expect(whyNot(left, false)).toMatchObject({ all: 'Locked since Monday.', plan: null })
  const busy = listOf(steps, { lock: { kind: 'run', message: 'ann@laptop runs.', canRepair: false } })
  expect(whyNot(busy, false).all).toBeNull()
})

test('a table that is there already blocks the run of its step, and not adopting it', () => {
  const list = listOf([step('1', 'pending')], { blocked: 'auth_user exists already.', adoptable: ['1'] })
  expect(whyNot(list, false).all).toBe('auth_user exists already.')
  expect(whyNoAdopt(list, false)).toBeNull()
  expect(whyNoAdopt(list, true)).toBe('A run is under way.')
})

test('a half step comes before everything else but its own choices', () => {
  const list = listOf([step('1', 'half'), step('2', 'pending')], { half: halfOf('1') })
  expect(new Set(Object.values(whyNot(list, false))).size).toBe(1)
  expect(whyNot(list, false).all).toBe('1 ended in the middle. Decide first what becomes of it.')
  expect(whyNoHalfRun(list, false)).toBeNull()
  expect(whyNotStep(list.steps[1]!, list, false).run).toMatch(/^1 ended in the middle/)
})

test('rolling back down to a step needs the files of all that is undone on the way', () => {
  const [one, two, three] = [
    step('1', 'applied', { batch: 1 }),
    step('2', 'missing', { batch: 2 }),
    step('3', 'applied', { batch: 3 }),
  ]
  const list = listOf([one, two, three])
  expect(whyNotStep(three, list, false).run).toBeNull()
  expect(whyNotStep(two, list, false).run).toBe('Its file is missing, so that it cannot be undone.')
  expect(whyNotStep(one, list, false).run).toBe('1 file is missing on the way down to it: 2.')
})
