// Several tables point to a row: asks whose rows are to be shown.
import { Modal } from '@mantine/core'
import { useReturnFocus } from '../../ui/use-return-focus.ts'
import type { TableModel } from '../table-model.ts'
import type { PointedRow } from '../table-state.ts'
import { followBack, isElsewhere } from './follow.ts'
import css from './follow.module.css'

export function PointingDialog({ model, pointed }: { model: TableModel; pointed: PointedRow }) {
  useReturnFocus()
  const close = () => model.set({ pointed: null })
  return (
    <Modal opened size={460} title="Rows that point here" onClose={close}>
      <ul className={css.list}>
        {pointed.referrers.map((referrer, index) => (
          <li key={JSON.stringify(referrer)}>
            <button
              type="button"
              className={css.choice}
              data-autofocus={index === 0 || undefined}
              disabled={isElsewhere(referrer.from)}
              title={isElsewhere(referrer.from) ? 'It is in another database.' : undefined}
              onClick={() => {
                close()
                followBack(model, pointed.line, referrer)
              }}
            >
              <span className={css.table}>{referrer.from}</span>
              <span className={css.columns}>by {referrer.columns.join(', ')}</span>
            </button>
          </li>
        ))}
      </ul>
    </Modal>
  )
}
