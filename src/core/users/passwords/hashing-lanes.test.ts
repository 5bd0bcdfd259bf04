// Hashes are shared among processes as far as cores and memory go.
import { expect, test } from 'vitest'
import type { HashChoice } from '../../../shared/passwords.ts'
import { countsOf } from './hashing-lanes.ts'

const argon2: HashChoice = { scheme: 'argon2id', cost: { m: 65_536, t: 3, p: 4 }, digest: null, isDouble: false }

test.each<[count: number, most: number, counts: number[]]>([
  [1, 4, [1]],
  [3, 4, [3]],
  [4, 4, [2, 2]],
  [20, 3, [6, 7, 7]],
  [20, 4, [5, 5, 5, 5]],
  [20, 1, [20]],
])('%d hashes, %d processes', (count, most, counts) => {
  expect(countsOf({ choice: argon2, count }, most)).toEqual(counts)
})

test('not more than 1 GiB of memory is taken together', () => {
  const large = (cost: Record<string, number>, scheme: HashChoice['scheme']) =>
    countsOf({ choice: { ...argon2, scheme, cost }, count: 20 }, 4).length
  expect(large({ m: 524_288, t: 1, p: 1 }, 'argon2id')).toBe(2)
  expect(large({ m: 1_048_576, t: 1, p: 1 }, 'django-argon2')).toBe(1)
  expect(large({ n: 1_048_576, r: 8, p: 1 }, 'django-scrypt')).toBe(1)
  expect(large({ rounds: 12 }, 'bcrypt')).toBe(4)
})
