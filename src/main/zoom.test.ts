import { expect, it } from 'vitest'
import { nextZoom } from './zoom.ts'

it('stays within bounds, and comes back to 100 %', () => {
  let level = 0
  for (let press = 0; press < 40; press += 1) level = nextZoom(level, 'in')
  expect(level).toBe(5)
  for (let press = 0; press < 40; press += 1) level = nextZoom(level, 'out')
  expect(level).toBe(-3)
  expect(nextZoom(level, 'reset')).toBe(0)
})
