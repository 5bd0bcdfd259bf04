// One open table: its view, its rows in memory, the current cell, and what is being edited. Screens only draw it.
import type { Cell } from '../../shared/cell.ts'
import type { Codec } from '../../shared/codecs.ts'
import type { ConnectionState } from '../../shared/connections.ts'
import type { Filter } from '../../shared/filters.ts'
import type { Sort, TableDescription, View } from '../../shared/tables.ts'
import { api, onLinkState, linkState } from '../api.ts'
import type { RowBlocks } from '../grid/row-blocks.ts'
import { isAbort, wordsOf } from '../ui/call-error.ts'
import { onConnection } from '../ui/connection-states.ts'
import { goToKey } from './jump/go-to.ts'
import { ViewReading } from './jump/view-reading.ts'
import { TableLines } from './table-lines.ts'
import { nothingRead, type TableNotice, type TableState } from './table-state.ts'

export type { Current, Editing, Reveal, TableNotice, TableState } from './table-state.ts'

interface ViewChange {
  sort?: Sort | null
  filter?: Filter | null
}

const namesOf = ({ columns }: TableDescription) => JSON.stringify(columns.map(({ name }) => name))

const views = new Map<string, { sort: Sort | null }>()
const addressOf = (profileId: string, table: string) => JSON.stringify([profileId, table])

export class TableModel extends TableLines {
  readonly reading: ViewReading
  /** Waits until the open cell is closed. */
  #nextView: ViewChange | null = null
  #wasLost = false
  /** What is known of the columns was told without reading values: that is asked for once rows are on the screen. */
  #isQuick = false
  #hasBegun = false
  /** Who waits until it is known how the columns are written. */
  #waiting: (() => void)[] = []
  #stopWatching: readonly (() => void)[] = []

  constructor(profileId: string, table: string) {
    super(profileId, table, nothingRead(views.get(addressOf(profileId, table))?.sort ?? null))
    const host = {
      view: () => this.view(),
      read: () => this.state,
      set: (patch: Partial<TableState>) => this.set(patch),
      onRows: () => this.rowsChanged(),
      onBegun: () => {
        this.#hasBegun = true
        if (this.#isQuick) void this.#describe()
      },
      onRenumbered: (by: number) => this.scroll.moveWithRows(by),
    }
    this.reading = new ViewReading(host, {
      page: (view, place, limit, signal) => api.tables.page({ view, place, limit }, { signal }),
      count: (view, signal) => api.tables.count({ view }, { signal }),
      survey: (view, near, signal) => api.tables.survey({ view, near }, { signal }),
    })
  }

  get blocks(): RowBlocks {
    return this.reading.blocks
  }

  dismiss(notice: TableNotice): void {
    if (this.state.notice === notice) this.set({ notice: null })
  }

  override set(patch: Partial<TableState>): void {
    super.set(patch)
    const next = this.#nextView
    if (!next || this.state.editing) return
    this.#nextView = null
    this.changeView(next)
  }

  /** Begins to read; `close` ends it. What was read before is shown at once, and read anew meanwhile. */
  open(): void {
    const onVisibility = () => this.reading.setHidden(document.hidden)
    document.addEventListener('visibilitychange', onVisibility)
    this.#stopWatching = [
      onLinkState(() => {
        if (linkState().state === 'open' && this.state.problem) this.retry()
      }),
      onConnection(this.profileId, (connection) => this.#connectionChanged(connection)),
      () => document.removeEventListener('visibilitychange', onVisibility),
    ]
    // Rows do not wait for what is known of the columns: both are asked for at once.
    if (this.state.description) this.reading.again()
    else this.reading.begin()
    void this.#describe()
  }

  close(): void {
    for (const stop of this.#stopWatching) stop()
    this.reading.close()
    this.#tellWaiting()
    // What was said about the last save is no news when one comes back.
    this.set({ notice: null, goTo: null, filterEditor: null })
  }

  /** After a loss: what could not be read is read now, and what was read may be old. */
  #connectionChanged({ state }: ConnectionState): void {
    if (state === 'waiting') this.#wasLost = true
    if (state !== 'open') return
    if (this.#wasLost) this.reload()
    if (this.#wasLost) void this.#describe()
    else if (this.state.problem) this.retry()
    this.#wasLost = false
  }

  /**
   * Resolves when it is known how the columns are written, or when that cannot be known now: what is typed or pasted before would
   * be judged by the declared types alone. Undefined when it is known already, so that a key that opens a cell loses no time.
   */
  whenDescribed(): Promise<void> | undefined {
    if (this.state.description && !this.#isQuick) return undefined
    if (this.state.problem) return undefined
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  #tellWaiting(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }

  async #describe(isFresh = false): Promise<void> {
    const { profileId, table } = this
    const before = this.state.description
    const isQuick = before === null
    try {
      const description = await api.tables.describe({ profileId, table, isFresh, isQuick })
      this.#isQuick = isQuick
      const isSortKnown = description.columns.some((column) => column.name === this.state.sort?.column)
      const isSortLost = this.state.sort !== null && !isSortKnown
      const first = description.columns[0]?.name ?? ''
      this.set({ description, current: this.state.current ?? { id: null, rank: 0, column: first } })
      // Rows that were read in an order that is no more, or with other columns, fit no more.
      if (isSortLost) this.changeView({ sort: null })
      else if (before && namesOf(before) !== namesOf(description)) this.reading.begin()
      else this.rowsChanged()
      if (!isQuick) this.#tellWaiting()
      else if (this.#hasBegun) void this.#describe()
    } catch (error) {
      this.#tellWaiting()
      if (!isAbort(error)) this.set({ problem: wordsOf(error) })
    }
  }

  retry(): void {
    this.set({ problem: null })
    if (!this.state.description) void this.#describe()
    this.reading.retry()
  }

  view(): View {
    const { sort, filter } = this.state
    return { profileId: this.profileId, table: this.table, sort, filter }
  }

  /** Counts the view exactly; the answer of a view that was left meanwhile is dropped. */
  count(): Promise<void> {
    return this.reading.count()
  }

  /** Another order or filter: from its first row. Staged changes and the current row stay. */
  changeView(change: ViewChange): void {
    // A search is asked for a moment after its last key. When a cell was opened meanwhile, its row may not be taken away
    // from under what is being typed.
    if (this.state.editing) {
      this.#nextView = { ...this.#nextView, ...change }
      return
    }
    const { current, reveal } = this.state
    // Another order has as many rows: whoever goes to the end at once is not stopped by a number that is being read.
    const counted = change.filter === undefined ? this.state.counted : null
    this.set({
      ...change,
      counted,
      problem: null,
      costly: null,
      selected: new Map(),
      current: current && { ...current, rank: current.id === null ? 0 : null },
      reveal: { index: 0, isCentered: false, takesFocus: false, turn: reveal.turn + 1 },
    })
    views.set(addressOf(this.profileId, this.table), { sort: this.state.sort })
    this.reading.begin(counted?.count ?? null)
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
    this.reload()
    void this.#describe(true)
  }

  /** Reads the rows again, at the same place. */
  reload(): void {
    this.set({ problem: null })
    this.reading.again()
  }

  /** Moves to a row by its key, wherever it stands. The filter is left behind only when the row is not in it. */
  goToRow(key: readonly Cell[], column: string): Promise<void> {
    return goToKey(this, key, column)
  }
}
