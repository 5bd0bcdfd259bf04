// The buttons of the migrations screen; each says why when it cannot be used. The plan comes first.
import { Button, Loader } from '@mantine/core'
import { History, ListTree, Play, StepForward, Undo2 } from 'lucide-react'
import type { ReactNode } from 'react'
import type { MigrationAction } from '../../shared/migration-runs.ts'
import type { MigrationList } from '../../shared/migration-steps.ts'
import { ReasonButton } from '../ui/reason-button.tsx'
import type { MigrationRun } from './migration-run.ts'
import { whyNot } from './why-not.ts'
import css from './migrations-screen.module.css'

interface MigrationsToolbarProps {
  list: MigrationList
  run: MigrationRun | undefined
  isBusy: boolean
  onPlan: (action: MigrationAction) => void
  onRun: (action: MigrationAction) => void
  onHistory: () => void
}

export function MigrationsToolbar({ list, run, isBusy, onPlan, onRun, onHistory }: MigrationsToolbarProps) {
  const reason = whyNot(list, isBusy)
  const isRunning = run !== undefined && run.phase !== 'over'
  // The button that was pressed keeps the focus: a disabled one would lose it.
  const icon = (kind: MigrationAction['kind'], usual: ReactNode) =>
    isRunning && run.action.kind === kind ? <Loader size={13} aria-hidden /> : usual
  return (
    <div className={css.buttons}>
      <ReasonButton
        variant={reason.plan === null ? 'filled' : 'default'}
        leftSection={<ListTree size={14} />}
        reason={reason.plan}
        onClick={() => onPlan({ kind: 'all' })}
      >
        Plan
      </ReasonButton>
      <ReasonButton
        leftSection={icon('all', <Play size={14} />)}
        reason={reason.all}
        onClick={() => onRun({ kind: 'all' })}
      >
        Run all
      </ReasonButton>
      <ReasonButton
        leftSection={icon('next', <StepForward size={14} />)}
        reason={reason.next}
        onClick={() => onRun({ kind: 'next' })}
      >
        Run next
      </ReasonButton>
      <ReasonButton
        leftSection={icon('rollback', <Undo2 size={14} />)}
        reason={reason.rollback}
        onClick={() => onRun({ kind: 'rollback' })}
      >
        Roll back last batch
      </ReasonButton>
      <Button leftSection={<History size={14} />} onClick={onHistory}>
        History
      </Button>
    </div>
  )
}
