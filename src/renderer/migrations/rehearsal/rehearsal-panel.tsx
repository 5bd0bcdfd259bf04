// A rehearsal: what it does on this engine before it starts, how far it is, and what the steps did to tables and rows.
import { Button, Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { FlaskConical, Play, ShieldCheck, Square, Undo2 } from 'lucide-react'
import { useState } from 'react'
import type { MigrationAction } from '../../../shared/migration-runs.ts'
import { api } from '../../api.ts'
import { isAbort, wordsOf } from '../../ui/call-error.ts'
import { Notice } from '../../ui/notice.tsx'
import { duration, plural } from '../../ui/wording.ts'
import { CallProblem } from '../folder/call-problem.tsx'
import { TrustDialog } from '../folder/trust-dialog.tsx'
import { actionWords } from '../plan/action-words.ts'
import { PanelFrame } from '../plan/panel-frame.tsx'
import { RehearsalProgress } from './rehearsal-progress.tsx'
import { RehearsalResult } from './rehearsal-result.tsx'
import { engineWords, rowsLost } from './rehearsal-words.ts'
import { useRehearsal } from './use-rehearsal.ts'
import css from './rehearsal.module.css'

interface RehearsalPanelProps {
  profileId: string
  action: MigrationAction
  onClose: () => void
  onRun: () => void
}

export function RehearsalPanel(props: RehearsalPanelProps) {
  return <Rehearsal key={`${props.profileId} ${JSON.stringify(props.action)}`} {...props} />
}

function Rehearsal({ profileId, action, onClose, onRun }: RehearsalPanelProps) {
  const words = actionWords(action)
  const rehearsal = useRehearsal(profileId, action, `Rehearse: ${words.title}`)
  const { phase, error, end } = rehearsal
  const isBusy = phase === 'running' || phase === 'cancelling'
  const isDown = words.verb === 'Roll back' || action.kind === 'undo'
  return (
    <PanelFrame
      title={`Rehearsal: ${words.title}`}
      onClose={onClose}
      summary={
        <>
          {isBusy && <Loader size={13} aria-label="Rehearsing" />}
          {phase === 'cancelling' && 'Cancelling'}
          {end && `${plural(rehearsal.steps.length, 'step')} in ${duration(end.ms)}`}
        </>
      }
      foot={
        <>
          <span className={css.space} />
          {isBusy ? (
            <Button leftSection={<Square size={13} />} disabled={phase === 'cancelling'} onClick={rehearsal.cancel}>
              Cancel
            </Button>
          ) : (
            <Button
              variant={phase === 'before' ? 'filled' : 'default'}
              leftSection={<FlaskConical size={14} />}
              onClick={rehearsal.start}
            >
              {phase === 'before' ? 'Start the rehearsal' : 'Rehearse again'}
            </Button>
          )}
          {end?.outcome === 'done' && (
            <Button
              variant="filled"
              {...(rowsLost(end.changes) > 0 && { color: 'red' })}
              leftSection={isDown ? <Undo2 size={14} /> : <Play size={14} />}
              onClick={onRun}
            >
              {words.verb}
            </Button>
          )}
        </>
      }
    >
      {phase === 'before' && <Before profileId={profileId} />}
      {phase === 'over' && (
        <Broken profileId={profileId} error={error} hasEnd={end !== null} onAgain={rehearsal.start} />
      )}
      {end && <RehearsalResult end={end} />}
      {phase !== 'before' && <RehearsalProgress state={rehearsal} isOver={phase === 'over'} />}
    </PanelFrame>
  )
}

/** What it will do, for somebody who decides whether now is the time. */
function Before({ profileId }: { profileId: string }) {
  const { data, error } = useQuery({
    queryKey: ['profiles', 'list'],
    queryFn: ({ signal }) => api.profiles.list(undefined, { signal }),
  })
  const dialect = data?.profiles.find(({ id }) => id === profileId)?.dialect
  if (error) return <CallProblem error={error} />
  if (!dialect) return null
  return (
    <div className={css.before}>
      <p>A rehearsal shows what the steps do to the tables, and takes it back. This is what it does here:</p>
      <ul>
        {engineWords(dialect).map((line) => (
          <li key={line}>{line}</li>
        ))}
        <li>
          Steps that cannot be rehearsed are left out, and it is said which. Neither the ledger nor the journal is
          written.
        </li>
      </ul>
    </div>
  )
}

interface BrokenProps {
  profileId: string
  error: unknown
  hasEnd: boolean
  onAgain: () => void
}

/** The events ended without saying how. */
function Broken({ profileId, error, hasEnd, onAgain }: BrokenProps) {
  const [isTrusting, setTrusting] = useState(false)
  if (hasEnd) return null
  if (error === null) return <Notice tone="warn">The rehearsal ended without saying how.</Notice>
  if (isAbort(error)) return <Notice tone="warn">Cancelled. Roster takes back what the rehearsal had done.</Notice>
  if (wordsOf(error).code !== 'NOT_TRUSTED') return <CallProblem error={error} />
  return (
    <>
      <Notice
        tone="warn"
        actions={
          <Button leftSection={<ShieldCheck size={14} />} onClick={() => setTrusting(true)}>
            Review and trust
          </Button>
        }
      >
        {wordsOf(error).message}
      </Notice>
      {isTrusting && <TrustDialog profileId={profileId} onClose={() => setTrusting(false)} onTrusted={onAgain} />}
    </>
  )
}
