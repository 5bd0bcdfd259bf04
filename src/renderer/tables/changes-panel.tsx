// The list of what is staged: row, column, old and new value, each with its own undo and a way to go there; and the SQL of it.
import { ActionIcon, Button } from '@mantine/core'
import { Undo2, X } from 'lucide-react'
import { useState } from 'react'
import type { TableDescription } from '../../shared/tables.ts'
import { plural } from '../ui/wording.ts'
import { stagedActions } from './actions/staged-actions.ts'
import type { Staged } from './changes.ts'
import { ChangesList } from './changes/changes-list.tsx'
import { ChangesSql } from './changes/changes-sql.tsx'
import { KeptWhere } from './kept-where.tsx'
import type { TableModel } from './table-model.ts'
import css from './changes/changes.module.css'

interface ChangesPanelProps {
  model: TableModel
  description: TableDescription
  staged: Staged
  isSaving: boolean
  onClose: () => void
}

const TABS = ['Changes', 'SQL'] as const

export function ChangesPanel({ model, description, staged, isSaving, onClose }: ChangesPanelProps) {
  const [tab, setTab] = useState<(typeof TABS)[number]>('Changes')
  const [onlyProblems, setOnlyProblems] = useState(false)
  const { problems } = model.state
  return (
    <aside className={css.panel} aria-label="Changes" data-wide={tab === 'SQL' || undefined}>
      <div className={css.head}>
        <h2 className={css.title}>{plural(staged.changes.length, 'change')}, not saved</h2>
        <Button
          leftSection={<Undo2 size={13} />}
          disabled={isSaving}
          onClick={() => stagedActions.discard.perform(model)}
        >
          Revert all
        </Button>
        <ActionIcon aria-label="Close changes" onClick={onClose}>
          <X size={15} />
        </ActionIcon>
      </div>
      <div className={css.tabs} role="tablist" aria-label="Changes as">
        {TABS.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            className={css.tab}
            aria-selected={tab === name}
            tabIndex={tab === name ? 0 : -1}
            onClick={() => setTab(name)}
            onKeyDown={(event) => {
              if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
              const other = TABS.find((each) => each !== name) ?? name
              setTab(other)
              const sibling = event.currentTarget.nextElementSibling ?? event.currentTarget.previousElementSibling
              if (sibling instanceof HTMLElement && sibling.role === 'tab') sibling.focus()
            }}
          >
            {name}
          </button>
        ))}
        {problems.length > 0 && (
          <button
            type="button"
            className={css.problems}
            aria-pressed={onlyProblems}
            title={onlyProblems ? 'Show all changes' : 'Show only changes with problems'}
            onClick={() => {
              setTab('Changes')
              setOnlyProblems(!onlyProblems)
            }}
          >
            {plural(problems.length, 'problem')}
          </button>
        )}
      </div>
      {tab === 'SQL' ? (
        <ChangesSql model={model} changes={staged.changes} />
      ) : (
        <ChangesList
          model={model}
          description={description}
          changes={staged.changes}
          onlyProblems={onlyProblems && problems.length > 0}
          isSaving={isSaving}
        />
      )}
      <KeptWhere />
    </aside>
  )
}
