// PostgreSQL: an advisory lock of the session that runs the steps. It ends with the session, whatever ends that.
import { textIn, type LockKind } from './run-lock.ts'

/** "ROST" and "MIGR": a pair of numbers is told apart from the single numbers that other programs use. */
const CLASS = 0x524f5354
const OBJECT = 0x4d494752

const HELD = `from pg_locks l where l.locktype = 'advisory' and l.classid::bigint = ${CLASS} and l.objid::bigint = ${OBJECT}
  and l.objsubid = 2 and l.granted and l.database = (select oid from pg_database where datname = current_database())`

/**
 * Statements run on the session that has the lock: when the server has ended the session, and so the lock, it answers none of
 * them any more. What remains is that something frees the lock inside the session itself between the look and the statement
 * that follows it, which only a step could do (pg_advisory_unlock_all).
 */
export const postgresLock: LockKind = {
  words:
    'The lock is held by the session that runs the steps, is looked at before each statement, and ends with the session. A step that frees it by itself is noticed at the next statement.',
  async tryTake({ ask }) {
    const [row] = await ask(`select pg_try_advisory_lock(${CLASS}, ${OBJECT}) as got`)
    return row?.got === true
  },
  async isOurs({ ask }) {
    return (await ask(`select 1 as ours ${HELD} and l.pid = pg_backend_pid()`)).length > 0
  },
  async release({ ask }) {
    await ask(`select pg_advisory_unlock(${CLASS}, ${OBJECT})`)
  },
  async holder(ask) {
    const [row] = await ask(`select a.pid::text as pid, a.usename::text as "user", a.application_name as application,
      a.client_addr::text as host, to_char(a.backend_start, 'YYYY-MM-DD"T"HH24:MI:SSOF') as since,
      extract(epoch from a.backend_start)::text as began
      from pg_stat_activity a where a.pid = (select l.pid ${HELD} limit 1)`)
    if (!row) return null
    const { pid, user, application, host, since } = Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, textIn(value)]),
    )
    const parts = [
      `process ${pid ?? ''}`,
      user && `of ${user}`,
      application && `(${application})`,
      host && `on ${host}`,
      since && `connected since ${since}`,
    ]
    return { session: `${pid ?? ''} ${textIn(row.began)}`, words: parts.filter((part) => part).join(' ') }
  },
}
