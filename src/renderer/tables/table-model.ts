// One open table: its view, its rows in memory, the current cell, and what is being edited. Screens only draw it.
import type { Cell } from '../../shared/cell.ts'
import type { Codec } from '../../shared/codecs.ts'
import type { Filter } from '../../shared/filters.ts'
import type { ConnectionState } from '../../shared/connections.ts'
import type { Change, Column, Conflict, DeleteReach, Sort, TableDescription, View } from '../../shared/tables.ts'
import { api, onLinkState, linkState } from '../api.ts'
import { pendingLine, type GridLine } from '../grid/grid-line.ts'
import { rankOfKey } from '../grid/key-order.ts'
import { RowBlocks, type GridRow } from '../grid/row-blocks.ts'
import { GridScroll } from '../grid/grid-scroll.ts'
import { rowIdOf } from '../grid/row-id.ts'
import { isAbort, wordsOf, type ErrorWords } from '../ui/call-error.ts'
import { onConnection } from '../ui/connection-states.ts'
import type { OpenOutcome } from './save-outcome.ts'
import { readStaged } from './staged-edits.ts'

/** The current cell. A row keeps its id wherever it moves; `rank` is where it was last known to stand. */
export interface Current {
  /** Null while the row at `rank` is not read yet. */
  id: string | null
  rank: number | null
  column: string
}

/** A cell that is open for editing. What was typed so far is in `TableModel.draft`. */
export interface Editing {
  id: string
  column: string
  /** The text it opened with. */
  text: string
  /** The cell held NULL, or nothing yet. */
  wasNull: boolean
  /** Long text is edited in a dialog. */
  isLong: boolean
  error: string | null
}

export interface TableNotice {
  tone: 'good' | 'note' | 'bad'
  text: string
  action?: { label: string; perform: () => void }
}

/** Where the grid is to scroll. */
export interface Reveal {
  index: number
  /** Into the middle, when the line is not seen yet. */
  isCentered: boolean
  /** The grid also takes the keys. */
  takesFocus: boolean
  /** Counts up: the grid follows each turn once. */
  turn: number
}

export interface TableState {
  description: TableDescription | null
  /** Why rows cannot be read. */
  problem: ErrorWords | null
  sort: Sort | null
  filter: Filter | null
  /** The last exact count of the view, and when (milliseconds since 1970). */
  counted: { count: number; at: number } | null
  /** Milliseconds that the last page took. */
  loadTime: number | null
  current: Current | null
  /** Rows chosen in the margin, beside the current one. */
  selected: ReadonlyMap<string, GridRow | null>
  editing: Editing | null
  /** Messages of the last save, by `cellAddress`. */
  cellErrors: ReadonlyMap<string, string>
  /** Ids of the changes that are being saved. */
  saving: ReadonlySet<string> | null
  conflicts: readonly Conflict[] | null
  /** A save that was interrupted, and of which not everything is known. */
  unknown: OpenOutcome | null
  /** What the staged deletes would take along; asked about before they are saved. */
  reach: DeleteReach | null
  notice: TableNotice | null
  /** A value that is looked at in a dialog. */
  opened: { title: string; column: Column; value: Cell } | null
  /** The column whose encoding is looked at in a dialog. */
  encodingOf: string | null
  /** The grid scrolls to this line when `turn` changes. */
  reveal: Reveal
  /** Counts up with every change of the rows in memory. */
  version: number
}

interface ViewChange {
  sort?: Sort | null
  filter?: Filter | null
}

const namesOf = ({ columns }: TableDescription) => JSON.stringify(columns.map(({ name }) => name))

const views = new Map<string, { sort: Sort | null }>()

export class TableModel {
  readonly profileId: string
  readonly table: string
  readonly blocks: RowBlocks
  readonly scroll = new GridScroll()
  /** What was typed into the open editor. */
  draft = ''
  #state: TableState
  #listeners = new Set<() => void>()
  /** Waits until the open cell is closed. */
  #nextView: ViewChange | null = null
  #counting: AbortController | null = null
  #wasLost = false
  #stopWatching: readonly (() => void)[] = []
  #staged: { changes: readonly Change[]; newIds: string[]; byId: Map<string, Change> } | null = null

  constructor(profileId: string, table: string) {
    this.profileId = profileId
    this.table = table
    this.#state = {
      description: null,
      problem: null,
      sort: views.get(this.#address)?.sort ?? null,
      filter: null,
      counted: null,
      loadTime: null,
      current: null,
      selected: new Map(),
      editing: null,
      cellErrors: new Map(),
      saving: null,
      conflicts: null,
      unknown: null,
      reach: null,
      notice: null,
      opened: null,
      encodingOf: null,
      reveal: { index: 0, isCentered: false, takesFocus: false, turn: 0 },
      version: 0,
    }
    this.blocks = new RowBlocks({
      page: (place, limit, signal) => api.tables.page({ view: this.view(), place, limit }, { signal }),
      onChange: () => this.#rowsChanged(),
      onError: (error) => this.set({ problem: wordsOf(error) }),
      onMiscount: () => void this.count(),
      onLoaded: (loadTime) => this.set({ loadTime, problem: null }),
    })
  }

  dismiss(notice: TableNotice): void {
    if (this.#state.notice === notice) this.set({ notice: null })
  }

  /** Keeps what was typed so far. */
  type(text: string): void {
    this.draft = text
  }

  get #address(): string {
    return JSON.stringify([this.profileId, this.table])
  }

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
    const next = this.#nextView
    if (!next || this.#state.editing) return
    this.#nextView = null
    this.changeView(next)
  }

