// The state of one run of migrations, made from its events alone.
import type { MigrationAction, MigrationEvent } from '../../shared/migration-runs.ts'
import { withLine, withStatement, type LogBlocks } from './run-log.ts'

export interface RunStep {
  name: string
  state: 'waiting' | 'running' | 'done' | 'failed'
  /** Milliseconds the step took; 0 until it is done or failed. */
  ms: number
  /** Statements that were answered or, on resuming, left out as done. */
  statements: number
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
  /** `performance.now()` when it was asked for. */
  startedAt: number
  /** Who holds the lock, in the host's words, while it is waited for; else null. */
  waiting: string | null
  /** Null until the plan is known. */
  direction: 'up' | 'down' | null
  steps: readonly RunStep[]
  log: LogBlocks
  /** Lines that were left out at the beginning of the log. */
  dropped: number
  /** The statement that failed, whole; null where none did. */
  failedStatement: { step: string; number: number; sql: string } | null
  /** Set once the run is over. */
  result: RunResult | null
}

export type RunAction =
  | { kind: 'event'; event: MigrationEvent }
  | { kind: 'cancel' }
  /** The events ended without `finished`: an error, a lost link, or a cancel that the host did not answer. */
  | { kind: 'broke'; message: string }

export function startedRun(action: MigrationAction, startedAt: number): MigrationRun {
  return {
    action,
    phase: 'running',
    startedAt,
    waiting: null,
    direction: null,
    steps: [],
    log: [],
    dropped: 0,
    failedStatement: null,
    result: null,
  }
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
    case 'waiting':
      return { ...run, waiting: event.message }
    case 'planned':
      return {
        ...run,
        waiting: null,
        direction: event.direction,
        steps: event.steps.map((name) => ({ name, state: 'waiting', ms: 0, statements: 0 })),
      }
    case 'step': {
      const ms = event.state === 'running' ? 0 : event.ms
      return {
        ...run,
        waiting: null,
        steps: withStep(run.steps, event.name, (step) => ({ ...step, state: event.state, ms })),
      }
    }
    case 'statement': {
      const isAnswered = event.state === 'done' || event.state === 'skipped'
      const { step, number, sql } = event
      return {
        ...run,
        ...withStatement(run, event),
        waiting: null,
        steps: isAnswered ? withStep(run.steps, step, (each) => ({ ...each, statements: number + 1 })) : run.steps,
        failedStatement: event.state === 'failed' ? { step, number, sql } : run.failedStatement,
      }
    }
    case 'log':
      return { ...run, ...withLine(run, { kind: 'text', at: event.at, text: event.text }) }
    case 'finished':
      return over(run, { outcome: event.outcome, message: event.message, failedStep: event.failedStep, ms: event.ms })
  }
}

/** A step that was not planned is added: nothing that happens is left out. */
function withStep(steps: readonly RunStep[], name: string, change: (step: RunStep) => RunStep): readonly RunStep[] {
  const isThere = steps.some((step) => step.name === name)
  const all = isThere ? steps : [...steps, { name, state: 'waiting', ms: 0, statements: 0 } as const]
  return all.map((step) => (step.name === name ? change(step) : step))
}

/** A step that was running when the run ended otherwise than by itself goes back to waiting: nothing is known of it. */
function over(run: MigrationRun, result: RunResult): MigrationRun {
  const steps = run.steps.map((step): RunStep => {
    if (step.state !== 'running') return step
    return { ...step, state: step.name === result.failedStep ? 'failed' : 'waiting' }
  })
  return { ...run, phase: 'over', waiting: null, steps, result }
}
