// Asks before steps are run or rolled back: which ones, in which order, and what may be lost.
import type { MigrationAction } from '../../shared/migration-runs.ts'
import type { MigrationList } from '../../shared/migration-steps.ts'
import { plural } from '../ui/wording.ts'
import { ConsentDialog } from './consent-dialog.tsx'
import { noteOf, previewOf, type RunPreview } from './run-preview.ts'
import css from './consent-dialog.module.css'

interface RunDialogProps {
  action: MigrationAction
  list: MigrationList
  /** Staged edits of this database, which a changed schema may not fit. */
  staged: number
  isClustered: boolean
  onClose: () => void
  onConfirm: () => void
}

export function RunDialog({ action, list, staged, isClustered, onClose, onConfirm }: RunDialogProps) {
  const preview = previewOf(action, list)
  const isDown = preview.direction === 'down'
  const note = noteOf(list)
  const late = preview.steps.filter(({ state }) => state === 'out-of-order')
  return (
    <ConsentDialog
      title={titleOf(action)}
      confirm={isDown ? 'Roll back' : `Run ${plural(preview.steps.length, 'step')}`}
      isDangerous={isDown}
      onClose={onClose}
      onConfirm={onConfirm}
    >
      <p>{sentence(action, preview)}</p>
      <ol className={css.steps} aria-label="Steps in order">
        {preview.steps.map(({ name, summary, batch }) => (
          <li key={name}>
            <span className={css.name}>{name}</span>
            {isDown && batch !== null && <span className={css.batch}>batch {batch}</span>}
            {summary && (
              <span className={css.summary}>
                {isDown && 'Undoes: '}
                {summary}
              </span>
            )}
          </li>
        ))}
      </ol>
      {late.length > 0 && (
        <p className={css.warn}>
          {late.length === 1 ? `${late[0]!.name} is` : `${plural(late.length, 'step')} are`} older than steps that are
          applied already, and may not fit what those have made.
        </p>
      )}
      {note && <p className={list.otherTools.length > 0 || isClustered ? css.warn : undefined}>{note}</p>}
      {isClustered && (
        <p className={css.warn}>
          This is a Galera cluster: each change of the schema stops all nodes until it is done on all of them, and
          cannot be taken back. The plan tells how large the tables are and how much goes on just now. Choose a quiet
          hour.
        </p>
      )}
      {staged > 0 && <p>{plural(staged, 'staged edit')} of this database may no longer fit its tables afterwards.</p>}
    </ConsentDialog>
  )
}

function titleOf(action: MigrationAction): string {
  switch (action.kind) {
    case 'rollback':
      return 'Roll back the last batch?'
    case 'down-to':
      return 'Roll back down to here?'
    case 'up-to':
      return 'Run up to here?'
    case 'next':
      return 'Run the next step?'
    default:
      return 'Run every pending step?'
  }
}

function sentence(action: MigrationAction, { steps }: RunPreview): string {
  const number = plural(steps.length, 'step')
  if (action.kind === 'rollback') {
    return `Rolls back batch ${steps[0]?.batch ?? ''}: ${number}, in this order. Rows in dropped tables are lost.`
  }
  if (action.kind === 'down-to') {
    const batches = new Set(steps.map(({ batch }) => batch)).size
    const from = batches > 1 ? ` of ${plural(batches, 'batch', 'batches')}` : ''
    return `Rolls back ${number}${from}, in this order. Rows in dropped tables are lost.`
  }
  return `Runs ${number}, in this order.`
}
