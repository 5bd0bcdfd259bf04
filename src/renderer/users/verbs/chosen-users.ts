// The users that a verb is about: the chosen rows, read as far as a verb needs them.
import type { TableDescription } from '../../../shared/tables.ts'
import type { GridLine } from '../../grid/grid-line.ts'
import { runWork } from '../../tables/selection/block-work.ts'
import { chosenCells, readChosen } from '../../tables/selection/chosen.ts'
import { tooManyRows } from '../../tables/selection/stage-block.ts'
import { wholeCells, type WholeOf } from '../../tables/selection/whole-cells.ts'
import { commitEdit, tableRefusal } from '../../tables/table-edits.ts'
import type { TableModel } from '../../tables/table-model.ts'
import { plural } from '../../ui/wording.ts'

export interface ChosenUsers {
  lines: readonly GridLine[]
  shown: WholeOf
  stored: WholeOf
}

/** Why nothing can be done to the chosen users, or null. */
export function chosenRefusal(model: TableModel): string | null {
  const refusal = tableRefusal(model)
  if (refusal !== null) return refusal
  const chosen = chosenCells(model)
  return chosen ? tooManyRows(chosen.rowCount) : 'No row is chosen.'
}

/** Columns that verbs read: none of them is long, but a table may hold anything. */
function columnsRead({ owner, columns }: TableDescription) {
  const user = owner?.user
  const names = [user?.active, user?.gate?.column, user?.confirmedAt, user?.uniquifier]
  return columns.flatMap((column, index) => (names.includes(column.name) ? [{ column, index }] : []))
}

/** Reads them; null when that was refused or stopped, which is said on the screen. */
export async function readUsers(model: TableModel, words: string): Promise<ChosenUsers | null> {
  if (!commitEdit(model)) return null
  const isKnown = model.whenDescribed()
  if (isKnown) await isKnown
  const refusal = chosenRefusal(model)
  const [chosen, { description }] = [chosenCells(model), model.state]
  if (refusal !== null || !chosen || !description) {
    model.set({ notice: { tone: 'note', text: refusal ?? 'No row is chosen.' } })
    return null
  }
  return runWork(model, `${words}: reading ${plural(chosen.rowCount, 'row')}`, chosen.rowCount, async (run) => {
    const lines = await readChosen(model, chosen, run.signal, run.progress)
    const columns = columnsRead(description)
    const shown = await wholeCells(model, lines, columns, 'shown', run.signal)
    return { lines, shown, stored: await wholeCells(model, lines, columns, 'stored', run.signal) }
  })
}
