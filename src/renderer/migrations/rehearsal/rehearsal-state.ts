// The state of one rehearsal, made from its events alone.
import type { RehearsalEvent } from '../../../shared/migration-runs.ts'

type StepEvent = Extract<RehearsalEvent, { kind: 'step' }>
export type RehearsalEnd = Omit<Extract<RehearsalEvent, { kind: 'finished' }>, 'kind'>

export interface RehearsalState {
  steps: readonly Omit<StepEvent, 'kind'>[]
  log: readonly { at: number; text: string }[]
  /** Lines that were left out at the beginning of the log. */
  dropped: number
  end: RehearsalEnd | null
}

/** Lines kept of what is said meanwhile. */
export const LOG_LIMIT = 500

export const noRehearsal: RehearsalState = { steps: [], log: [], dropped: 0, end: null }

export function afterRehearsalEvent(state: RehearsalState, event: RehearsalEvent): RehearsalState {
  switch (event.kind) {
    case 'step': {
      const { name, state: stepState, ms } = event
      const step = { name, state: stepState, ms }
      const isKnown = state.steps.some((each) => each.name === name)
      const steps = isKnown ? state.steps.map((each) => (each.name === name ? step : each)) : [...state.steps, step]
      return { ...state, steps }
    }
    case 'log': {
      const log = [...state.log, { at: event.at, text: event.text }]
      const excess = Math.max(0, log.length - LOG_LIMIT)
      return { ...state, log: log.slice(excess), dropped: state.dropped + excess }
    }
    case 'finished': {
      const { outcome, message, changes, unchanged, ms } = event
      return { ...state, end: { outcome, message, changes, unchanged, ms } }
    }
  }
}
