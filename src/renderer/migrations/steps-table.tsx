// The table of steps: what each does, whether it is applied, and how far a run has come.
import { Loader } from '@mantine/core'
import { Check, CircleAlert, CircleDashed, Clock3, type LucideIcon } from 'lucide-react'
import type { MigrationStep } from '../../shared/migrations.ts'
import { duration } from '../ui/wording.ts'
import type { MigrationRun, RunStep } from './migration-run.ts'
import type { MigrationList } from './migrations-queries.ts'
import css from './steps-table.module.css'

const stateWords: Record<MigrationStep['state'], { text: string; icon: LucideIcon }> = {
  applied: { text: 'Applied', icon: Check },
  pending: { text: 'Pending', icon: CircleDashed },
  missing: { text: 'Missing file', icon: CircleAlert },
}

export function StepsTable({ list, run }: { list: MigrationList; run: MigrationRun | undefined }) {
  const progress = new Map(run?.steps.map((step) => [step.name, step]))
  return (
    <table className={css.table} aria-label="Migrations">
      <thead>
        <tr>
          <th scope="col">Step</th>
          <th scope="col">State</th>
          <th scope="col" className={css.number}>
            Batch
          </th>
          <th scope="col">Applied at</th>
          <th scope="col">This run</th>
        </tr>
      </thead>
      <tbody>
        {list.steps.map((step) => {
          const { text, icon: Icon } = stateWords[step.state]
          return (
            <tr key={step.name}>
              <th scope="row" className={css.step}>
                <span className={css.name}>{step.name}</span>
                <span className={css.summary}>{step.summary}</span>
              </th>
              <td>
                <span className={css.badge} data-state={step.state}>
                  <Icon size={13} aria-hidden />
                  {text}
                </span>
              </td>
              <td className={css.number}>{step.batch ?? ''}</td>
              <td className={css.time} title={step.appliedAt ?? undefined}>
                {readable(step.appliedAt)}
              </td>
              <td className={css.progress}>
                <Progress step={progress.get(step.name)} run={run} />
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

/** The ledger's text; the form that knex writes in is shown to the second, any other as it is. */
function readable(appliedAt: string | null): string {
  const parts = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?Z$/.exec(appliedAt ?? '')
  return parts ? `${parts[1]} ${parts[2]} UTC` : (appliedAt ?? '')
}

function Progress({ step, run }: { step: RunStep | undefined; run: MigrationRun | undefined }) {
  if (!step) return null
  if (step.state === 'running') {
    return (
      <span className={css.running}>
        <Loader size={13} aria-hidden /> {run?.direction === 'down' ? 'Rolling back' : 'Running'}
      </span>
    )
  }
  if (step.state === 'waiting') {
    return run?.phase === 'over' ? null : (
      <span className={css.faint}>
        <Clock3 size={13} aria-hidden /> Waiting
      </span>
    )
  }
  if (step.state === 'failed') {
    return (
      <span className={css.failed}>
        <CircleAlert size={13} aria-hidden /> Failed
      </span>
    )
  }
  // A step that ran is kept only when the whole run is.
  const isUndone = run?.result && run.result.outcome !== 'done'
  return (
    <span className={isUndone ? css.faint : css.done}>
      <Check size={13} aria-hidden /> {run?.direction === 'down' ? 'Undone' : 'Ran'} in {duration(step.ms)}
    </span>
  )
}
