// How a run ended, in words.
import { duration } from '../ui/wording.ts'
import type { RunResult } from './migration-run.ts'

/** The host's own words: it alone knows what was kept. How long it took is told only of a run that went well. */
export function resultWords({ outcome, message, ms }: RunResult): string {
  return outcome === 'done' && ms !== null ? `${message} It took ${duration(ms)}.` : message
}
