// The plan of one action as it is made, step by step; leaving it or cancelling stops the host.
import { useCallback, useEffect, useRef, useState } from 'react'
import type { MigrationAction, PlanEvent, StepPlan } from '../../../shared/migration-runs.ts'
import { api } from '../../api.ts'
import { isAbort } from '../../ui/call-error.ts'
import { followEvents } from './follow-events.ts'

export interface PlanState {
  isMaking: boolean
  plans: readonly StepPlan[]
  /** Null while it is made, and when it broke off. */
  end: { outcome: 'done' | 'failed' | 'cancelled'; message: string } | null
  /** What broke it off; null otherwise. */
  error: unknown
}

const beginning: PlanState = { isMaking: true, plans: [], end: null, error: null }
const cancelled = { outcome: 'cancelled', message: 'The plan was cancelled; nothing was changed.' } as const

/** Made anew for another profile or action only by another component: give it a key. */
export function usePlan(profileId: string, action: MigrationAction): PlanState & { cancel: () => void } {
  const [state, setState] = useState(beginning)
  const abort = useRef<AbortController | null>(null)
  const actionKey = JSON.stringify(action)

  useEffect(() => {
    const controller = new AbortController()
    abort.current = controller
    const { signal } = controller
    const change = (next: (state: PlanState) => PlanState) => {
      // Of a plan that nobody looks at any more nothing is kept.
      if (signal.reason !== left) setState(next)
    }
    const input = { profileId, action: JSON.parse(actionKey) as MigrationAction }
    followEvents(
      () => api.migrations.plan(input, { signal }),
      (events) => change((before) => events.reduce(afterEvent, before)),
    ).then(
      () => change((before) => ({ ...before, isMaking: false })),
      (error: unknown) =>
        change((before) => ({
          ...before,
          isMaking: false,
          ...(isAbort(error) ? { end: cancelled } : { error }),
        })),
    )
    return () => controller.abort(left)
  }, [profileId, actionKey])

  const cancel = useCallback(() => abort.current?.abort(new DOMException('Cancelled.', 'AbortError')), [])
  return { ...state, cancel }
}

/** Why a plan ended that was left behind. */
const left = new DOMException('Not looked at any more.', 'AbortError')

function afterEvent(state: PlanState, event: PlanEvent): PlanState {
  if (event.kind === 'step') return { ...state, plans: [...state.plans, event.plan] }
  return { ...state, isMaking: false, end: { outcome: event.outcome, message: event.message } }
}
