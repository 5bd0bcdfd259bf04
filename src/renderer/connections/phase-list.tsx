// The steps of an attempt: what is done, where it stands, what is to come.
import { Loader } from '@mantine/core'
import { Check, Circle, X } from 'lucide-react'
import type { ConnectPhase } from '../../shared/connections.ts'
import { phaseWords } from './connection-words.ts'
import css from './phase-list.module.css'

interface PhaseListProps {
  phases: readonly ConnectPhase[]
  /** Where the attempt stands or has ended; null when none was made. */
  phase: ConnectPhase | null
  /** An attempt is under way; otherwise it ended there. */
  isTrying: boolean
}

export function PhaseList({ phases, phase, isTrying }: PhaseListProps) {
  const at = phase ? phases.indexOf(phase) : -1
  return (
    <ol className={css.phases} aria-label="Steps">
      {phases.map((each, index) => {
        const state = index < at ? 'done' : index > at ? 'to-come' : isTrying ? 'present' : 'failed'
        return (
          <li key={each} className={css.phase} data-state={state} aria-current={index === at ? 'step' : undefined}>
            <span className={css.mark} aria-hidden>
              <Mark state={state} />
            </span>
            {phaseWords[each]}
            <span className={css.spoken}>{spoken[state]}</span>
          </li>
        )
      })}
    </ol>
  )
}

type PhaseState = 'done' | 'present' | 'failed' | 'to-come'

const spoken: Record<PhaseState, string> = { done: ', done', present: ', under way', failed: ', failed', 'to-come': '' }

function Mark({ state }: { state: PhaseState }) {
  if (state === 'done') return <Check size={14} />
  if (state === 'failed') return <X size={14} />
  if (state === 'present') return <Loader size={12} color="currentColor" />
  return <Circle size={7} fill="currentColor" strokeWidth={0} />
}
