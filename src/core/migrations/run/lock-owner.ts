// Whether the session that has the lock of a Galera cluster still lives: its own node is asked, nobody else can know.
import type { Cluster } from '../../db/cluster.ts'
import type { Read } from '../../db/server/server-dialect.ts'
import { askOf, textIn, type Holder } from './run-lock.ts'
import { nodeOf, startOf } from './galera-session.ts'
import type { LockRow } from './lock-row.ts'

/** Seconds without a beat after which the node is asked, and after which a person may free the lock. */
export const ASK_AFTER = 3
export const CONSENT_AFTER = 60
/** Milliseconds. */
const LIMIT = 4_000

/**
 * `beating`: heard of just now, so that nobody was asked. `working`: its session runs a statement. `idle`: it is connected
 * and does nothing. `gone`: its node shows that it has ended. `hidden`: it is not shown, and the login may not see all
 * sessions. `unknown`: its node could not be asked.
 */
export type OwnerState = 'beating' | 'working' | 'idle' | 'gone' | 'hidden' | 'unknown'

/** Never rejects. */
export async function ownerState(row: LockRow, cluster: Cluster | null): Promise<OwnerState> {
  if (row.age < ASK_AFTER) return 'beating'
  if (!cluster) return 'unknown'
  try {
    return (await cluster.askNode(row.node, AbortSignal.timeout(LIMIT), (read) => onNode(row, read))) ?? 'unknown'
  } catch {
    return 'unknown'
  }
}

async function onNode(row: LockRow, read: Read): Promise<OwnerState> {
  const ask = askOf({ read })
  const node = await nodeOf(ask)
  // Two nodes may bear one name.
  if (node?.node !== row.node || node.place !== row.place) return 'unknown'
  // Its sessions of an earlier start are gone, whoever has their numbers now.
  if ((await startOf(ask)) !== row.startedAt) return 'gone'
  const [number = '', place = ''] = row.session.split(' ')
  const rows = await ask(
    `select ID as id, USER as user, HOST as host, COMMAND as command from information_schema.PROCESSLIST
      where ID = ${BigInt(number)} or USER = 'system user'`,
  )
  const session = rows.find(({ id, host }) => textIn(id) === number && textIn(host) === place)
  if (session) return textIn(session.command) === 'Sleep' ? 'idle' : 'working'
  // Who may not see all processes sees those of its own name; the node's own threads are seen by those alone who see all.
  const seesAll = rows.some(({ user }) => textIn(user) === 'system user')
  return seesAll || (await isSameUser(row, ask)) ? 'gone' : 'hidden'
}

async function isSameUser(row: LockRow, ask: ReturnType<typeof askOf>): Promise<boolean> {
  const [me] = await ask('select current_user() as user')
  return textIn(me?.user) === row.user
}

/** Frees after a person's consent; nobody does while a statement of the run is at work. */
export const mayBeFreed = ({ age }: LockRow, state: OwnerState) =>
  age >= CONSENT_AFTER && (state === 'unknown' || state === 'hidden' || state === 'idle')

/** Not of a session that is gone. */
export function holderOf(row: LockRow, state: OwnerState): Holder {
  const [number = ''] = row.session.split(' ')
  const age = Math.max(0, Math.round(row.age))
  return {
    session: `${number}@${encodeURIComponent(row.node)}`,
    words: `connection ${number} on the node ${row.node}, last heard of ${age} s ago`,
    who: `${row.person} has had the lock since ${row.since}`,
    doubt: doubtOf(row, state),
    canRepair: mayBeFreed(row, state),
  }
}

function doubtOf(row: LockRow, state: OwnerState): string {
  const { node, age, beat } = row
  if (state === 'beating' || state === 'working' || (state === 'idle' && age < CONSENT_AFTER)) return ''
  const seen = {
    idle: `Its session is still connected to ${node} and does nothing: the program may be stopped, or its machine be gone.`,
    hidden: `The login may not see the sessions of others on ${node} (the right PROCESS), so that it is not known whether that one still works.`,
    unknown: `${node} cannot be asked whether that session still works: it may be down, or only cut off from here.`,
    gone: '',
  }[state]
  if (age < CONSENT_AFTER) {
    return ` ${seen} The lock stays until that is known, or until nothing was heard of the run for ${CONSENT_AFTER} s and a person frees it.`
  }
  return ` Nothing was heard of the run since ${beat.slice(0, 19)}Z. ${seen} Whether its last statement was done is not known. When that run has ended, the lock can be repaired; should it go on all the same, it finds before its next statement that the lock is not its own.`
}
