// Rehearses on the rows themselves, inside one transaction that is always rolled back (PostgreSQL, SQLite).
import type { TableChange } from '../../../shared/migration-runs.ts'
import type { SchemaSession } from '../run/schema-session.ts'
import { countRows, type Count } from './count-rows.ts'
import { differences, movedSequences } from './diff.ts'
import { endingWords, lookAgain } from './ending-words.ts'
import { counted, nothingShown, say, wordsOf, type Ending, type Rehearsal } from './rehearsal.ts'
import { runSteps, type Stage } from './run-steps.ts'
import type { Snapshot } from './snapshot.ts'
import { postgresStage } from './stage-postgres.ts'
import { sqliteStage } from './stage-sqlite.ts'

export interface TransactionStage extends Omit<Stage, 'prepare'> {
  /** What a person should know before the steps are run. */
  notes: string[]
  snapshot(): Promise<Snapshot>
}

/** Never rejects for what happens in the steps; nothing is kept, whatever it answers. */
export async function rehearseInTransaction(rehearsal: Rehearsal): Promise<Ending> {
  const seen: { before: Snapshot | null } = { before: null }
  try {
    const session = await rehearsal.open(rehearsal.signal)
    try {
      await rehearsal.lock(session)
      return await rehearseOn(session, rehearsal, seen)
    } finally {
      await session.close()
    }
  } catch (error) {
    if (!rehearsal.signal.aborted && seen.before === null) throw error
    const what = rehearsal.signal.aborted ? 'Cancelled.' : `The rehearsal ended in the middle: ${wordsOf(error)}`
    return nothingShown(
      rehearsal.signal.aborted ? 'cancelled' : 'failed',
      `${what} ${await lookAgain(rehearsal, seen.before)}`,
    )
  }
}

async function rehearseOn(
  session: SchemaSession,
  rehearsal: Rehearsal,
  seen: { before: Snapshot | null },
): Promise<Ending> {
  await session.begin()
  const locked = performance.now()
  const stage = await (session.dialect === 'postgres' ? postgresStage(session) : sqliteStage(session))
  const before = await stage.snapshot()
  seen.before = before
  for (const note of stage.notes) say(rehearsal, note)
  const rows = rowsBefore(session, rehearsal, before)
  const course = await runSteps(rehearsal, { ...stage, prepare: ({ tables }) => rows.note(tables) })
  const after = await stage.snapshot()
  const { changed, unchanged } = differences(before, after)
  const tablesNow = new Set(after.parts.flatMap(({ kind, name }) => (kind === 'table' ? [name] : [])))
  const toCount = new Set([
    ...rows.touched(),
    ...changed.filter(({ kind }) => kind === 'table').map(({ name }) => name),
  ])
  const counts = new Map<string, number | null>()
  for (const name of toCount) if (tablesNow.has(name)) counts.set(name, (await told(session, rehearsal, name)).rows)
  await session.rollback()
  const held = performance.now() - locked
  // Counting needs savepoints on PostgreSQL, and so a transaction; it only reads.
  if (session.dialect === 'postgres') await session.begin()
  const again = await stage.snapshot()
  const changes: TableChange[] = []
  for (const { kind, name, before: lines, after: linesAfter } of changed) {
    const wasThere = kind === 'table' && lines.length > 0
    // What no statement named is counted now that all is as it was.
    const rowsBefore = wasThere ? await rows.of(name) : null
    changes.push({ name, before: lines, after: linesAfter, rowsBefore, rowsAfter: counts.get(name) ?? null })
  }
  const otherRows = await changedInRows(rows, counts, changed, before)
  if (session.dialect === 'postgres') await session.rollback()
  return {
    outcome: course.problem?.kind === 'failed' ? 'failed' : 'done',
    message: [
      ...endingWords(rehearsal, course),
      ...backWords(before, again, rehearsal),
      session.dialect === 'sqlite'
        ? `Other programs could not write to the file for ${(held / 1000).toFixed(1)} s.`
        : '',
    ]
      .filter((words) => words !== '')
      .join(' '),
    changes: [...changes, ...otherRows],
    unchanged: unchanged - otherRows.length,
  }
}

interface RowsBefore {
  /** Counts the tables among these names that were there before, once. */
  note(names: readonly string[]): Promise<void>
  touched(): string[]
  of(name: string): Promise<number | null>
}

function rowsBefore(session: SchemaSession, rehearsal: Rehearsal, { parts }: Snapshot): RowsBefore {
  const tables = new Set(parts.flatMap(({ kind, name }) => (kind === 'table' ? [name] : [])))
  const byFolded = new Map([...tables].map((name) => [name.toLowerCase(), name]))
  const counts = new Map<string, number | null>()

  /** A name as a statement has it: with a schema that the snapshot leaves out, or in other letters on SQLite. */
  function known(name: string): string | null {
    if (tables.has(name)) return name
    const bare = name.slice(name.lastIndexOf('.') + 1)
    if (tables.has(bare)) return bare
    return session.dialect === 'sqlite' ? (byFolded.get(bare.toLowerCase()) ?? null) : null
  }

  async function of(name: string): Promise<number | null> {
    const done = counts.get(name)
    if (done !== undefined) return done
    const { rows } = await told(session, rehearsal, name)
    counts.set(name, rows)
    return rows
  }

  return {
    async note(names) {
      for (const name of names.map(known)) if (name !== null) await of(name)
    },
    touched: () => [...counts.keys()],
    of,
  }
}

async function told(session: SchemaSession, rehearsal: Rehearsal, name: string): Promise<Count> {
  const count = await countRows(session, name)
  if (count.why !== null) say(rehearsal, count.why)
  return count
}

/** Tables whose lines are the same, and whose number of rows is not. */
async function changedInRows(
  rows: RowsBefore,
  counts: ReadonlyMap<string, number | null>,
  changed: readonly { name: string }[],
  { parts }: Snapshot,
): Promise<TableChange[]> {
  const found: TableChange[] = []
  for (const name of rows.touched()) {
    if (changed.some((change) => change.name === name)) continue
    const [rowsBefore, rowsAfter] = [await rows.of(name), counts.get(name) ?? null]
    if (rowsBefore === rowsAfter) continue
    const lines = parts.find((part) => part.kind === 'table' && part.name === name)?.lines ?? []
    found.push({ name, before: lines, after: lines, rowsBefore, rowsAfter })
  }
  return found
}

/** Whether all is as it was; sequences do not go back. */
function backWords(before: Snapshot, again: Snapshot, { database }: Rehearsal): string[] {
  const { changed } = differences(before, again)
  const words =
    changed.length === 0
      ? 'Everything was rolled back, and the schema is as before.'
      : `Everything was rolled back, but the schema is not as it was: ${changed.map(({ name }) => name).join(', ')} differ. Another program has changed it meanwhile.`
  const moved = database.dialect === 'postgres' ? movedSequences(before, again) : []
  if (moved.length === 0) return [words]
  const list =
    moved.length > 5 ? `${moved.slice(0, 5).join(', ')} and ${counted(moved.length - 5, 'other')}` : moved.join(', ')
  return [
    words,
    `Sequences do not go back: ${list} moved on, by the rehearsal or by other programs, so that numbers will be missing there. No row is.`,
  ]
}
