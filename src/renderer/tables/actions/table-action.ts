// What a command of the table screen is, and how key presses are told apart.
import type { KeyPress } from '../../grid/grid-keys.ts'
import { cellRefusal } from '../table-edits.ts'
import type { TableModel } from '../table-model.ts'

export interface TableAction {
  name: string
  label: (model: TableModel) => string
  /** As people write it; null for a command without keys. */
  shortcut: string | null
  /** For the map of keys, where the label says too much or too little. */
  help?: string
  isPressed?: (press: KeyPress) => boolean
  /** Null when it can be done now; otherwise why not. */
  refusal: (model: TableModel) => string | null
  perform: (model: TableModel) => void
  /** Also works while a field outside the grid has the keys. */
  isGlobal?: boolean
}

export const isCommand = ({ ctrlKey, metaKey }: KeyPress) => ctrlKey || metaKey

export const ctrl =
  (...keys: string[]) =>
  (press: KeyPress) =>
    isCommand(press) && !press.altKey && !press.shiftKey && keys.includes(press.key.toLowerCase())

export const ctrlShift = (key: string) => (press: KeyPress) =>
  isCommand(press) && !press.altKey && press.shiftKey && press.key.toLowerCase() === key

export const alt = (key: string) => (press: KeyPress) =>
  press.altKey && !press.ctrlKey && !press.shiftKey && press.key === key

export const noCell = 'No cell is chosen.'

/** Why the current cell cannot be changed, or null. */
export function atCell(model: TableModel): string | null {
  const at = model.currentLine()
  return at ? cellRefusal(model, at.line, at.column) : noCell
}
