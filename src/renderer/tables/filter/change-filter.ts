// What a person does to the filter of an open table; the text in the search field stays as it is.
import { isSecret, type ShownCell } from '../../../shared/cell.ts'
import { where, type Condition, type Filter, type Test } from '../../../shared/filters.ts'
import type { TableModel } from '../table-model.ts'
import { addPart, flipJoin, replacePart, type Path } from './filter-tree.ts'
import { barOf, withBar } from './quick.ts'

export interface FilterEditor {
  /** Null for a new condition. */
  path: Path | null
  /** The column it begins with; undefined for the current one. */
  column?: string
}

const setBar = (model: TableModel, bar: Filter | null): void =>
  model.changeView({ filter: withBar(model.state.filter, bar) })

/** Opens the editor of conditions. */
export function editCondition(model: TableModel, editor: FilterEditor): void {
  model.set({ filterEditor: editor })
}

/** Puts a condition in its place, or adds it: narrower than before. */
export function applyCondition(model: TableModel, path: Path | null, condition: Condition): void {
  const bar = barOf(model.state.filter)
  model.set({ filterEditor: null })
  setBar(model, path === null || bar === null ? addPart(bar, condition) : replacePart(bar, path, condition))
}

export function removePart(model: TableModel, path: Path): void {
  const bar = barOf(model.state.filter)
  if (bar) setBar(model, replacePart(bar, path, null))
}

export function negate(model: TableModel, path: Path, condition: Condition): void {
  const bar = barOf(model.state.filter)
  if (bar) setBar(model, replacePart(bar, path, { ...condition, isNot: !condition.isNot }))
}

export function flip(model: TableModel, path: Path, place: number): void {
  const bar = barOf(model.state.filter)
  if (bar) setBar(model, flipJoin(bar, path, place))
}

/** All of it, the text in the search field too. */
export function clearFilter(model: TableModel): void {
  model.changeView({ filter: null })
}

export type ByCell = 'this' | 'not this' | 'null'

/** Why the current cell cannot narrow the view, or null. */
export function byCellRefusal(model: TableModel, how: ByCell): string | null {
  const at = model.currentLine()
  if (!at) return 'No cell is chosen.'
  const { column, columnIndex, line } = at
  if (how === 'null') return column.isNullable ? null : `${column.name} is NOT NULL.`
  if (!line.row) return 'The row is not in the database yet.'
  if (line.row.cut.has(columnIndex)) return 'The value is too long to be asked for. Ask for a part of it instead.'
  return null
}

/** Narrows the view to rows with the current cell's stored value, or without it, or without any. */
export function filterByCell(model: TableModel, how: ByCell): void {
  const at = model.currentLine()
  if (!at || byCellRefusal(model, how) !== null) return
  const cell = at.line.row?.cells[at.columnIndex] ?? null
  const condition = where(at.column.name, how === 'null' ? { test: 'null' } : testOf(cell), how === 'not this')
  setBar(model, addPart(barOf(model.state.filter), condition))
}

/** Of a hash only its scheme is known here. */
function testOf(cell: ShownCell): Test {
  if (cell === null) return { test: 'null' }
  if (!isSecret(cell)) return { test: 'equals', value: cell }
  return cell.secret === 'empty' ? { test: 'empty' } : { test: 'scheme', schemes: [cell.secret] }
}
