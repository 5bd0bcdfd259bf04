// What a person decides about a step after having looked: only the ledger, the journal and knex's lock are written.
import { randomUUID } from 'node:crypto'
import { Refusal } from '../../refusal.ts'
import { keyOf } from '../folder/step-name.ts'
import type { Project } from '../project.ts'
import { readState } from '../state.ts'
import type { StepFile } from '../step.ts'
import { activeRun } from './active-runs.ts'
import { findHalf } from './half.ts'
import type { JournalEntry } from './journal.ts'
import { freeKnexLock, KnexLocked, resetKnexLock, takeKnexLock, tokenOf } from './knex-lock.ts'
import { addToLedger, ledgerNames, nextBatch, prepareLedger, readBack, removeFromLedger } from './ledger-rows.ts'
import { entriesOn, lookOn, mayWork, takeLock } from './lock.ts'
import { SOURCE_LENGTH } from './open-journal.ts'
import { wordsOf } from './run-words.ts'
import { prepared } from './prepared.ts'
import { refused } from './step-errors.ts'
import { settleOpen } from './settle.ts'
import { freeWithConsent } from './free-with-consent.ts'
import { processState } from './process-session.ts'
import { openSchemaSession, type SchemaSession } from './schema-session.ts'
import { together } from './together.ts'

/** Milliseconds that somebody else's lock is waited for. */
const LIMIT = 5_000

/** The half step's end. Throws STEP_REFUSED when that step did not end in the middle, or while somebody else is at work. */
export async function markStep(
  project: Project,
  name: string,
  as: 'applied' | 'not-applied',
  signal: AbortSignal,
): Promise<void> {
  await underLock(project, name, signal, async (session) => {
    const found = await findHalf(lookOn(session), project)
    if (!found || keyOf(found.entry.step) !== keyOf(name))
      throw refused(name, `${name} did not end in the middle. Look at the list again.`)
    const { entry } = found
    await written(session, project, async (token) => {
      const rows = await ledgerNames(session)
      const row = rows.find((one) => keyOf(one.name) === keyOf(entry.step))
      const batch = row?.batch ?? (entry.direction === 'up' ? entry.batch : null) ?? (await nextBatch(session))
      if (as === 'applied' && !row) await addToLedger(session, entry.step, batch)
      if (as === 'not-applied' && row) await removeFromLedger(session, row.name)
      const outcome = as === 'applied' ? 'marked-applied' : 'marked-not-applied'
      return [
        {
          ...newEntry(project, session, token, entry.step),
          outcome,
          direction: as === 'applied' ? 'up' : 'down',
          batch,
          checksum: entry.checksum,
          source: entry.source,
        },
        { ...entry, outcome: 'resolved' },
      ]
    })
  })
}

/** The ledger takes the name that the file has now. Throws STEP_REFUSED when it has that name already. */
export async function renameInLedger(project: Project, name: string, signal: AbortSignal): Promise<void> {
  const list = await readState(project, signal)
  const step = list.steps.find((one) => one.name === name)
  const old = step?.ledgerName ?? null
  if (!step || old === null) throw refused(name, `The ledger has ${name} under that name already, or not at all.`)
  await underLock(project, name, signal, async (session) => {
    await written(session, project, async (token) => {
      const count = await session.change(`update ${session.own('knex_migrations')} set name = ? where name = ?`, [
        name,
        old,
      ])
      if (count !== 1) throw refused(name, `The ledger does not have ${old} any more. Look at the list again.`)
      await readBack(session, name, true)
      const file = fileOf(project, name)
      return [{ ...newEntry(project, session, token, name, file), outcome: 'renamed', batch: step.batch }]
    })
  })
}

/** Writes the ledger's row instead of running the step. Whether the table fits was looked at before. */
export async function adoptStep(project: Project, name: string, signal: AbortSignal): Promise<void> {
  const file = fileOf(project, name)
  await underLock(project, name, signal, async (session) => {
    await written(session, project, async (token) => {
      const rows = await ledgerNames(session)
      if (rows.some((row) => keyOf(row.name) === file.key))
        throw refused(name, `${name} is applied already. Look at the list again.`)
      const batch = await nextBatch(session)
      await addToLedger(session, file.name, batch)
      return [{ ...newEntry(project, session, token, file.name, file), outcome: 'adopted', batch }]
    })
  })
}

/**
 * Frees knex's lock that nobody holds, and gives its table its one row; on a cluster, the lock of a run too that was not heard
 * of for long. Throws LOCK_HELD while a run of Roster is at work. `watch`: see `freeWithConsent`.
 */
