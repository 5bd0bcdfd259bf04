// The lines of one open table, new rows above stored ones: what stands where, the current cell, and what is brought into sight.
import type { Change, Column } from '../../shared/tables.ts'
import { pendingLine, type GridLine } from '../grid/grid-line.ts'
import { GridScroll } from '../grid/grid-scroll.ts'
import type { RowBlocks } from '../grid/row-blocks.ts'
import { readStaged } from './staged-edits.ts'
import { SeenRows } from './jump/seen-rows.ts'
import type { TableState } from './table-state.ts'

export abstract class TableLines {
  readonly profileId: string
  readonly table: string
  readonly scroll = new GridScroll()
  readonly seen = new SeenRows()
  /** What was typed into the open editor. */
  draft = ''
  #state: TableState
  #listeners = new Set<() => void>()
  #staged: { changes: readonly Change[]; newIds: string[]; byId: Map<string, Change> } | null = null

  constructor(profileId: string, table: string, state: TableState) {
    this.profileId = profileId
    this.table = table
    this.#state = state
  }

  abstract get blocks(): RowBlocks

  get state(): TableState {
    return this.#state
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  set(patch: Partial<TableState>): void {
    this.#state = { ...this.#state, ...patch }
    this.#listeners.forEach((listener) => listener())
  }

  /** Keeps what was typed so far. */
  type(text: string): void {
    this.draft = text
  }

  /** Ids of the new rows as they are shown: above all others, the newest first. */
  newIds(): readonly string[] {
    return this.#lookUp().newIds
  }

  /** What is staged, by id; worked out once for each state of it. */
  #lookUp(): { newIds: readonly string[]; byId: ReadonlyMap<string, Change> } {
    const { changes } = readStaged(this.profileId, this.table)
    if (this.#staged?.changes !== changes) {
      const newIds = changes.flatMap((change) => (change.kind === 'insert' ? [change.id] : [])).reverse()
      this.#staged = { changes, newIds, byId: new Map(changes.map((change) => [change.id, change])) }
    }
    return this.#staged
  }

  lineCount(): number {
    return this.newIds().length + this.blocks.count
  }

  lineAt(index: number): GridLine {
    const { newIds, byId } = this.#lookUp()
    const id = newIds[index]
    if (id !== undefined) return { id, row: undefined, change: byId.get(id) }
    const row = this.blocks.rowAt(index - newIds.length)
    return row ? { id: row.id, row, change: byId.get(row.id) } : pendingLine
  }

  indexOf({ id, rank }: { id: string | null; rank: number | null }): number | null {
    const above = this.newIds()
    if (id !== null) {
      const index = above.indexOf(id)
      if (index >= 0) return index
    }
    const at = (id === null ? undefined : this.blocks.rankOf(id)) ?? rank
    return at === null || at >= this.blocks.count ? null : above.length + at
  }

  /** The line of the current cell, when it is in memory. */
  currentLine(): { line: GridLine; column: Column; columnIndex: number; index: number } | null {
    const { current, description } = this.#state
    const index = current && this.indexOf(current)
    if (!description || !current || index === null) return null
    const columnIndex = description.columns.findIndex(({ name }) => name === current.column)
    const column = description.columns[columnIndex]
    const line = this.lineAt(index)
    // The rank alone may hold another row by now.
    if (!column || line.id === '' || (current.id !== null && line.id !== current.id)) return null
    return { line, column, columnIndex, index }
  }

  /**
   * Makes a cell the current one. `near`: it is brought into sight. `far`: also into the middle, and the grid takes the keys.
   * `stay`: nothing scrolls.
   */
  moveTo(index: number, column: string, how: 'near' | 'far' | 'stay' = 'near'): void {
    const line = this.lineAt(index)
    const rank = index - this.newIds().length
    this.set({ current: { id: line.id || null, rank: rank < 0 ? null : rank, column } })
    if (how !== 'stay') this.reveal(index, how === 'far')
  }

  /** Brings a line into sight. */
  reveal(index: number, isFromAfar = false): void {
    const turn = this.#state.reveal.turn + 1
    this.set({ reveal: { index, isCentered: isFromAfar, takesFocus: isFromAfar, turn } })
  }

  /** Moves to a row by its id when it is a new row or in memory. */
  moveToId(id: string, column: string): boolean {
    const index = this.indexOf({ id, rank: null })
    if (index === null) return false
    this.moveTo(index, column, 'far')
    return true
  }

  /** Rows were read or dropped: the current cell follows its row, or takes the one that now stands at its number. */
  protected rowsChanged(): void {
    const { current } = this.#state
    const rank = current?.id == null ? current?.rank : this.blocks.rankOf(current.id)
    const row = rank == null ? undefined : this.blocks.rowAt(rank)
    const isNews = current && row && (current.id !== row.id || current.rank !== rank)
    this.set({
      version: this.#state.version + 1,
      ...(isNews ? { current: { ...current, id: row.id, rank: rank ?? null } } : {}),
    })
  }
}
