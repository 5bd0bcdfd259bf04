// Commands of the current cell.
import { isSecret } from '../../../shared/cell.ts'
import { foreignWords, parseCell } from '../../grid/cell-text.ts'
import { cellShown } from '../../grid/grid-line.ts'
import { dropCell } from '../changes.ts'
import { changeStaged } from '../staged-edits.ts'
import { copyCurrent } from '../table-clipboard.ts'
import { nowHere, setCurrent, startEdit, surroundings } from '../table-edits.ts'
import { openValue } from '../whole-value.ts'
import { atCell, ctrl, noCell, type TableAction } from './table-action.ts'

export const cellActions = {
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
      if (at) changeStaged(model.profileId, model.table, (all) => dropCell(all, at.line.id, at.column.name))
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
} satisfies Record<string, TableAction>
