// MySQL and MariaDB: a named lock of the session that runs the steps. It ends with the session, whatever ends that.
import { createHash } from 'node:crypto'
import { textIn, type LockKind } from './run-lock.ts'
import type { SchemaSession } from './schema-session.ts'

/** Names of locks are the whole server's, and at most 64 characters long. */
const NAME = "concat('roster ', md5(database()))"
/** A step may have gone to another database (USE) since. */
const nameOf = ({ home }: SchemaSession) =>
  home === null ? NAME : `'roster ${createHash('md5').update(home).digest('hex')}'`

/**
 * As on PostgreSQL the lock and the statements share the session: a step alone could free it in between
 * (RELEASE_ALL_LOCKS). The server notices that a client is gone only when the statement that runs has ended: until then the
 * lock is held, and rightly, as the statement still works. On a cluster such a lock holds on one
 * node alone: see `lock-galera.ts`.
 */
export const mysqlLock: LockKind = {
  words:
    'The lock is held by the session that runs the steps, is looked at before each statement, and ends with the session. A step that frees it by itself is noticed at the next statement. It holds on this server alone.',
  async tryTake({ ask }) {
    const [row] = await ask(`select get_lock(${NAME}, 0) as got`)
    return Number(row?.got) === 1
  },
  async isOurs(session) {
    const [row] = await session.ask(`select is_used_lock(${nameOf(session)}) = connection_id() as ours`)
    return Number(row?.ours) === 1
  },
  async release(session) {
    await session.ask(`select release_lock(${nameOf(session)}) as freed`)
  },
  async holder(ask) {
    const [row] = await ask(`select is_used_lock(${NAME}) as number`)
    const number = textIn(row?.number)
    if (number === '') return null
    // Sessions of others are told to those alone who may see all processes.
    const [session] = await ask(
      `select USER as user, HOST as place, COMMAND as command, TIME as seconds from information_schema.PROCESSLIST where ID = ${BigInt(number)}`,
    )
    if (!session) return { session: `${number} `, words: `connection ${number}` }
    const { user, place, seconds } = session
    const idle = textIn(session.command) === 'Sleep' ? 'idle' : 'working'
    return {
      session: `${number} ${textIn(place)}`,
      words: `connection ${number} of ${textIn(user)} from ${textIn(place)}, ${idle} for ${textIn(seconds)} s`,
    }
  },
}
