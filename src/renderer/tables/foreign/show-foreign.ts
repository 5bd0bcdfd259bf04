// Narrows the grid to rows of a group, as far as a filter can say what is in it.
import { where, type Filter } from '../../../shared/filters.ts'
import type { ForeignGroup } from '../../../shared/foreign-rows.ts'
import type { TableDescription } from '../../../shared/tables.ts'
import type { TableModel } from '../table-model.ts'

/** Of booleans exactly the group; of dates, whose shape no filter names, all foreign values of the column. */
export function showForeign(
  model: TableModel,
  { columns }: TableDescription,
  { column, example }: Pick<ForeignGroup, 'column' | 'example'>,
): void {
  const codec = columns.find(({ name }) => name === column)?.codec
  if (!codec) return
  const isForeign = where(column, { test: 'foreign', to: codec })
  // Bytes are compared by few engines, and of no value that is a boolean there are many.
  const isTold = codec.kind === 'boolean' && !(example instanceof Uint8Array)
  const filter: Filter = isTold
    ? { kind: 'group', join: 'and', parts: [isForeign, where(column, { test: 'equals', value: example })] }
    : isForeign
  model.changeView({ filter })
}
