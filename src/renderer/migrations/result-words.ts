// How a run ended, in one sentence.
import { duration, plural } from '../ui/wording.ts'
import type { MigrationRun, RunResult } from './migration-run.ts'

/** A run that went well is counted here; of any other only the host knows what was kept, so its own words are shown. */
export function resultWords(run: MigrationRun, { outcome, message, ms }: RunResult): string {
  if (outcome !== 'done') return message
  const verb = run.direction === 'down' ? 'Rolled back' : 'Applied'
  return `${verb} ${plural(run.steps.length, 'step')}${ms === null ? '' : ` in ${duration(ms)}`}.`
}
