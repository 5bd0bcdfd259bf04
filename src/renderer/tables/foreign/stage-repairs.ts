// The repairs that a person has chosen, read and staged as one step of undo.
import type { ForeignGroup } from '../../../shared/foreign-rows.ts'
import { api } from '../../api.ts'
import { plural } from '../../ui/wording.ts'
import { editMany } from '../changes.ts'
import { runWork } from '../selection/block-work.ts'
import { changeStaged, readStaged } from '../staged-edits.ts'
import type { TableModel } from '../table-model.ts'
import { planRepairs, type PlannedRepairs } from './plan-repairs.ts'

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
  const values = groups.reduce((sum, group) => sum + (chosen.has(groupKey(group)) ? group.rows : 0), 0)
  const made = await runWork(model, `Repair: reading ${plural(values, 'value')}`, values, ({ signal }) =>
    api.tables.foreignRepair({ profileId, table, repairs }, { signal }),
  )
  if (!made) return false
  const plan = planRepairs(readStaged(profileId, table), made.cells)
  changeStaged(profileId, table, (staged) => editMany(staged, plan.edits))
  const isAny = plan.edits.length > 0
  model.set({ notice: { tone: isAny ? 'good' : 'note', text: stagedInWords(plan, made.left + plan.beyond) } })
  return true
}

function stagedInWords({ edits, edited, deleted }: PlannedRepairs, left: number): string {
  const words = [
    edits.length > 0
      ? `Staged ${plural(edits.length, 'repair')} as one step. Nothing is saved yet.`
      : 'Nothing was staged.',
    left > 0 ? `${plural(left, 'row')} more ${left === 1 ? 'is' : 'are'} left: save these, and look again.` : '',
    edited > 0 ? `${plural(edited, 'value')} that ${edited === 1 ? 'was' : 'were'} edited before kept the edit.` : '',
    deleted > 0
      ? `${plural(deleted, 'value')} of rows that are marked for deletion ${deleted === 1 ? 'was' : 'were'} left out.`
      : '',
  ]
  return words.filter(Boolean).join(' ')
}
