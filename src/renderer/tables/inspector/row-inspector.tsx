// The current row in full, beside the grid: every column with its whole value, type and notes, edited through the same staging
// as the cells.
import { ActionIcon } from '@mantine/core'
import { X } from 'lucide-react'
import type { TableDescription } from '../../../shared/tables.ts'
import { inspectors } from '../selection/open-dialogs.ts'
import { useSlot } from '../selection/slot.ts'
import type { TableModel } from '../table-model.ts'
import { InspectorField } from './inspector-field.tsx'
import css from './inspector.module.css'
import { useWholeRow } from './whole-row.ts'

interface RowInspectorProps {
  model: TableModel
  description: TableDescription
}

export function RowInspector({ model, description }: RowInspectorProps) {
  return useSlot(inspectors, model) ? <Panel model={model} description={description} /> : null
}

function Panel({ model, description }: RowInspectorProps) {
  const at = model.currentLine()
  const whole = useWholeRow(model, at?.line)
  const close = () => {
    inspectors.set(model, null)
    document.querySelector<HTMLElement>('main [role=grid]')?.focus()
  }
  const mark =
    at?.line.change &&
    { insert: 'new, not saved yet', update: 'edited, not saved yet', delete: 'marked for deletion' }[
      at.line.change.kind
    ]
  return (
    <aside
      className={css.inspector}
      aria-label="Row"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return
        event.preventDefault()
        close()
      }}
    >
      <div className={css.head}>
        <h2 className={css.title}>{at ? titleOf(description, at.line.row?.key) : 'Row'}</h2>
        {mark && <span className={css.mark}>{mark}</span>}
        <ActionIcon aria-label="Close" onClick={close}>
          <X size={15} />
        </ActionIcon>
      </div>
      {at ? (
        <div className={css.fields}>
          {description.columns.map((column, index) => (
            <InspectorField
              key={`${at.line.id} ${column.name}`}
              model={model}
              line={at.line}
              column={column}
              index={index}
              whole={whole.values.get(index)}
              isCurrent={column.name === at.column.name}
              reference={description.references.find(
                ({ columns }) => columns.length === 1 && columns[0] === column.name,
              )}
            />
          ))}
          {whole.problem !== null && <p className={css.problem}>{whole.problem}</p>}
        </div>
      ) : (
        <p className={css.none}>No row is chosen, or it is not read yet.</p>
      )}
    </aside>
  )
}

function titleOf({ key }: TableDescription, values: readonly unknown[] | undefined): string {
  if (!values) return 'New row'
  return key.map((name, at) => `${name} ${String(values[at])}`).join(', ') || 'Row'
}
