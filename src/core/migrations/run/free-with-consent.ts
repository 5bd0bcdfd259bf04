// Frees the lock of a run on a Galera cluster that nobody has heard of for long, and whose node does not tell: a person says
// that it has ended.
import { sleep } from '../../db/waiting.ts'
import { Refusal } from '../../refusal.ts'
import { holderOf, mayBeFreed, ownerState } from './lock-owner.ts'
import { freeLockRow, LOCK_TABLE, makeLockRow, readLockRow } from './lock-row.ts'
import type { SchemaSession } from './schema-session.ts'

/** Milliseconds: longer than from one beat to the next. */
const WATCH = 6_000
const LOOK_EVERY = 250

/**
 * Throws LOCK_HELD when it was heard of within the last minute, when its node shows it at work, and when it gives a sign of
 * life while it is watched: clocks of two nodes may differ, a beat cannot be mistaken. Nothing to do on other servers, for a
 * lock that is free, and for one whose session is gone: whoever takes the lock frees that.
 */
export async function freeWithConsent(session: SchemaSession, signal: AbortSignal, watch = WATCH): Promise<void> {
  const { galera } = session
  if (!galera) return
  await makeLockRow(session)
  const read = () => readLockRow(session.ask, { table: session.own(LOCK_TABLE), how: galera.waiting })
  const row = await read()
  if (!row) return
  const state = await ownerState(row, galera.cluster)
  if (state === 'gone') return
  const { who = '', words, doubt = '' } = holderOf(row, state)
  if (!mayBeFreed(row, state)) throw new Refusal('LOCK_HELD', `${who} (${words}).${doubt} Nothing was written.`)
  const until = performance.now() + watch
  while (performance.now() < until) {
    await sleep(LOOK_EVERY, signal)
    const now = await read()
    if (now?.token !== row.token || now.beat !== row.beat) throw heardOf(row.node)
  }
  await freeLockRow(session, row)
  if ((await read())?.token === row.token) throw heardOf(row.node)
}

const heardOf = (node: string) =>
  new Refusal(
    'LOCK_HELD',
    `The run on the node ${node} was heard of just now, so that its lock was not freed. Look at the list again.`,
  )
