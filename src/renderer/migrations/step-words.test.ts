// The words of the list: its sum, who applied a step, and times.
import { expect, test } from 'vitest'
import { step } from './list.test-setup.ts'
import { summaryOf, utcTime, whoWords } from './step-words.ts'

test('the sum names what needs a look only where there is some', () => {
  expect(summaryOf([step('1', 'applied'), step('2', 'pending')])).toBe('2 steps · 1 applied · 1 pending')
  const all = (['applied', 'changed', 'renamed', 'missing', 'half', 'out-of-order', 'pending'] as const).map((state) =>
    step(state, state),
  )
  expect(summaryOf(all)).toBe(
    '7 steps · 4 applied · 2 pending · 1 half done · 1 out of order · 1 changed · 1 renamed · 1 without a file',
  )
  expect(summaryOf([])).toBe('0 steps · 0 applied · 0 pending')
})

test('who wrote the ledger’s row', () => {
  expect(whoWords({ person: 'ann@laptop', appliedBy: 'run' })).toBe('ann@laptop')
  expect(whoWords({ person: 'ann@laptop', appliedBy: 'adopted' })).toBe('ann@laptop, adopted')
  expect(whoWords({ person: null, appliedBy: 'elsewhere' })).toBe('by another program')
  expect(whoWords({ person: null, appliedBy: null })).toBe('')
})

test('times are shown to the second; what is no such time is shown as it is', () => {
  expect(utcTime('2026-11-22T09:05:07.123Z')).toBe('2026-11-22 09:05:07 UTC')
  expect(utcTime('last Monday')).toBe('last Monday')
  expect(utcTime(null)).toBe('')
})
