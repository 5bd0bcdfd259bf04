// Places on the table's screen that other features fill: they are handed over by whoever shows the screen.
import type { ReactNode } from 'react'
import type { TableDescription } from '../../shared/tables.ts'
import type { TableModel } from './table-model.ts'

type Fill = (model: TableModel, description: TableDescription) => ReactNode

export interface TableExtras {
  /** Among the commands of the toolbar. */
  toolbar?: Fill
  /** At the end of the menu of a cell: Mantine's `Menu.Item` and `Menu.Divider`. */
  menu?: Fill
  /** Beside the grid, at its end. */
  side?: Fill
  /** Above everything. */
  dialogs?: Fill
}
