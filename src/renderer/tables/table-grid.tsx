// The grid over a table's model: hands the model's rows to the grid, and what is done in the grid to the model.
import { useState, useSyncExternalStore } from 'react'
import type { TableDescription } from '../../shared/tables.ts'
import { Grid, type GridHost } from '../grid/grid.tsx'
import type { GridRow } from '../grid/row-blocks.ts'
import type { ColumnLayout } from '../grid/use-grid-columns.ts'
import { sortView } from './jump/sorting.ts'
import { performKey } from './table-actions.ts'
import { headerMenus } from './columns/change-columns.ts'
import { linesInMemory } from './selection/read-lines.ts'
import { selectionOf } from './selection/selection.ts'
import { shownColumns } from './selection/shown-columns.ts'
import { copyByKey, pasteText } from './table-clipboard.ts'
import { cancelEdit, checkTyped, commitAll, commitEdit, setCurrent, startEdit, tableRefusal } from './table-edits.ts'
import type { TableModel } from './table-model.ts'

interface TableGridProps {
  model: TableModel
  description: TableDescription
  layout: ColumnLayout
  onLayout: (change: (before: ColumnLayout) => ColumnLayout) => void
  onMenu: (x: number, y: number) => void
}

export function TableGrid({ model, description, layout, onLayout, onMenu }: TableGridProps) {
  const { state } = model
  const [host] = useState(() => createHost(model, onMenu))
  const { current, editing } = state
  const selection = selectionOf(model)
  useSyncExternalStore(selection.subscribe, selection.block)
  const span = selection.span()
  const [from, to] = [span?.columns[0], span?.columns.at(-1)]
  return (
    <Grid
      label={model.table}
      columns={description.columns}
      lineCount={model.lineCount()}
      newCount={model.newIds().length}
      sort={state.sort}
      current={current && { index: model.indexOf(current), column: current.column }}
      selected={state.selected}
      block={span && from !== undefined && to !== undefined ? { first: span.first, last: span.last, from, to } : null}
      saving={state.saving}
      errors={state.cellErrors}
      editing={
        editing && !editing.isLong ? { ...editing, text: model.draft, isWhole: model.draft === editing.text } : null
      }
      reveal={state.reveal}
      layout={layout}
      onLayout={onLayout}
      scroll={model.scroll}
      host={host}
      isReadOnly={tableRefusal(model) !== null}
    />
  )
}

function createHost(model: TableModel, onMenu: TableGridProps['onMenu']): GridHost {
  return {
    lineAt: (index) => model.lineAt(index),
    want: (first, last) => {
      model.seen.set(first, last)
      const above = model.newIds().length
      if (last >= above) model.reading.want(Math.max(0, first - above), last - above)
    },
    moveTo: (index, column, isByPointer = false) => {
      if (!commitEdit(model)) return
      if (model.state.selected.size > 0) model.set({ selected: new Map() })
      selectionOf(model).clear()
      model.moveTo(index, column, isByPointer ? 'stay' : 'near')
    },
    extendTo: (index, column, isByPointer = false) => {
      if (!commitEdit(model)) return
      if (model.state.selected.size > 0) model.set({ selected: new Map() })
      selectionOf(model).extendTo(index, column)
      if (!isByPointer) model.reveal(index)
    },
    blockFocus: () => selectionOf(model).focus(),
    chooseColumn: (column, isMore) => {
      const { current } = model.state
      if (!commitEdit(model)) return
      if (current && !isMore) model.set({ current: { ...current, column }, selected: new Map() })
      selectionOf(model).chooseColumn(column, isMore)
    },
    openHeaderMenu: (column, x, y) => {
      const { current } = model.state
      if (!commitEdit(model)) return
      // Commands of a column are about the current one.
      if (current) model.set({ current: { ...current, column } })
      headerMenus.set(model, { column, x, y })
    },
    selectRow: (index, how) => selectRow(model, index, how),
    sortBy: (column) => {
      if (!commitEdit(model)) return
      const { sort } = model.state
      if (sort?.column !== column) void sortView(model, { column, direction: 'asc' })
      else void sortView(model, sort.direction === 'asc' ? { column, direction: 'desc' } : null)
    },
    startEdit: (typed) => void startEdit(model, typed),
    press: (event) => {
      if (event.key === 'Escape' && model.state.selected.size > 0) model.set({ selected: new Map() })
      if (event.key === 'Escape') selectionOf(model).clear()
      return performKey(model, event, false)
    },
    copy: () => copyByKey(model),
    paste: (text) => void pasteText(model, text),
    openMenu: onMenu,
    draft: (text) => model.type(text),
    check: (text) => checkTyped(model, text),
    commit: () => commitEdit(model),
    commitAll: () => commitAll(model),
    cancel: () => cancelEdit(model),
    setNull: () => void setCurrent(model, null),
    moveOn: (way) => moveOn(model, way),
  }
}

function selectRow(model: TableModel, index: number, how: 'only' | 'toggle' | 'range'): void {
  if (!commitEdit(model)) return
  const { current, selected } = model.state
  const before = current && model.indexOf(current)
  const selection = selectionOf(model)
  // Rows that were never read have no ids to be chosen by: they are a block of whole rows, by their numbers.
  const [first, last] = [Math.min(before ?? index, index), Math.max(before ?? index, index)]
  if (how === 'range' && !linesInMemory(model, { first, last })) {
    model.set({ selected: new Map() })
    return selection.chooseRows(before ?? index, index)
  }
  selection.clear()
  const next = new Map<string, GridRow | null>(how === 'only' ? [] : selected)
  const take = (at: number) => {
    const { id, row } = model.lineAt(at)
    if (id !== '') next.set(id, row ?? null)
  }
  const { id } = model.lineAt(index)
  if (how === 'toggle' && next.has(id)) next.delete(id)
  else if (how === 'range' && before !== null) {
    for (let at = Math.min(before, index); at <= Math.max(before, index); at++) take(at)
  } else {
    // Choosing the first of several rows keeps the row one stands on.
    if (how === 'toggle' && next.size === 0 && before !== null) take(before)
    take(index)
  }
  const column = current?.column ?? model.state.description?.columns[0]?.name ?? ''
  if (how === 'range') model.set({ selected: next })
  else {
    model.moveTo(index, column, 'stay')
    model.set({ selected: next })
  }
}

/** After an edit: one row on, or one column in the order in which they are shown. */
function moveOn(model: TableModel, way: 'down' | 'up' | 'right' | 'left'): void {
  const { current, description } = model.state
  const index = current && model.indexOf(current)
  if (!current || !description || index === null) return
  const last = model.lineCount() - 1
  if (way === 'down' || way === 'up') {
    return model.moveTo(Math.min(Math.max(0, index + (way === 'down' ? 1 : -1)), last), current.column)
  }
  const names = shownColumns(model).map(({ name }) => name)
  const place = names.indexOf(current.column) + (way === 'right' ? 1 : -1)
  if (names[place] !== undefined) return model.moveTo(index, names[place])
  const row = index + (way === 'right' ? 1 : -1)
  if (row >= 0 && row <= last) model.moveTo(row, (way === 'right' ? names[0] : names.at(-1)) ?? current.column)
}
