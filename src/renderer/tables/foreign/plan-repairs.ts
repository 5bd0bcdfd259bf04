// Which repairs are staged beside what a person has staged before.
import type { Cell } from '../../../shared/cell.ts'
import { MOST_CHANGES } from '../../../shared/tables.ts'
import { rowIdOf } from '../../grid/row-id.ts'
import type { Edit, Staged } from '../changes.ts'

/** As `foreignRepair` answers. */
export interface RepairedCell {
  key: Cell[]
  column: string
  original: Cell
  value: Cell
}

export interface PlannedRepairs {
  edits: Edit[]
  /** Cells that a person has edited already: their word counts. */
  edited: number
  /** Cells of rows that are marked for deletion. */
  deleted: number
  /** Rows for which one save has no room beside what is staged. */
  beyond: number
}

/** What is staged of these cells: nothing that a person has said otherwise, and no more rows than one save takes. */
export function planRepairs({ changes }: Staged, cells: readonly RepairedCell[]): PlannedRepairs {
  const staged = new Map(changes.map((change) => [change.id, change]))
  const plan: PlannedRepairs = { edits: [], edited: 0, deleted: 0, beyond: 0 }
  const added = new Set<string>()
  const beyond = new Set<string>()
  for (const cell of cells) {
    const id = rowIdOf(cell.key)
    const change = staged.get(id)
    if (change?.kind === 'delete') plan.deleted += 1
    else if (change && Object.hasOwn(change.values, cell.column)) plan.edited += 1
    else if (!change && !added.has(id) && changes.length + added.size >= MOST_CHANGES) beyond.add(id)
    else {
      if (!change) added.add(id)
      plan.edits.push({ do: 'set', ...cell, isRepair: true })
    }
  }
  return { ...plan, beyond: beyond.size }
}
