// What an action and how it stands are called, in words.
import type { MigrationAction } from '../../shared/migration-runs.ts'
import { plural } from '../ui/wording.ts'
import type { MigrationRun } from './migration-run.ts'

/** As a command: "Roll back the last batch". */
export function commandWords(action: MigrationAction): string {
  switch (action.kind) {
    case 'all':
      return 'Run every pending step'
    case 'next':
      return 'Run the next step'
    case 'up-to':
      return `Run every pending step up to ${action.name}`
    case 'rollback':
      return 'Roll back the last batch'
    case 'down-to':
      return `Roll back down to ${action.name}`
    case 'resume':
      return `Resume ${action.name}`
    case 'undo':
      return `Undo what was done of ${action.name}`
  }
}

/** After a person has cancelled: the page hears no more of the run then, and the list is read again. */
export function cancelledWords(run: MigrationRun | undefined): string {
  const { steps = [], direction } = run ?? {}
  const list = 'The list shows what is applied.'
  const step = steps.find(({ state }) => state === 'running')
  if (!step) return `Cancelled. ${list}`
  return `Cancelled while ${step.name} was ${direction === 'down' ? 'rolled back' : 'run'}. ${list}`
}

/** What a run is doing just now: "Running 002-add-phone.ts, step 2 of 3, 4 statements so far." */
export function progressWords(run: MigrationRun): string {
  if (run.phase === 'cancelling') return 'Cancelling.'
  if (run.waiting !== null) return `Waiting for the lock. ${run.waiting}`
  const at = run.steps.findIndex(({ state }) => state === 'running')
  const step = run.steps[at]
  if (!step) return run.direction === null ? 'Starting.' : 'Going on to the next step.'
  const verb = run.direction === 'down' ? 'Rolling back' : 'Running'
  const place = run.steps.length > 1 ? `, step ${at + 1} of ${run.steps.length}` : ''
  const sent = step.statements > 0 ? `, ${plural(step.statements, 'statement')} so far` : ''
  return `${verb} ${step.name}${place}${sent}.`
}
