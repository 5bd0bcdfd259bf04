// The size of a pool and how it came about.
import { expect, test } from 'vitest'
import { poolSizeOf } from './pool-size.ts'

const nothing = { poolSize: null, cores: null, spindles: null }

test('(2 x cores) + spindles of the server, as stated', () => {
  expect(poolSizeOf({ ...nothing, cores: 8, spindles: 0 }, 4)).toEqual({
    limit: 16,
    from: { kind: 'formula', cores: 8, spindles: 0, isStated: true },
  })
})

test('this machine and one spindle stand in for what is not stated, and that is said', () => {
  expect(poolSizeOf(nothing, 4)).toEqual({
    limit: 9,
    from: { kind: 'formula', cores: 4, spindles: 1, isStated: false },
  })
  expect(poolSizeOf({ ...nothing, cores: 2 }, 16)).toMatchObject({ limit: 5, from: { isStated: false } })
})

test('an explicit number wins', () => {
  expect(poolSizeOf({ poolSize: 3, cores: 8, spindles: 2 }, 4)).toEqual({ limit: 3, from: { kind: 'explicit' } })
})
