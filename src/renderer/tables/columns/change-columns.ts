// What a person does to columns as they are shown: pinned, hidden, fitted to what they hold.
import { cellShown } from '../../grid/grid-line.ts'
import { look } from '../../grid/cell-show.ts'
import { pinnedNames } from '../../grid/column-order.ts'
import { readLayout } from '../column-layouts.ts'
import { keepLayout } from '../kept-settings.ts'
import { Slot } from '../selection/slot.ts'
import { shownColumns } from '../selection/shown-columns.ts'
import type { TableModel } from '../table-model.ts'
import type { ColumnLayout } from '../../../shared/table-settings.ts'

/** The header whose commands are shown, and where, in pixels of the window. */
export const headerMenus = new Slot<{ column: string; x: number; y: number }>()

export function changeLayout({ profileId, table }: TableModel, edit: (before: ColumnLayout) => ColumnLayout): void {
  keepLayout(profileId, table, edit(readLayout(profileId, table)))
}

export function isPinned({ profileId, table, state: { description } }: TableModel, name: string): boolean {
  return description !== null && pinnedNames(description.columns, readLayout(profileId, table)).includes(name)
}

export function togglePin(model: TableModel, name: string): void {
  const { description } = model.state
  if (!description) return
  changeLayout(model, (before) => {
    const pinned = pinnedNames(description.columns, before)
    return { ...before, pinned: pinned.includes(name) ? pinned.filter((each) => each !== name) : [...pinned, name] }
  })
}

/** Why a column cannot be hidden, or null. */
export function hideRefusal(model: TableModel): string | null {
  return shownColumns(model).length > 1 ? null : 'The last column stays.'
}

/** Hides a column; one who stands in it goes to the next. */
export function hideColumn(model: TableModel, name: string): void {
  const names = shownColumns(model).map((column) => column.name)
  const at = names.indexOf(name)
  const next = names[at + 1] ?? names[at - 1]
  const { current } = model.state
  if (next === undefined) return
  if (current?.column === name) model.set({ current: { ...current, column: next } })
  changeLayout(model, (before) => ({ ...before, hidden: { ...before.hidden, [name]: false } }))
  const show = () => {
    changeLayout(model, (before) => ({ ...before, hidden: { ...before.hidden, [name]: true } }))
    model.set({ notice: null })
  }
  model.set({ notice: { tone: 'note', text: `${name} is hidden.`, action: { label: 'Show it', perform: show } } })
}

/** Pixels around the text of a cell, and of a header with its signs. */
const AROUND = { cell: 22, header: 62 }
/** Narrowest and widest, in pixels. */
const WIDTHS = { least: 48, most: 900 }

/** As wide as the longest of the name and of what is in sight. */
export function fitColumn(model: TableModel, name: string): void {
  const { description } = model.state
  const index = description?.columns.findIndex((column) => column.name === name) ?? -1
  const column = description?.columns[index]
  const pen = document.createElement('canvas').getContext('2d')
  if (!column || !pen) return
  const family = getComputedStyle(document.body).fontFamily
  pen.font = `600 13px ${family}`
  let width = pen.measureText(name).width + AROUND.header
  pen.font = `13px ${family}`
  const { first, last } = seenLines(model)
  for (let at = first; at <= last; at++) {
    const shown = cellShown(model.lineAt(at), column, index)
    if (shown?.cell === undefined) continue
    width = Math.max(width, pen.measureText(look(shown.cell, shown.cutLength).text).width + AROUND.cell)
  }
  const size = Math.round(Math.min(Math.max(WIDTHS.least, width), WIDTHS.most))
  changeLayout(model, (before) => ({ ...before, sizing: { ...before.sizing, [name]: size } }))
}

/** Lines in sight, at most a few hundred. */
function seenLines(model: TableModel): { first: number; last: number } {
  const { first, last } = model.seen.read()
  return { first: Math.max(0, first), last: Math.min(last, first + 300, model.lineCount() - 1) }
}
