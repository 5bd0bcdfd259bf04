// Commands of the current column.
import { putOnClipboard } from '../clipboard/put-on-clipboard.ts'
import { fitColumn, headerMenus, hideColumn, hideRefusal, isPinned, togglePin } from '../columns/change-columns.ts'
import { editCondition } from '../filter/change-filter.ts'
import { sortView } from '../jump/sorting.ts'
import { selectionOf } from '../selection/selection.ts'
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

const nameOf = ({ state }: TableModel) => state.current?.column ?? 'the column'
const needsColumn = ({ state }: TableModel) => (state.current ? null : noCell)

function atColumn(perform: (model: TableModel, name: string) => void) {
  return (model: TableModel) => {
    const { current } = model.state
    if (current && commitEdit(model)) perform(model, current.column)
  }
}

/** Where the header of the current column stands: below it, or at the left of the grid while it is out of sight. */
function placeOfHeader(name: string): { x: number; y: number } | null {
  const headers = Array.from(document.querySelectorAll<HTMLElement>('[role=columnheader]'))
  const header = headers.find((each) => each.dataset.header === name) ?? headers[0]
  const box = header?.getBoundingClientRect()
  return box ? { x: box.left, y: box.bottom } : null
}

export const columnActions = {
  columnMenu: {
    name: 'columnMenu',
    label: (model) => `Commands of ${nameOf(model)}…`,
    shortcut: 'Alt+Shift+↓',
    isPressed: ({ key, altKey, shiftKey, ctrlKey }) => altKey && shiftKey && !ctrlKey && key === 'ArrowDown',
    refusal: needsColumn,
    perform: atColumn((model, column) => {
      const at = placeOfHeader(column)
      if (at) headerMenus.set(model, { column, ...at })
    }),
  },
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
  unsort: {
    name: 'unsort',
    label: () => 'Sort by the key again',
    shortcut: null,
    refusal: ({ state }) => (state.sort ? null : 'Rows stand in the order of their key.'),
    perform: (model) => {
      if (commitEdit(model)) void sortView(model, null)
    },
  },
  filterColumn: {
    name: 'filterColumn',
    label: (model) => `Filter by ${nameOf(model)}…`,
    shortcut: null,
    refusal: needsColumn,
    perform: atColumn((model, column) => editCondition(model, { path: null, column })),
  },
  pinColumn: {
    name: 'pinColumn',
    label: (model) => `${isPinned(model, nameOf(model)) ? 'Unpin' : 'Pin'} ${nameOf(model)}`,
    shortcut: 'Alt+P',
    help: 'pin the column at the start, or let it scroll',
    isPressed: alt('p'),
    refusal: needsColumn,
    perform: atColumn(togglePin),
  },
  hideColumn: {
    name: 'hideColumn',
    label: (model) => `Hide ${nameOf(model)}`,
    shortcut: null,
    refusal: (model) => needsColumn(model) ?? hideRefusal(model),
    perform: atColumn(hideColumn),
  },
  fitColumn: {
    name: 'fitColumn',
    label: () => 'Fit the width',
    shortcut: 'Alt+W',
    help: 'make the column as wide as what it holds',
    isPressed: alt('w'),
    refusal: needsColumn,
    perform: atColumn(fitColumn),
  },
  chooseWholeColumn: {
    name: 'chooseWholeColumn',
    label: (model) => `Choose all of ${nameOf(model)}`,
    shortcut: null,
    refusal: needsColumn,
    perform: atColumn((model, column) => selectionOf(model).chooseColumn(column, false)),
  },
  copyColumnName: {
    name: 'copyColumnName',
    label: () => 'Copy the name',
    shortcut: null,
    refusal: needsColumn,
    perform: atColumn((model, column) => void putOnClipboard(model, column, `Copied the name ${column}.`)),
  },
} satisfies Record<string, TableAction>
