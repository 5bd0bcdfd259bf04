// Finding a row's number by its key: right for every key that is there, null for every one that is not.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Cell } from '../../shared/cell.ts'
import { compareCells, rankOfKey } from './key-order.ts'

const cell: fc.Arbitrary<Cell> = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.double({ noNaN: true }),
  fc.string({ unit: 'grapheme' }),
  fc.uint8Array({ maxLength: 4 }),
)

test('every key is found at its own number, and a key between two rows is found nowhere', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(cell, { maxLength: 40 }), async (cells) => {
      const sorted = cells
        .toSorted(compareCells)
        .filter((each, i, all) => i === 0 || compareCells(all[i - 1]!, each) !== 0)
      const [missing, ...there] = sorted
      const keyAt = (rank: number) => Promise.resolve(there[rank] === undefined ? undefined : [there[rank]])
      for (const [rank, each] of there.entries()) expect(await rankOfKey([each], there.length, keyAt)).toBe(rank)
      // Rows that went away since they were counted change nothing.
      for (const [rank, each] of there.entries()) expect(await rankOfKey([each], there.length + 9, keyAt)).toBe(rank)
      if (missing !== undefined) expect(await rankOfKey([missing], there.length, keyAt)).toBeNull()
    }),
  )
})

test('ten million rows take at most 24 reads', async () => {
  let reads = 0
  const keyAt = (rank: number) => (reads++, Promise.resolve([BigInt(rank * 2)]))
  expect(await rankOfKey([12_345_678n], 10_000_000, keyAt)).toBe(6_172_839)
  expect(reads).toBeLessThanOrEqual(24)
})

test('text is ordered by its bytes, not by UTF-16', () => {
  expect(compareCells('\uffff', '😀')).toBeLessThan(0)
  expect(compareCells(2n ** 53n + 1n, 2 ** 53)).toBeGreaterThan(0)
})
