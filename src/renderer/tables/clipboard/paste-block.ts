// Pastes a block of fields from the current cell on: over new and stored rows, also those that were never read.
import type { Cell } from '../../../shared/cell.ts'
import { plural } from '../../ui/wording.ts'
import type { GridLine } from '../../grid/grid-line.ts'
import type { Edit } from '../changes.ts'
import { runWork } from '../selection/block-work.ts'
import { chosenCells, readChosen, type ChosenColumn } from '../selection/chosen.ts'
import { selectionOf } from '../selection/selection.ts'
import { shownColumns } from '../selection/shown-columns.ts'
import { blockQuestions, doneWords, makePlan, plan, stageEdits, tooManyRows } from '../selection/stage-block.ts'
import { readStaged } from '../staged-edits.ts'
import { tableRefusal } from '../table-edits.ts'
import type { TableModel } from '../table-model.ts'
import { valuesOfNewRow } from '../table-rows.ts'
import type { Field } from './delimited.ts'
import type { Plan, PlannedCell } from './paste-plan.ts'

/** `asOne`: takes the block back and pastes the same text as one value, for who meant that. */
export async function pasteBlock(model: TableModel, rows: readonly Field[][], asOne?: () => void): Promise<void> {
  const isKnown = model.whenDescribed()
  if (isKnown) await isKnown
  const chosen = chosenCells(model)
  const { description } = model.state
  const why = tableRefusal(model)
  if (why !== null) return model.set({ notice: { tone: 'note', text: why } })
  const first = chosen && 'first' in chosen.lines ? chosen.lines.first : null
  const corner = chosen?.columns[0]
  if (!description || first === null || !corner) {
    return model.set({
      notice: { tone: 'note', text: 'Choose the cell to paste from: the block goes right and down from there.' },
    })
  }
  const many = tooManyRows(rows.length)
  if (many !== null)
    return model.set({ notice: { tone: 'note', text: many.replace('are chosen', 'are in the clipboard') } })
  const shown = shownColumns(model)
  const at = shown.findIndex(({ name }) => name === corner.column.name)
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0)
  const columns = shown
    .slice(at, at + width)
    .map((column): ChosenColumn => ({ column, index: description.columns.indexOf(column) }))
  const columnsBeyond = width - columns.length
  const fitting = Math.min(rows.length, model.lineCount() - first)
  const [over, beyond] = [rows.slice(0, fitting), rows.slice(fitting)]

  const made = await runWork(model, `Pasting ${plural(rows.length, 'row')}`, fitting, async (run) => {
    const lines = await readChosen(model, { lines: { first, last: first + fitting - 1 } }, run.signal, run.progress)
    return makePlan(model, planned(lines, columns, over), columns, run)
  })
  if (!made) return
  const last = columns.at(-1)?.column.name ?? corner.column.name
  const done = (edits: readonly Edit[], cells: number) => {
    stageEdits(model, edits, doneWords('Paste', cells))
    const { notice } = model.state
    if (notice?.tone !== 'good' || !asOne) return
    const after = readStaged(model.profileId, model.table)
    const perform = () => {
      if (readStaged(model.profileId, model.table) === after) return asOne()
      model.set({ notice: { tone: 'note', text: 'Something was changed since. Take the paste back with Undo.' } })
    }
    model.set({ notice: { ...notice, action: { label: 'Paste as one text', perform } } })
  }
  model.moveTo(first, corner.column.name, 'stay')
  selectionOf(model).choose({ index: first, column: corner.column.name }, { index: first + fitting - 1, column: last })
  if (made.refused.length === 0 && beyond.length === 0 && columnsBeyond === 0) return done(made.edits, made.cellCount)
  const more = newRows(model, columns, beyond)
  const all: Plan = { ...made, refused: [...made.refused, ...more.plan.refused] }
  blockQuestions.set(model, {
    verb: 'Paste',
    plan: all,
    rowsBeyond: beyond.length,
    columnsBeyond,
    go: (withNewRows) => {
      blockQuestions.set(model, null)
      if (withNewRows) done([...made.edits, ...more.inserts, ...more.plan.edits], made.cellCount + more.plan.cellCount)
      else done(made.edits, made.cellCount)
    },
  })
}

function planned(
  lines: readonly GridLine[],
  columns: readonly ChosenColumn[],
  rows: readonly Field[][],
): PlannedCell[] {
  return rows.flatMap((row, at) =>
    row.flatMap((field, step) => {
      const [line, column] = [lines[at], columns[step]]
      return line && column ? [{ line, column, from: { field } }] : []
    }),
  )
}

/** New rows for what lies beyond the last one, in the order of the block. */
function newRows(model: TableModel, columns: readonly ChosenColumn[], rows: readonly Field[][]) {
  const lines = rows.map((): GridLine => ({ id: `new ${crypto.randomUUID()}`, row: undefined, change: undefined }))
  const inserts = lines.map(({ id }): Edit => ({ do: 'insert', id, values: valuesOfNewRow(model) }))
  const nothing = (): Cell | undefined => undefined
  return { inserts, plan: plan(model, planned(lines, columns, rows), nothing) }
}
