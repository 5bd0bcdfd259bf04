// Which foreign keys point to a table, from PostgreSQL's catalogue.
import type { Referrer } from '../database.ts'
import type { Read } from '../server/server-dialect.ts'
import { parseName, toName } from './names.ts'

const ACTIONS: Record<string, Referrer['onDelete']> = { c: 'delete', n: 'set-null', d: 'set-default' }
/** As SQL spells them. */
export const RULES: Record<string, string> = {
  a: 'NO ACTION',
  r: 'RESTRICT',
  c: 'CASCADE',
  n: 'SET NULL',
  d: 'SET DEFAULT',
}

export async function listReferrers(read: Read, table: string): Promise<Referrer[]> {
  const wanted = parseName(table)
  if (!wanted) return []
  const names = (numbers: string, relation: string) =>
    `(select json_agg(a.attname order by k.place) from unnest(${numbers}) with ordinality k(number, place)
      join pg_attribute a on a.attrelid = ${relation} and a.attnum = k.number)`
  const { rows } = await read({
    // A foreign key of a partitioned table has copies on its partitions: only the first of such a line counts.
    sql: `select case when pg_table_is_visible(t.oid) then null else s.nspname end, t.relname, f.confdeltype,
                 ${names('f.conkey', 'f.conrelid')}, ${names('f.confkey', 'f.confrelid')}
          from pg_constraint f
          join pg_class t on t.oid = f.conrelid join pg_namespace s on s.oid = t.relnamespace
          join pg_class c on c.oid = f.confrelid join pg_namespace n on n.oid = c.relnamespace
          left join pg_constraint p on p.oid = f.conparentid
          where f.contype = 'f' and (p.oid is null or p.confrelid <> f.confrelid)
            and c.relname = $1::text and (n.nspname = $2::text or ($2::text is null and pg_table_is_visible(c.oid)))
          order by t.relname, f.conname`,
    values: [wanted.table, wanted.schema],
  })
  return rows.map(([schema, name, action, columns, pointsTo]) => ({
    table: toName({ schema: schema === null || schema === undefined ? null : String(schema), table: String(name) }),
    columns: JSON.parse(String(columns)) as string[],
    pointsTo: JSON.parse(String(pointsTo)) as string[],
    onDelete: ACTIONS[String(action)] ?? 'refuse',
    rule: RULES[String(action)] ?? '',
  }))
}
