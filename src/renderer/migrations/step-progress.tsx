// How far a run has come with one step.
import { Loader } from '@mantine/core'
import { Check, CircleAlert, Clock3 } from 'lucide-react'
import type { Direction } from '../../shared/migration-steps.ts'
import { count, duration } from '../ui/wording.ts'
import type { RunStep } from './migration-run.ts'
import css from './steps-table.module.css'

interface StepProgressProps {
  step: RunStep | undefined
  direction: Direction | null
  /** The run it belongs to has ended. */
  isOver: boolean
}

export function StepProgress({ step, direction, isOver }: StepProgressProps) {
  if (!step) return null
  if (step.state === 'running') {
    return (
      <span className={css.running}>
        <Loader size={13} aria-hidden /> {direction === 'down' ? 'Rolling back' : 'Running'}
        {step.statements > 0 && <span className={css.faint}>{count(step.statements)} sent</span>}
      </span>
    )
  }
  if (step.state === 'waiting') {
    return isOver ? null : (
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
  return (
    <span className={css.done}>
      <Check size={13} aria-hidden /> {direction === 'down' ? 'Undone' : 'Ran'} in {duration(step.ms)}
    </span>
  )
}
