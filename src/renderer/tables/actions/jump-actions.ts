// Commands that lead to rows far away.
import { goToColumn } from '../jump/go-to-column.ts'
import { commitEdit } from '../table-edits.ts'
import type { TableModel } from '../table-model.ts'
import { ctrl, ctrlShift, type TableAction } from './table-action.ts'

const notRead = 'The table is not read yet.'

function ask(what: 'row' | 'value') {
  return (model: TableModel) => {
    if (commitEdit(model)) model.set({ goTo: what })
  }
}

export const jumpActions = {
  goToRow: {
    name: 'goToRow',
    label: () => 'Go to row…',
    shortcut: 'Ctrl+G',
    isPressed: ctrl('g'),
    isGlobal: true,
    refusal: ({ state }) => (state.description ? null : notRead),
    perform: ask('row'),
  },
  goToValue: {
    name: 'goToValue',
    label: ({ state }) => `Go to ${goToColumn(state)?.name ?? 'a value'}…`,
    shortcut: 'Ctrl+Shift+G',
    isPressed: ctrlShift('g'),
    isGlobal: true,
    refusal: ({ state }) => {
      if (!state.description) return notRead
      return goToColumn(state) ? null : 'No column has values to go to.'
    },
    perform: ask('value'),
  },
} satisfies Record<string, TableAction>
