// The repairs that a person has chosen, read and staged as one step of undo.
import type { ForeignGroup } from '../../../shared/foreign-rows.ts'
import type { Change } from '../../../shared/tables.ts'
import { api } from '../../api.ts'
import { rowIdOf } from '../../grid/row-id.ts'
import { plural } from '../../ui/wording.ts'
import { runWork } from '../selection/block-work.ts'
import { stageChanges } from '../stage-changes.ts'
import type { TableModel } from '../table-model.ts'

export type RepairTo = ForeignGroup['repairs'][number]['to']

/** Groups by `groupKey`, each with what it is repaired to. */
export type ChosenRepairs = ReadonlyMap<string, RepairTo>

export const groupKey = ({ column, id }: Pick<ForeignGroup, 'column' | 'id'>): string => `${column} ${id}`

/** True when they are staged; what went wrong is said on the screen. */
export async function stageRepairs(
  model: TableModel,
  groups: readonly ForeignGroup[],
  chosen: ChosenRepairs,
): Promise<boolean> {
  const { profileId, table } = model
  const repairs = groups.flatMap((group) => {
    const to = chosen.get(groupKey(group))
    return to ? [{ id: group.id, column: group.column, to }] : []
  })
  const rows = groups.reduce((sum, group) => sum + (chosen.has(groupKey(group)) ? group.rows : 0), 0)
  const made = await runWork(model, `Repair: reading ${plural(rows, 'row')}`, rows, ({ signal }) =>
    api.tables.foreignRepair({ profileId, table, repairs }, { signal }),
  )
  if (!made) return false
  const byRow = new Map<string, Extract<Change, { kind: 'update' }>>()
  for (const { key, column, original, value } of made.cells) {
    const id = rowIdOf(key)
    const before = byRow.get(id)
    byRow.set(id, {
      ...{ kind: 'update', id, key },
      original: { ...before?.original, [column]: original },
      values: { ...before?.values, [column]: value },
      repairs: [...(before?.repairs ?? []), column],
    })
  }
  const taken = stageChanges(profileId, table, [...byRow.values()])
  const passed = byRow.size - taken
  const text = [
    `Staged ${plural(taken, 'repair')} as one step. Nothing is saved yet.`,
    made.left > 0 ? `${plural(made.left, 'row')} more are left: save these, and look again.` : '',
    passed > 0 ? `${plural(passed, 'row')} marked for deletion ${passed === 1 ? 'was' : 'were'} left out.` : '',
  ]
  model.set({ notice: { tone: taken > 0 ? 'good' : 'note', text: text.filter(Boolean).join(' ') } })
  return true
}
