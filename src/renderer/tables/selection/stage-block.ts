// Many cells staged as one step: set to one value, filled down, or pasted. What is refused is asked about first.
import { MOST_CHANGES } from '../../../shared/tables.ts'
import type { Cell } from '../../../shared/cell.ts'
import type { GridLine } from '../../grid/grid-line.ts'
import { plural } from '../../ui/wording.ts'
import { editMany, type Edit } from '../changes.ts'
import { planOf, type Plan, type PlannedCell } from '../clipboard/paste-plan.ts'
import type { Field } from '../clipboard/delimited.ts'
import { changeStaged, readStaged } from '../staged-edits.ts'
import { cellRefusal } from '../table-edits.ts'
import type { TableModel } from '../table-model.ts'
import { Declined, runWork, type Run } from './block-work.ts'
import { chosenCells, readChosen, type Chosen, type ChosenColumn } from './chosen.ts'
import { selectionOf } from './selection.ts'
import { Slot } from './slot.ts'
import { wholeCells, type WholeOf } from './whole-cells.ts'

/** What a person is asked before some of a block is staged. */
export interface BlockQuestion {
  /** "Paste", "Fill down", "Set". */
  verb: string
  plan: Plan
  /** Rows of the block for which there is no line; `paste` can make new rows of them. */
  rowsBeyond: number
  columnsBeyond: number
  /** Stages what is not refused; `withNewRows` also what lies beyond the last row. */
  go: (withNewRows: boolean) => void
}

export const blockQuestions = new Slot<BlockQuestion>()

/**
 * The cells that are set together. Whole rows are chosen to be copied or deleted; to be set they stand for the current column,
 * because one value in all columns of a row means nothing.
 */
export function chosenToChange(model: TableModel): Chosen | null {
  const chosen = chosenCells(model)
  const span = selectionOf(model).span()
  const isWholeRows = chosen?.isBlock === true && (span === null || span.isWholeRows)
  if (!chosen || !isWholeRows) return chosen
  const name = model.state.current?.column
  const own = chosen.columns.filter(({ column }) => column.name === name)
  return { ...chosen, columns: own }
}

/** Why so many rows cannot be changed at once, or null. */
export function tooManyRows(rowCount: number): string | null {
  if (rowCount <= MOST_CHANGES) return null
  return `${plural(rowCount, 'row')} are chosen; one save changes up to ${MOST_CHANGES.toLocaleString('en-US')}.`
}

/** Stages edits as one step of undo; the words say how many cells. Nothing is staged when a save could not hold it. */
export function stageEdits(model: TableModel, edits: readonly Edit[], words: string): void {
  const after = editMany(readStaged(model.profileId, model.table), edits)
  if (after.changes.length > MOST_CHANGES) {
    const text = `Nothing was staged: ${plural(after.changes.length, 'row')} would be changed, and one save takes up to ${MOST_CHANGES.toLocaleString('en-US')}.`
    return model.set({ notice: { tone: 'bad', text } })
  }
  changeStaged(model.profileId, model.table, () => after)
  model.set({ notice: { tone: 'good', text: words } })
}

export function plan(model: TableModel, cells: readonly PlannedCell[], stored: WholeOf): Plan {
  const dialect = model.state.description?.dialect ?? 'sqlite'
  return planOf(cells, { dialect, stored, refusal: (line, column) => cellRefusal(model, line, column) })
}

/** Sets every chosen cell to what was typed once, as each column writes it; a null field is NULL. */
export function setChosen(model: TableModel, from: { field: Field } | { value: Cell }): Promise<void> {
  return changeChosen(model, 'Set', (lines, { columns }) =>
    lines.flatMap((line) => columns.map((column) => ({ line, column, from }))),
  )
}

/** The first chosen row's values in all rows below it; without a block the value of the row above in the current cell. */
export async function fillDown(model: TableModel): Promise<void> {
  const chosen = chosenToChange(model)
  if (!chosen) return
  const alone = chosen.rowCount === 1
  const from = 'first' in chosen.lines ? chosen.lines : null
  if (alone && (!from || from.first === 0)) {
    return model.set({ notice: { tone: 'note', text: 'There is no row above to fill from.' } })
  }
  const asked = alone && from ? { ...chosen, lines: { first: from.first - 1, last: from.last }, rowCount: 2 } : chosen
  await changeChosen(
    model,
    'Fill down',
    async ([source, ...lines], { columns }, run) => {
      if (!source) return []
      const shown = await wholeCells(model, [source], columns, 'shown', run.signal)
      const secret = columns.find(({ column }) => column.isSecret)
      if (secret) throw new Declined(`${secret.column.name} holds password hashes, which are not filled down.`)
      return lines.flatMap((line) =>
        columns.flatMap((column) => {
          const value = shown(source, column.index)
          return value === undefined ? [] : [{ line, column, from: { value } }]
        }),
      )
    },
    asked,
  )
}

async function changeChosen(
  model: TableModel,
  verb: string,
  cellsOf: (lines: readonly GridLine[], chosen: Chosen, run: Run) => PlannedCell[] | Promise<PlannedCell[]>,
  given?: Chosen,
): Promise<void> {
  const isKnown = model.whenDescribed()
  if (isKnown) await isKnown
  const chosen = given ?? chosenToChange(model)
  if (!chosen) return
  const refusal = tooManyRows(chosen.rowCount)
  if (refusal !== null) return model.set({ notice: { tone: 'note', text: refusal } })
  const made = await runWork(
    model,
    `${verb}: reading ${plural(chosen.rowCount, 'row')}`,
    chosen.rowCount,
    async (run) => {
      const lines = await readChosen(model, chosen, run.signal, run.progress)
      return makePlan(model, await cellsOf(lines, chosen, run), chosen.columns, run)
    },
  )
  if (made) settle(model, verb, made)
}

/** Reads the guards that are not at hand, and works out what each cell would become. */
export async function makePlan(
  model: TableModel,
  cells: readonly PlannedCell[],
  columns: readonly ChosenColumn[],
  run: Pick<Run, 'signal'>,
): Promise<Plan> {
  const lines = [...new Set(cells.map(({ line }) => line))]
  return plan(model, cells, await wholeCells(model, lines, columns, 'stored', run.signal))
}

/** Stages a plan in which nothing is refused; otherwise asks first. */
export function settle(model: TableModel, verb: string, made: Plan): void {
  if (made.edits.length === 0 && made.refused.length === 0) {
    return model.set({ notice: { tone: 'note', text: 'The cells hold these values already.' } })
  }
  const [only] = made.refused
  if (only && made.edits.length === 0 && made.refused.length === 1) {
    return model.set({ notice: { tone: 'note', text: only.why } })
  }
  if (made.refused.length === 0) return stageEdits(model, made.edits, doneWords(verb, made.cellCount))
  const go = () => {
    blockQuestions.set(model, null)
    stageEdits(model, made.edits, doneWords(verb, made.cellCount))
  }
  blockQuestions.set(model, { verb, plan: made, rowsBeyond: 0, columnsBeyond: 0, go })
}

export function doneWords(verb: string, cells: number): string {
  const past: Record<string, string> = { Paste: 'Pasted into', Set: 'Set', 'Fill down': 'Filled' }
  return `${past[verb] ?? verb} ${plural(cells, 'cell')}.`
}
