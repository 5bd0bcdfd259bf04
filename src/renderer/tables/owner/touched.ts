// Which columns a save sets by itself beside those of a change, as the table's owner does in its own writes.
import { nowIn } from '../../../shared/codecs.ts'
import type { Touch } from '../../../shared/owners.ts'
import type { Change, TableDescription } from '../../../shared/tables.ts'

const ANY_TIME = '2024-01-15T10:20:30.123Z'

/** Those that can be set: not one that holds numbers, or that a person has set apart. */
export function touchesOf({ owner, columns }: Pick<TableDescription, 'owner' | 'columns'>): readonly Touch[] {
  return (owner?.touches ?? []).filter((touch) => {
    const found = columns.find(({ name }) => name === touch.column)
    if (!found) return false
    if (found.codec) return nowIn(found.codec, ANY_TIME) !== null
    return found.encoding !== null && found.encoding.basis !== 'chosen'
  })
}

/** Of one change: a column that it gives a value itself keeps that one. */
export function touchesOfChange(touches: readonly Touch[], change: Change): readonly Touch[] {
  if (change.kind === 'delete' || touches.length === 0) return []
  return touches.filter(
    ({ column, on }) => (on === 'update' || change.kind === 'insert') && !Object.hasOwn(change.values, column),
  )
}
