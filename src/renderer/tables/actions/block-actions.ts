// Commands of the chosen cells, and of choosing them.
import { plural } from '../../ui/wording.ts'
import { copyRefusal } from '../clipboard/copy-block.ts'
import { chosenCells } from '../selection/chosen.ts'
import { copyDialogs, setDialogs } from '../selection/open-dialogs.ts'
import { selectionOf } from '../selection/selection.ts'
import { chosenToChange, fillDown, tooManyRows } from '../selection/stage-block.ts'
import { commitEdit, tableRefusal } from '../table-edits.ts'
import type { TableModel } from '../table-model.ts'
import { ctrl, ctrlShift, isCommand, noCell, type TableAction } from './table-action.ts'

const isSpace = (key: string) => key === ' '

function choose(how: (model: TableModel) => void) {
  return (model: TableModel) => {
    if (!commitEdit(model)) return
    if (model.state.selected.size > 0) model.set({ selected: new Map() })
    how(model)
  }
}

function refusalToChange(model: TableModel): string | null {
  const chosen = chosenToChange(model)
  return chosen ? (tableRefusal(model) ?? tooManyRows(chosen.rowCount)) : noCell
}

export const blockActions = {
  chooseAll: {
    name: 'chooseAll',
    label: () => 'Choose all rows',
    shortcut: 'Ctrl+A',
    isPressed: ctrl('a'),
    refusal: (model) => (model.lineCount() > 0 ? null : 'There are no rows.'),
    perform: choose((model) => selectionOf(model).chooseAll()),
  },
  chooseColumn: {
    name: 'chooseColumn',
    label: (model) => `Choose all of ${model.state.current?.column ?? 'the column'}`,
    shortcut: 'Ctrl+Space',
    isPressed: (press) => isSpace(press.key) && isCommand(press) && !press.shiftKey && !press.altKey,
    refusal: (model) => (model.state.current ? null : noCell),
    perform: choose((model) => selectionOf(model).widenToColumns()),
  },
  chooseRow: {
    name: 'chooseRow',
    label: () => 'Choose the whole row',
    shortcut: 'Shift+Space',
    isPressed: (press) => isSpace(press.key) && press.shiftKey && !isCommand(press) && !press.altKey,
    refusal: (model) => (model.state.current ? null : noCell),
    perform: choose((model) => selectionOf(model).widenToRows()),
  },
  copyAs: {
    name: 'copyAs',
    label: () => 'Copy as…',
    shortcut: 'F8',
    isPressed: ({ key }) => key === 'F8',
    refusal: (model) => copyRefusal(model, chosenCells(model), 'tsv'),
    perform: (model) => {
      if (commitEdit(model)) copyDialogs.set(model, true)
    },
  },
  fillDown: {
    name: 'fillDown',
    label: () => 'Fill down',
    shortcut: 'Ctrl+D',
    isPressed: ctrl('d'),
    refusal: refusalToChange,
    perform: (model) => {
      if (commitEdit(model)) void fillDown(model)
    },
  },
  setCells: {
    name: 'setCells',
    label: (model) => {
      const chosen = chosenToChange(model)
      return `Set ${chosen?.isBlock ? plural(chosen.rowCount * chosen.columns.length, 'cell') : 'the cell'}…`
    },
    shortcut: 'Ctrl+Shift+Enter',
    isPressed: ctrlShift('enter'),
    refusal: refusalToChange,
    perform: (model) => {
      if (commitEdit(model)) setDialogs.set(model, true)
    },
  },
} satisfies Record<string, TableAction>
