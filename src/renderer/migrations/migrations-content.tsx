// The migrations screen once its list is known: head, notices, list and log, and the one dialog or panel that is open.
import { Button } from '@mantine/core'
import { BookCheck } from 'lucide-react'
import { useCallback, useState } from 'react'
import type { MigrationAction } from '../../shared/migration-runs.ts'
import type { MigrationList, MigrationStep } from '../../shared/migration-steps.ts'
import { api } from '../api.ts'
import { Notice } from '../ui/notice.tsx'
import { AdoptDialog } from './adopt/adopt-dialog.tsx'
import { FolderBar } from './folder/folder-bar.tsx'
import { OtherTools } from './folder/other-tools.tsx'
import { SourceDialog } from './folder/source-dialog.tsx'
import { HalfBanner } from './half-banner.tsx'
import type { HalfChoice } from './half-dialog.tsx'
import { HistoryDialog } from './history-dialog.tsx'
import { LockBanner } from './lock-banner.tsx'
import { LogPane } from './log-pane.tsx'
import { cancelRun, startRun, useMigrationRun } from './migration-runs.ts'
import { MigrationsToolbar } from './migrations-toolbar.tsx'
import { PlanPanel } from './plan/plan-panel.tsx'
import { RehearsalPanel } from './rehearsal/rehearsal-panel.tsx'
import { RenameDialog } from './rename-dialog.tsx'
import { RunDialog } from './run-dialog.tsx'
import { needsConsent, noteOf } from './run-preview.ts'
import { RunProgress } from './run-progress.tsx'
import { RunResultLine } from './run-result.tsx'
import { StepMenu } from './step-menu.tsx'
import type { MenuPlace } from './step-row.tsx'
import { summaryOf } from './step-words.ts'
import { StepsTable } from './steps-table.tsx'
import { useDeed } from './use-deed.ts'
import { whyNoAdopt, whyNoHalfRun, whyNoMark } from './why-not.ts'
import css from './migrations-screen.module.css'

interface MigrationsContentProps {
  profileId: string
  list: MigrationList
  staged: number
  isClustered: boolean
  onGoToUsers: (() => void) | null
  onChanged: () => void
}

/** What is open above the list, one at a time. */
type Open =
  | { kind: 'consent'; action: MigrationAction }
  | { kind: 'menu'; step: MigrationStep; at: MenuPlace }
  | { kind: 'source' | 'adopt'; name: string }
  | { kind: 'rename'; step: MigrationStep }
  | { kind: 'history' }

