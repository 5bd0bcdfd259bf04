// The form of a condition beside the button that opened it; Esc closes it, and the focus goes back to the button.
import { Popover } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Condition } from '../../../shared/filters.ts'
import type { TableDescription } from '../../../shared/tables.ts'
import type { TableModel } from '../table-model.ts'
import { applyCondition } from './change-filter.ts'
import { ConditionForm } from './condition-form.tsx'
import type { Path } from './filter-tree.ts'

interface ConditionEditorProps {
  model: TableModel
  description: TableDescription
  /** Null for a new condition. */
  path: Path | null
  condition: Condition | null
  /** The button. */
  children: ReactNode
}

export function ConditionEditor({ model, description, path, condition, children }: ConditionEditorProps) {
  const { filterEditor, current } = model.state
  const isOpen = filterEditor !== null && JSON.stringify(filterEditor.path) === JSON.stringify(path)
  const close = () => model.set({ filterEditor: null })
  return (
    <Popover
      opened={isOpen}
      position="bottom-start"
      shadow="md"
      width={430}
      trapFocus
      returnFocus
      onChange={(isNowOpen) => {
        if (!isNowOpen) close()
      }}
    >
      <Popover.Target>{children}</Popover.Target>
      <Popover.Dropdown>
        {isOpen && (
          <ConditionForm
            description={description}
            condition={condition}
            column={filterEditor.column ?? current?.column ?? null}
            onApply={(applied) => applyCondition(model, path, applied)}
            onCancel={close}
          />
        )}
      </Popover.Dropdown>
    </Popover>
  )
}
