// Every command of the table screen, once: keys, the menu and the toolbar are drawn from this list.
import type { PageCommand } from '../../shared/app.ts'
import { isSecret } from '../../shared/cell.ts'
import { foreignWords, parseCell } from '../grid/cell-text.ts'
import type { KeyPress } from '../grid/grid-keys.ts'
import { cellShown } from '../grid/grid-line.ts'
import { plural } from '../ui/wording.ts'
import { discardAll, dropCell, dropChanges, redo, undo } from './changes.ts'
import { changeStaged, readStaged } from './staged-edits.ts'
import { copyCurrent } from './table-clipboard.ts'
import {
  cancelEdit,
  cellRefusal,
  commitEdit,
  nowHere,
  setCurrent,
  startEdit,
  surroundings,
  tableRefusal,
} from './table-edits.ts'
import type { TableModel } from './table-model.ts'
import { addRow, chosenLines, markDeleted } from './table-rows.ts'
import { save } from './table-save.ts'
import { openValue } from './whole-value.ts'

export interface TableAction {
  name: string
  label: (model: TableModel) => string
  /** As people write it; null for a command without keys. */
  shortcut: string | null
  isPressed?: (press: KeyPress) => boolean
  /** Null when it can be done now; otherwise why not. */
  refusal: (model: TableModel) => string | null
  perform: (model: TableModel) => void
  /** Also works while a field outside the grid has the keys. */
  isGlobal?: boolean
}

const ctrl =
  (...keys: string[]) =>
  (press: KeyPress) =>
    (press.ctrlKey || press.metaKey) && !press.altKey && !press.shiftKey && keys.includes(press.key.toLowerCase())
const alt = (key: string) => (press: KeyPress) => press.altKey && !press.ctrlKey && press.key === key

const staged = (model: TableModel) => readStaged(model.profileId, model.table)
const change = (model: TableModel, edit: Parameters<typeof changeStaged>[2]) =>
  changeStaged(model.profileId, model.table, edit)
const always = () => null
const noCell = 'No cell is chosen.'

function atCell(model: TableModel): string | null {
  const at = model.currentLine()
  return at ? cellRefusal(model, at.line, at.column) : noCell
}

function sortRefusal({ state: { current, description } }: TableModel): string | null {
  const column = description?.columns.find(({ name }) => name === current?.column)
  if (!column) return noCell
  return column.isSecret ? 'Password hashes are not sorted.' : null
}

function sortBy(direction: 'asc' | 'desc') {
  return (model: TableModel) => {
    const { current } = model.state
    if (current && commitEdit(model)) model.changeView({ sort: { column: current.column, direction } })
  }
}

