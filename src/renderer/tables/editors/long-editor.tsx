// The editor of a cell that needs more room than its place in the grid: a drawer for text, a dialog for bytes.
import type { Column } from '../../../shared/tables.ts'
import { cancelEdit, commitEdit } from '../table-edits.ts'
import type { TableModel } from '../table-model.ts'
import { HexDialog } from './hex-dialog.tsx'
import { TextDrawer } from './text-drawer.tsx'

export function LongEditor({ model, columns }: { model: TableModel; columns: readonly Column[] }) {
  const { editing } = model.state
  const column = columns.find(({ name }) => name === editing?.column)
  if (!editing?.isLong || !column) return null
  const handlers = {
    text: model.draft,
    error: editing.error,
    onDraft: (text: string) => model.type(text),
    onKeep: () => void commitEdit(model),
    onClose: () => cancelEdit(model),
  }
  if (column.kind === 'binary') return <HexDialog key={editing.id} column={column.name} {...handlers} />
  return <TextDrawer key={editing.id} column={column} {...handlers} />
}
