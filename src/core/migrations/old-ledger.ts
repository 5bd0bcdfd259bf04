// Reads what knex has written down about past runs. Only reads: looking at a database never makes a table in it.
import type { Cell } from '../../shared/cell.ts'
import type { Dialect } from '../../shared/profiles.ts'
import type { Database, SchemaLook } from '../db/database.ts'

export const LEDGER_TABLE = 'knex_migrations'
export const LOCK_TABLE = 'knex_migrations_lock'

export interface LedgerRow {
  /** File name with its extension. */
  name: string
  batch: number
  appliedAt: string | null
}

export interface Ledger {
  /** In the order in which the steps were run. */
  rows: LedgerRow[]
  /** What the lock table holds, one entry a row; a sound one holds a single 0. Empty when there is no such table. */
  locks: number[]
  /** Tables and views of the database, names in lower case. */
  tables: Set<string>
}

export function readLedger(database: Database, signal: AbortSignal): Promise<Ledger> {
  return database.schemaLook(signal, (look) => ledgerOf(database, look))
}

async function ledgerOf(database: Database, look: SchemaLook): Promise<Ledger> {
  const select = async (sql: string) => (await look.read({ sql, values: [] })).rows
  const found = await look.tables()
  const tables = new Set(found.map(({ name }) => name.toLowerCase()))
  const columns = ['name', 'batch', 'migration_time'].map((name) => database.quote(name)).join(', ')
  const rows = tables.has(LEDGER_TABLE)
    ? await select(`select ${columns} from ${database.quote(LEDGER_TABLE)} order by ${database.quote('id')}`)
    : []
  const locks = tables.has(LOCK_TABLE)
    ? await select(`select ${database.quote('is_locked')} from ${database.quote(LOCK_TABLE)}`)
    : []
  return {
    rows: rows.map(([name, batch, time]) => ({
      name: text(name) ?? '',
      batch: Number(batch ?? 0),
      appliedAt: timeText(time, database.dialect),
    })),
    locks: locks.map(([lock]) => Number(lock ?? 0)),
    tables,
  }
}

/** Names in the last batch, in the order in which a rollback undoes them. */
export function lastBatchOf(rows: readonly LedgerRow[]): string[] {
  const last = Math.max(...rows.map(({ batch }) => batch))
  return rows
    .filter(({ batch }) => batch === last)
    .map(({ name }) => name)
    .reverse()
}

function text(cell: Cell | undefined): string | null {
  if (cell === null || cell === undefined) return null
  return cell instanceof Uint8Array ? Buffer.from(cell).toString('utf8') : String(cell)
}

/**
 * As ISO 8601 in UTC, every digit kept. On SQLite knex stores milliseconds since 1970 as a number; PostgreSQL and MySQL give
 * the text of a timestamp in the zone of the session, which is UTC. Anything else stays as it is.
 */
function timeText(cell: Cell | undefined, dialect: Dialect): string | null {
  if (typeof cell !== 'bigint' && typeof cell !== 'number') {
    // What SQLite has as text was written by other programs, in a zone that only they know.
    if (dialect === 'sqlite') return text(cell)
    return text(cell)?.replace(/^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)(?:\+00)?$/, '$1T$2Z') ?? null
  }
  const time = new Date(Number(cell))
  return Number.isNaN(time.getTime()) ? text(cell) : time.toISOString()
}
