// Commands of rows.
import { plural } from '../../ui/wording.ts'
import { dropChanges } from '../changes.ts'
import { selectionOf } from '../selection/selection.ts'
import { tooManyRows } from '../selection/stage-block.ts'
import { changeStaged, readStaged } from '../staged-edits.ts'
import { cancelEdit, commitEdit, tableRefusal } from '../table-edits.ts'
import type { TableModel } from '../table-model.ts'
import { addRow, chosenLines, markChosen } from '../table-rows.ts'
import { ctrl, type TableAction } from './table-action.ts'

/** Rows of a block of whole rows; null without one. */
function wholeRows(model: TableModel): number | null {
  const span = selectionOf(model).span()
  return span?.isWholeRows ? span.last - span.first + 1 : null
}

export const rowActions = {
  newRow: {
    name: 'newRow',
    label: () => 'New row',
    shortcut: 'Ctrl+Enter',
    isPressed: ctrl('enter'),
    refusal: tableRefusal,
    perform: (model) => {
      if (commitEdit(model)) addRow(model)
    },
  },
  deleteRow: {
    name: 'deleteRow',
    label: (model) => {
      const block = wholeRows(model)
      if (block !== null) return `Delete ${plural(block, 'row')}`
      const lines = chosenLines(model)
      const ids = new Set(lines.map(({ id }) => id))
      const marked = readStaged(model.profileId, model.table).changes.filter(
        ({ kind, id }) => kind === 'delete' && ids.has(id),
      ).length
      const rows = lines.length > 1 ? plural(lines.length, 'row') : 'row'
      return marked > 0 && marked === lines.length ? `Keep ${rows}` : `Delete ${rows}`
    },
    shortcut: 'Ctrl+- or Ctrl+Backspace',
    isPressed: ctrl('-', 'backspace'),
    refusal: (model) => {
      const block = wholeRows(model)
      if (block !== null) return tableRefusal(model) ?? tooManyRows(block)
      const lines = chosenLines(model)
      if (lines.length === 0) return 'No row is chosen.'
      return lines.some(({ id }) => model.state.saving?.has(id)) ? 'The row is being saved.' : tableRefusal(model)
    },
    perform: (model) => {
      cancelEdit(model)
      void markChosen(model)
    },
  },
  dropRow: {
    name: 'dropRow',
    label: () => 'Undo changes of this row',
    shortcut: null,
    refusal: (model) => (model.currentLine()?.line.change ? null : 'Nothing is staged for this row.'),
    perform: (model) => {
      const at = model.currentLine()
      if (at) changeStaged(model.profileId, model.table, (all) => dropChanges(all, [at.line.id]))
    },
  },
} satisfies Record<string, TableAction>
