// How large tables are, as the engine estimates it; nothing is ever counted for it.
import type { Dialect } from '../../../shared/profiles.ts'
import { UNKNOWN, type Size } from './ground.ts'

type Ask = (sql: string, values?: readonly unknown[]) => Promise<Record<string, unknown>[]>

/** All tables and views of a server, as the search path (or the session's database) names them. `Size.rows` is -1 never. */
export async function readSizes(ask: Ask, dialect: Exclude<Dialect, 'sqlite'>): Promise<Map<string, Size>> {
  const rows = await ask(dialect === 'postgres' ? POSTGRES : MYSQL)
  return new Map(rows.map(({ name, rows, bytes }) => [String(name), { rows: count(rows), bytes: count(bytes) }]))
}

/** reltuples is -1 until the table was analysed for the first time. Partitions hold the rows of a partitioned table. */
const POSTGRES = `select case when n.nspname = current_schema() then c.relname else n.nspname || '.' || c.relname end as name,
    case when c.relkind = 'p' then
      (select case when min(p.reltuples) < 0 then null else sum(p.reltuples) end from pg_partition_tree(c.oid) t
        join pg_class p on p.oid = t.relid where t.isleaf)
      when c.reltuples < 0 or c.relkind = 'v' then null else c.reltuples end as rows,
    case when c.relkind = 'p' then
      (select sum(pg_total_relation_size(t.relid)) from pg_partition_tree(c.oid) t)
      when c.relkind = 'v' then null else pg_total_relation_size(c.oid) end as bytes
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')`

const MYSQL = `select TABLE_NAME as name, TABLE_ROWS as \`rows\`, DATA_LENGTH + INDEX_LENGTH as bytes
  from information_schema.TABLES where TABLE_SCHEMA = database()`

/**
 * SQLite keeps no figures: the last rowid tells how many rows there are at most, and mostly how many. Bytes it could tell
 * only by reading all of the table. Null for a table without rowids, and a view.
 */
export async function sqliteSize(ask: Ask, table: string): Promise<Size> {
  const [last] = await ask(`select max(rowid) as last from "${table.replaceAll('"', '""')}"`).catch(() => [])
  return last ? { rows: last.last === null ? 0 : count(last.last), bytes: null } : UNKNOWN
}

function count(value: unknown): number | null {
  if (value === null || value === undefined) return null
  const number = Math.round(Number(value))
  return Number.isFinite(number) && number >= 0 ? number : null
}
