// Commands of everything that is staged, and of the table as a whole.
import { plural } from '../../ui/wording.ts'
import { discardAll, redo, undo } from '../changes.ts'
import { changeStaged, readStaged } from '../staged-edits.ts'
import { cancelEdit, commitEdit } from '../table-edits.ts'
import type { TableModel } from '../table-model.ts'
import { save } from '../table-save.ts'
import { ctrl, type TableAction } from './table-action.ts'

const staged = (model: TableModel) => readStaged(model.profileId, model.table)
const change = (model: TableModel, edit: Parameters<typeof changeStaged>[2]) =>
  changeStaged(model.profileId, model.table, edit)

export const stagedActions = {
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
  history: {
    name: 'history',
    label: () => 'Saves of this table…',
    shortcut: 'Ctrl+H',
    help: 'what was saved to this table, and taking it back',
    isPressed: ctrl('h'),
    isGlobal: true,
    refusal: () => null,
    perform: (model) => {
      if (commitEdit(model)) model.set({ history: { saveId: null } })
    },
  },
  reload: {
    name: 'reload',
    label: () => 'Reload',
    shortcut: 'F5 or Ctrl+R',
    isPressed: (press) => press.key === 'F5' || ctrl('r')(press),
    isGlobal: true,
    refusal: () => null,
    perform: (model) => {
      if (commitEdit(model)) model.reloadAll()
    },
  },
} satisfies Record<string, TableAction>
