// The tables of a database with their rows and sizes, from PostgreSQL's statistics alone: the sizes of files would be asked of
// the disk one by one, and each table locked meanwhile, so that one under a migration would keep the whole list waiting.
import type { TableEntry } from '../../../shared/table-structure.ts'
import type { Cell } from '../../../shared/cell.ts'
import type { Read } from '../server/server-dialect.ts'
import { KINDS, MADE_BY_PEOPLE } from './introspect.ts'
import { toName } from './names.ts'

const WHAT: Record<string, string> = {
  r: 'table',
  p: 'partitioned table',
  f: 'foreign table',
  v: 'view',
  m: 'materialised view',
}

/**
 * -1 (before version 14: 0 in 0 pages) says that nothing was counted yet; then the server may know how many rows came and
 * went since its statistics began.
 */
const ROWS = `case when c.reltuples > 0 then c.reltuples::bigint
                   when pg_stat_get_live_tuples(c.oid) > 0 then pg_stat_get_live_tuples(c.oid)
                   when c.reltuples = 0 and (c.relpages > 0 or current_setting('server_version_num')::int >= 140000)
                     then 0 end`

export async function readTree(read: Read): Promise<TableEntry[]> {
  const { rows } = await read({
    sql: `with indexes as (
            select i.indrelid, sum(x.relpages)::bigint as pages
            from pg_index i join pg_class x on x.oid = i.indexrelid group by i.indrelid
          )
          select case when pg_table_is_visible(c.oid) then null else n.nspname end, c.relname, n.nspname, c.relkind::text,
                 case when pg_table_is_visible(p.oid) then null else pn.nspname end, p.relname,
                 case when c.relkind in ('r', 'm', 'f') then ${ROWS} end,
                 case when c.relkind in ('r', 'm') and (c.relpages > 0 or c.reltuples = 0) then
                   (c.relpages + coalesce(t.relpages, 0) + coalesce(own.pages, 0) + coalesce(its.pages, 0))
                   * current_setting('block_size')::bigint end
          from pg_class c join pg_namespace n on n.oid = c.relnamespace
          left join pg_class t on t.oid = c.reltoastrelid and c.reltoastrelid <> 0
          left join indexes own on own.indrelid = c.oid
          left join indexes its on its.indrelid = t.oid
          left join pg_inherits h on h.inhrelid = c.oid and c.relispartition
          left join pg_class p on p.oid = h.inhparent left join pg_namespace pn on pn.oid = p.relnamespace
          where c.relkind in ${KINDS} and ${MADE_BY_PEOPLE} and has_schema_privilege(n.oid, 'usage')
          order by pg_table_is_visible(c.oid) desc, lower(n.nspname), n.nspname, lower(c.relname), c.relname`,
    values: [],
  })
  const entries = rows.map(([schema, table, namespace, kind, parentSchema, parent, count, bytes]): TableEntry => {
    const partOf = parent == null ? null : toName({ schema: textOrNull(parentSchema), table: String(parent) })
    return {
      name: toName({ schema: textOrNull(schema), table: String(table) }),
      kind: kind === 'v' || kind === 'm' ? 'view' : 'table',
      what: partOf !== null && kind === 'r' ? 'partition' : (WHAT[String(kind)] ?? 'table'),
      partOf,
      schema: String(namespace),
      rows: numberOrNull(count),
      bytes: numberOrNull(bytes),
    }
  })
  const parts = Map.groupBy(entries, ({ partOf }) => partOf)
  return entries.map((entry) => ({ ...entry, ...sizeOf(entry, parts) }))
}

/** Of a partitioned table: what is known of its partitions, together; null when one of them is not known. */
function sizeOf(
  entry: TableEntry,
  parts: ReadonlyMap<string | null, readonly TableEntry[]>,
): Pick<TableEntry, 'rows' | 'bytes'> {
  if (entry.what !== WHAT.p) return { rows: entry.rows, bytes: entry.bytes }
  const own = (parts.get(entry.name) ?? []).map((part) => sizeOf(part, parts))
  const add = (a: number | null, b: number | null) => (a === null || b === null ? null : a + b)
  return {
    rows: own.map(({ rows }) => rows).reduce(add, 0),
    bytes: own.map(({ bytes }) => bytes).reduce(add, 0),
  }
}

const textOrNull = (cell: Cell | undefined) => (cell == null ? null : String(cell))
const numberOrNull = (cell: Cell | undefined) => (cell == null ? null : Number(cell))
