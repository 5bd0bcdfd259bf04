// The block cache over a table in memory that answers pages as the contract says, late and in any order.
import { afterEach, expect, test, vi } from 'vitest'
import type { Page, PagePlace } from '../../shared/tables.ts'
import { BLOCK, KEPT, REST, RowBlocks } from './row-blocks.ts'
import { rowIdOf } from './row-id.ts'

/** A table of whole numbers, sorted; a row is [id, "row id"]. */
class Table {
  ids: bigint[]
  asked: { place: PagePlace; signal: AbortSignal }[] = []
  failure: Error | null = null
  /** Rows that one answer holds at most. */
  most = Infinity
  isKeyless = false

  constructor(size: number) {
    this.ids = Array.from({ length: size }, (_, index) => BigInt(index + 1))
  }

  page = async (place: PagePlace, limit: number, signal: AbortSignal): Promise<Page> => {
    this.asked.push({ place, signal })
    const answer = this.failure ?? this.#answer(place, limit)
    await Promise.resolve()
    if (answer instanceof Error) throw answer
    return answer
  }

  #answer(place: PagePlace, limit: number): Page {
    const goesUp = place.kind === 'before' || place.kind === 'last'
    if (this.isKeyless && place.kind !== 'first' && place.kind !== 'rank') throw new Error('No place without a key')
    const [from, to] = this.#range(place, Math.min(limit, this.most))
    const ids = this.ids.slice(from, to)
    return {
      columns: ['id', 'text'],
      rows: ids.map((id) => [id, `row ${id}`]),
      keys: ids.map((id) => (this.isKeyless ? [] : [id])),
      cut: [],
      first: ids.length > 0 ? [ids[0]!] : null,
      last: ids.length > 0 ? [ids.at(-1)!] : null,
      hasMore: goesUp ? from > 0 : to < this.ids.length,
    }
  }

  #range(place: PagePlace, limit: number): [number, number] {
    const { ids } = this
    if (place.kind === 'first') return [0, Math.min(limit, ids.length)]
    if (place.kind === 'last') return [Math.max(0, ids.length - limit), ids.length]
    if (place.kind === 'rank') return [Math.min(place.rank, ids.length), Math.min(place.rank + limit, ids.length)]
    const at = (place.kind === 'value' ? place.value : place.cursor[0]) as bigint
    if (place.kind === 'before') {
      const end = ids.findIndex((id) => id >= at)
      return [Math.max(0, end - limit), end]
    }
    const start = ids.findIndex((id) => id > at)
    return start < 0 ? [ids.length, ids.length] : [start, Math.min(start + limit, ids.length)]
  }
}

function setUp(size: number) {
  const table = new Table(size)
  const seen = { miscounts: 0, errors: [] as unknown[], moved: [] as number[] }
  const blocks = new RowBlocks({
    page: table.page,
    onChange: () => {},
    onError: (error) => seen.errors.push(error),
    onMiscount: () => seen.miscounts++,
    onRenumbered: (by) => seen.moved.push(by),
  })
  return { table, blocks, seen, kinds: () => table.asked.map(({ place }) => place.kind) }
}

/** Lets the reads under way, and the pause before a jump, come to their end. */
async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(REST * 3)
}

vi.useFakeTimers()
afterEach(() => vi.clearAllTimers())

test('every row of every size is reached by scrolling down, in order, by keyset alone', async () => {
  for (const size of [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 5 * BLOCK + 7]) {
    const { table, blocks, kinds } = setUp(size)
    const rows: unknown[] = []
    blocks.want(0, 30)
    await settle()
    for (let rank = 0; rank < blocks.count; rank++) {
      if (!blocks.rowAt(rank)) {
        blocks.want(rank, Math.min(rank + 30, blocks.count - 1))
        await settle()
      }
      rows.push(blocks.rowAt(rank)?.key[0])
    }
    expect(rows).toEqual(table.ids)
    expect(kinds().every((kind) => kind === 'first' || kind === 'after')).toBe(true)
  }
})

test('a jump reads by rank, then its neighbours by keyset, and the end by its own place', async () => {
  const { blocks, kinds } = setUp(100_000)
  blocks.setCount(100_000)
  blocks.want(0, 40)
  await settle()
  blocks.want(50_100, 50_140)
  await settle()
  expect(blocks.rowAt(50_100)?.key).toEqual([50_101n])
  expect(kinds().slice(0, 2)).toEqual(['first', 'rank'])
  blocks.want(50_190, 50_230)
  await settle()
  expect(kinds().at(-1)).toBe('after')
  blocks.want(49_980, 50_010)
  await settle()
  expect(kinds().at(-1)).toBe('before')
  expect(blocks.rowAt(49_980)?.key).toEqual([49_981n])
  blocks.want(99_960, 99_999)
  await settle()
  expect(kinds()).toContain('last')
  expect(blocks.rowAt(99_999)?.key).toEqual([100_000n])
})

