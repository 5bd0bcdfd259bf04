// New rows and rows marked for deletion.
import type { Cell } from '../../shared/cell.ts'
import type { GridRow } from '../grid/row-blocks.ts'
import { deleteRows, dropChanges, insertRow } from './changes.ts'
import { guard } from './guards.ts'
import { changeStaged, readStaged } from './staged-edits.ts'
import { startEdit, tableRefusal } from './table-edits.ts'
import type { TableModel } from './table-model.ts'

/** What a new row begins with. */
export function valuesOfNewRow({ state }: TableModel): Record<string, Cell> {
  // Flask-Security signs sessions with it and never takes NULL; the application makes it the same way.
  const isNeeded = state.description?.columns.some(({ name }) => name === 'fs_uniquifier') ?? false
  return isNeeded ? { fs_uniquifier: crypto.randomUUID().replaceAll('-', '') } : {}
}

/** Adds a new row above all others and goes to its first cell that needs a value. */
export function addRow(model: TableModel): void {
  const { description } = model.state
  if (!description || tableRefusal(model) !== null) return
  const values = valuesOfNewRow(model)
  const id = `new ${crypto.randomUUID()}`
  changeStaged(model.profileId, model.table, (staged) => insertRow(staged, id, values))
  const first = description.columns.find((column) => !column.isAutomatic && !column.isGenerated && !column.isSecret)
  model.set({ notice: null, selected: new Map() })
  if (first && model.moveToId(id, first.name)) void startEdit(model)
}

/** The rows that row commands are about: those chosen in the margin, else the current one. */
export function chosenLines(model: TableModel): { id: string; row: GridRow | null }[] {
  const { selected } = model.state
  if (selected.size > 0) return Array.from(selected, ([id, row]) => ({ id, row }))
  const at = model.currentLine()
  return at ? [{ id: at.line.id, row: at.line.row ?? null }] : []
}

/** Marks the chosen rows for deletion; new rows among them are taken back. Rows that are all marked are unmarked. */
export function markDeleted(model: TableModel): void {
  const { description, saving } = model.state
  if (!description || tableRefusal(model) !== null) return
  const lines = chosenLines(model).filter(({ id }) => !saving?.has(id))
  const { changes } = readStaged(model.profileId, model.table)
  const isMarked = (id: string) => changes.some((change) => change.id === id && change.kind === 'delete')
  changeStaged(model.profileId, model.table, (staged) => {
    if (lines.length > 0 && lines.every(({ id }) => isMarked(id)))
      return dropChanges(
        staged,
        lines.map(({ id }) => id),
      )
    const fresh = dropChanges(
      staged,
      lines.flatMap(({ id, row }) => (row ? [] : [id])),
    )
    const rows = lines.flatMap(({ row }) => (row ? [{ key: row.key, original: guard(description, row) }] : []))
    return deleteRows(fresh, rows)
  })
  model.set({ selected: new Map(), notice: null })
}
