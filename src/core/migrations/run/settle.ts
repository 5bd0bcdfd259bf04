// At the beginning of a run, and after one that lost its session: whatever earlier runs left behind is looked at and written
// down, and a lock of knex's that such a run had is freed.
import type { Project } from '../project.ts'
import type { JournalEntry } from './journal.ts'
import { freeKnexLock, isRosters, knexLocks, tokenOf } from './knex-lock.ts'
import { ledgerNames } from './ledger-rows.ts'
import { entriesOn, lookOn, mayWork } from './lock.ts'
import { settled, type Settled, type Told } from './open-entries.ts'
import type { SchemaSession } from './schema-session.ts'
import { together } from './together.ts'

/**
 * With the run's lock held, which proves on a server that no other run works; in a file the processes are asked. `with`: what
 * is known of an entry's end beside (it was cancelled, what the error was). `isGone`: what else a person vouches for.
 */
export async function settleOpen(
  session: SchemaSession,
  { journal }: Pick<Project, 'journal'>,
  adjust: (found: Settled) => JournalEntry = ({ entry }) => entry,
  isGone = (entry: JournalEntry) => session.dialect !== 'sqlite' || !mayWork(entry),
): Promise<Settled[]> {
  const entries = await entriesOn(session, journal)
  const look = lookOn(session)
  const told: Told = {
    journal,
    dialect: session.dialect,
    ledger: (await ledgerNames(session)).map(({ name }) => name),
    entries,
    statementsOf: ({ id }) => journal.statements(look, id),
  }
  const open = entries.filter(({ outcome }) => outcome === 'running').filter(isGone)
  const found: Settled[] = []
  for (const one of open) {
    const before = await settled(one, told)
    const after = { ...before, entry: adjust(before) }
    await together(session, async () => {
      await journal.save(session, after.entry)
      await freeKnexLock(session, tokenOf(one))
    })
    found.push(after)
  }
  await freeLeftLock(session, entries)
  return found
}

/** A lock that a run left behind whose entry is settled, or which has none here: a server's own lock proves that it is gone. */
async function freeLeftLock(session: SchemaSession, entries: readonly JournalEntry[]): Promise<void> {
  const locks = await knexLocks(session)
  const [lock = 0] = locks
  if (locks.length !== 1 || !isRosters(lock)) return
  const owner = entries.find((entry) => tokenOf(entry) === lock)
  const isProven = session.dialect !== 'sqlite' || (owner !== undefined && !mayWork(owner))
  if (isProven) await freeKnexLock(session, lock)
}
