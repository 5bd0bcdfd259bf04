// Commands of the current column.
import { sortView } from '../jump/sorting.ts'
import { commitEdit } from '../table-edits.ts'
import type { TableModel } from '../table-model.ts'
import { alt, noCell, type TableAction } from './table-action.ts'

function sortRefusal({ state: { current, description } }: TableModel): string | null {
  const column = description?.columns.find(({ name }) => name === current?.column)
  if (!column) return noCell
  return column.isSecret ? 'Password hashes are not sorted.' : null
}

function sortBy(direction: 'asc' | 'desc') {
  return (model: TableModel) => {
    const { current } = model.state
    if (current && commitEdit(model)) void sortView(model, { column: current.column, direction })
  }
}

export const columnActions = {
  sortUp: {
    name: 'sortUp',
    label: (model) => `Sort by ${model.state.current?.column ?? 'column'}, ascending`,
    shortcut: 'Alt+↑',
    isPressed: alt('ArrowUp'),
    refusal: sortRefusal,
    perform: sortBy('asc'),
  },
  sortDown: {
    name: 'sortDown',
    label: (model) => `Sort by ${model.state.current?.column ?? 'column'}, descending`,
    shortcut: 'Alt+↓',
    isPressed: alt('ArrowDown'),
    refusal: sortRefusal,
    perform: sortBy('desc'),
  },
} satisfies Record<string, TableAction>
