// The commands of a column, below its header.
import { Menu } from '@mantine/core'
import { ActionMenuItem } from '../actions/action-menu-item.tsx'
import { panelActions } from '../actions/panel-actions.ts'
import { columnActions } from '../actions/column-actions.ts'
import type { TableAction } from '../actions/table-action.ts'
import { useSlot } from '../selection/slot.ts'
import type { TableModel } from '../table-model.ts'
import css from '../table-screen.module.css'
import { headerMenus } from './change-columns.ts'

const groups: TableAction[][] = [
  [columnActions.sortUp, columnActions.sortDown, columnActions.unsort, columnActions.filterColumn],
  [columnActions.pinColumn, columnActions.hideColumn, columnActions.fitColumn],
  [columnActions.chooseWholeColumn, columnActions.copyColumnName],
  [panelActions.foreignReport],
]

export function HeaderMenu({ model }: { model: TableModel }) {
  const at = useSlot(headerMenus, model)
  if (!at) return null
  return (
    <Menu
      opened
      position="bottom-start"
      offset={2}
      returnFocus
      // The press of a key that opens it is still on its way: taken for one outside of it, it would close it at once.
      clickOutsideEvents={['mousedown', 'touchstart']}
      onClose={() => headerMenus.set(model, null)}
    >
      <Menu.Target>
        <span className={css.anchor} style={{ left: at.x, top: at.y }} />
      </Menu.Target>
      <Menu.Dropdown aria-label={`Commands of ${at.column}`}>
        {groups.map((actions, group) => (
          <div key={actions[0]?.name} role="presentation">
            {group > 0 && <Menu.Divider />}
            {actions.map((action) => (
              <ActionMenuItem key={action.name} model={model} action={action} />
            ))}
          </div>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
