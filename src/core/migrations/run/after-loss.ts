// After a step whose session was lost or ended by a cancel: what was kept is looked up on another session and written down.
import type { JournalEntry } from './journal.ts'
import type { Kept } from './kept-statements.ts'
import { entriesOn } from './lock.ts'
import { prepared } from './prepared.ts'
import type { RunContext } from './run-context.ts'
import type { StepEnd } from './run-step.ts'
import { errorText } from './step-errors.ts'
import { openSchemaSession } from './schema-session.ts'

/** Milliseconds: to hear what became of a COMMIT, and for all of the rest. */
const OUTCOME_LIMIT = 35_000
const LIMIT = 30_000
/** Milliseconds for the lock: the server frees it when it has noticed that the session is gone. */
const LOCK_LIMIT = 20_000

export type AfterLoss =
  | { outcome: 'done' }
  | { outcome: 'rolled-back' }
  | { outcome: 'kept'; kept: Kept }
  | { outcome: 'unrecorded' }
  | { outcome: 'nothing-begun' | 'unknown'; error: unknown }

type Failed = Extract<StepEnd, { outcome: 'failed' }>

/** Never rejects. The session of the context is ended. */
export async function afterLoss(context: RunContext, end: Failed): Promise<AfterLoss> {
  const { project, session, signal } = context
  const { entry } = end
  if (entry === null) return { outcome: 'nothing-begun', error: end.error }
  try {
    await session.close()
    context.over()
    // Where the server can tell what became of a COMMIT it also says when the old session has ended.
    const mark = end.mark ?? (session.galera ? { value: await session.mark() } : null)
    const outcome = mark && (await project.database.outcomeOf(mark.value, AbortSignal.timeout(OUTCOME_LIMIT)))
    // Nothing of it is under way any more, and this process sends nothing: the row of a cluster's lock is its own to take over.
    const previous = outcome !== null && outcome !== 'unknown' ? (context.lock.token ?? null) : null
    const limit = AbortSignal.timeout(LIMIT)
    const other = await openSchemaSession(project.database, limit)
    try {
      const words = errorText(end.error)
      const ended = (found: JournalEntry): JournalEntry =>
        found.id !== entry.id || found.outcome === 'done'
          ? found
          : {
              ...found,
              outcome: found.outcome === 'failed' && signal.aborted ? 'cancelled' : found.outcome,
              error: signal.aborted ? 'It was cancelled.' : words,
              ms: entry.ms,
              statementsDone: Math.max(found.statementsDone, entry.isAtomic ? 0 : entry.statementsDone),
            }
      const { lock, left } = await prepared(other, {
        project,
        signal: limit,
        // Its own entry is among those to be settled.
        run: '',
        onWaiting: () => undefined,
        limit: LOCK_LIMIT,
        previous,
        adjust: (found) => ended(found.entry),
      })
      const all = await entriesOn(other, project.journal)
      await lock.release()
      const own = all.find(({ id }) => id === entry.id)
      if (own?.outcome === 'done') return { outcome: 'done' }
      const settled = left.find((one) => one.entry.id === entry.id)
      // Committed before the first statement, it is not there any more: the step has dropped the journal, or its schema.
      if (!own && end.sending?.hasSent && !entry.isAtomic) return { outcome: 'unrecorded' }
      // It was lost before its entry was there, or the entry's end was known already.
      if (!settled) return { outcome: own?.outcome === 'half' ? 'unknown' : 'nothing-begun', error: end.error }
      return entry.isAtomic ? { outcome: 'rolled-back' } : { outcome: 'kept', kept: settled.kept }
    } finally {
      await other.close()
    }
  } catch (error) {
    project.log('warn', 'What was kept of a step could not be read.', error)
    return { outcome: 'unknown', error }
  }
}