test('fast scrolling reads only where it rests, and stops what it left', async () => {
  const { table, blocks } = setUp(1_000_000)
  blocks.setCount(1_000_000)
  blocks.want(0, 40)
  await settle()
  const before = table.asked.length
  for (let step = 1; step <= 100; step++) {
    blocks.want(step * 5_000, step * 5_000 + 40)
    await vi.advanceTimersByTimeAsync(5)
  }
  await settle()
  expect(blocks.rowAt(500_020)?.key).toEqual([500_021n])
  // The first step, the one it rests at, and at most one more: not one hundred.
  expect(table.asked.length - before).toBeLessThan(6)
  expect(table.asked.some(({ signal }) => signal.aborted)).toBe(false)
  blocks.want(10_000, 10_040)
  blocks.want(20_000, 20_040)
  await settle()
  expect(blocks.rowAt(20_000)?.key).toEqual([20_001n])
})

test('memory holds at most 50 blocks', async () => {
  const { blocks } = setUp(40_000)
  blocks.setCount(40_000)
  for (let rank = 0; rank < 40_000; rank += 100) {
    blocks.want(rank, rank + 40)
    await settle()
  }
  let held = 0
  for (let block = 0; block < 200; block++) if (blocks.rowAt(block * BLOCK)) held++
  expect(held).toBe(KEPT)
  expect(blocks.rankOf(rowIdOf([1n]))).toBeUndefined()
  expect(blocks.rankOf(rowIdOf([39_990n]))).toBe(39_989)
})

test('an error stops reading until it is tried again', async () => {
  const { table, blocks, seen } = setUp(1_000)
  table.failure = new Error('gone')
  blocks.want(0, 40)
  await settle()
  blocks.want(10, 50)
  await settle()
  expect(seen.errors).toHaveLength(1)
  expect(table.asked).toHaveLength(1)
  table.failure = null
  blocks.retry()
  await settle()
  expect(blocks.rowAt(0)?.key).toEqual([1n])
})

test('rows that came or went since the count are found out', async () => {
  const { table, blocks, seen } = setUp(300)
  blocks.setCount(300)
  blocks.want(0, 40)
  await settle()
  table.ids = table.ids.slice(0, 250)
  blocks.want(210, 240)
  await settle()
  expect(blocks.count).toBe(250)
  expect(seen.miscounts).toBe(1)
  table.ids = Array.from({ length: 900 }, (_, index) => BigInt(index + 1))
  blocks.reload()
  await settle()
  expect(blocks.count).toBeGreaterThan(250)
})

test('a reload keeps what is seen until it is read again, and forgets rows that are gone', async () => {
  const { table, blocks } = setUp(500)
  blocks.setCount(500)
  blocks.want(0, 40)
  await settle()
  table.ids = table.ids.filter((id) => id !== 3n)
  blocks.reload()
  expect(blocks.rowAt(2)?.key).toEqual([3n])
  await settle()
  expect(blocks.rowAt(2)?.key).toEqual([4n])
  expect(blocks.rankOf(rowIdOf([3n]))).toBeUndefined()
  blocks.replaceRow(rowIdOf([4n]), { id: rowIdOf([9_999n]), key: [9_999n], cells: [9_999n, 'new'], cut: new Map() })
  expect(blocks.rowAt(2)?.key).toEqual([9_999n])
  expect(blocks.rankOf(rowIdOf([9_999n]))).toBe(2)
})

test('answers that hold fewer rows than asked for are put together, in both directions', async () => {
  const { table, blocks } = setUp(1_000)
  table.most = 70
  blocks.setCount(1_000)
  for (const rank of [0, 990, 590, 300]) {
    blocks.want(rank, rank + 9)
    await settle()
  }
  for (let rank = 0; rank < 1_000; rank++) {
    const row = blocks.rowAt(rank)
    if (row) expect(row.key).toEqual([BigInt(rank + 1)])
  }
  expect([0, 199, 990, 800, 300].map((rank) => blocks.rowAt(rank) !== undefined)).toEqual([
    true,
    true,
    true,
    true,
    true,
  ])
  expect(blocks.count).toBe(1_000)
})

test('rows without a key are read by number, and named by it', async () => {
  const { table, blocks, seen } = setUp(500)
  table.isKeyless = true
  table.most = 90
  blocks.setCount(500)
  for (const rank of [0, 480, 250]) {
    blocks.want(rank, rank + 9)
    await settle()
  }
  expect(seen.errors).toEqual([])
  expect(blocks.rowAt(499)?.cells).toEqual([500n, 'row 500'])
  expect(blocks.rowAt(250)?.id).toBe('rank 250')
})

