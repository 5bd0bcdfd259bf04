// Before a long save on a cluster: into how many transactions it is taken apart, why, and what that means when one fails.
import { Button, Modal } from '@mantine/core'
import { CLUSTER_MOST_CHANGES } from '../../shared/cluster.ts'
import { useReturnFocus } from '../ui/use-return-focus.ts'
import { count, plural } from '../ui/wording.ts'
import { partQuestions } from './save-in-parts.ts'
import { useSlot } from './selection/slot.ts'
import type { TableModel } from './table-model.ts'
import { save } from './table-save.ts'
import css from './table-screen.module.css'

export function PartsDialog({ model }: { model: TableModel }) {
  const sizes = useSlot(partQuestions, model)
  return sizes && <Ask model={model} sizes={sizes} />
}

function Ask({ model, sizes }: { model: TableModel; sizes: readonly number[] }) {
  useReturnFocus()
  const close = () => partQuestions.set(model, null)
  const all = sizes.reduce((sum, size) => sum + size, 0)
  const number = plural(sizes.length, 'transaction')
  return (
    <Modal opened size={600} title={`Save ${plural(all, 'change')} in ${number}`} onClose={close}>
      <p className={css.dialogNote}>
        This database is a Galera cluster. Every node certifies and applies a transaction as a whole, and all writers
        may wait for that, so one has at most {count(CLUSTER_MOST_CHANGES)} changes. These are saved one after the
        other: {sizes.map(count).join(', ')}.
      </p>
      <p className={css.dialogNote}>
        Each is a save of its own, which can be taken back by itself. When one fails, those before it stay saved and the
        rest stays staged. Saving can be stopped between two. Nothing is saved yet.
      </p>
      <div className={css.buttons}>
        <Button data-autofocus onClick={close}>
          Cancel
        </Button>
        <Button
          variant="filled"
          onClick={() => {
            close()
            void save(model, { isReachKnown: true, areParts: true })
          }}
        >
          Save in {number}
        </Button>
      </div>
    </Modal>
  )
}
