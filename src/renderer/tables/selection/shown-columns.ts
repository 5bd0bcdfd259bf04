// The columns of a table as they are shown: without the hidden ones, in the order a person gave them, pinned ones first.
import type { Column } from '../../../shared/tables.ts'
import { columnsInOrder } from '../../grid/column-order.ts'
import { readLayout } from '../column-layouts.ts'
import type { TableModel } from '../table-model.ts'

export function shownColumns({ profileId, table, state: { description } }: TableModel): readonly Column[] {
  return description ? columnsInOrder(description.columns, readLayout(profileId, table)) : []
}
