// How a run ended, in one sentence.
import { duration, plural } from '../ui/wording.ts'
import type { MigrationRun, RunResult } from './migration-run.ts'

/** Of a run that left a step half done: what is in the database is said at length where it can be acted upon. */
export function halfWords({ failedStatement, result }: MigrationRun): string {
  const where = failedStatement ? ` at statement ${failedStatement.number + 1}` : ''
  return `${result?.failedStep ?? 'The step'} failed${where} and is half done. Below stands what is in the database now.`
}

/** A run that went well is counted here; of any other only the host knows what was kept, so its own words are shown. */
export function resultWords(run: MigrationRun, { outcome, message, ms }: RunResult): string {
  if (outcome !== 'done') return message
  const verb = run.direction === 'down' ? 'Rolled back' : 'Applied'
  return `${verb} ${plural(run.steps.length, 'step')}${ms === null ? '' : ` in ${duration(ms)}`}.`
}
