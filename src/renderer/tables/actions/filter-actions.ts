// Commands that narrow the view.
import { byCellRefusal, clearFilter, editCondition, filterByCell, type ByCell } from '../filter/change-filter.ts'
import { commitEdit } from '../table-edits.ts'
import type { TableModel } from '../table-model.ts'
import { ctrlShift, type TableAction } from './table-action.ts'

const byCell = (how: ByCell) => ({
  shortcut: null,
  refusal: (model: TableModel) => byCellRefusal(model, how),
  perform: (model: TableModel) => {
    if (commitEdit(model)) filterByCell(model, how)
  },
})

export const filterActions = {
  addCondition: {
    name: 'addCondition',
    label: () => 'Filter…',
    help: 'filter by a column',
    shortcut: 'Ctrl+Shift+F',
    isPressed: ctrlShift('f'),
    isGlobal: true,
    refusal: ({ state }) => (state.description ? null : 'The table is not read yet.'),
    perform: (model) => {
      if (commitEdit(model)) editCondition(model, { path: null })
    },
  },
  filterByValue: { name: 'filterByValue', label: () => 'Filter by this value', ...byCell('this') },
  excludeValue: { name: 'excludeValue', label: () => 'Exclude this value', ...byCell('not this') },
  onlyNull: {
    name: 'onlyNull',
    label: (model) => `Only rows where ${model.state.current?.column ?? 'it'} is NULL`,
    ...byCell('null'),
  },
  clearFilter: {
    name: 'clearFilter',
    label: () => 'Clear filter',
    shortcut: null,
    refusal: ({ state }) => (state.filter ? null : 'No filter is set.'),
    perform: clearFilter,
  },
} satisfies Record<string, TableAction>
