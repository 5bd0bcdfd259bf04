// Before deletes are saved that reach into other tables: what would go with them.
import { Button, Modal } from '@mantine/core'
import type { DeleteReach } from '../../shared/tables.ts'
import { plural } from '../ui/wording.ts'
import { readStaged } from './staged-edits.ts'
import type { TableModel } from './table-model.ts'
import { save } from './table-save.ts'
import css from './table-screen.module.css'

const EFFECTS: Record<DeleteReach['direct'][number]['action'], string> = {
  delete: 'deleted with them',
  'set-null': 'kept, and no longer point to them (NULL)',
  'set-default': 'kept, and point to the default instead',
}

/** Rows that are reached in turn stand behind those that point to the deleted ones. */
function reached({ direct, further }: DeleteReach) {
  const first = direct.map((each) => ({ ...each, isAtLeast: false, isInTurn: false }))
  return [...first, ...further.map((each) => ({ ...each, isInTurn: true }))]
}

export function DeleteDialog({ model, reach }: { model: TableModel; reach: DeleteReach }) {
  const deletes = readStaged(model.profileId, model.table).changes.filter(({ kind }) => kind === 'delete').length
  const close = () => model.set({ reach: null })
  const rows = reached(reach)
  return (
    <Modal
      opened
      size={660}
      title={`Deleting ${plural(deletes, 'row')} of ${model.table} reaches other rows`}
      onClose={close}
    >
      <p className={css.dialogNote}>
        The foreign keys of this database act when rows are deleted. Nothing is saved yet.
      </p>
      <table className={css.compare}>
        <thead>
          <tr>
            <th scope="col">Table</th>
            <th scope="col">Rows</th>
            <th scope="col">What happens to them</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ table, action, rows: count, isAtLeast, isInTurn }) => (
            <tr key={`${table} ${action} ${isInTurn}`}>
              <th scope="row">{table}</th>
              <td>{isAtLeast ? `at least ${count.toLocaleString('en-US')}` : count.toLocaleString('en-US')}</td>
              <td>
                {EFFECTS[action]}
                {isInTurn && ' in turn'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.some(({ isInTurn }) => isInTurn) && (
        <p className={css.dialogNote}>“In turn”: these rows point to rows that go with the deleted ones.</p>
      )}
      {rows.some(({ isAtLeast }) => isAtLeast) && (
        <p className={css.dialogNote}>“At least”: counting all of them would have taken too long.</p>
      )}
      <div className={css.buttons}>
        <Button data-autofocus onClick={close}>
          Cancel
        </Button>
        <Button variant="filled" color="red" onClick={() => void save(model, { isReachKnown: true })}>
          Delete and save
        </Button>
      </div>
    </Modal>
  )
}
