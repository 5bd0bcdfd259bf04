// The state of one run of migrations, made from its events alone.
import type { MigrationAction, MigrationEvent } from '../../shared/migrations.ts'

export interface RunStep {
  name: string
  state: 'waiting' | 'running' | 'done' | 'failed'
  /** Milliseconds the step took; 0 until it is done or failed. */
  ms: number
}

export interface LogLine {
  /** Milliseconds since the run began. */
  at: number
  text: string
}

export interface RunResult {
  /** `unknown`: the run could not be followed to its end. */
  outcome: Extract<MigrationEvent, { kind: 'finished' }>['outcome'] | 'unknown'
  message: string
  failedStep: string | null
  /** Milliseconds of the whole run as the host measured them; null when it did not say. */
  ms: number | null
}

export interface MigrationRun {
  action: MigrationAction
  phase: 'running' | 'cancelling' | 'over'
  /** Null until the plan is known. */
  direction: 'up' | 'down' | null
  steps: readonly RunStep[]
  log: readonly LogLine[]
  /** Lines that were left out at the beginning of the log. */
  dropped: number
  /** Set once the run is over. */
  result: RunResult | null
}

export type RunAction =
  | { kind: 'event'; event: MigrationEvent }
  | { kind: 'cancel' }
  /** The events ended without `finished`: an error, a lost link, or a cancel that the host did not answer. */
  | { kind: 'broke'; message: string }

/** Lines kept of a log; the oldest go first. */
export const LOG_LIMIT = 5000

export function startedRun(action: MigrationAction): MigrationRun {
  return { action, phase: 'running', direction: null, steps: [], log: [], dropped: 0, result: null }
}

export function nextRun(run: MigrationRun, action: RunAction): MigrationRun {
  if (run.phase === 'over') return run
  if (action.kind === 'cancel') return { ...run, phase: 'cancelling' }
  if (action.kind === 'broke') {
    const outcome = run.phase === 'cancelling' ? 'cancelled' : 'unknown'
    return over(run, { outcome, message: action.message, failedStep: null, ms: null })
  }
  return afterEvent(run, action.event)
}

function afterEvent(run: MigrationRun, event: MigrationEvent): MigrationRun {
  switch (event.kind) {
    case 'planned':
      return {
        ...run,
        direction: event.direction,
        steps: event.steps.map((name) => ({ name, state: 'waiting', ms: 0 })),
      }
    case 'step': {
      const step = { name: event.name, state: event.state, ms: event.state === 'running' ? 0 : event.ms }
      const isPlanned = run.steps.some(({ name }) => name === event.name)
      return {
        ...run,
        steps: isPlanned ? run.steps.map((each) => (each.name === event.name ? step : each)) : [...run.steps, step],
      }
    }
    case 'log': {
      const log = [...run.log, { at: event.at, text: event.text }]
      const excess = Math.max(0, log.length - LOG_LIMIT)
      return { ...run, log: log.slice(excess), dropped: run.dropped + excess }
    }
    case 'finished':
      return over(run, { outcome: event.outcome, message: event.message, failedStep: event.failedStep, ms: event.ms })
  }
}

/** A step that was running when the run ended otherwise than by itself goes back to waiting: nothing is known of it. */
function over(run: MigrationRun, result: RunResult): MigrationRun {
  const steps = run.steps.map((step): RunStep => {
    if (step.state !== 'running') return step
    return { ...step, state: step.name === result.failedStep ? 'failed' : 'waiting' }
  })
  return { ...run, phase: 'over', steps, result }
}
