// One command as an item of a menu: with its key, and with the reason where it cannot be done.
import { Menu } from '@mantine/core'
import type { TableModel } from '../table-model.ts'
import css from '../table-screen.module.css'
import type { TableAction } from './table-action.ts'

export function ActionMenuItem({ model, action }: { model: TableModel; action: TableAction }) {
  const reason = action.refusal(model)
  return (
    <Menu.Item
      disabled={reason !== null}
      title={reason ?? undefined}
      rightSection={action.shortcut && <span className={css.menuKeys}>{action.shortcut.split(/,| or /)[0]}</span>}
      onClick={() => action.perform(model)}
    >
      {action.label(model)}
    </Menu.Item>
  )
}
