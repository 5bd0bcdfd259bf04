// The line over one row of a conflict: which row, and the decisions that are about all of it.
import { Button } from '@mantine/core'
import type { Conflict, TableDescription } from '../../../shared/tables.ts'
import { madeAnew, type RowDecision } from '../conflict-decisions.ts'
import { rowInWords } from '../describe-change.ts'
import { readStaged } from '../staged-edits.ts'
import type { TableModel } from '../table-model.ts'
import { chooseRow, isDelete, type Choices } from './conflict-choices.ts'
import css from './conflicts.module.css'

const GONE = 'The row is no longer in the table.'
const GONE_OR_HIDDEN = 'The row is no longer in the table, or a policy of the table hides it from this user.'

interface ConflictHeadProps {
  model: TableModel
  description: TableDescription
  conflict: Conflict
  choices: Choices
  onChoose: (choices: Choices) => void
  /** Takes the keys when the dialog opens. */
  isFirst: boolean
}

export function ConflictHead({ model, description, conflict, choices, onChoose, isFirst }: ConflictHeadProps) {
  const row = rowInWords(description.key, conflict.key)
  const choice = choices.get(conflict.changeId)
  const button = (words: string, decision: RowDecision, isAuto = false) => (
    <Button
      className={css.decision}
      aria-pressed={choice?.row === decision.row}
      aria-label={`${words}: ${row}`}
      onClick={() => onChoose(chooseRow(choices, conflict, decision))}
      {...(isFirst && isAuto && { 'data-autofocus': true })}
    >
      {words}
    </Button>
  )
  if (conflict.isGone) {
    const anew = newRow(model, description, conflict)
    return (
      <div className={css.head}>
        <h3 className={css.row}>{row}</h3>
        <span className={css.gone} title={anew && 'error' in anew ? anew.error : undefined}>
          {description.dialect === 'postgres' ? GONE_OR_HIDDEN : GONE} {anew && 'error' in anew ? anew.error : ''}
        </span>
        {button('Drop my change', { row: 'theirs' }, true)}
        {anew &&
          'values' in anew &&
          button('Add it as a new row', { row: 'insert', id: `new ${crypto.randomUUID()}`, values: anew.values })}
      </div>
    )
  }
  const isGoing = isDelete(conflict)
  return (
    <div className={css.head}>
      <h3 className={css.row}>{row}</h3>
      {button(isGoing ? 'Delete anyway' : 'Keep mine', { row: 'mine' }, true)}
      {button(isGoing ? 'Keep the row' : 'Take theirs', { row: 'theirs' })}
    </div>
  )
}

/** What a new row in its place would hold. Null for a delete: there is nothing left to delete. */
function newRow(model: TableModel, description: TableDescription, { changeId }: Conflict) {
  const change = readStaged(model.profileId, model.table).changes.find(({ id }) => id === changeId)
  if (change?.kind !== 'update') return null
  const rank = model.blocks.rankOf(changeId)
  const row = rank === undefined ? undefined : model.blocks.rowAt(rank)
  const seen = description.columns.map((_, index) => (row?.cut.has(index) ? undefined : row?.cells[index]))
  return madeAnew(description, change, description.key, seen)
}
