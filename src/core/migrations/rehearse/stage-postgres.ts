// A rehearsal's stage on PostgreSQL: one savepoint a step, and a transaction that cannot be committed.
import { checkDeferred, setCommitGuard } from './commit-guard.ts'
import { keepsInside } from './keeps-inside.ts'
import type { TransactionStage } from './in-transaction.ts'
import { textOf, type Ask, type Asked } from './parts.ts'
import type { SchemaSession } from '../run/schema-session.ts'
import { readSnapshot } from './snapshot.ts'

/** PostgreSQL's codes: a statement that a transaction may not hold, and a lock that was not given in time. */
const NOT_IN_TRANSACTION = '25001'
const LOCK_TIMEOUT = '55P03'

const LEFT = 'A statement has ended the transaction in which the steps are rehearsed.'

/** To be made inside the transaction. */
export async function postgresStage(session: SchemaSession): Promise<TransactionStage> {
  const ask: Ask = (sql, values) => session.ask(sql, values)
  await ask("set local lock_timeout = '5s'")
  const [path = {}] = await ask("select current_setting('search_path') as path")
  let hasLeft = false
  const guard = await setCommitGuard(session)
  return {
    notes: guard.isSet
      ? []
      : ['The login may not make temporary tables, so that the statements alone are looked at for COMMIT.'],
    isInTransaction: true,
    sink: {
      async send(statement) {
        try {
          return await guard.around(statement.sql, () => session.send(statement))
        } finally {
          // The server says with each answer how the transaction stands.
          hasLeft ||= session.transaction === 'none'
        }
      },
    },
    refuse: ({ sql }, reading) =>
      hasLeft
        ? 'it has ended the transaction itself.'
        : (reading.cannotRunInTransaction ?? keepsInside(sql, 'postgres')),
    notHere: (error) =>
      codeOf(error) === NOT_IN_TRANSACTION
        ? `PostgreSQL does not run it inside a transaction: ${String((error as Error).message)}.`
        : null,
    explain: async (error, { tables }) => (codeOf(error) === LOCK_TIMEOUT ? whoHolds(session, tables) : null),
    async begin() {
      await ask('savepoint roster_step')
    },
    async end() {
      if (hasLeft) throw new Error(LEFT)
      await checkDeferred(session)
      await ask('release savepoint roster_step')
    },
    async undo() {
      if (hasLeft) throw new Error(LEFT)
      await ask('rollback to savepoint roster_step')
    },
    async snapshot() {
      // Names and expressions are told by the search path, which a step may have changed.
      await ask("select set_config('search_path', ?, true)", [textOf(path.path)])
      return readSnapshot(session)
    },
  }
}

/** The transaction still holds what the steps before have locked; whoever was waited for may be gone by now. */
async function whoHolds({ ask }: Asked, tables: readonly string[]): Promise<string> {
  const waited = 'A lock was not given within 5 s, and nothing was changed.'
  const [name] = tables
  if (name === undefined) return waited
  const rows = await ask(
    `select distinct a.pid, a.usename::text as who, a.application_name as program, a.state, l.mode,
       to_char(a.xact_start at time zone 'UTC', 'HH24:MI:SS') as since
     from pg_locks l join pg_stat_activity a on a.pid = l.pid
     where l.granted and l.pid <> pg_backend_pid() and l.locktype = 'relation'
       and l.database = (select oid from pg_database where datname = current_database())
       and l.relation = to_regclass(?) order by since limit 5`,
    [
      name
        .split('.')
        .map((part) => `"${part.replaceAll('"', '""')}"`)
        .join('.'),
    ],
  )
  const holders = rows.map(({ pid, who, program, state, since }) => {
    const named = textOf(program) === '' ? '' : ` (${textOf(program)})`
    return `session ${textOf(pid)} of ${textOf(who)}${named}, ${textOf(state)}, in a transaction since ${textOf(since)} UTC`
  })
  const who = holders.length > 0 ? `It is held by ${holders.join('; ')}.` : 'Whoever held it has let go of it since.'
  return `The lock on ${name} was not given within 5 s, and nothing was changed. ${who} Rehearse again when that has ended.`
}

export function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : null
}
