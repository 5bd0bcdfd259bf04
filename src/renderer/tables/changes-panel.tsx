// The list of what is staged: row, column, old and new value, each with its own undo and a way to go there.
import { ActionIcon } from '@mantine/core'
import { Undo2, X } from 'lucide-react'
import type { TableDescription } from '../../shared/tables.ts'
import { plural } from '../ui/wording.ts'
import { dropCell, dropChanges, type Staged } from './changes.ts'
import { itemsOf, type StagedItem } from './describe-change.ts'
import { changeStaged } from './staged-edits.ts'
import { KeptWhere } from './kept-where.tsx'
import { commitEdit } from './table-edits.ts'
import type { TableModel } from './table-model.ts'
import css from './table-screen.module.css'

/** Items that the list draws at most. */
const SHOWN = 300

interface ChangesPanelProps {
  model: TableModel
  description: TableDescription
  staged: Staged
  isSaving: boolean
  onClose: () => void
}

export function ChangesPanel({ model, description, staged, isSaving, onClose }: ChangesPanelProps) {
  const items = itemsOf(staged.changes, description)
  const undo = ({ id, column }: StagedItem) =>
    changeStaged(model.profileId, model.table, (all) => (column ? dropCell(all, id, column) : dropChanges(all, [id])))
  const go = ({ id, column }: StagedItem) => {
    if (!commitEdit(model)) return
    const change = staged.changes.find((each) => each.id === id)
    const to = column ?? model.state.current?.column ?? description.columns[0]?.name ?? ''
    if (!change || model.moveToId(id, to)) return
    if (change.kind !== 'insert') void model.goToRow(change.key, to)
  }
  return (
    <aside className={css.changes} aria-label="Changes">
      <div className={css.changesHead}>
        <h2 className={css.changesTitle}>{plural(staged.changes.length, 'change')}, not saved</h2>
        <ActionIcon aria-label="Close changes" onClick={onClose}>
          <X size={15} />
        </ActionIcon>
      </div>
      <ul className={css.changesList}>
        {items.slice(0, SHOWN).map((item) => (
          <li key={`${item.id} ${item.column ?? ''}`} className={css.change} data-kind={item.kind}>
            <button type="button" className={css.go} onClick={() => go(item)}>
              <span className={css.where}>{item.where}</span>
              <span className={css.what}>
                {item.cell ? (
                  <>
                    <span className={css.old}>{item.cell.old}</span> → <span className={css.new}>{item.cell.new}</span>
                  </>
                ) : (
                  item.row
                )}
              </span>
            </button>
            <ActionIcon
              aria-label={`Undo ${item.where}`}
              title="Undo this change"
              disabled={isSaving}
              onClick={() => undo(item)}
            >
              <Undo2 size={14} />
            </ActionIcon>
          </li>
        ))}
        {items.length > SHOWN && (
          <li className={css.more}>and {(items.length - SHOWN).toLocaleString('en-US')} more</li>
        )}
      </ul>
      <KeptWhere />
    </aside>
  )
}
