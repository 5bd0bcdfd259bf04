// The commands of the current cell, at the pointer.
import { Menu } from '@mantine/core'
import type { ReactNode } from 'react'
import { ActionMenuItem } from './actions/action-menu-item.tsx'
import { tableActions, type TableAction } from './table-actions.ts'
import type { TableModel } from './table-model.ts'
import css from './table-screen.module.css'

const groups: TableAction[][] = [
  [tableActions.edit, tableActions.openValue, tableActions.inspect, tableActions.copy, tableActions.copyAs],
  [tableActions.setCells, tableActions.fillDown],
  [tableActions.follow, tableActions.pointing],
  [tableActions.setNull, tableActions.setEmpty, tableActions.setNow, tableActions.restore],
  [tableActions.chooseEncoding, tableActions.foreignReport],
  [tableActions.newRow, tableActions.deleteRow, tableActions.dropRow],
  [tableActions.filterByValue, tableActions.excludeValue, tableActions.onlyNull],
  [tableActions.sortUp, tableActions.sortDown, tableActions.goToRow, tableActions.goToValue],
]

interface CellMenuProps {
  model: TableModel
  /** Pixels of the window; null while the menu is closed. */
  at: { x: number; y: number } | null
  onClose: () => void
  /** Commands of other features, behind these. */
  extra?: ReactNode
}

export function CellMenu({ model, at, onClose, extra }: CellMenuProps) {
  if (!at) return null
  return (
    <Menu
      opened
      position="bottom-start"
      offset={0}
      // All of it is seen, wherever in the window the cell is.
      middlewares={{ flip: false, shift: { crossAxis: true, padding: 8 } }}
      returnFocus
      onClose={onClose}
    >
      <Menu.Target>
        <span className={css.anchor} style={{ left: at.x, top: at.y }} />
      </Menu.Target>
      <Menu.Dropdown className={css.menu ?? ''}>
        {groups.map((actions, group) => (
          <div key={actions[0]?.name} role="presentation">
            {group > 0 && <Menu.Divider />}
            {actions.map((action) => (
              <ActionMenuItem key={action.name} model={model} action={action} />
            ))}
          </div>
        ))}
        {extra}
      </Menu.Dropdown>
    </Menu>
  )
}
