// The list of changes as lines: one over each row, and one for each cell of it. Words are made for those in sight alone.
import type { Problem } from '../../../shared/table-saves.ts'
import type { Change, Column } from '../../../shared/tables.ts'
import { columnsWritten } from '../describe-change.ts'

export interface ChangeEntry {
  change: Change
  /** Null for the line over the row. */
  column: string | null
  /** What would be refused here. */
  problem: Problem | null
}

/** `onlyProblems`: rows with a problem alone. */
export function entriesOf(
  changes: readonly Change[],
  columns: readonly Column[],
  problems: readonly Problem[],
  onlyProblems: boolean,
): ChangeEntry[] {
  const byChange = Map.groupBy(problems, ({ changeId }) => changeId)
  return changes.flatMap((change): ChangeEntry[] => {
    const mine = byChange.get(change.id) ?? []
    if (onlyProblems && mine.length === 0) return []
    const written = columnsWritten(change, columns)
    // A problem of a column that nobody wrote stands at the row: a value that is missing.
    const ofRow = mine.find(({ column }) => column === null || !written.includes(column)) ?? null
    return [
      { change, column: null, problem: ofRow },
      ...written.map((column) => ({ change, column, problem: mine.find((each) => each.column === column) ?? null })),
    ]
  })
}
