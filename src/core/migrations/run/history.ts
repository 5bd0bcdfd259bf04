// What was done with the steps of a database, as the journal has it.
import type { HistoryEntry } from '../../../shared/migration-steps.ts'
import type { Project } from '../project.ts'
import type { JournalEntry } from './journal.ts'
import { liveEntries } from './lock.ts'

/** The newest first, at most 1,000. Empty where there is no journal; never makes one. */
const LIMIT = 1_000

export async function readHistory(
  { database, journal }: Pick<Project, 'database' | 'journal'>,
  signal: AbortSignal,
): Promise<HistoryEntry[]> {
  return database.schemaLook(signal, async (look) => {
    const entries = (await journal.entries(look)).slice(-LIMIT).reverse()
    const isRunning = entries.some(({ outcome }) => outcome === 'running')
    const isLive = isRunning ? await liveEntries(look, database) : () => false
    return entries.map((entry) => historyOf(entry, isLive(entry)))
  })
}

function historyOf(entry: JournalEntry, isLive: boolean): HistoryEntry {
  const { id, step, direction, startedAt, ms, person, databaseUser, batch, statementsDone, error } = entry
  return {
    id,
    name: step,
    direction,
    outcome: outcomeOf(entry, isLive),
    startedAt,
    ms,
    person,
    databaseUser,
    batch,
    statements: statementsDone,
    error,
  }
}

/** What never ended and is at work no more: nothing is left of a transaction, and anything else is half done. */
function outcomeOf({ outcome, isAtomic }: JournalEntry, isLive: boolean): HistoryEntry['outcome'] {
  if (outcome === 'resolved') return 'half'
  if (outcome !== 'running' || isLive) return outcome
  return isAtomic ? 'failed' : 'half'
}
