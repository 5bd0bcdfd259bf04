// knex's own lock table: respected, taken while a run is under way so that the knex command line keeps out, and repaired.
//
// knex takes a row that is 0 and sets it to 1; every other number is locked to it. Roster sets a number of its own, made from
// the journal's entry: a 1 was set by knex, and a lock that a run left behind says itself whose it was.
import { Refusal } from '../../refusal.ts'
import type { JournalEntry } from './journal.ts'
import type { SchemaSession } from './schema-session.ts'

/** From 2 to 2^31 - 1. */
export function tokenOf(entry: Pick<JournalEntry, 'id'>): number {
  return (parseInt(entry.id.replaceAll('-', '').slice(0, 8), 16) % (2 ** 31 - 3)) + 2
}

/** True for what no knex has set. */
export const isRosters = (value: number) => value > 1

/** What each row holds; a sound table has a single 0. */
export async function knexLocks(session: SchemaSession): Promise<number[]> {
  const rows = await session.ask(`select is_locked from ${session.own('knex_migrations_lock')}`)
  return rows.map((row) => Number(row.is_locked ?? 0))
}

/** Somebody else has it, or its table is broken; `message` says who and what to do. */
export class KnexLocked extends Error {
  override name = 'KnexLocked'
}

/** Rejects with KnexLocked. Inside a transaction it waits for knex's own, as long as for any lock. */
export async function takeKnexLock(session: SchemaSession, token: number): Promise<void> {
  const count = await session.change(
    `update ${session.own('knex_migrations_lock')} set is_locked = ? where is_locked = 0`,
    [token],
  )
  if (count === 1) return
  if (count > 1) throw new KnexLocked(BROKEN(count))
  const locks = await knexLocks(session)
  throw new KnexLocked(locks.length > 1 ? BROKEN(locks.length) : LOCKED)
}

/** Only where it is ours. */
export async function freeKnexLock(session: SchemaSession, token: number): Promise<void> {
  await session.change(`update ${session.own('knex_migrations_lock')} set is_locked = 0 where is_locked = ?`, [token])
}

export const BROKEN = (count: number) =>
  `knex_migrations_lock holds ${count} rows instead of one, so that every run would fail, of the knex command line too. Repairing it leaves one row that is free.`
export const LOCKED =
  'The knex command line, or another program that uses it, is running migrations here, or was ended while it did: knex_migrations_lock is locked. When none is running, the lock can be repaired.'

/** One row that is free. The caller has the run's lock, a transaction and the person's consent. */
export async function resetKnexLock(session: SchemaSession): Promise<void> {
  await session.change(`delete from ${session.own('knex_migrations_lock')}`)
  await session.change(`insert into ${session.own('knex_migrations_lock')} (is_locked) values (0)`)
  const locks = await knexLocks(session)
  if (locks.length !== 1 || locks[0] !== 0) {
    throw new Refusal('LOCK_HELD', 'knex_migrations_lock was changed by another program meanwhile. Look at it again.')
  }
}
