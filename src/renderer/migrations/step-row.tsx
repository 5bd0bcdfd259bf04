// One step of the list. Drawn anew only when something of it changes: a run with a thousand steps tells of one at a time.
import { Ellipsis } from 'lucide-react'
import { memo, type MouseEvent } from 'react'
import type { Direction, MigrationStep } from '../../shared/migration-steps.ts'
import { duration } from '../ui/wording.ts'
import type { RunStep } from './migration-run.ts'
import { StateBadge } from './state-badge.tsx'
import { StepProgress } from './step-progress.tsx'
import { utcTime, whoWords } from './step-words.ts'
import css from './steps-table.module.css'

/** Pixels of the window. */
export interface MenuPlace {
  x: number
  y: number
  /** The row's button, which has the focus again afterwards. */
  opener: HTMLElement | null
}

interface StepRowProps {
  step: MigrationStep
  progress: RunStep | undefined
  direction: Direction | null
  isOver: boolean
  isTabStop: boolean
  onReach: (name: string) => void
  onMenu: (step: MigrationStep, at: MenuPlace) => void
}

export const StepRow = memo(function StepRow(props: StepRowProps) {
  const { step, progress, direction, isOver, isTabStop, onReach, onMenu } = props
  const who = [whoWords(step), step.ms !== null && `took ${duration(step.ms)}`].filter(Boolean).join(' · ')
  const openAtPointer = (event: MouseEvent<HTMLElement>) => {
    event.preventDefault()
    const opener = event.currentTarget.querySelector<HTMLElement>('button[data-step]')
    onMenu(step, { x: event.clientX, y: event.clientY, opener })
  }
  const openBelow = (event: MouseEvent<HTMLElement>) => {
    const { left, bottom } = event.currentTarget.getBoundingClientRect()
    onMenu(step, { x: left, y: bottom + 2, opener: event.currentTarget })
  }
  return (
    <div role="row" className={css.row} data-state={step.state} onContextMenu={openAtPointer}>
      <div role="rowheader" className={css.step}>
        <span className={css.name}>{step.name}</span>
        {step.ledgerName !== null && step.ledgerName !== step.name && (
          <span className={css.summary}>In the ledger as {step.ledgerName}</span>
        )}
        {step.summary && <span className={css.summary}>{step.summary}</span>}
        {step.problem && <span className={css.problem}>{step.problem}</span>}
      </div>
      <span role="cell">
        <StateBadge state={step.state} />
      </span>
      <span role="cell" className={css.number}>
        {step.batch ?? ''}
      </span>
      <span role="cell" className={css.applied} title={step.appliedAt ?? undefined}>
        <span className={css.time}>{utcTime(step.appliedAt)}</span>
        {who && <span className={css.who}>{who}</span>}
      </span>
      <span role="cell" className={css.progress}>
        <StepProgress step={progress} direction={direction} isOver={isOver} />
      </span>
      <span role="cell">
        <button
          type="button"
          className={css.menu}
          data-step={step.name}
          tabIndex={isTabStop ? 0 : -1}
          aria-haspopup="menu"
          aria-label={`Actions for ${step.name}`}
          onFocus={() => onReach(step.name)}
          onClick={openBelow}
        >
          <Ellipsis size={15} aria-hidden />
        </button>
      </span>
    </div>
  )
})
