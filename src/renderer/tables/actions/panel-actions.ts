// Commands that show and hide what stands around the grid.
import { isNative } from '../../../shared/codecs.ts'
import { openForeignReport } from '../foreign/foreign-runs.ts'
import { inspectors, keyMaps } from '../selection/open-dialogs.ts'
import type { TableModel } from '../table-model.ts'
import { ctrl, type TableAction } from './table-action.ts'

/** A question mark is a letter where something can be typed. */
const isTyped = () =>
  document.activeElement?.matches('input, textarea, select, [role=grid], [contenteditable]') ?? false

const toggle = (slot: typeof keyMaps) => (model: TableModel) => slot.set(model, slot.get(model) ? null : true)

export const panelActions = {
  foreignReport: {
    name: 'foreignReport',
    label: () => 'Rows in a foreign encoding…',
    shortcut: null,
    help: 'find values that the table’s owner would not have written, and repair them',
    refusal: ({ state }) =>
      state.description?.columns.some(({ codec, encoding }) => encoding && !(codec && isNative(codec)))
        ? null
        : 'No column of this table holds booleans or dates whose spelling is the application’s own.',
    perform: openForeignReport,
  },
  inspect: {
    name: 'inspect',
    label: (model) => (inspectors.get(model) ? 'Hide the row' : 'Show the row'),
    shortcut: 'Ctrl+I',
    isPressed: ctrl('i'),
    isGlobal: true,
    refusal: ({ state }) => (state.description ? null : 'The table is not read yet.'),
    perform: toggle(inspectors),
  },
  showKeys: {
    name: 'showKeys',
    label: () => 'Keyboard shortcuts',
    shortcut: 'F1 or ?',
    isPressed: ({ key }) => key === 'F1' || (key === '?' && !isTyped()),
    isGlobal: true,
    refusal: () => null,
    perform: toggle(keyMaps),
  },
} satisfies Record<string, TableAction>
