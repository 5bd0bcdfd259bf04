// Whether the page of the current user is open, by table.
import { selectionOf } from '../../tables/selection/selection.ts'
import { Slot } from '../../tables/selection/slot.ts'
import type { TableModel } from '../../tables/table-model.ts'

export const userPages = new Slot<true>()

/** Why there is no page to open, or null. */
export const pageRefusal = (model: TableModel): string | null => (model.currentLine() ? null : 'No row is chosen.')

export function openUserPage(model: TableModel): void {
  if (pageRefusal(model) === null) userPages.set(model, true)
}

/** What is done from the page is done to its user alone, also where more rows are chosen in the grid behind it. */
export function chooseThisUser(model: TableModel): void {
  selectionOf(model).clear()
  if (model.state.selected.size > 0) model.set({ selected: new Map() })
}
