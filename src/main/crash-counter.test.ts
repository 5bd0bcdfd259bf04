import { expect, it } from 'vitest'
import { crashCounter } from './crash-counter.ts'

it('gives up at the third crash within a minute, and only then', () => {
  const mayReload = crashCounter()
  expect([0, 20_000, 59_999].map(mayReload)).toEqual([true, true, false])
  const slow = crashCounter()
  expect([0, 30_000, 60_000, 90_000, 100_000].map(slow)).toEqual([true, true, true, true, false])
})
