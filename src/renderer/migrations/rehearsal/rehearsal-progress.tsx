// How far a rehearsal is: its steps, and what was said meanwhile.
import { Loader } from '@mantine/core'
import { Check, CircleAlert, CircleSlash, type LucideIcon } from 'lucide-react'
import { plural, duration } from '../../ui/wording.ts'
import type { RehearsalState } from './rehearsal-state.ts'
import css from './rehearsal.module.css'

type StepState = RehearsalState['steps'][number]['state']

const looks: Record<Exclude<StepState, 'running'>, { icon: LucideIcon; word: string }> = {
  done: { icon: Check, word: 'Went through' },
  failed: { icon: CircleAlert, word: 'Failed' },
  'left-out': { icon: CircleSlash, word: 'Left out' },
}

/** Steps drawn at most; the last ones, which are under way. */
const SHOWN = 200

interface RehearsalProgressProps {
  state: RehearsalState
  /** Nothing happens any more: a step that was running was broken off. */
  isOver: boolean
}

export function RehearsalProgress({ state: { steps, log, dropped }, isOver }: RehearsalProgressProps) {
  return (
    <>
      {steps.length > SHOWN && <p className={css.dim}>{plural(steps.length - SHOWN, 'earlier step')} not drawn.</p>}
      {steps.length > 0 && (
        <ul className={css.steps} aria-label="Steps of the rehearsal">
          {steps.slice(-SHOWN).map((step) => (
            <li key={step.name} className={css.step} data-state={step.state}>
              <span className={css.stepName}>{step.name}</span>
              <State {...step} isOver={isOver} />
            </li>
          ))}
        </ul>
      )}
      {log.length > 0 && (
        <div className={css.log} role="log" aria-label="What the rehearsal says" tabIndex={0}>
          {dropped > 0 && <div className={css.dim}>{plural(dropped, 'earlier line')} left out</div>}
          {log.map(({ at, text }, index) => (
            <div key={dropped + index} className={css.logLine}>
              <span className={css.at}>{(at / 1000).toFixed(3)} s</span>
              <span>{text}</span>
            </div>
          ))}
        </div>
      )}
    </>
  )
}

function State({ state, ms, isOver }: { state: StepState; ms: number; isOver: boolean }) {
  if (state === 'running' && isOver) return <span className={css.stepState}>Broken off</span>
  if (state === 'running') {
    return (
      <span className={css.stepState}>
        <Loader size={12} aria-hidden /> Running
      </span>
    )
  }
  const { icon: Icon, word } = looks[state]
  return (
    <span className={css.stepState}>
      <Icon size={13} aria-hidden /> {word}
      {state !== 'left-out' && ` in ${duration(ms)}`}
    </span>
  )
}
