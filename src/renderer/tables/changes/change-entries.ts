// The list of changes as lines: one over each row, and one for each cell of it. Words are made for those in sight alone.
import type { Touch } from '../../../shared/owners.ts'
import type { Problem } from '../../../shared/table-saves.ts'
import type { Change, Column } from '../../../shared/tables.ts'
import { columnsWritten } from '../describe-change.ts'
import { touchesOfChange } from '../owner/touched.ts'

export interface ChangeEntry {
  change: Change
  /** Null for the line over the row. */
  column: string | null
  /** What would be refused here. */
  problem: Problem | null
  /** The save sets the column by itself, as the table's owner does; absent where a person staged the value. */
  touch?: Touch
}

/** `onlyProblems`: rows with a problem alone. `touches`: what saves set by themselves. */
export function entriesOf(
  changes: readonly Change[],
  columns: readonly Column[],
  problems: readonly Problem[],
  onlyProblems: boolean,
  touches: readonly Touch[],
): ChangeEntry[] {
  const byChange = Map.groupBy(problems, ({ changeId }) => changeId)
  const entries: ChangeEntry[] = []
  for (const change of changes) {
    const mine = byChange.get(change.id)
    if (onlyProblems && !mine) continue
    for (const entry of mine ? entriesWith(change, columns, mine, touches) : plainEntries(change, columns, touches))
      entries.push(entry)
  }
  return entries
}

/** Of a change without problems, made once: an edit beside 20,000 others makes those of one. */
const plain = new WeakMap<
  Change,
  { columns: readonly Column[]; touches: readonly Touch[]; entries: readonly ChangeEntry[] }
>()

function plainEntries(change: Change, columns: readonly Column[], touches: readonly Touch[]): readonly ChangeEntry[] {
  const known = plain.get(change)
  if (known?.columns === columns && known.touches === touches) return known.entries
  const entries = entriesWith(change, columns, [], touches)
  plain.set(change, { columns, touches, entries })
  return entries
}

function entriesWith(
  change: Change,
  columns: readonly Column[],
  problems: readonly Problem[],
  touches: readonly Touch[],
): ChangeEntry[] {
  const written = columnsWritten(change, columns)
  // A problem of a column that nobody wrote stands at the row: a value that is missing.
  const ofRow = problems.find(({ column }) => column === null || !written.includes(column)) ?? null
  return [
    { change, column: null, problem: ofRow },
    ...written.map((column) => ({ change, column, problem: problems.find((each) => each.column === column) ?? null })),
    ...touchesOfChange(touches, change).map((touch) => ({ change, column: touch.column, problem: null, touch })),
  ]
}
