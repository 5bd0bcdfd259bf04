// The row that is the lock of a run on a Galera cluster: GET_LOCK is not replicated, a row is. One statement takes it, and the
// cluster lets one of those who try at the same time through (certification).
import { failureOf } from '../../db/failure-of.ts'
import { classify } from '../../db/mysql/errors.ts'
import { tableExists } from './ledger-rows.ts'
import { textIn } from './run-lock.ts'
import type { SchemaSession } from './schema-session.ts'

export const LOCK_TABLE = 'roster_migration_lock'

/** Whoever has the lock. */
export interface LockRow {
  token: string
  node: string
  /** As in `GaleraSession`. */
  place: string
  startedAt: number
  /** "17 10.0.0.7:51234": the connection and its client. */
  session: string
  person: string
  user: string
  /** ISO 8601 in UTC, by the owner's node. */
  since: string
  /** When it was last heard of, the same way; it differs with every beat. */
  beat: string
  /** Seconds since then, by the clock of the node that is asked. */
  age: number
}

/** Texts are compared byte by byte. Nothing is cached in it: whether the row is there is asked each time. */
const DEFINITION = `(id integer not null primary key, token varchar(36), node varchar(255), place varchar(320),
  node_started bigint, session varchar(255), person varchar(255), database_user varchar(255),
  started_at datetime(6), heartbeat datetime(6)) engine = InnoDB default charset = utf8mb4 collate = utf8mb4_bin`

/** Two nodes may do it at once: the statements have one order on all nodes, and of two inserts one is refused or ignored. */
export async function makeLockRow(session: SchemaSession): Promise<void> {
  if (!(await tableExists(session, LOCK_TABLE))) {
    await session.ask(`create table if not exists ${session.own(LOCK_TABLE)} ${DEFINITION}`)
  }
  if ((await session.ask(`select 1 as one from ${session.own(LOCK_TABLE)} where id = 1`)).length > 0) return
  await unlessRefused(() => session.change(`insert ignore into ${session.own(LOCK_TABLE)} (id) values (1)`))
}

const COLUMNS = `token, node, place, node_started, session, person, database_user,
  date_format(started_at, '%Y-%m-%dT%H:%i:%sZ') as since, date_format(heartbeat, '%Y-%m-%dT%H:%i:%s.%fZ') as beat,
  timestampdiff(microsecond, heartbeat, utc_timestamp(6)) as age`

/** Null when nobody has it. `how`: words before the question, as `GaleraSession.waiting` has them; none for the session's own way. */
export async function readLockRow(
  ask: SchemaSession['ask'],
  { table = LOCK_TABLE, how = '' } = {},
): Promise<LockRow | null> {
  const [row] = await ask(`${how}select ${COLUMNS} from ${table} where id = 1 and token is not null`)
  if (!row) return null
  return {
    token: textIn(row.token),
    node: textIn(row.node),
    place: textIn(row.place),
    startedAt: Number(textIn(row.node_started)),
    session: textIn(row.session),
    person: textIn(row.person),
    user: textIn(row.database_user),
    since: textIn(row.since),
    beat: textIn(row.beat),
    age: Number(textIn(row.age)) / 1e6,
  }
}

export interface Owner extends Pick<LockRow, 'token' | 'node' | 'place' | 'startedAt' | 'session' | 'person' | 'user'> {
  /** A token that may be replaced: of this process itself, whose session has ended. */
  previous: string | null
}

/** Whether it was taken has to be read: refused means no, and an answer that was lost may mean yes. */
export async function writeLockRow(session: SchemaSession, owner: Owner): Promise<void> {
  const { token, node, place, startedAt, session: connection, person, user, previous } = owner
  await unlessRefused(() =>
    session.change(
      `update ${session.own(LOCK_TABLE)} set token = ?, node = ?, place = ?, node_started = ?, session = ?, person = ?,
        database_user = ?, started_at = utc_timestamp(6), heartbeat = utc_timestamp(6)
        where id = 1 and (token is null or token = ?)`,
      [token, node, place, startedAt, connection, person.slice(0, 255), user, previous],
    ),
  )
}

/** Only where it is that run's. `beat`: and only while nothing more was heard of it. */
export async function freeLockRow(session: SchemaSession, { token, beat }: { token: string; beat?: string }) {
  const heard = beat === undefined ? '' : ` and date_format(heartbeat, '%Y-%m-%dT%H:%i:%s.%fZ') = ?`
  const set = 'token = null, node = null, place = null, node_started = null, session = null, person = null'
  await unlessRefused(() =>
    session.change(
      `update ${session.own(LOCK_TABLE)} set ${set}, database_user = null, started_at = null, heartbeat = null
        where id = 1 and token = ?${heard}`,
      beat === undefined ? [token] : [token, beat],
    ),
  )
}

/** One row where it is ours. Inside of a transaction the commit fails if another run has taken it by then. */
export function beatLockRow(session: SchemaSession, token: string): Promise<number> {
  return session.change(
    `update ${session.own(LOCK_TABLE)} set heartbeat = utc_timestamp(6) where id = 1 and token = ?`,
    [token],
  )
}

const kindOf = (error: unknown) => failureOf(error)?.kind ?? classify(error).kind

/** Another node was first (1213), the answer is not known (1180), or somebody is at the row just now (1205). */
export const isContended = (error: unknown) =>
  ['deadlock', 'serialization', 'outcome-unknown', 'lock-timeout'].includes(kindOf(error))

async function unlessRefused(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!isContended(error)) throw error
  }
}
