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

export function DeleteDialog({ model, reach }: { model: TableModel; reach: DeleteReach }) {
  const deletes = readStaged(model.profileId, model.table).changes.filter(({ kind }) => kind === 'delete').length
  const close = () => model.set({ reach: null })
  return (
    <Modal
      opened
      size={620}
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
          {reach.direct.map(({ table, action, rows }) => (
            <tr key={`${table} ${action}`}>
              <th scope="row">{table}</th>
              <td>{rows.toLocaleString('en-US')}</td>
              <td>{EFFECTS[action]}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {reach.further.length > 0 && (
        <p className={css.dialogNote}>
          Rows that point to those are reached in turn, in {reach.further.join(', ')}; how many is not counted.
        </p>
      )}
      <div className={css.buttons}>
        <Button data-autofocus onClick={close}>
          Cancel
        </Button>
        <Button variant="filled" color="red" onClick={() => void save(model, true)}>
          Delete and save
        </Button>
      </div>
    </Modal>
  )
}
