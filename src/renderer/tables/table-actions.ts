// Every command of the table screen, once: keys, the menu and the toolbar are drawn from this list.
import type { PageCommand } from '../../shared/app.ts'
import type { KeyPress } from '../grid/grid-keys.ts'
import { blockActions } from './actions/block-actions.ts'
import { cellActions } from './actions/cell-actions.ts'
import { columnActions } from './actions/column-actions.ts'
import { filterActions } from './actions/filter-actions.ts'
import { jumpActions } from './actions/jump-actions.ts'
import { panelActions } from './actions/panel-actions.ts'
import { referenceActions } from './actions/reference-actions.ts'
import { rowActions } from './actions/row-actions.ts'
import { stagedActions } from './actions/staged-actions.ts'
import type { TableAction } from './actions/table-action.ts'
import type { TableModel } from './table-model.ts'

export type { TableAction } from './actions/table-action.ts'

/** In the order of the map of keys. */
export const tableActions = {
  ...cellActions,
  ...blockActions,
  ...columnActions,
  ...filterActions,
  ...jumpActions,
  ...referenceActions,
  ...rowActions,
  ...stagedActions,
  ...panelActions,
}

/** Does what a key press stands for. False when it stands for nothing here. */
export function performKey(model: TableModel, press: KeyPress, isGlobal: boolean): boolean {
  const action = Object.values<TableAction>(tableActions).find(
    (each) => each.isPressed?.(press) && (!isGlobal || each.isGlobal === true),
  )
  if (!action) return false
  const refusal = action.refusal(model)
  if (refusal === null) action.perform(model)
  else model.set({ notice: { tone: 'note', text: refusal } })
  return true
}

/** Does what the native menu asks of this screen; what belongs to another is left alone. */
export function performCommand(model: TableModel, command: PageCommand): void {
  if (command === 'open-file' || document.querySelector('[aria-modal=true]')) return
  const action: TableAction = tableActions[command]
  const refusal = action.refusal(model)
  if (refusal === null) action.perform(model)
  else model.set({ notice: { tone: 'note', text: refusal } })
}