export async function repairLock(project: Project, signal: AbortSignal, watch?: number): Promise<void> {
  await refuseReadOnly(project)
  const session = await openSchemaSession(project.database, signal)
  try {
    const { journal, person } = project
    await freeWithConsent(session, signal, watch)
    const lock = await takeLock(session, { journal, signal, onWaiting: () => undefined, limit: LIMIT, person })
    await journal.prepare(session)
    await prepareLedger(session)
    const entries = await entriesOn(session, journal)
    const working = entries.find((one) => one.outcome === 'running' && session.dialect === 'sqlite' && isHere(one))
    if (working)
      throw new Refusal('LOCK_HELD', `${working.person} is running ${working.step}, since ${working.startedAt}.`)
    // Whoever consents says so of runs on other machines, which cannot be asked.
    await settleOpen(
      session,
      project,
      ({ entry }) => entry,
      (one) => session.dialect !== 'sqlite' || !isHere(one),
    )
    await together(session, async () => {
      await resetKnexLock(session)
      const entry = newEntry(project, session, randomUUID(), '')
      await journal.save(session, { ...entry, step: 'knex_migrations_lock', outcome: 'lock-repaired' })
    })
    await lock.release()
  } catch (error) {
    if (isOfDatabase(error)) throw new Refusal('LOCK_HELD', `${wordsOf(error)} Nothing was written.`, {}, error)
    throw error
  } finally {
    await session.close()
  }
}

/** At work on this machine, which is known and not only feared. */
const isHere = (entry: JournalEntry) => mayWork(entry) && !isElsewhere(entry)
const isElsewhere = ({ session }: JournalEntry) => processState(session) === 'elsewhere'

/** A Refusal has words of its own already; what the driver says is no bug of Roster's. */
function isOfDatabase(error: unknown): boolean {
  if (error instanceof Refusal) return false
  const { code, errno } = Object(error) as { code?: unknown; errno?: unknown }
  return error instanceof Error && (typeof code === 'string' || typeof errno === 'number')
}

/** Sessions of a profile that is read-only would refuse each write, each in its own words. */
async function refuseReadOnly({ database }: Project): Promise<void> {
  const { readOnly } = await database.facts()
  if (readOnly === null) return
  const why = `The database cannot be changed: ${readOnly}`
  throw new Refusal('READ_ONLY', why, { why })
}

async function underLock(
  project: Project,
  name: string,
  signal: AbortSignal,
  work: (session: SchemaSession) => Promise<void>,
): Promise<void> {
  await refuseReadOnly(project)
  const run = randomUUID()
  const over = activeRun(run)
  const session = await openSchemaSession(project.database, signal)
  try {
    const { lock } = await prepared(session, { project, signal, run, onWaiting: () => undefined, limit: LIMIT })
    await work(session)
    await lock.release()
  } catch (error) {
    // The contract knows one refusal of a step, whatever stands in its way.
    if (error instanceof KnexLocked) throw refused(name, error.message)
    if (error instanceof Refusal && error.code === 'LOCK_HELD') throw refused(name, error.message)
    if (isOfDatabase(error)) throw refused(name, `${wordsOf(error)} Nothing was written.`)
    throw error
  } finally {
    over()
    await session.close()
  }
}

/** Ledger and journal in one transaction, with knex's lock held in it; the entries that `work` answers with are saved. */
async function written(
  session: SchemaSession,
  { journal }: Project,
  work: (id: string) => Promise<JournalEntry[]>,
): Promise<void> {
  const id = randomUUID()
  let entries: JournalEntry[] = []
  await together(session, async () => {
    await takeKnexLock(session, tokenOf({ id }))
    entries = await work(id)
    if (journal.where === 'table') for (const entry of entries) await journal.save(session, entry)
    await freeKnexLock(session, tokenOf({ id }))
  })
  if (journal.where === 'file') for (const entry of entries) await journal.save(session, entry)
}

function newEntry(
  { person }: Project,
  session: SchemaSession,
  id: string,
  step: string,
  file: StepFile | null = null,
): JournalEntry {
  const source = file ? JSON.stringify(file.files) : null
  return {
    id,
    run: id,
    step,
    direction: 'up',
    outcome: 'running',
    batch: null,
    checksum: file?.checksum ?? '',
    source: source === null || source.length > SOURCE_LENGTH ? null : source,
    isAtomic: true,
    statementsDone: 0,
    person,
    databaseUser: session.user,
    session: session.id,
    startedAt: new Date().toISOString(),
    ms: 0,
    error: null,
  }
}

function fileOf({ files }: Project, name: string): StepFile {
  const file = files.find((one) => one.name === name)
  if (!file) throw refused(name, `The file of ${name} is not in the folder. Look at the list again.`)
  return file
}
