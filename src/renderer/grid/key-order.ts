// The order in which a table sorts its keys, for finding the number of a row by halving.
import type { Cell } from '../../shared/cell.ts'

function rank(cell: Cell): number {
  if (cell === null) return 0
  if (typeof cell === 'bigint' || typeof cell === 'number') return 1
  return typeof cell === 'string' ? 2 : 3
}

const utf8 = new TextEncoder()

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const difference = (a[index] as number) - (b[index] as number)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** Below 0 when `a` comes first: NULL, then numbers, then text by its bytes, then binary, as SQLite sorts. */
export function compareCells(a: Cell, b: Cell): number {
  if (rank(a) !== rank(b)) return rank(a) - rank(b)
  if (a === null || b === null) return 0
  if (typeof a === 'string' && typeof b === 'string') return compareBytes(utf8.encode(a), utf8.encode(b))
  if (a instanceof Uint8Array && b instanceof Uint8Array) return compareBytes(a, b)
  // JavaScript compares whole and floating numbers with each other exactly.
  return a < b ? -1 : a > b ? 1 : 0
}

export function compareKeys(a: readonly Cell[], b: readonly Cell[]): number {
  for (let index = 0; index < a.length; index++) {
    const order = compareCells(a[index] as Cell, b[index] as Cell)
    if (order !== 0) return order
  }
  return 0
}

/**
 * The number of the row with this key among `count` rows sorted by key, or null when it is not there. `keyAt` answers
 * undefined beyond the last row. About log2(count) keys are read.
 */
export async function rankOfKey(
  key: readonly Cell[],
  count: number,
  keyAt: (rank: number) => Promise<readonly Cell[] | undefined>,
): Promise<number | null> {
  let low = 0
  let high = count
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const found = await keyAt(middle)
    const order = found ? compareKeys(found, key) : 1
    if (order === 0) return middle
    if (order < 0) low = middle + 1
    else high = middle
  }
  return null
}
