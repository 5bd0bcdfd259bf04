// A save whose outcome is not known, or that is there in part: what a look found of each change, and what can be done.
import { Button, Modal } from '@mantine/core'
import type { ChangeState, TableDescription } from '../../shared/tables.ts'
import { plural } from '../ui/wording.ts'
import { itemsOf } from './describe-change.ts'
import { checkAgain, dropSaved, foundInWords, type OpenOutcome } from './save-outcome.ts'
import type { TableModel } from './table-model.ts'
import css from './table-screen.module.css'

const STATES: Record<ChangeState['state'], string> = {
  saved: 'In the database',
  'not-saved': 'Not in the database',
  'changed-since': 'The row holds something else, or is gone',
  'cannot-tell': 'The rows do not tell',
}

interface OutcomeDialogProps {
  model: TableModel
  description: TableDescription
  open: OpenOutcome
}

export function OutcomeDialog({ model, description, open }: OutcomeDialogProps) {
  const { changes, outcome, words, isChecking } = open
  const of = plural(changes.length, 'change')
  const close = () => model.set({ unknown: null })
  const drop = () => {
    if (outcome) dropSaved(model, outcome)
    close()
  }
  const title = outcome
    ? `Of ${model.table}, ${foundInWords(outcome).replace(/\.$/, '')}`
    : `Whether ${of} of ${model.table} ${changes.length === 1 ? 'was' : 'were'} saved is not known`
  return (
    <Modal opened size={620} title={title} onClose={close}>
      <p className={css.dialogNote} role="status">
        {words}
      </p>
      <p className={css.dialogNote}>
        Checking again looks at the rows and saves nothing. A change that is found in the database is not saved a second
        time.
      </p>
      {outcome && <States description={description} open={open} states={outcome.states} />}
      <div className={css.buttons}>
        <Button onClick={close}>Keep staged</Button>
        {outcome !== null && outcome.found > 0 && (
          <Button onClick={drop}>Unstage what is in the database ({outcome.found})</Button>
        )}
        <Button variant="filled" data-autofocus loading={isChecking} onClick={() => void checkAgain(model, open)}>
          Check again
        </Button>
      </div>
    </Modal>
  )
}

interface StatesProps {
  description: TableDescription
  open: OpenOutcome
  states: readonly ChangeState[]
}

function States({ description, open, states }: StatesProps) {
  const state = new Map(states.map((each) => [each.changeId, each.state]))
  return (
    <table className={css.compare}>
      <thead>
        <tr>
          <th scope="col">Change</th>
          <th scope="col">Found</th>
        </tr>
      </thead>
      <tbody>
        {itemsOf(open.changes, description).map(({ id, column, where, cell, row }) => (
          <tr key={`${id} ${column}`}>
            <td>
              {where}: {cell ? `${cell.old} → ${cell.new}` : row}
            </td>
            <td>{STATES[state.get(id) ?? 'cannot-tell']}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
