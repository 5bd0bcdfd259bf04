// The step whose run ended in the middle: what of it is in the database, and what can be done about it.
import type { HalfStep } from '../../../shared/migration-steps.ts'
import type { SchemaLook } from '../../db/database.ts'
import { keyOf } from '../folder/step-name.ts'
import { ledgerKeys } from './ledger-look.ts'
import type { Project } from '../project.ts'
import type { JournalEntry } from './journal.ts'
import type { Kept } from './kept-statements.ts'
import { liveEntries } from './lock.ts'
import { openHalves, settled } from './open-entries.ts'
import { keptWords } from './run-words.ts'

type HalfProject = Pick<Project, 'database' | 'journal' | 'files'>

/** The last one that no later entry has settled; never writes. `known`: the journal's entries, where they were read already. */
export async function findHalf(
  look: SchemaLook,
  { database, journal }: Pick<Project, 'database' | 'journal'>,
  known?: readonly JournalEntry[],
): Promise<{ entry: JournalEntry; kept: Kept } | null> {
  const entries = known ?? (await journal.entries(look))
  if (!entries.some(({ outcome }) => outcome === 'half' || outcome === 'running')) return null
  const { dialect } = database
  const isLive = await liveEntries(look, database)
  const told = {
    journal,
    dialect,
    ledger: await ledgerKeys(look, database),
    entries,
    statementsOf: ({ id }: JournalEntry) => journal.statements(look, id),
  }
  for (const entry of openHalves(entries, isLive).reverse()) {
    const found = await settled(entry, told)
    // What has kept nothing is no half step, whatever it was written down as before its end was known.
    if (entry.outcome === 'half' || found.entry.outcome === 'half') return { entry, kept: found.kept }
  }
  return null
}

/** Null when no step ended in the middle, or when the one that has not ended is still at work. */
export async function readHalf(
  look: SchemaLook,
  project: HalfProject,
  known?: readonly JournalEntry[],
): Promise<HalfStep | null> {
  const found = await findHalf(look, project, known)
  if (!found) return null
  const { entry, kept } = found
  const isThere = project.files.some(({ key }) => key === keyOf(entry.step))
  const noFile = isThere ? null : `The file of ${entry.step} is not in the folder. Put it back first.`
  const { dialect } = project.database
  const { version } = await project.database.facts()
  const product = version.split(' ')[0] ?? ''
  return {
    name: entry.step,
    direction: entry.direction,
    startedAt: entry.startedAt,
    person: entry.person,
    error: entry.error,
    statements: kept.statements.map(({ sql, state }) => ({ sql, state })),
    message: kept.statements.length === 0 ? UNKNOWN : keptWords(kept, product, dialect === 'mysql'),
    choices: {
      resume: noFile ?? kept.whyNoResume ?? (kept.statements.length === 0 ? UNKNOWN : null),
      undo: noFile,
      markApplied: null,
      markNotApplied: null,
    },
    resumeFrom: kept.done,
  }
}

const UNKNOWN =
  'The step ended the transaction that Roster keeps around it, so that it is not known which of its statements are kept. Look at the tables, then undo it or mark it.'
