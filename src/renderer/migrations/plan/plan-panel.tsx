// What an action would send, before anything is sent: made step by step while a person reads, and copied as SQL.
import { Button, CopyButton, Loader } from '@mantine/core'
import { Check, ClipboardCopy, FlaskConical, Play, ShieldCheck, Square, Undo2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { MigrationAction } from '../../../shared/migration-runs.ts'
import { wordsOf } from '../../ui/call-error.ts'
import { Notice } from '../../ui/notice.tsx'
import { ReasonButton } from '../../ui/reason-button.tsx'
import { count, plural } from '../../ui/wording.ts'
import { CallProblem } from '../folder/call-problem.tsx'
import { TrustDialog } from '../folder/trust-dialog.tsx'
import { actionWords } from './action-words.ts'
import { PanelFrame } from './panel-frame.tsx'
import { planSql } from './plan-sql.ts'
import { firstLimits, reasonOfAll, summaryOf, summaryParts, whyNotRehearsed } from './plan-summary.ts'
import { StepItem } from './step-item.tsx'
import { Tag } from './tag.tsx'
import { usePlan, type PlanState } from './use-plan.ts'
import css from './plan.module.css'

/** Steps drawn at once. */
const STEPS = 200

interface PlanPanelProps {
  profileId: string
  action: MigrationAction
  onClose: () => void
  onRun: () => void
  onRehearse: () => void
}

export function PlanPanel(props: PlanPanelProps) {
  const [attempt, setAttempt] = useState(0)
  return (
    <Plan
      key={`${props.profileId} ${JSON.stringify(props.action)} ${attempt}`}
      {...props}
      onAgain={() => setAttempt(attempt + 1)}
    />
  )
}

function Plan({ profileId, action, onClose, onRun, onRehearse, onAgain }: PlanPanelProps & { onAgain: () => void }) {
  const plan = usePlan(profileId, action)
  const { plans, isMaking, end } = plan
  const words = actionWords(action)
  const title = `Plan: ${words.title}`
  const limits = useMemo(() => firstLimits(plans), [plans])
  const summary = useMemo(() => summaryOf(plans), [plans])
  const isDown = plans[0]?.direction === 'down'
  const [shown, setShown] = useState(STEPS)
  const lateLoss = useMemo(() => summaryOf(plans.slice(shown)).destructive, [plans, shown])
  const sql = useMemo(() => (isMaking ? '' : planSql(plans, title)), [isMaking, plans, title])
  /** Said once where it is the same for all of them. */
  const notRehearsed = plans.length > 1 ? reasonOfAll(plans) : null
  const busy = isMaking ? 'The plan is still being made.' : null
  return (
    <PanelFrame
      title={title}
      onClose={onClose}
      summary={
        <>
          {isMaking && <Loader size={13} aria-label="Making the plan" />}
          {(plans.length > 0 || end?.outcome === 'done') &&
            summaryParts(summary).map(({ text, tone }) => (
              <span key={text} className={css.part} data-tone={tone}>
                {text}
              </span>
            ))}
        </>
      }
      foot={
        <>
          <CopyButton value={sql}>
            {({ copied, copy }) => (
              <ReasonButton
                leftSection={copied ? <Check size={14} /> : <ClipboardCopy size={14} />}
                reason={busy ?? (plans.length === 0 ? 'There is nothing to copy.' : null)}
                onClick={copy}
              >
                {copied ? 'Copied' : 'Copy as SQL'}
              </ReasonButton>
            )}
          </CopyButton>
          <span className={css.space} />
          {isMaking && (
            <Button leftSection={<Square size={13} />} onClick={plan.cancel}>
              Cancel
            </Button>
          )}
          <ReasonButton
            leftSection={<FlaskConical size={14} />}
            reason={busy ?? whyNotRehearsed(plans)}
            onClick={onRehearse}
          >
            Rehearse
          </ReasonButton>
          <ReasonButton
            variant="filled"
            {...(summary.destructive > 0 && { color: 'red' })}
            leftSection={isDown ? <Undo2 size={14} /> : <Play size={14} />}
            reason={busy ?? (plans.length === 0 ? 'There is nothing to run.' : null)}
            onClick={onRun}
          >
            {words.verb}
          </ReasonButton>
        </>
      }
    >
      <Ended plan={plan} profileId={profileId} onAgain={onAgain} />
      {notRehearsed !== null && <Notice tone="note">Not rehearsed: {notRehearsed}</Notice>}
      {plans.slice(0, shown).map((step, index) => (
        <StepItem key={step.name} plan={step} firstLimit={limits[index] ?? 0} isRehearsalTold={notRehearsed !== null} />
      ))}
      {plans.length > shown && (
        <div className={css.leftOut}>
          {plural(plans.length - shown, 'more step')} not drawn; the numbers above count them, and the copied text has
          them.
          {lateLoss > 0 && <Tag tone="bad">{count(lateLoss)} destructive among them</Tag>}
          <Button onClick={() => setShown(shown + STEPS)}>Show {Math.min(STEPS, plans.length - shown)} more</Button>
        </div>
      )}
      {isMaking && plans.length === 0 && <p className={css.none}>Nothing is written while the plan is made.</p>}
    </PanelFrame>
  )
}

/** How the plan ended when it did not end well, and what to do. */
function Ended({ plan, profileId, onAgain }: { plan: PlanState; profileId: string; onAgain: () => void }) {
  const [isTrusting, setTrusting] = useState(false)
  const { end, error, plans } = plan
  const again = <Button onClick={onAgain}>Make the plan again</Button>
  const isUntrusted = error !== null && wordsOf(error).code === 'NOT_TRUSTED'
  return (
    <>
      {isUntrusted && (
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
      )}
      {error !== null && !isUntrusted && (
        <>
          <CallProblem error={error} />
          <div>{again}</div>
        </>
      )}
      {end && end.outcome !== 'done' && (
        <Notice tone={end.outcome === 'failed' ? 'bad' : 'warn'} actions={again}>
          {end.message}
        </Notice>
      )}
      {end?.outcome === 'done' && plans.length === 0 && <Notice tone="note">{end.message}</Notice>}
      {isTrusting && <TrustDialog profileId={profileId} onClose={() => setTrusting(false)} onTrusted={onAgain} />}
    </>
  )
}