  /** Begins to read; `close` ends it. What was read before is shown at once, and read anew meanwhile. */
  open(): void {
    this.#stopWatching = [
      onLinkState(() => {
        if (linkState().state === 'open' && this.#state.problem) this.retry()
      }),
      onConnection(this.profileId, (connection) => this.#connectionChanged(connection)),
    ]
    void this.#describe()
  }

  close(): void {
    for (const stop of this.#stopWatching) stop()
    this.#counting?.abort()
    this.blocks.close()
    // What was said about the last save is no news when one comes back.
    this.set({ notice: null })
  }

  /** After a loss: what could not be read is read now, and what was read may be old. */
  #connectionChanged({ state }: ConnectionState): void {
    if (state === 'waiting') this.#wasLost = true
    if (state !== 'open') return
    if (this.#wasLost) void this.#describe()
    else if (this.#state.problem) this.retry()
    this.#wasLost = false
  }

  async #describe(isFresh = false): Promise<void> {
    const before = this.#state.description
    try {
      const description = await api.tables.describe({ profileId: this.profileId, table: this.table, isFresh })
      const isSortKnown = description.columns.some((column) => column.name === this.#state.sort?.column)
      const first = description.columns[0]?.name ?? ''
      this.set({
        description,
        problem: null,
        sort: isSortKnown ? this.#state.sort : null,
        current: this.#state.current ?? { id: null, rank: 0, column: first },
      })
      // Rows that were read with other columns fit no more.
      if (before && namesOf(before) !== namesOf(description)) this.blocks.reset()
      if (before) this.blocks.reload()
      else this.blocks.want(0, 60)
      void this.count()
    } catch (error) {
      if (!isAbort(error)) this.set({ problem: wordsOf(error) })
    }
  }

  retry(): void {
    this.set({ problem: null })
    if (!this.#state.description) return void this.#describe()
    this.blocks.retry()
    if (!this.#state.counted) void this.count()
  }

  view(): View {
    const { sort, filter } = this.#state
    return { profileId: this.profileId, table: this.table, sort, filter }
  }

  /** Counts the view exactly; the answer of a view that was left meanwhile is dropped. */
  async count(): Promise<void> {
    this.#counting?.abort()
    const counting = new AbortController()
    this.#counting = counting
    try {
      const { count, countedAt } = await api.tables.count({ view: this.view() }, { signal: counting.signal })
      if (this.#counting !== counting) return
      this.set({ counted: { count, at: countedAt } })
      this.blocks.setCount(count)
    } catch (error) {
      if (this.#counting === counting && !isAbort(error)) this.set({ problem: wordsOf(error) })
    }
  }

  /** Another order or filter: from its first row. Staged changes and the current row stay. */
  changeView(change: ViewChange): void {
    // A search is asked for a moment after its last key. When a cell was opened meanwhile, its row may not be taken away
    // from under what is being typed.
    if (this.#state.editing) {
      this.#nextView = { ...this.#nextView, ...change }
      return
    }
    const { current, reveal } = this.#state
    // Another order has as many rows: whoever goes to the end at once is not stopped by a number that is being read.
    const counted = change.filter === undefined ? this.#state.counted : null
    this.set({
      ...change,
      counted,
      problem: null,
      selected: new Map(),
      current: current && { ...current, rank: current.id === null ? 0 : null },
      reveal: { index: 0, isCentered: false, takesFocus: false, turn: reveal.turn + 1 },
    })
    views.set(this.#address, { sort: this.#state.sort })
    this.blocks.reset()
    if (counted) this.blocks.setCount(counted.count)
    this.blocks.want(0, 60)
    void this.count()
  }

  /** Takes a person's word on how a column is written; null takes it back. */
  async chooseEncoding(column: string, choice: { codec: Codec | null } | null): Promise<void> {
    try {
      const { profileId, table } = this
      this.set({ description: await api.tables.chooseEncoding({ profileId, table, column, choice }), notice: null })
    } catch (error) {
      if (!isAbort(error)) this.set({ notice: { tone: 'bad', text: wordsOf(error).message } })
    }
  }

  /** Reads everything again, also the columns and how they are written. */
  reloadAll(): void {
    this.set({ problem: null })
    void this.#describe(true)
  }

  /** Reads the rows again, at the same place. */
  reload(): void {
    this.set({ problem: null })
    this.blocks.reload()
    void this.count()
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

  /** Moves to a row by its key, wherever it stands. Leaves the filter and the order behind when it has to. */
  async goToRow(key: readonly Cell[], column: string): Promise<void> {
    const id = rowIdOf(key)
    if (this.moveToId(id, column)) return
    if (this.#state.sort || this.#state.filter) this.changeView({ sort: null, filter: null })
    try {
      const view = this.view()
      if (!this.#state.counted) await this.count()
      const rank = await rankOfKey(key, this.#state.counted?.count ?? this.blocks.count, async (rank) => {
        const page = await api.tables.page({ view, place: { kind: 'rank', rank }, limit: 1 })
        return page.keys[0]
      })
      if (rank === null) return this.set({ notice: { tone: 'note', text: `The row is no longer in ${this.table}.` } })
      const index = this.newIds().length + rank
      const turn = this.#state.reveal.turn + 1
      this.set({ current: { id, rank, column }, reveal: { index, isCentered: true, takesFocus: true, turn } })
    } catch (error) {
      if (!isAbort(error)) this.set({ notice: { tone: 'bad', text: wordsOf(error).message } })
    }
  }

  #rowsChanged(): void {
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
