// The migrations of one database: the steps, the buttons that run them, and what a run says as it goes.
import { Button, Loader } from '@mantine/core'
import { useState } from 'react'
import { wordsOf } from '../ui/call-error.ts'
import { Notice } from '../ui/notice.tsx'
import { Panel } from '../ui/panel.tsx'
import { plural } from '../ui/wording.ts'
import { LogPane } from './log-pane.tsx'
import { cancelRun, startRun, useMigrationRun } from './migration-runs.ts'
import { MigrationsToolbar } from './migrations-toolbar.tsx'
import { useMigrations, type MigrationList } from './migrations-queries.ts'
import { RollbackDialog } from './rollback-dialog.tsx'
import { RunResultLine } from './run-result.tsx'
import { StepsTable } from './steps-table.tsx'
import css from './migrations-screen.module.css'

interface MigrationsScreenProps {
  profileId: string
  /** Staged edits of this database, which a changed schema may not fit. */
  staged: number
  /** Set when there is a users table to go to. */
  onGoToUsers: (() => void) | null
  /** After every run, however it ended: anything read from this database may have changed. */
  onChanged: () => void
}

export function MigrationsScreen({ profileId, staged, onGoToUsers, onChanged }: MigrationsScreenProps) {
  const { data, error, isFetching, refetch } = useMigrations(profileId)
  const run = useMigrationRun(profileId)
  const [isAsking, setAsking] = useState(false)
  const start = (action: 'all' | 'next' | 'rollback') => void startRun(profileId, action).then(onChanged)

  if (error && !data) {
    const { message, hint } = wordsOf(error)
    return (
      <Panel
        isProblem
        title="The list of migrations could not be read"
        actions={
          <Button variant="filled" loading={isFetching} onClick={() => void refetch()}>
            Try again
          </Button>
        }
      >
        <p>{message}</p>
        {hint && <p>{hint}</p>}
      </Panel>
    )
  }
  if (!data) return <Loader size={18} className={css.loading} aria-label="Reading the migrations" />
  return (
    <div className={css.screen}>
      <div className={css.head}>
        <h2 className={css.title}>Migrations</h2>
        <span className={css.summary}>{summaryOf(data)}</span>
        <MigrationsToolbar
          list={data}
          run={run}
          onRun={start}
          onRollback={() => setAsking(true)}
          onCancel={() => cancelRun(profileId)}
        />
      </div>
      {data.blocked && !isRunning(run) && <Notice tone="note">{data.blocked}</Notice>}
      {data.note && !data.blocked && !isRunning(run) && <Notice tone="note">{data.note}</Notice>}
      <RunResultLine run={run} onGoToUsers={onGoToUsers} />
      <div className={css.steps}>
        <StepsTable list={data} run={run} />
      </div>
      <LogPane run={run} />
      {isAsking && (
        <RollbackDialog
          list={data}
          staged={staged}
          onClose={() => setAsking(false)}
          onConfirm={() => {
            setAsking(false)
            start('rollback')
          }}
        />
      )}
    </div>
  )
}

function isRunning(run: ReturnType<typeof useMigrationRun>): boolean {
  return run !== undefined && run.phase !== 'over'
}

function summaryOf({ steps }: MigrationList): string {
  const of = (state: string) => steps.filter((step) => step.state === state).length
  const missing = of('missing')
  return [
    plural(steps.length, 'step'),
    `${of('applied')} applied`,
    `${of('pending')} pending`,
    ...(missing > 0 ? [`${missing} without a file`] : []),
  ].join(' · ')
}
