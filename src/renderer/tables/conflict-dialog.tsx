// Rows that changed since they were read: what I saw, what is there now, what I want; decided row by row.
import { Button, Modal } from '@mantine/core'
import { useState } from 'react'
import type { Cell } from '../../shared/cell.ts'
import type { Column, Conflict, TableDescription } from '../../shared/tables.ts'
import { valueInWords } from '../grid/cell-show.ts'
import { plural } from '../ui/wording.ts'
import { keepMine, takeTheirs } from './conflict-decisions.ts'
import { rowInWords } from './describe-change.ts'
import { changeStaged, readStaged } from './staged-edits.ts'
import type { TableModel } from './table-model.ts'
import { save } from './table-save.ts'
import css from './table-screen.module.css'

const GONE = 'The row is no longer in the table.'
const GONE_OR_HIDDEN = 'The row is no longer in the table, or a policy of the table hides it from this user.'

type Decision = 'mine' | 'theirs'

interface ConflictDialogProps {
  model: TableModel
  description: TableDescription
  conflicts: readonly Conflict[]
}

export function ConflictDialog({ model, description, conflicts }: ConflictDialogProps) {
  const [decisions, setDecisions] = useState<ReadonlyMap<string, Decision>>(new Map())
  const open = conflicts.filter(({ changeId }) => !decisions.has(changeId)).length

  const decide = (conflict: Conflict, decision: Decision) => {
    changeStaged(model.profileId, model.table, (staged) =>
      decision === 'mine' ? keepMine(staged, conflict) : takeTheirs(staged, conflict),
    )
    setDecisions(new Map(decisions).set(conflict.changeId, decision))
  }
  const close = () => {
    model.set({ conflicts: null })
    // What is stored now is shown beside what stays staged.
    if (decisions.size > 0) model.reload()
  }
  const saveAgain = () => {
    close()
    if (readStaged(model.profileId, model.table).changes.length > 0) void save(model)
  }
  return (
    <Modal
      opened
      size={760}
      title={`${plural(conflicts.length, 'row')} of ${model.table} changed since ${conflicts.length === 1 ? 'it was' : 'they were'} read`}
      onClose={close}
    >
      <p className={css.dialogNote}>Nothing was saved. Everything staged is still here.</p>
      {conflicts.map((conflict) => (
        <ConflictRow
          key={conflict.changeId}
          conflict={conflict}
          columns={description.columns}
          gone={description.dialect === 'postgres' ? GONE_OR_HIDDEN : GONE}
          title={rowInWords(description.key, conflict.key)}
          decision={decisions.get(conflict.changeId)}
          onDecide={(decision) => decide(conflict, decision)}
        />
      ))}
      <div className={css.buttons}>
        <Button onClick={close}>Close</Button>
        <Button variant="filled" disabled={open > 0} onClick={saveAgain}>
          Save again
        </Button>
      </div>
    </Modal>
  )
}

interface ConflictRowProps {
  conflict: Conflict
  columns: readonly Column[]
  /** What is said of a row that is not there. */
  gone: string
  title: string
  decision: Decision | undefined
  onDecide: (decision: Decision) => void
}

function ConflictRow({ conflict, columns, gone, title, decision, onDecide }: ConflictRowProps) {
  const inWords = (name: string, cell: Cell) =>
    valueInWords(
      cell,
      columns.find((column) => column.name === name),
    )
  const isDelete = conflict.columns.every(({ mine }) => mine === undefined)
  return (
    <section className={css.conflictRow} aria-label={title}>
      <div className={css.conflictHead}>
        <h3>{title}</h3>
        {decision !== undefined ? (
          <span className={css.decided}>{decision === 'mine' ? 'Mine is kept' : 'Theirs is taken'}</span>
        ) : conflict.isGone ? (
          <Button data-autofocus onClick={() => onDecide('theirs')}>
            Drop my change
          </Button>
        ) : (
          <>
            <Button data-autofocus onClick={() => onDecide('mine')}>
              {isDelete ? 'Delete anyway' : 'Keep mine'}
            </Button>
            <Button onClick={() => onDecide('theirs')}>{isDelete ? 'Keep the row' : 'Take theirs'}</Button>
          </>
        )}
      </div>
      {conflict.isGone ? (
        <p className={css.dialogNote}>{gone}</p>
      ) : (
        <table className={css.compare}>
          <thead>
            <tr>
              <th scope="col">Column</th>
              <th scope="col">Base: what you saw</th>
              <th scope="col">Theirs: stored now</th>
              <th scope="col">Mine</th>
            </tr>
          </thead>
          <tbody>
            {conflict.columns.map(({ column, base, theirs, mine }) => (
              <tr key={column}>
                <th scope="row">{column}</th>
                <td>{inWords(column, base)}</td>
                <td>{inWords(column, theirs)}</td>
                <td data-mine>{mine === undefined ? 'delete the row' : inWords(column, mine)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
