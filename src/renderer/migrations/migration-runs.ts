// The runs of this page, one a profile, kept outside React: a run goes on while a person looks at another screen.
import { useSyncExternalStore } from 'react'
import type { MigrationAction } from '../../shared/migration-runs.ts'
import { api, isLinkLost } from '../api.ts'
import { isAbort, wordsOf } from '../ui/call-error.ts'
import { confirmed } from '../ui/confirm-production.ts'
import { nextRun, startedRun, type MigrationRun, type RunAction } from './migration-run.ts'
import { cancelledWords, commandWords } from './run-words.ts'

/** Milliseconds between two drawings of a run: a step may send hundreds of statements a second. */
const TELL_EVERY = 60

const runs = new Map<string, { run: MigrationRun; abort: AbortController }>()
const listeners = new Set<() => void>()
let lastTold = 0
let telling: ReturnType<typeof setTimeout> | undefined

function tellNow(): void {
  clearTimeout(telling)
  telling = undefined
  lastTold = performance.now()
  for (const listener of [...listeners]) listener()
}

function apply(profileId: string, action: RunAction): void {
  const entry = runs.get(profileId)
  if (!entry) return
  const run = nextRun(entry.run, action)
  runs.set(profileId, { ...entry, run })
  const pause = lastTold + TELL_EVERY - performance.now()
  if (run.phase !== entry.run.phase || pause <= 0) tellNow()
  else telling ??= setTimeout(tellNow, pause)
}

/** The last run of a profile since the page was loaded, or undefined. */
export function useMigrationRun(profileId: string): MigrationRun | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => runs.get(profileId)?.run,
  )
}

/** What the last run said is no news of another folder's steps. One that is under way stays. */
export function forgetRun(profileId: string): void {
  if (runs.get(profileId)?.run.phase !== 'over') return
  runs.delete(profileId)
  tellNow()
}

/** Starts a run unless one is under way, and resolves when it is over, however it ended. */
export async function startRun(profileId: string, action: MigrationAction): Promise<void> {
  const before = runs.get(profileId)
  if (before && before.run.phase !== 'over') return
  const abort = new AbortController()
  runs.set(profileId, { run: startedRun(action, performance.now()), abort })
  tellNow()
  try {
    const events = await confirmed(commandWords(action), (confirmation) =>
      api.migrations.run({ profileId, action, ...confirmation }, { signal: abort.signal }),
    )
    for await (const event of events) apply(profileId, { kind: 'event', event })
    apply(profileId, { kind: 'broke', message: 'The run ended without saying how. The list shows what is applied.' })
  } catch (error) {
    // The person did not confirm a run on production: that is a cancelled run, not one of unknown end.
    if (isAbort(error)) apply(profileId, { kind: 'cancel' })
    const message = abort.signal.aborted ? cancelledWords(runs.get(profileId)?.run) : brokenOff(error)
    apply(profileId, { kind: 'broke', message })
  }
}

/** Asks the host to stop the run. What it had done is rolled back where the engine can. */
export function cancelRun(profileId: string): void {
  const entry = runs.get(profileId)
  if (!entry || entry.run.phase !== 'running') return
  apply(profileId, { kind: 'cancel' })
  entry.abort.abort(new DOMException('Cancelled by the person.', 'AbortError'))
}

function brokenOff(error: unknown): string {
  if (isAbort(error)) return 'Not confirmed: nothing was run.'
  if (isLinkLost(error)) return 'The connection to Roster was lost during the run. The list shows what is applied.'
  const { message, hint } = wordsOf(error)
  return `${message} ${hint}`.trim()
}
