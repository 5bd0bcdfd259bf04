// The filters of a table under their names: kept, applied, renamed, replaced and deleted.
import { ActionIcon, Button, Modal, TextInput } from '@mantine/core'
import { Check, Pencil, Trash2 } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import type { SavedFilter } from '../../../shared/table-settings.ts'
import type { TableDescription } from '../../../shared/tables.ts'
import { wordsOf } from '../../ui/call-error.ts'
import { useReturnFocus } from '../../ui/use-return-focus.ts'
import { changeFilters } from '../kept-settings.ts'
import type { TableModel } from '../table-model.ts'
import { filterInWords } from './filter-words.ts'
import css from './filter.module.css'
import { renamed, saved as withSaved, type Change } from './named-filters.ts'

interface SavedFiltersProps {
  model: TableModel
  description: TableDescription
  saved: readonly SavedFilter[]
  onClose: () => void
}

export function SavedFilters({ model, description, saved, onClose }: SavedFiltersProps) {
  useReturnFocus()
  const { filter } = model.state
  const [name, setName] = useState('')
  const [renaming, setRenaming] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const isKnown = saved.some((each) => each.name === name.trim())
  const store = async (change: Change): Promise<boolean> => {
    try {
      await changeFilters(model.profileId, model.table, change)
      setProblem(null)
      return true
    } catch (error) {
      setProblem(wordsOf(error).message)
      return false
    }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() === '') return setProblem('Give the filter a name.')
    if (filter) void store(withSaved(name.trim(), filter)).then((isStored) => isStored && onClose())
  }
  return (
    <Modal opened size={560} title={`Saved filters of ${model.table}`} onClose={onClose}>
      {filter && (
        <form className={css.saveForm} onSubmit={submit}>
          <TextInput
            className={css.grow ?? ''}
            data-autofocus
            label="Name of the present filter"
            description={filterInWords(filter, description.columns)}
            maxLength={100}
            autoComplete="off"
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <Button type="submit" variant="filled">
            {isKnown ? 'Replace' : 'Save'}
          </Button>
        </form>
      )}
      {problem && (
        <p role="alert" className={css.problem}>
          {problem}
        </p>
      )}
      {saved.length === 0 && <p className={css.note}>No filter of this table is saved yet.</p>}
      <ul className={css.savedList}>
        {saved.map((each) => (
          <li key={each.name} className={css.savedItem}>
            {renaming === each.name ? (
              <Rename
                name={each.name}
                onDone={(next) => {
                  setRenaming(null)
                  if (next !== null) void store(renamed(each.name, next))
                }}
              />
            ) : (
              <>
                <button
                  type="button"
                  className={css.savedName}
                  aria-label={`Apply ${each.name}`}
                  onClick={() => {
                    model.changeView({ filter: each.filter })
                    onClose()
                  }}
                >
                  <strong>{each.name}</strong>
                  <span className={css.note}>{filterInWords(each.filter, description.columns)}</span>
                </button>
                <ActionIcon
                  variant="subtle"
                  aria-label={`Rename ${each.name}`}
                  title="Rename"
                  onClick={() => setRenaming(each.name)}
                >
                  <Pencil size={14} />
                </ActionIcon>
                <ActionIcon
                  variant="subtle"
                  aria-label={`Delete ${each.name}`}
                  title="Delete"
                  onClick={() => void store((before) => before.filter((one) => one.name !== each.name))}
                >
                  <Trash2 size={14} />
                </ActionIcon>
              </>
            )}
          </li>
        ))}
      </ul>
    </Modal>
  )
}

function Rename({ name, onDone }: { name: string; onDone: (next: string | null) => void }) {
  const [text, setText] = useState(name)
  const isDone = text.trim() !== ''
  return (
    <form
      className={css.saveForm}
      onSubmit={(event) => {
        event.preventDefault()
        if (isDone) onDone(text.trim())
      }}
    >
      <TextInput
        className={css.grow ?? ''}
        aria-label={`New name of ${name}`}
        ref={(field) => field?.focus()}
        maxLength={100}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.stopPropagation()
          onDone(null)
        }}
      />
      <ActionIcon type="submit" aria-label="Rename" disabled={!isDone}>
        <Check size={14} />
      </ActionIcon>
    </form>
  )
}
