// A step whose run ended in the middle: what is in the database now, and the four ways on.
import { Radio } from '@mantine/core'
import { BookCheck, BookX, Play, Split, Undo2 } from 'lucide-react'
import { useState } from 'react'
import type { HalfStep } from '../../shared/migration-steps.ts'
import { ReasonButton } from '../ui/reason-button.tsx'
import { HalfDialog, type HalfChoice } from './half-dialog.tsx'
import { HalfStatements } from './half-statements.tsx'
import { utcTime } from './step-words.ts'
import css from './half-banner.module.css'

interface HalfBannerProps {
  half: HalfStep
  /** Why nothing can be run, and why the ledger cannot be written, whatever is chosen; null when they can. */
  whyNoRun: string | null
  whyNoMark: string | null
  staged: number
  onChoose: (choice: HalfChoice, resumeFrom: number) => void
}

const buttons: { choice: HalfChoice; label: string; icon: typeof Play }[] = [
  { choice: 'resume', label: 'Resume', icon: Play },
  { choice: 'undo', label: 'Undo what was done', icon: Undo2 },
  { choice: 'markApplied', label: 'Mark as applied', icon: BookCheck },
  { choice: 'markNotApplied', label: 'Mark as not applied', icon: BookX },
]

export function HalfBanner({ half, whyNoRun, whyNoMark, staged, onChoose }: HalfBannerProps) {
  const [underWay, setUnderWay] = useState<'done' | 'not-done' | null>(null)
  const [asked, setAsked] = useState<HalfChoice | null>(null)
  const isOpen = half.statements.some(({ state }) => state === 'under-way')
  const resumeFrom = half.resumeFrom + (isOpen && underWay === 'done' ? 1 : 0)
  const reasonOf = (choice: HalfChoice) => {
    const own = half.choices[choice]
    if (choice === 'markApplied' || choice === 'markNotApplied') return whyNoMark ?? own
    const open = choice === 'resume' && isOpen && underWay === null ? SAY_FIRST : null
    return whyNoRun ?? own ?? open
  }
  return (
    <section className={css.banner} aria-label={`${half.name} ended in the middle`}>
      <h3 className={css.title}>
        <Split size={15} aria-hidden />
        {half.name} ended in the middle {half.direction === 'down' ? 'of its roll back' : ''}
      </h3>
      <p className={css.message}>{half.message}</p>
      {half.error && <pre className={css.error}>{half.error}</pre>}
      <p className={css.who}>
        {half.direction === 'down' ? 'Rolled back' : 'Run'} by {half.person} at {utcTime(half.startedAt)}. Nothing else
        can be run before it is decided what becomes of it.
      </p>
      <HalfStatements statements={half.statements} resumeFrom={resumeFrom} />
      {isOpen && half.choices.resume === null && (
        <Radio.Group
          className={css.open}
          label="The statement that was under way: its answer never came. Look at the database, then say"
          value={underWay}
          onChange={(value) => setUnderWay(value === 'done' ? 'done' : 'not-done')}
        >
          <div className={css.radios}>
            <Radio value="not-done" label="It was not done: resuming sends it again" />
            <Radio value="done" label="It was done: resuming leaves it out" />
          </div>
        </Radio.Group>
      )}
      <div className={css.buttons}>
        {buttons.map(({ choice, label, icon: Icon }) => (
          <ReasonButton
            key={choice}
            leftSection={<Icon size={14} />}
            reason={reasonOf(choice)}
            onClick={() => setAsked(choice)}
          >
            {label}
          </ReasonButton>
        ))}
      </div>
      {asked && (
        <HalfDialog
          half={half}
          choice={asked}
          resumeFrom={resumeFrom}
          staged={staged}
          onClose={() => setAsked(null)}
          onConfirm={() => {
            setAsked(null)
            onChoose(asked, resumeFrom)
          }}
        />
      )}
    </section>
  )
}

const SAY_FIRST = 'Say first whether the statement that was under way was done.'
