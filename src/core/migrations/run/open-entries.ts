// Entries that still say "running" though their run is gone: what became of each is told from the journal and the ledger.
import type { Dialect } from '../../../shared/profiles.ts'
import { keyOf } from '../folder/step-name.ts'
import type { Journal, JournalEntry } from './journal.ts'
import { keptOf, type Kept } from './kept-statements.ts'

const NOTHING_KEPT: Kept = { statements: [], done: 0, isSomething: false, whyNoResume: null }

export interface Settled {
  entry: JournalEntry
  /** Of a step that was no single transaction. */
  kept: Kept
}

export interface Told {
  journal: Journal
  dialect: Dialect
  /** Names in the ledger. */
  ledger: readonly string[]
  /** All of the journal, the oldest first. */
  entries: readonly JournalEntry[]
  statementsOf(entry: JournalEntry): ReturnType<Journal['statements']>
}

/** What `entry`, whose run is gone, comes to: `done`, `failed` (nothing was kept) or `half`. Writes nothing. */
export async function settled(entry: JournalEntry, told: Told): Promise<Settled> {
  const { journal, dialect } = told
  const statements = entry.isAtomic ? [] : await told.statementsOf(entry)
  const kept = entry.isAtomic ? NOTHING_KEPT : keptOf(statements, dialect, journal.where)
  const as = (outcome: JournalEntry['outcome'], error: string | null): Settled => ({
    entry: { ...entry, outcome, error, statementsDone: Math.max(kept.done, entry.statementsDone) },
    kept,
  })
  // In a table the entry's end is part of what the ledger's row is part of: still running, nothing of it was committed.
  if (journal.where === 'file' && isInLedgerAsDone(entry, told)) return as('done', null)
  if (entry.isAtomic) return as('failed', 'The run ended before the step was done, and the database rolled it back.')
  if (kept.isSomething) return as('half', 'The run ended before the step was done.')
  return as('failed', 'The run ended before the step had changed anything.')
}

/** The ledger is as it is after the step. Of a half step's undoing it says nothing: it was so before. */
function isInLedgerAsDone(entry: JournalEntry, { ledger, entries }: Told): boolean {
  const isUndoing = entries.some(
    (one) => one.outcome === 'half' && sameStep(one, entry) && one.direction !== entry.direction,
  )
  if (isUndoing) return false
  return ledger.some((name) => keyOf(name) === keyOf(entry.step)) === (entry.direction === 'up')
}

export function sameStep(a: Pick<JournalEntry, 'step'>, b: Pick<JournalEntry, 'step'>): boolean {
  return keyOf(a.step) === keyOf(b.step)
}

/** The last step that ended in the middle and that no later entry has settled. `isLive`: its run still works. */
export function openHalves(entries: readonly JournalEntry[], isLive: (entry: JournalEntry) => boolean): JournalEntry[] {
  return entries.filter((entry) => entry.outcome === 'half' || (entry.outcome === 'running' && !isLive(entry)))
}