test('an answer that comes after its view was left is not shown', async () => {
  const { table, blocks, seen } = setUp(500)
  blocks.want(0, 40)
  table.ids = Array.from({ length: 3 }, (_, index) => BigInt(index + 1_000))
  blocks.reset()
  const late = table.asked.length
  blocks.want(0, 40)
  await settle()
  expect(table.asked[late - 1]?.signal.aborted).toBe(true)
  expect([0, 1, 2, 3].map((rank) => blocks.rowAt(rank)?.key[0])).toEqual([1_000n, 1_001n, 1_002n, undefined])
  expect(blocks.count).toBe(3)
  table.failure = new Error('late')
  blocks.reload()
  blocks.close()
  await settle()
  expect(seen.errors).toEqual([])
})

test('an estimate spans the rows until they are counted, and never hides rows that were read', async () => {
  const { blocks } = setUp(1_000)
  blocks.want(0, 40)
  await settle()
  blocks.setEstimate(900)
  expect([blocks.count, blocks.isCounted]).toEqual([900, false])
  blocks.want(500, 540)
  await settle()
  expect(blocks.rowAt(500)?.key).toEqual([501n])
  blocks.setEstimate(300)
  expect(blocks.count).toBe(900)
  blocks.setCount(1_000)
  blocks.setEstimate(5_000)
  expect([blocks.count, blocks.isCounted]).toEqual([1_000, true])
})

test('the last rows are there before they are counted, and are numbered anew then', async () => {
  for (const [estimate, size] of [
    [9_700, 10_000],
    [10_450, 10_000],
  ] as const) {
    const { blocks, seen, kinds } = setUp(size)
    blocks.want(0, 40)
    await settle()
    blocks.setEstimate(estimate)
    expect([blocks.isFromEnd(estimate - 1), blocks.isFromEnd(estimate - BLOCK - 1)]).toEqual([true, false])
    blocks.want(estimate - 40, estimate - 1)
    await settle()
    expect(blocks.rowAt(estimate - 1)?.key).toEqual([BigInt(size)])
    expect([blocks.isFromEnd(estimate - 1), kinds().includes('last')]).toEqual([true, true])
    blocks.setEstimate(estimate + 77)
    expect(blocks.count).toBe(estimate)
    blocks.setCount(size)
    expect(seen.moved).toEqual([size - estimate])
    // Nothing has to be read before they are seen at their place.
    expect(blocks.rowAt(size - 1)?.key).toEqual([BigInt(size)])
    expect(blocks.rankOf(rowIdOf([BigInt(size)]))).toBe(size - 1)
    blocks.want(size - 40, size - 1)
    await settle()
    for (let rank = size - 40; rank < size; rank++) expect(blocks.rowAt(rank)?.key).toEqual([BigInt(rank + 1)])
    expect(blocks.isFromEnd(size - 1)).toBe(false)
  }
})

test('beyond an end that was estimated too far nothing is read before it is counted', async () => {
  const { table, blocks, seen } = setUp(10_000)
  blocks.want(0, 40)
  await settle()
  blocks.setEstimate(1_000_000)
  blocks.want(500_000, 500_040)
  await settle()
  expect(seen.miscounts).toBe(1)
  const asked = table.asked.length
  blocks.want(700_000, 700_040)
  await settle()
  expect(table.asked).toHaveLength(asked)
  blocks.setCount(10_000)
  blocks.want(9_960, 9_999)
  await settle()
  expect(blocks.rowAt(9_999)?.key).toEqual([10_000n])
})

test('rows around a place that is known by its values have the number that was said', async () => {
  for (const [rank, id] of [
    [70_150, 70_000n],
    [70_000, 70_003n],
    [600, 700n],
  ] as const) {
    const { blocks, kinds } = setUp(100_000)
    blocks.setCount(100_000)
    blocks.want(0, 40)
    await settle()
    blocks.pin(rank, [id])
    blocks.want(rank - 10, rank + 20)
    await settle()
    expect(blocks.rowAt(rank)?.key).toEqual([id])
    expect(blocks.rowAt(rank + 20)?.key).toEqual([id + 20n])
    expect(blocks.rowAt(rank - 10)?.key).toEqual([id - 10n])
    expect(blocks.rankOf(rowIdOf([id]))).toBe(rank)
    expect(kinds()).not.toContain('rank')
  }
})

test('the next block is read on the way to it, in both directions', async () => {
  const { blocks } = setUp(100_000)
  blocks.setCount(100_000)
  blocks.want(50_000, 50_040)
  await settle()
  blocks.want(50_020, 50_060)
  await settle()
  expect(blocks.rowAt(50_200)).toBeDefined()
  blocks.want(80_180, 80_199)
  await settle()
  blocks.want(80_140, 80_159)
  await settle()
  expect(blocks.rowAt(79_999)).toBeDefined()
})
