// A Galera cluster: a row that is taken by one guarded statement, kept alive by a beat every 5 s, and looked at before each
// statement of a step. It is freed for others only when its owner's node shows that the session is gone, or by a person.
import { randomUUID } from 'node:crypto'
import { untilAborted, sleep } from '../../db/waiting.ts'
import { waitsForCluster, type GaleraSession } from './galera-session.ts'
import { keepBeating } from './heartbeat.ts'
import { holderOf, ownerState } from './lock-owner.ts'
import { tableExists } from './ledger-rows.ts'
import { LockLost } from './lock-lost.ts'
import {
  beatLockRow,
  freeLockRow,
  isContended,
  LOCK_TABLE,
  makeLockRow,
  readLockRow,
  writeLockRow,
  type LockRow,
} from './lock-row.ts'
import type { Holder, LockKind } from './run-lock.ts'
import type { SchemaSession } from './schema-session.ts'

/** Milliseconds between two questions to the owner's node, and for a look that the cluster is too busy to answer. */
const ASK_AGAIN = 1_000
const LOOK_LIMIT = 60_000
const LOOK_AGAIN = 200

export interface GaleraLockOptions {
  person: string
  /** Of a run of this process whose session has ended for certain: it does not stand in its own way. */
  previous?: string | null
}

export interface GaleraLock extends LockKind {
  readonly token: string
}

/** For one session, and for one time that it is taken. */
export function galeraLock(
  session: SchemaSession,
  galera: GaleraSession,
  { person, previous = null }: GaleraLockOptions,
): GaleraLock {
  const token = randomUUID()
  const table = session.own(LOCK_TABLE)
  const released = new AbortController()
  let isMade = false
  let asked: { token: string; at: number; state: Awaited<ReturnType<typeof ownerState>> } | null = null

  const read = (how: string) => readLockRow(session.ask, { table, how })

  /** A new question at most once a second: connecting to another node is no small thing to do five times a second. */
  async function stateOf(row: LockRow) {
    if (asked?.token === row.token && performance.now() - asked.at < ASK_AGAIN) return asked.state
    const state = await ownerState(row, galera.cluster)
    asked = { token: row.token, at: performance.now(), state }
    return state
  }

  /** As this node has it now: whoever waits must not be held up by a change of the schema of the one who has the lock. */
  async function isHeld(): Promise<boolean> {
    if (!isMade && !(await tableExists(session, LOCK_TABLE))) return false
    const row = await read(galera.atOnce)
    return row !== null && row.token !== token && row.token !== previous && (await stateOf(row)) !== 'gone'
  }

  async function take(): Promise<boolean> {
    if (!isMade) await makeLockRow(session)
    isMade = true
    const before = await read(galera.waiting)
    if (before && before.token !== token && before.token !== previous) {
      if ((await stateOf(before)) !== 'gone') return false
      await freeLockRow(session, before)
      asked = null
    }
    if (before?.token !== token) await writeLockRow(session, { ...owner(), previous })
    // What the other nodes have committed by now is in what is read: who was first is known.
    return (await read(galera.waiting))?.token === token
  }

  function owner() {
    const { node, place, startedAt } = galera
    const [number = '', client = ''] = session.id.split(' ')
    const connection = `${number.split('@')[0] ?? ''} ${client}`
    return { token, node, place, startedAt, session: connection, person, user: session.user }
  }

  function start(): void {
    galera.fence = fence
    galera.free = release
    const signal = AbortSignal.any([released.signal, galera.closed])
    keepBeating(galera, { token, table, signal })
  }

  async function fence(): Promise<void> {
    if ((await beatLockRow(session, token)) !== 1) throw new LockLost()
  }

  async function release(): Promise<void> {
    released.abort(new Error('The lock was released.'))
    galera.fence = null
    galera.free = null
    await untilAborted(freeLockRow(session, { token }), galera.closed)
  }

  return {
    token,
    words:
      'The lock is a row of roster_migration_lock, because the locks of a session hold on one node alone. It is looked at before each statement, after all that the other nodes have committed. A statement that is on its way when the node leaves the cluster may be done or not; the journal says which.',
    async tryTake() {
      let isTaken = false
      try {
        await session.ask(waitsForCluster(false))
        if (await isHeld()) return false
        await session.ask(waitsForCluster(true))
        isTaken = await take()
      } catch (error) {
        // A change of the schema holds up the whole cluster, or another node was first: asked again.
        if (!isContended(error)) throw error
      }
      if (isTaken) start()
      else await session.ask(waitsForCluster(false))
      return isTaken
    },
    async isOurs() {
      // Inside of a transaction a look would tell how it was at the beginning; a write is refused at the latest by COMMIT.
      if (session.transaction !== 'none') return (await beatLockRow(session, token)) === 1
      const until = performance.now() + LOOK_LIMIT
      for (;;) {
        try {
          return (await read(galera.waiting))?.token === token
        } catch (error) {
          if (!isContended(error) || performance.now() > until) throw error
          await sleep(LOOK_AGAIN, galera.closed)
        }
      }
    },
    release,
    async holder(): Promise<Holder | null> {
      // Not held up by a change of the schema of the one who has it.
      const row = await read(galera.atOnce)
      if (!row) return null
      const state = await stateOf(row)
      return state === 'gone' ? null : holderOf(row, state)
    },
  }
}
