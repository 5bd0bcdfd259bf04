// How many rows the tables have that a rehearsal touches: exact, or not at all.
import { quoteTable } from '../../db/postgres/names.ts'
import { quote } from '../../db/sqlite/introspect.ts'
import type { SchemaSession } from '../run/schema-session.ts'
import { textOf, type Asked } from './parts.ts'

/** Rows beyond which a table is not counted, by the engine's own estimate. */
export const MANY_ROWS = 5_000_000
/** Seconds for one count on PostgreSQL. */
const LIMIT = 30

/** `why` it was not counted, in words. */
export type Count = { rows: number; why: null } | { rows: null; why: string }

/** Inside of the transaction, which goes on whatever happens here. `name` as in the snapshot. */
export function countRows(session: SchemaSession, name: string): Promise<Count> {
  return session.dialect === 'postgres' ? countPostgres(session, name) : countSqlite(session, name)
}

async function countPostgres({ ask }: Asked, name: string): Promise<Count> {
  const table = quoteTable(name)
  await ask('savepoint roster_count')
  try {
    const [size = {}] = await ask('select reltuples::float8 as rows from pg_class where oid = to_regclass(?)', [table])
    const estimate = Number(size.rows ?? 0)
    if (estimate > MANY_ROWS) return tooMany(name, estimate)
    await ask(`set local statement_timeout = '${LIMIT}s'`)
    const [counted = {}] = await ask(`select count(*)::text as rows from ${table}`)
    return { rows: Number(textOf(counted.rows)), why: null }
  } catch (error) {
    if ((error as { code?: unknown }).code === '57014') {
      return { rows: null, why: `${name} was not counted: that took longer than ${LIMIT} s.` }
    }
    return { rows: null, why: `${name} was not counted: ${error instanceof Error ? error.message : String(error)}` }
  } finally {
    // Takes back the limit, and the error where there was one.
    await ask('rollback to savepoint roster_count')
    await ask('release savepoint roster_count')
  }
}

async function countSqlite({ ask }: Asked, name: string): Promise<Count> {
  // The largest row number is found at once; a table without row numbers has none.
  const [last = {}] = await ask(`select max(rowid) as rows from ${quote(name)}`).catch(() => [])
  const estimate = Number(last.rows ?? 0)
  if (estimate > MANY_ROWS) return tooMany(name, estimate)
  try {
    const [counted = {}] = await ask(`select count(*) as rows from ${quote(name)}`)
    return { rows: Number(counted.rows), why: null }
  } catch (error) {
    return { rows: null, why: `${name} was not counted: ${error instanceof Error ? error.message : String(error)}` }
  }
}

const tooMany = (name: string, estimate: number): Count => ({
  rows: null,
  why: `${name} was not counted: it has about ${estimate.toLocaleString('en-US')} rows.`,
})
