// Commands that follow foreign keys to other tables, and back from there.
import {
  followRefusal,
  followReference,
  pointedRefusal,
  referenceHere,
  showPointing,
  valuesIn,
} from '../follow/follow.ts'
import type { TableModel } from '../table-model.ts'
import type { TableAction } from './table-action.ts'

/** Letters of a key that are shown. */
const LONG = 30

function target(model: TableModel): string {
  const at = model.currentLine()
  const reference = referenceHere(model)
  if (!at || !reference) return 'the row it points to'
  const values = valuesIn(model, at.line, reference.columns) ?? []
  const key = values.map((value) => (value instanceof Uint8Array ? '…' : String(value))).join(', ')
  return `${reference.table} ${key.length > LONG ? `${key.slice(0, LONG)}…` : key}`.trim()
}

export const referenceActions = {
  follow: {
    name: 'follow',
    label: (model) => `Go to ${target(model)}`,
    help: 'Go to the row that the cell points to',
    shortcut: 'F12',
    isPressed: ({ key, shiftKey, ctrlKey, altKey }) => key === 'F12' && !shiftKey && !ctrlKey && !altKey,
    refusal: followRefusal,
    perform: (model) => void followReference(model),
  },
  pointing: {
    name: 'pointing',
    label: () => 'Rows that point here…',
    shortcut: 'Shift+F12',
    isPressed: ({ key, shiftKey, ctrlKey, altKey }) => key === 'F12' && shiftKey && !ctrlKey && !altKey,
    refusal: pointedRefusal,
    perform: (model) => void showPointing(model),
  },
} satisfies Record<string, TableAction>
