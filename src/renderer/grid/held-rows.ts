// The rows of a view that are held in memory, by block and by key; and those that are shown until they are read again.
import type { Cursor } from '../../shared/tables.ts'
import type { GridRow } from './read-block.ts'

/** Rows in a block. */
export const BLOCK = 200
/** Blocks kept in memory; the farthest from what is seen are dropped. */
export const KEPT = 50

export interface Block {
  rows: GridRow[]
  first: Cursor | null
  last: Cursor | null
  /** Its numbers were counted back from the end: they move with the end when that was only estimated. */
  isFromEnd: boolean
}

export class HeldRows {
  #blocks = new Map<number, Block>()
  /** Blocks read before the last reload: shown until the new ones arrive, never used as neighbours. */
  #stale = new Map<number, Block>()
  /** Rows that were given other numbers, by those: shown until they are read again. */
  #moved = new Map<number, GridRow>()
  #ranks = new Map<string, number>()

  has(block: number): boolean {
    return this.#blocks.has(block)
  }

  get(block: number): Block | undefined {
    return this.#blocks.get(block)
  }

  get hasFromEnd(): boolean {
    return [...this.#blocks.values()].some(({ isFromEnd }) => isFromEnd)
  }

  /** One beyond the last row, as far as rows are numbered from the beginning. */
  readTo(): number {
    return Math.max(0, ...Array.from(this.#blocks, ([index, { rows }]) => index * BLOCK + rows.length))
  }

  rowAt(rank: number): GridRow | undefined {
    const block = Math.floor(rank / BLOCK)
    const held = this.#blocks.get(block) ?? this.#stale.get(block)
    return held?.rows[rank % BLOCK] ?? this.#moved.get(rank)
  }

  rankOf(id: string): number | undefined {
    return this.#ranks.get(id)
  }

  put(index: number, block: Block): void {
    this.#forget(index, this.#stale)
    this.#blocks.set(index, block)
    block.rows.forEach((row, step) => this.#ranks.set(row.id, index * BLOCK + step))
  }

  /** What was read of this block before the reload is not there any more. */
  dropOld(index: number): void {
    this.#forget(index, this.#stale)
  }

  /** Puts a row as it was read again in the place of the row with this id. */
  replace(id: string, row: GridRow): boolean {
    const rank = this.#ranks.get(id)
    if (rank === undefined) return false
    const block = this.#blocks.get(Math.floor(rank / BLOCK)) ?? this.#stale.get(Math.floor(rank / BLOCK))
    if (block) block.rows = block.rows.with(rank % BLOCK, row)
    else this.#moved.set(rank, row)
    this.#ranks.delete(id)
    this.#ranks.set(row.id, rank)
    return true
  }

  /** All rows are to be read again, and are shown until then. */
  age(): void {
    for (const [index, block] of this.#blocks) this.#stale.set(index, block)
    this.#blocks.clear()
  }

  /** No block is a neighbour of another any more. */
  dropBlocks(): void {
    this.#blocks.clear()
  }

  /** Nothing that is shown is old. */
  dropAged(): void {
    for (const old of [...this.#stale.keys()]) this.#forget(old, this.#stale)
    for (const [rank, { id }] of this.#moved) {
      if (this.#ranks.get(id) === rank && !this.#blocks.has(Math.floor(rank / BLOCK))) this.#ranks.delete(id)
    }
    this.#moved.clear()
  }

  /** Rows that were numbered from the end have other numbers, by this many. Answers with the blocks in which they were. */
  moveFromEnd(by: number): number[] {
    const indexes = [...this.#blocks].flatMap(([index, { isFromEnd }]) => (isFromEnd ? [index] : []))
    for (const index of indexes) {
      const rows = this.#blocks.get(index)?.rows ?? []
      this.#forget(index, this.#blocks)
      rows.forEach((row, step) => {
        const rank = index * BLOCK + step + by
        this.#moved.set(rank, row)
        this.#ranks.set(row.id, rank)
      })
    }
    return indexes
  }

  dropFar(center: number): void {
    if (this.#blocks.size <= KEPT) return
    const far = [...this.#blocks.keys()].sort((a, b) => Math.abs(b - center) - Math.abs(a - center))
    for (const block of far.slice(0, this.#blocks.size - KEPT)) this.#forget(block, this.#blocks)
  }

  clear(): void {
    this.#blocks.clear()
    this.#stale.clear()
    this.#moved.clear()
    this.#ranks.clear()
  }

  #forget(block: number, blocks: Map<number, Block>): void {
    for (const row of blocks.get(block)?.rows ?? []) {
      if (Math.floor((this.#ranks.get(row.id) ?? -1) / BLOCK) === block) this.#ranks.delete(row.id)
    }
    blocks.delete(block)
  }
}