export const tableActions = {
  edit: {
    name: 'edit',
    label: () => 'Edit cell',
    shortcut: 'Enter, F2, or type',
    isPressed: ({ key, ctrlKey, altKey }) => (key === 'Enter' || key === 'F2') && !ctrlKey && !altKey,
    refusal: atCell,
    perform: (model) => void startEdit(model),
  },
  setNull: {
    name: 'setNull',
    label: () => 'Set to NULL',
    shortcut: 'Ctrl+0 or Ctrl+Delete',
    isPressed: ctrl('0', 'delete'),
    refusal: (model) => {
      const at = model.currentLine()
      if (at && !at.column.isNullable) return `${at.column.name} is NOT NULL.`
      return atCell(model)
    },
    perform: (model) => void setCurrent(model, null),
  },
  setEmpty: {
    name: 'setEmpty',
    label: () => 'Set to empty text',
    shortcut: null,
    refusal: (model) => {
      const at = model.currentLine()
      if (at && at.column.kind !== 'text' && at.column.kind !== 'other') return `${at.column.name} does not hold text.`
      const empty = at && parseCell('', at.column, surroundings(model, at.line, at.columnIndex))
      return empty && 'error' in empty ? empty.error : atCell(model)
    },
    perform: (model) => void setCurrent(model, ''),
  },
  setNow: {
    name: 'setNow',
    label: (model) => {
      const now = nowHere(model)
      return now === null ? 'Set to now' : `Set to now, in UTC: ${String(now)}`
    },
    shortcut: 'Ctrl+;',
    isPressed: ctrl(';'),
    refusal: (model) => {
      const at = model.currentLine()
      if (at && nowHere(model) === null) return `${at.column.name} holds no dates in a spelling that is known.`
      return atCell(model) ?? (at && foreignWords(at.column, surroundings(model, at.line, at.columnIndex).present))
    },
    perform: (model) => {
      const now = nowHere(model)
      if (now !== null) void setCurrent(model, now)
    },
  },
  chooseEncoding: {
    name: 'chooseEncoding',
    label: (model) => `How ${model.state.current?.column ?? 'the column'} is written…`,
    shortcut: null,
    refusal: (model) => {
      const column = model.currentLine()?.column
      if (!column) return noCell
      if (!column.encoding) return `${column.name} holds neither booleans nor dates.`
      return column.encoding.basis === 'type' ? column.encoding.words : null
    },
    perform: (model) => model.set({ encodingOf: model.currentLine()?.column.name ?? null }),
  },
  restore: {
    name: 'restore',
    label: () => 'Undo changes of this cell',
    shortcut: null,
    refusal: (model) => {
      const at = model.currentLine()
      const isStaged = at?.line.change?.kind === 'update' && Object.hasOwn(at.line.change.values, at.column.name)
      return isStaged ? null : 'Nothing is staged for this cell.'
    },
    perform: (model) => {
      const at = model.currentLine()
      if (at) change(model, (all) => dropCell(all, at.line.id, at.column.name))
    },
  },
  openValue: {
    name: 'openValue',
    label: () => 'Open value',
    shortcut: null,
    refusal: (model) => {
      const at = model.currentLine()
      if (!at) return noCell
      const cell = cellShown(at.line, at.column, at.columnIndex)?.cell
      if (isSecret(cell)) return 'Password hashes stay in the database.'
      if (cell === undefined) return 'The database chooses this value.'
      if (at.column.codec) return null
      return typeof cell === 'string' || cell instanceof Uint8Array ? null : 'The whole value is in the cell.'
    },
    perform: (model) => void openValue(model),
  },
  copy: {
    name: 'copy',
    label: () => 'Copy cell',
    shortcut: 'Ctrl+C',
    refusal: (model) => {
      const at = model.currentLine()
      if (!at) return noCell
      return isSecret(cellShown(at.line, at.column, at.columnIndex)?.cell) ? 'Password hashes are not copied.' : null
    },
    perform: (model) => void copyCurrent(model),
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
      const lines = chosenLines(model)
      const ids = new Set(lines.map(({ id }) => id))
      const marked = staged(model).changes.filter(({ kind, id }) => kind === 'delete' && ids.has(id)).length
      const rows = lines.length > 1 ? plural(lines.length, 'row') : 'row'
      return marked > 0 && marked === lines.length ? `Keep ${rows}` : `Delete ${rows}`
    },
    shortcut: 'Ctrl+- or Ctrl+Backspace',
    isPressed: ctrl('-', 'backspace'),
    refusal: (model) => {
      const lines = chosenLines(model)
      if (lines.length === 0) return 'No row is chosen.'
      return lines.some(({ id }) => model.state.saving?.has(id)) ? 'The row is being saved.' : tableRefusal(model)
    },
    perform: (model) => {
      cancelEdit(model)
      markDeleted(model)
    },
  },
  undo: {
    name: 'undo',
    label: () => 'Undo',
    shortcut: 'Ctrl+Z',
    isPressed: ctrl('z'),
    refusal: (model) => {
      if (model.state.saving) return 'Changes are being saved.'
      return staged(model).past.length > 0 ? null : 'Nothing is left to undo.'
    },
    perform: (model) => change(model, undo),
  },
  redo: {
    name: 'redo',
    label: () => 'Redo',
    shortcut: 'Ctrl+Y or Ctrl+Shift+Z',
    isPressed: (press) =>
      ctrl('y')(press) || (press.shiftKey && (press.ctrlKey || press.metaKey) && press.key.toLowerCase() === 'z'),
    refusal: (model) => {
      if (model.state.saving) return 'Changes are being saved.'
      return staged(model).future.length > 0 ? null : 'Nothing is left to redo.'
    },
    perform: (model) => change(model, redo),
  },
  save: {
    name: 'save',
    label: (model) => {
      const count = staged(model).changes.length
      return count === 0 ? 'Save' : `Save ${plural(count, 'change')}`
    },
    shortcut: 'Ctrl+S',
    isPressed: ctrl('s'),
    isGlobal: true,
    refusal: (model) => {
      if (model.state.saving) return 'Changes are being saved.'
      return staged(model).changes.length > 0 ? null : 'Nothing is staged.'
    },
    perform: (model) => void save(model),
  },
  discard: {
    name: 'discard',
    label: () => 'Discard',
    shortcut: null,
    refusal: (model) => {
      if (model.state.saving) return 'Changes are being saved.'
      return staged(model).changes.length > 0 ? null : 'Nothing is staged.'
    },
    perform: (model) => {
      cancelEdit(model)
      const count = staged(model).changes.length
      change(model, discardAll)
      model.set({
        cellErrors: new Map(),
        selected: new Map(),
        notice: {
          tone: 'note',
          text: `Discarded ${plural(count, 'change')}.`,
          action: {
            label: 'Undo',
            perform: () => {
              change(model, undo)
              model.set({ notice: null })
            },
          },
        },
      })
    },
  },
  dropRow: {
    name: 'dropRow',
    label: () => 'Undo changes of this row',
    shortcut: null,
    refusal: (model) => (model.currentLine()?.line.change ? null : 'Nothing is staged for this row.'),
    perform: (model) => {
      const at = model.currentLine()
      if (at) change(model, (all) => dropChanges(all, [at.line.id]))
    },
  },
  reload: {
    name: 'reload',
    label: () => 'Reload',
    shortcut: 'F5 or Ctrl+R',
    isPressed: (press) => press.key === 'F5' || ctrl('r')(press),
    isGlobal: true,
    refusal: always,
    perform: (model) => {
      if (commitEdit(model)) model.reloadAll()
    },
  },
} satisfies Record<string, TableAction>

/** Does what a key press stands for. False when it stands for nothing here. */
export function performKey(model: TableModel, press: KeyPress, isGlobal: boolean): boolean {
  const action = Object.values<TableAction>(tableActions).find(
    (each) => each.isPressed?.(press) && (!isGlobal || each.isGlobal === true),
  )
  if (!action) return false
  const refusal = action.refusal(model)
  if (refusal === null) action.perform(model)
  else model.set({ notice: { tone: 'note', text: refusal } })
  return true
}

/** Does what the native menu asks of this screen; what belongs to another is left alone. */
export function performCommand(model: TableModel, command: PageCommand): void {
  if (command === 'open-file' || document.querySelector('[aria-modal=true]')) return
  const action: TableAction = tableActions[command]
  const refusal = action.refusal(model)
  if (refusal === null) action.perform(model)
  else model.set({ notice: { tone: 'note', text: refusal } })
}
