// What a person has decided so far of rows that changed since they were read: plain data, taken over all at once.
import type { Conflict } from '../../../shared/tables.ts'
import type { CellDecision, RowDecision } from '../conflict-decisions.ts'

/** By the id of the change. */
export type Choices = ReadonlyMap<string, RowDecision>

export const isDelete = (conflict: Conflict) =>
  !conflict.isGone && conflict.columns.every(({ mine }) => mine === undefined)

/** The decision for one cell; undefined while there is none. */
export function choiceOf(choices: Choices, { changeId }: Conflict, column: string): CellDecision | undefined {
  const choice = choices.get(changeId)
  if (choice?.row === 'cells') return choice.cells.get(column)
  return choice?.row === 'mine' || choice?.row === 'theirs' ? { take: choice.row } : undefined
}

export function chooseRow(choices: Choices, { changeId }: Conflict, decision: RowDecision): Choices {
  return new Map(choices).set(changeId, decision)
}

/** `decision` undefined takes the cell's decision back. */
export function chooseCell(
  choices: Choices,
  conflict: Conflict,
  column: string,
  decision: CellDecision | undefined,
): Choices {
  const cells = new Map<string, CellDecision>()
  for (const each of conflict.columns) {
    const present = each.column === column ? decision : choiceOf(choices, conflict, each.column)
    if (present) cells.set(each.column, present)
  }
  return new Map(choices).set(conflict.changeId, { row: 'cells', cells })
}

/** Every row for which it can be decided; rows that are gone can only be dropped or made anew, one by one or all dropped. */
export function chooseAll(choices: Choices, conflicts: readonly Conflict[], row: 'mine' | 'theirs'): Choices {
  const all = new Map(choices)
  for (const conflict of conflicts) if (!conflict.isGone || row === 'theirs') all.set(conflict.changeId, { row })
  return all
}

export function isDecided(choices: Choices, conflict: Conflict): boolean {
  const choice = choices.get(conflict.changeId)
  if (!choice) return false
  return choice.row !== 'cells' || conflict.columns.every(({ column }) => choice.cells.has(column))
}
