// The foreign keys of a table, from PostgreSQL's catalogue.
import type { Reference } from '../../../shared/table-structure.ts'
import { toName } from './names.ts'
import { RULES } from './referrers.ts'

const names = (numbers: string, relation: string) =>
  `(select json_agg(a.attname order by k.place) from unnest(${numbers}) with ordinality k(number, place)
    join pg_attribute a on a.attrelid = ${relation} and a.attnum = k.number)`

/**
 * As one JSON value, of the table `c`. A foreign key to a partitioned table has copies of the same table that lead to the
 * partitions: they are left out.
 */
export const REFERENCES = `(
  select coalesce(json_agg(json_build_object(
    'schema', case when pg_table_is_visible(t.oid) then null else s.nspname end, 'table', t.relname,
    'rule', f.confdeltype, 'columns', ${names('f.conkey', 'f.conrelid')},
    'pointsTo', ${names('f.confkey', 'f.confrelid')}) order by f.conname), '[]')
  from pg_constraint f join pg_class t on t.oid = f.confrelid join pg_namespace s on s.oid = t.relnamespace
  left join pg_constraint p on p.oid = f.conparentid
  where f.contype = 'f' and f.conrelid = c.oid and (p.oid is null or p.conrelid <> f.conrelid))`

export function parseReferences(json: string): Reference[] {
  const found = JSON.parse(json) as {
    schema: string | null
    table: string
    rule: string
    columns: string[]
    pointsTo: string[]
  }[]
  return found.map(({ schema, table, rule, columns, pointsTo }) => ({
    columns,
    table: toName({ schema, table }),
    pointsTo,
    onDelete: RULES[rule] ?? '',
  }))
}
