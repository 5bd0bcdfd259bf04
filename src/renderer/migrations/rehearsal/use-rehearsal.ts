// Starts a rehearsal when it is asked for, follows it, and stops the host when it is cancelled or left.
import { useEffect, useRef, useState } from 'react'
import type { MigrationAction } from '../../../shared/migration-runs.ts'
import { api } from '../../api.ts'
import { isAbort } from '../../ui/call-error.ts'
import { confirmed } from '../../ui/confirm-production.ts'
import { followEvents } from '../plan/follow-events.ts'
import { afterRehearsalEvent, noRehearsal, type RehearsalState } from './rehearsal-state.ts'

export type Phase = 'before' | 'running' | 'cancelling' | 'over'

interface Rehearsal extends RehearsalState {
  phase: Phase
  /** What broke it off, or null; an AbortError when a person cancelled before the host said how it ended. */
  error: unknown
  start: () => void
  cancel: () => void
}

export function useRehearsal(profileId: string, action: MigrationAction, what: string): Rehearsal {
  const [state, setState] = useState(noRehearsal)
  const [phase, setPhase] = useState<Phase>('before')
  const [error, setError] = useState<unknown>(null)
  const abort = useRef<AbortController | null>(null)
  useEffect(() => () => abort.current?.abort(new DOMException('Not looked at any more.', 'AbortError')), [])

  const start = () => {
    const controller = new AbortController()
    abort.current = controller
    const { signal } = controller
    setState(noRehearsal)
    setPhase('running')
    setError(null)
    followEvents(
      () =>
        confirmed(what, (confirmation) => api.migrations.rehearse({ profileId, action, ...confirmation }, { signal })),
      (events) => setState((before) => events.reduce(afterRehearsalEvent, before)),
    ).then(
      () => setPhase('over'),
      (problem: unknown) => {
        // The name of a production profile was not typed: nothing began.
        if (isAbort(problem) && !signal.aborted) return setPhase('before')
        setError(problem)
        setPhase('over')
      },
    )
  }
  const cancel = () => {
    setPhase('cancelling')
    abort.current?.abort(new DOMException('Cancelled.', 'AbortError'))
  }
  return { ...state, phase, error, start, cancel }
}
