// Who a session for schema work is to the server: its number, its user, and whether a lock of it could be trusted.
import type { Dialect } from '../../../shared/profiles.ts'
import { sessionOfThisProcess } from './process-session.ts'
import type { SchemaSession } from './schema-session.ts'

interface Connection {
  /** Of pg: the process that the server named when the connection was made. */
  processID?: number | null
}

export interface Introduction {
  id: string
  user: string
  unfit: string | null
}

type Ask = SchemaSession['ask']

/** To be asked before anything else. */
export function introduce(dialect: Dialect, connection: Connection, ask: Ask): Promise<Introduction> {
  if (dialect === 'postgres') return introducePostgres(connection, ask)
  if (dialect === 'mysql') return introduceMysql(ask)
  // A file knows no users.
  return Promise.resolve({ id: sessionOfThisProcess(), user: '', unfit: null })
}

async function introducePostgres(connection: Connection, ask: Ask): Promise<Introduction> {
  const [row] = await ask(`select pg_backend_pid() as pid, current_user::text as "user",
    (select extract(epoch from backend_start)::text from pg_stat_activity where pid = pg_backend_pid()) as since`)
  const pid = Number(row?.pid)
  for (const [name, value] of NOTICES_THE_DEAD) {
    // Not every release and system has all of them.
    await ask(`select set_config('${name}', '${value}', false)`).catch(() => undefined)
  }
  return { id: `${pid} ${String(row?.since)}`, user: String(row?.user), unfit: await pooler(connection, ask, pid) }
}

/**
 * A server works on for a client that is gone, until it has something to say to it: the lock of the session would live as
 * long. The first ends a statement within 2 s of a closed connection, the others find a machine that vanished within 25 s.
 */
const NOTICES_THE_DEAD = [
  ['client_connection_check_interval', '2s'],
  ['tcp_keepalives_idle', '10'],
  ['tcp_keepalives_interval', '5'],
  ['tcp_keepalives_count', '3'],
] as const

/** Twice around a transaction, as a pooler that shares sessions changes them there; and against what the connection was told. */
async function pooler({ processID }: Connection, ask: Ask, pid: number): Promise<string | null> {
  const pidNow = async () => Number((await ask('select pg_backend_pid() as pid'))[0]?.pid)
  await ask('BEGIN')
  const inside = await pidNow()
  await ask('COMMIT')
  const after = await pidNow()
  const isShared = inside !== pid || after !== pid
  if (!isShared && (typeof processID !== 'number' || processID === pid)) return null
  const how = isShared
    ? `the session changed from process ${pid} to ${inside === pid ? after : inside} between two transactions`
    : `the connection was answered by process ${processID}, and its statements by process ${pid}`
  return `A connection pooler (PgBouncer or one like it) is between Roster and PostgreSQL: ${how}. A lock held by the session could not be trusted, so nothing is run. Let the profile, or its login for schema work, name the server itself.`
}

async function introduceMysql(ask: Ask): Promise<Introduction> {
  // The client's address tells this session from one that has its number after the server was started again.
  const [row] = await ask(`select connection_id() as number, current_user() as user,
    (select HOST from information_schema.PROCESSLIST where ID = connection_id()) as place`)
  return { id: `${String(row?.number)} ${String(row?.place)}`, user: String(row?.user), unfit: null }
}
