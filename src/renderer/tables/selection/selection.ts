// The cells that are chosen in one table, beside the current one. Kept outside React: a block that grows under the pointer
// redraws its frame and nothing else.
import type { Filter } from '../../../shared/filters.ts'
import type { Sort } from '../../../shared/tables.ts'
import type { TableModel } from '../table-model.ts'
import { rankAt, spanOf, type BlockSpan, type CellBlock, type Corner, type Lines } from './cell-block.ts'
import { shownColumns } from './shown-columns.ts'

export class Selection {
  readonly #model: TableModel
  #block: CellBlock | null = null
  /** The order and the filter in which it was chosen: in another one the numbers are other rows. */
  #view: { sort: Sort | null; filter: Filter | null } | null = null
  #listeners = new Set<() => void>()

  constructor(model: TableModel) {
    this.#model = model
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  block = (): CellBlock | null => this.#block

  /** What is chosen now; null for nothing beyond the current cell, and once a person has gone elsewhere. */
  span(): BlockSpan | null {
    const { sort, filter, current } = this.#model.state
    if (!this.#block || this.#view?.sort !== sort || this.#view.filter !== filter) return null
    const span = spanOf(this.#block, this.#lines())
    const index = current && this.#model.indexOf(current)
    const isInside =
      span !== null &&
      index !== null &&
      index >= span.first &&
      index <= span.last &&
      span.columns.includes(current?.column ?? '')
    if (!isInside) return null
    const isOne = span !== null && !span.isWholeRows && span.first === span.last && span.columns.length === 1
    return isOne ? null : span
  }

  /** The moving corner, as a line and a column; null without a block. */
  focus(): { index: number; column: string } | null {
    if (!this.#block || !this.span()) return null
    const { rank, column } = this.#block.focus
    return { index: rank + this.#model.newIds().length, column }
  }

  clear(): void {
    if (this.#block) this.#set(null)
  }

  /** Draws the block to a cell: from where it began, else from the current cell. */
  extendTo(index: number, column: string): void {
    const focus = this.#corner(index, column)
    const whole = this.span() ? this.#block : null
    const anchor = whole?.anchor ?? this.#current() ?? focus
    this.#set({ anchor, focus, hasAllRows: whole?.hasAllRows ?? false, hasAllColumns: whole?.hasAllColumns ?? false })
  }

  /** A block from corner to corner. */
  choose(from: { index: number; column: string }, to: { index: number; column: string }): void {
    this.#set({
      anchor: this.#corner(from.index, from.column),
      focus: this.#corner(to.index, to.column),
      hasAllRows: false,
      hasAllColumns: false,
    })
  }

  /** Whole rows from one line to another. */
  chooseRows(from: number, to: number): void {
    const columns = this.#lines().columns
    const [first, last] = [columns[0], columns.at(-1)]
    if (first === undefined || last === undefined) return
    this.#set({
      anchor: this.#corner(from, first),
      focus: this.#corner(to, last),
      hasAllRows: false,
      hasAllColumns: true,
    })
  }

  /** Every row of the view, by its number. */
  chooseAll(): void {
    const all = this.#corners()
    if (all) this.#set({ ...all, hasAllRows: true, hasAllColumns: true })
  }

  /** The whole columns of what is chosen. */
  widenToColumns(): void {
    const all = this.span() ? this.#block : this.#corners()
    if (all) this.#set({ ...all, hasAllRows: true })
  }

  /** The whole rows of what is chosen. */
  widenToRows(): void {
    const all = this.span() ? this.#block : this.#corners()
    if (all) this.#set({ ...all, hasAllColumns: true })
  }

  /** One whole column; `isMore` draws on from those that are chosen. */
  chooseColumn(column: string, isMore: boolean): void {
    const index = this.#model.newIds().length
    const focus = this.#corner(index, column)
    const before = isMore && this.span() ? this.#block : null
    this.#set({
      anchor: before?.anchor ?? (isMore ? (this.#current() ?? focus) : focus),
      focus,
      hasAllRows: true,
      hasAllColumns: false,
    })
  }

  #set(block: CellBlock | null): void {
    const { sort, filter } = this.#model.state
    this.#block = block
    this.#view = block && { sort, filter }
    this.#listeners.forEach((listener) => listener())
  }

  #corners(): CellBlock | null {
    const anchor = this.#current()
    return anchor && { anchor, focus: anchor, hasAllRows: false, hasAllColumns: false }
  }

  #current(): Corner | null {
    const { current } = this.#model.state
    const index = current && this.#model.indexOf(current)
    return current && index !== null ? this.#corner(index, current.column) : null
  }

  #corner(index: number, column: string): Corner {
    const id = this.#model.lineAt(index).id
    return { rank: rankAt(index, this.#model.newIds().length), id: id === '' ? null : id, column }
  }

  #lines(): Lines {
    const model = this.#model
    return {
      newCount: model.newIds().length,
      lineCount: model.lineCount(),
      columns: shownColumns(model).map(({ name }) => name),
      idAt: (index) => model.lineAt(index).id || null,
    }
  }
}

const selections = new WeakMap<TableModel, Selection>()

/** The same one for the life of the model. */
export function selectionOf(model: TableModel): Selection {
  const known = selections.get(model) ?? new Selection(model)
  selections.set(model, known)
  return known
}