export function MigrationsContent(props: MigrationsContentProps) {
  const { profileId, list, staged, isClustered, onGoToUsers, onChanged } = props
  const run = useMigrationRun(profileId)
  const { deed, isBusy: isDeedBusy, perform, clear } = useDeed(onChanged)
  const [open, setOpen] = useState<Open | null>(null)
  const [panel, setPanel] = useState<{ kind: 'plan' | 'rehearsal'; action: MigrationAction } | null>(null)
  const close = () => setOpen(null)
  const openMenu = useCallback((step: MigrationStep, at: MenuPlace) => setOpen({ kind: 'menu', step, at }), [])
  const isRunning = run !== undefined && run.phase !== 'over'
  const isBusy = isRunning || isDeedBusy
  const note = noteOf(list)
  const adoptable = whyNoAdopt(list, isBusy) === null ? list.adoptable[0] : undefined

  const start = (action: MigrationAction) => {
    setOpen(null)
    setPanel(null)
    clear()
    void startRun(profileId, action).then(onChanged)
  }
  const ask = (action: MigrationAction) =>
    needsConsent(action, list, isClustered) ? setOpen({ kind: 'consent', action }) : start(action)
  /** The plan has said what it does; only what cannot be got back is asked about once more. */
  const runPlanned = (action: MigrationAction) =>
    action.kind === 'rollback' || action.kind === 'down-to' ? ask(action) : start(action)
  const plan = (action: MigrationAction) => setPanel({ kind: 'plan', action })

  const chooseHalf = (choice: HalfChoice, from: number) => {
    const name = list.half?.name ?? ''
    if (choice === 'resume') return start({ kind: 'resume', name, from })
    if (choice === 'undo') return start({ kind: 'undo', name })
    const as = choice === 'markApplied' ? 'applied' : 'not-applied'
    const words = as === 'applied' ? 'applied' : 'not applied'
    void perform({
      what: `Mark ${name} as ${words}`,
      done: `${name} is marked as ${words}.`,
      call: (confirmation) => api.migrations.mark({ profileId, name, as, ...confirmation }),
    })
  }
  const repairLock = () =>
    void perform({
      what: 'Repair the lock',
      done: 'The lock is repaired: nobody holds it.',
      call: (confirmation) => api.migrations.repairLock({ profileId, ...confirmation }),
    })
  const rename = ({ name }: MigrationStep) =>
    void perform({
      what: `Rename ${name} in the ledger`,
      done: `The ledger has ${name} under this name now.`,
      call: (confirmation) => api.migrations.renameInLedger({ profileId, name, ...confirmation }),
    })

  const adopt = adoptable !== undefined && (
    <Button leftSection={<BookCheck size={14} />} onClick={() => setOpen({ kind: 'adopt', name: adoptable })}>
      Compare and adopt
    </Button>
  )

  return (
    <div className={css.screen}>
      <div className={css.head}>
        <h2 className={css.title}>Migrations</h2>
        <span className={css.summary}>{summaryOf(list.steps)}</span>
        {list.isAtHead && list.steps.length > 0 && <span className={css.atHead}>At head</span>}
        <MigrationsToolbar
          list={list}
          run={run}
          isBusy={isBusy}
          onPlan={plan}
          onRun={ask}
          onHistory={() => setOpen({ kind: 'history' })}
        />
      </div>
      <FolderBar profileId={profileId} list={list} onChanged={onChanged} />
      {isRunning && <RunProgress run={run} onCancel={() => cancelRun(profileId)} />}
      <RunResultLine run={run} deed={deed} isHalfShown={list.half !== null} onGoToUsers={onGoToUsers} />
      {!isRunning && (
        <>
          {list.blocked && (
            <Notice tone="note" actions={adopt}>
              {list.blocked}
            </Notice>
          )}
          {note && !list.blocked && !list.half && <Notice tone="note">{note}</Notice>}
          {adopt && !list.blocked && (
            <Notice tone="note" actions={adopt}>
              What {adoptable} makes is there already. The step can be adopted instead of run.
            </Notice>
          )}
          {list.lock && (
            <LockBanner lock={list.lock} isClustered={isClustered} isBusy={isDeedBusy} onRepair={repairLock} />
          )}
          {list.half && (
            <HalfBanner
              key={`${list.half.name} ${list.half.startedAt}`}
              half={list.half}
              whyNoRun={whyNoHalfRun(list, isBusy)}
              whyNoMark={whyNoMark(list, isBusy)}
              staged={staged}
              onChoose={chooseHalf}
            />
          )}
        </>
      )}
      <OtherTools tools={list.otherTools} />
      <div className={css.work} data-panel={panel !== null || undefined}>
        <div className={css.lists}>
          <div className={css.steps}>
            <StepsTable list={list} run={run} onMenu={openMenu} />
          </div>
          <LogPane run={run} />
        </div>
        {panel?.kind === 'plan' && (
          <PlanPanel
            profileId={profileId}
            action={panel.action}
            onClose={() => setPanel(null)}
            onRun={() => runPlanned(panel.action)}
            onRehearse={() => setPanel({ kind: 'rehearsal', action: panel.action })}
          />
        )}
        {panel?.kind === 'rehearsal' && (
          <RehearsalPanel
            profileId={profileId}
            action={panel.action}
            onClose={() => setPanel(null)}
            onRun={() => runPlanned(panel.action)}
          />
        )}
      </div>
      {open?.kind === 'consent' && (
        <RunDialog
          action={open.action}
          list={list}
          staged={staged}
          isClustered={isClustered}
          onClose={close}
          onConfirm={() => start(open.action)}
        />
      )}
      {open?.kind === 'menu' && (
        <StepMenu
          list={list}
          step={open.step}
          at={open.at}
          isBusy={isBusy}
          onClose={close}
          onRun={ask}
          onPlan={plan}
          onShowSource={() => setOpen({ kind: 'source', name: open.step.name })}
          onAdopt={() => setOpen({ kind: 'adopt', name: open.step.name })}
          onRename={() => setOpen({ kind: 'rename', step: open.step })}
        />
      )}
      {open?.kind === 'source' && <SourceDialog profileId={profileId} name={open.name} onClose={close} />}
      {open?.kind === 'adopt' && (
        <AdoptDialog profileId={profileId} name={open.name} onClose={close} onAdopted={onChanged} />
      )}
      {open?.kind === 'rename' && (
        <RenameDialog
          step={open.step}
          onClose={close}
          onConfirm={() => {
            close()
            rename(open.step)
          }}
        />
      )}
      {open?.kind === 'history' && <HistoryDialog profileId={profileId} onClose={close} />}
    </div>
  )
}
