// Sessions seen from another one: ending what runs in them, looking whether they are there, and what became of their work.
import pg from 'pg'
import type { Statement } from '../database.ts'
import type { Read, ServerDialect } from '../server/server-dialect.ts'

const stopping = (what: string, session: string, isPooled = false): Statement => ({
  // Behind a pooler that shares sessions, the one of this number may be the application's by now.
  sql: isPooled
    ? `select ${what}(pid) from pg_stat_activity where pid = $1::int4 and application_name = 'Roster'`
    : `select ${what}($1::int4)`,
  values: [session],
})

export const stopStatement: ServerDialect['stopStatement'] = (...of) => stopping('pg_cancel_backend', ...of)

export const stopSession: ServerDialect['stopSession'] = (...of) => stopping('pg_terminate_backend', ...of)

export const sessionState: ServerDialect['sessionState'] = async (read, session) => {
  const { rows } = await read({ sql: 'select state from pg_stat_activity where pid = $1::int4', values: [session] })
  return { isThere: rows.length > 0, isRunning: rows[0]?.[0] === 'active' }
}

export const serverUse: ServerDialect['serverUse'] = async (read) => {
  // The sum is told to everybody; who the others are is not.
  const { rows } = await read({
    sql: `select current_setting('max_connections')::int4, (select sum(numbackends)::int4 from pg_stat_database)`,
    values: [],
  })
  return { limit: Number(rows[0]?.[0]), used: Number(rows[0]?.[1]) }
}

const OUTCOMES: Record<string, 'committed' | 'rolled-back' | 'in-progress'> = {
  committed: 'committed',
  aborted: 'rolled-back',
  'in progress': 'in-progress',
}

export async function outcomeOf(
  read: Read,
  mark: string,
): Promise<'committed' | 'rolled-back' | 'in-progress' | 'ended'> {
  try {
    const { rows } = await read({ sql: 'select pg_xact_status($1::text::xid8)', values: [mark] })
    return OUTCOMES[String(rows[0]?.[0])] ?? 'ended'
  } catch (error) {
    // "In the future": another server has taken over, which never heard of it. The rows tell what it has.
    if (error instanceof pg.DatabaseError && error.code === '22023') return 'ended'
    throw error
  }
}
