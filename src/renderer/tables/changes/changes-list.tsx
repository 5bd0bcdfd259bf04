// Every staged change, cell by cell, in a list that stays quick with 20,000 of them.
import { ActionIcon, Button } from '@mantine/core'
import { TriangleAlert, Undo2 } from 'lucide-react'
import { useCallback, useMemo } from 'react'
import type { Change, TableDescription } from '../../../shared/tables.ts'
import { WindowedList } from '../../ui/windowed-list.tsx'
import { dropCell, dropChanges } from '../changes.ts'
import { cellInWords, changeInWords, deletedInWords, wasInWords } from '../describe-change.ts'
import { setInWords } from '../../ui/owner-words.ts'
import { touchesOf } from '../owner/touched.ts'
import { goToChange } from '../save-answer.ts'
import { changeStaged } from '../staged-edits.ts'
import { commitEdit } from '../table-edits.ts'
import type { TableModel } from '../table-model.ts'
import { entriesOf, type ChangeEntry } from './change-entries.ts'
import css from './changes.module.css'

/** Pixels. */
const ROW = 36
const CELL = 44
const PROBLEM = 40

interface ChangesListProps {
  model: TableModel
  description: TableDescription
  changes: readonly Change[]
  onlyProblems: boolean
  isSaving: boolean
}

export function ChangesList({ model, description, changes, onlyProblems, isSaving }: ChangesListProps) {
  const { problems } = model.state
  const { columns } = description
  const touches = useMemo(() => touchesOf(description), [description])
  const entries = useMemo(
    () => entriesOf(changes, columns, problems, onlyProblems, touches),
    [changes, columns, problems, onlyProblems, touches],
  )
  const heightOf = useCallback(
    (index: number) => {
      const entry = entries[index]
      return (entry?.column === null ? ROW : CELL) + (entry?.problem ? PROBLEM : 0)
    },
    [entries],
  )
  return (
    <WindowedList
      label="Staged changes"
      className={css.list}
      count={entries.length}
      heightOf={heightOf}
      keyOf={(index) => `${entries[index]?.change.id} ${entries[index]?.column ?? ''}`}
      render={(index) => {
        const entry = entries[index]
        return entry && <Entry model={model} description={description} entry={entry} isSaving={isSaving} />
      }}
    />
  )
}

interface EntryProps {
  model: TableModel
  description: TableDescription
  entry: ChangeEntry
  isSaving: boolean
}

function Entry({ model, description, entry, isSaving }: EntryProps) {
  const { change, column, problem, touch } = entry
  const row = changeInWords(change, description.key)
  const where = column === null ? row : `${row}, ${column}`
  const go = () => {
    if (commitEdit(model)) goToChange(model, change.id, column)
  }
  const undo = () =>
    changeStaged(model.profileId, model.table, (all) =>
      column === null ? dropChanges(all, [change.id]) : dropCell(all, change.id, column),
    )
  return (
    <div
      className={css.entry}
      data-kind={change.kind}
      data-row={column === null || undefined}
      data-touch={touch !== undefined || undefined}
    >
      <button type="button" className={css.go} onClick={go}>
        {column === null ? (
          <span className={css.row}>
            <span>{row}</span>
            {change.kind === 'delete' && <span> delete {deletedInWords(change, description.columns)}</span>}
            {change.kind === 'insert' && Object.keys(change.values).length === 0 && <span> no values yet</span>}
          </span>
        ) : touch && description.owner ? (
          <>
            <span className={css.where}>{column}</span>
            <span className={css.what} title={touch.words}>
              {setInWords(description.owner, touch)}
            </span>
          </>
        ) : (
          <Cell change={change} column={column} description={description} />
        )}
      </button>
      {!touch && (
        <ActionIcon aria-label={`Undo ${where}`} title="Undo this change" disabled={isSaving} onClick={undo}>
          <Undo2 size={14} />
        </ActionIcon>
      )}
      {problem && (
        <div className={css.problem}>
          <TriangleAlert size={13} aria-hidden />
          <span title={problem.words}>{problem.words}</span>
          {problem.holder && (
            <Button
              className={css.holder}
              aria-label={`Go to row ${problem.holder.label}`}
              onClick={() => problem.holder && void model.goToRow(problem.holder.key, problem.column ?? '')}
            >
              Go to row
            </Button>
          )}
        </div>
      )}
    </div>
  )
}

function Cell({
  change,
  column: name,
  description,
}: {
  change: Change
  column: string
  description: TableDescription
}) {
  const column = description.columns.find((each) => each.name === name)
  if (change.kind === 'delete') return null
  const is = cellInWords(change.values[name] ?? null, column)
  const was = change.kind === 'update' ? wasInWords(change, name, column) : null
  return (
    <>
      <span className={css.where}>{name}</span>
      <span className={css.what} title={was === null ? is : `${was} → ${is}`}>
        {was !== null && (
          <>
            <del className={css.old}>{was}</del> →{' '}
          </>
        )}
        <ins className={css.new}>{is}</ins>
      </span>
    </>
  )
}
