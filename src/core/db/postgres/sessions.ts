// Sessions seen from another one: ending what runs in them, looking whether they are there, and what became of their work.
import pg from 'pg'
import type { Statement } from '../database.ts'
import type { Read, ServerDialect } from '../server/server-dialect.ts'

export const stopStatement = (session: string): Statement => ({
  sql: 'select pg_cancel_backend($1::int4)',
  values: [session],
})

export const stopSession = (session: string): Statement => ({
  sql: 'select pg_terminate_backend($1::int4)',
  values: [session],
})

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
