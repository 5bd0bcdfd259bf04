// A walk over a view by hops, which leaves anchors behind: places with their numbers, from which any row is a short hop.
import type { Cursor } from '../../shared/tables.ts'
import { sameCell } from '../../shared/cell.ts'
import { hop, type Hopping } from './hop.ts'
import { reversed } from './view-ranges.ts'

/** Anchors to aim at; beyond twice as many every second one is dropped. */
const ANCHORS = 1000
/** Rows between two anchors at least, and where the number of rows is not known before. */
const SHORTEST = 200
/** Milliseconds of the database's work that one hop should stay under. */
const LONGEST_HOP = 16
/** Bytes (letters) of a place up to which it is kept as an anchor. */
const LARGEST_PLACE = 4000

/** The row of number `rank` (from 0) stands at `place`. */
export interface Anchor {
  rank: number
  place: Cursor
}

export interface Walk {
  /** By rank. Those behind `front` were found by jumps, and are looked at again when the walk gets there. */
  anchors: Anchor[]
  /** How far the walk has come from the first row on; null: nowhere. */
  front: Anchor | null
  /** Once the walk has come to the end. */
  total: number | null
  /** Rows of the view by a count, before anchors are there. */
  counted: number | null
  /** Rows between two anchors. */
  step: number
  /** Rows of one hop. */
  stride: number
  /** Milliseconds of the shortest hop: the way to the server and back. */
  shortest: number
  /** Milliseconds since 1970. */
  startedAt: number
  /** Milliseconds that all hops took. */
  took: number
  /** Why a hop may cross many rows of one value. */
  isTied: boolean
}

/** `estimate`: rows of the view, where they are known to the database's statistics. */
export function newWalk(estimate: number | null): Walk {
  const step = Math.max(SHORTEST, Math.ceil((estimate ?? 0) / ANCHORS))
  return {
    ...{ anchors: [], front: null, total: null, counted: null, step, stride: Math.min(step, 2000), shortest: Infinity },
    ...{ startedAt: Date.now(), took: 0, isTied: false },
  }
}

export const reachedBy = ({ total, front }: Walk): number => total ?? (front ? front.rank + 1 : 0)

/** Where an anchor of this rank stands or would stand. */
function indexOf(anchors: readonly Anchor[], rank: number): number {
  let [low, high] = [0, anchors.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((anchors[middle] as Anchor).rank < rank) low = middle + 1
    else high = middle
  }
  return low
}

/** The last anchor at or before a row, and the first one at or behind it. */
export function around({ anchors }: Walk, rank: number): { before: Anchor | null; after: Anchor | null } {
  const index = indexOf(anchors, rank)
  const after = anchors[index] ?? null
  return { before: after?.rank === rank ? after : (anchors[index - 1] ?? null), after }
}

/** Keeps a place that was found on the way, unless there is an anchor close to it. */
export function remember(walk: Walk, anchor: Anchor): void {
  const { before, after } = around(walk, anchor.rank)
  if (before && anchor.rank - before.rank < walk.step / 2) return
  if (after && after.rank - anchor.rank < walk.step / 2) return
  keep(walk, anchor)
}

function keep(walk: Walk, anchor: Anchor): void {
  const size = anchor.place.reduce<number>((sum, cell) => sum + (sizeOf(cell) ?? 8), 0)
  if (size > LARGEST_PLACE) return
  const index = indexOf(walk.anchors, anchor.rank)
  walk.anchors.splice(index, walk.anchors[index]?.rank === anchor.rank ? 1 : 0, anchor)
  if (walk.anchors.length <= 2 * ANCHORS) return
  walk.anchors = walk.anchors.filter((_, each) => each % 2 === 1)
  walk.step *= 2
}

const sizeOf = (cell: Cursor[number]) =>
  typeof cell === 'string' || cell instanceof Uint8Array ? cell.length : undefined

export const samePlace = (a: Cursor, b: Cursor) => a.every((cell, index) => sameCell(cell, b[index]))

/** One hop further. Afterwards `total` is set when it came to the end. */
export async function walkOn(hopping: Hopping, walk: Walk): Promise<void> {
  const from = walk.front ?? { rank: -1, place: null }
  const known = walk.anchors[indexOf(walk.anchors, from.rank + 1)]
  const isNext = known !== undefined && known.rank - from.rank <= walk.stride
  const rows = isNext ? known.rank - from.rank : walk.stride
  const began = performance.now()
  const { count, place } = await hop(hopping, from.place, rows, walk.isTied)
  pace(walk, performance.now() - began)
  // Rows came or went since the jump: what it found no longer fits to what the walk has counted.
  if (isNext && !(place && samePlace(place, known.place))) dropBehind(walk, from.rank)
  if (!place) {
    walk.total = from.rank + 1 + count
    dropBehind(walk, walk.total - 1)
    return
  }
  walk.isTied = from.place !== null && sameCell(place[0], from.place[0])
  walk.front = { rank: from.rank + rows, place }
  const last = around(walk, walk.front.rank).before
  if (walk.front.rank - (last?.rank ?? -1) >= walk.step) keep(walk, walk.front)
}

function dropBehind(walk: Walk, rank: number): void {
  walk.anchors.splice(indexOf(walk.anchors, rank + 1))
}

/** Hops get shorter where rows are slow to pass, and longer where they are not; the way to the server counts for neither. */
function pace(walk: Walk, took: number): void {
  walk.took += took
  walk.shortest = Math.min(walk.shortest, took)
  const work = took - walk.shortest
  if (work > LONGEST_HOP) walk.stride = Math.max(100, Math.floor(walk.stride / 2))
  else if (work < LONGEST_HOP / 3) walk.stride = Math.min(walk.step, walk.stride * 2)
}

/**
 * The place of the row of this number, from the nearest anchor, or from the end where that is nearer; null when there are not
 * as many rows.
 */
export async function placeOf(hopping: Hopping, walk: Walk | null, rank: number): Promise<Cursor | null> {
  const { before, after } = walk ? around(walk, rank) : { before: null, after: null }
  if (before?.rank === rank) return before.place
  const up = rank - (before?.rank ?? -1)
  const end = walk?.total ?? Infinity
  // From the end the row of number `end - 1` is one hop away.
  const down = after ? after.rank - rank : end - rank
  if (down < 1) return null
  if (up <= down) return (await hop(hopping, before?.place ?? null, up)).place
  return (await hop({ ...hopping, view: reversed(hopping.view) }, after?.place ?? null, down)).place
}
