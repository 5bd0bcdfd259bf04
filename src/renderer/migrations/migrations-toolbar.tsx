// The buttons of the migrations screen; each says why when it cannot be used.
import { Button, Loader } from '@mantine/core'
import { Play, Square, StepForward, Undo2 } from 'lucide-react'
import type { ReactNode } from 'react'
import type { MigrationAction } from '../../shared/migrations.ts'
import { ReasonButton } from '../ui/reason-button.tsx'
import type { MigrationRun } from './migration-run.ts'
import type { MigrationList } from './migrations-queries.ts'
import { whyNot } from './why-not.ts'
import css from './migrations-screen.module.css'

interface MigrationsToolbarProps {
  list: MigrationList
  run: MigrationRun | undefined
  onRun: (action: MigrationAction) => void
  onRollback: () => void
  onCancel: () => void
}

export function MigrationsToolbar({ list, run, onRun, onRollback, onCancel }: MigrationsToolbarProps) {
  const isBusy = run !== undefined && run.phase !== 'over'
  const isStopping = run?.phase === 'cancelling'
  const reason = whyNot(list, isBusy)
  // The button that was pressed keeps the focus: a disabled one would lose it.
  const icon = (action: MigrationAction, usual: ReactNode) =>
    isBusy && run.action === action ? <Loader size={13} aria-hidden /> : usual
  return (
    <div className={css.buttons}>
      {isBusy && (
        <Button leftSection={<Square size={13} />} onClick={onCancel} disabled={isStopping}>
          Cancel
        </Button>
      )}
      <ReasonButton
        variant="filled"
        leftSection={icon('all', <Play size={14} />)}
        reason={reason.all}
        onClick={() => onRun('all')}
      >
        Run all
      </ReasonButton>
      <ReasonButton
        leftSection={icon('next', <StepForward size={14} />)}
        reason={reason.next}
        onClick={() => onRun('next')}
      >
        Run next
      </ReasonButton>
      <ReasonButton leftSection={icon('rollback', <Undo2 size={14} />)} reason={reason.rollback} onClick={onRollback}>
        Roll back last batch
      </ReasonButton>
    </div>
  )
}
