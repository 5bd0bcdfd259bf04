// New rows and rows marked for deletion.
import type { Cell } from '../../shared/cell.ts'
import type { GridRow } from '../grid/row-blocks.ts'
import { deleteRows, dropChanges, insertRow } from './changes.ts'
import { guard } from './guards.ts'
import { changeStaged, readStaged } from './staged-edits.ts'
import { plural } from '../ui/wording.ts'
import { runWork } from './selection/block-work.ts'
import { chosenCells, readChosen } from './selection/chosen.ts'
import { selectionOf } from './selection/selection.ts'
import { isUnnamed, startEdit, tableRefusal, UNNAMED } from './table-edits.ts'
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

/** Marks the chosen rows for deletion; of a block of whole rows those that were never read are read first. */
export async function markChosen(model: TableModel): Promise<void> {
  const chosen = selectionOf(model).span()?.isWholeRows ? chosenCells(model) : null
  if (!chosen) return markDeleted(model, chosenLines(model))
  const words = `Delete: reading ${plural(chosen.rowCount, 'row')}`
  const lines = await runWork(model, words, chosen.rowCount, (run) =>
    readChosen(model, chosen, run.signal, run.progress),
  )
  if (!lines) return
  selectionOf(model).clear()
  markDeleted(
    model,
    lines.map(({ id, row }) => ({ id, row: row ?? null })),
  )
}

/** New rows among them are taken back. Rows that are all marked are unmarked. */
function markDeleted(model: TableModel, chosen: readonly { id: string; row: GridRow | null }[]): void {
  const { description, saving } = model.state
  if (!description || tableRefusal(model) !== null) return
  const lines = chosen.filter(({ id, row }) => !saving?.has(id) && !isUnnamed(row))
  const { changes } = readStaged(model.profileId, model.table)
  const marked = new Set(changes.flatMap(({ kind, id }) => (kind === 'delete' ? [id] : [])))
  changeStaged(model.profileId, model.table, (staged) => {
    if (lines.length > 0 && lines.every(({ id }) => marked.has(id)))
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
  const isLeft = chosen.some(({ row }) => isUnnamed(row))
  model.set({ selected: new Map(), notice: isLeft ? { tone: 'note', text: UNNAMED } : null })
}
