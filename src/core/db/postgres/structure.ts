// What a PostgreSQL table is made of, from the catalogue.
import type { TableStructure } from '../../../shared/table-structure.ts'
import type { Cell } from '../../../shared/cell.ts'
import type { Read } from '../server/server-dialect.ts'
import { pointingHere } from '../surroundings.ts'
import { readDdl } from './ddl.ts'
import { FOUND } from './introspect.ts'
import { parseName } from './names.ts'
import { parseReferences, REFERENCES } from './references.ts'
import { listReferrers } from './referrers.ts'

const KINDS: Record<string, TableStructure['constraints'][number]['kind']> = {
  p: 'primary-key',
  u: 'unique',
  c: 'check',
  f: 'foreign-key',
  x: 'exclusion',
}

export async function readStructure(read: Read, table: string): Promise<TableStructure | null> {
  const wanted = parseName(table)
  if (!wanted) return null
  const found = await read({
    sql: `select c.oid, ${REFERENCES} from ${FOUND}`,
    values: [wanted.table, wanted.schema],
  })
  const [oid = null, references] = found.rows[0] ?? []
  if (oid === null) return null
  return {
    indexes: await readIndexes(read, oid),
    constraints: await readConstraints(read, oid),
    references: parseReferences(String(references)),
    referrers: pointingHere(table, await listReferrers(read, table)),
    triggers: await readTriggers(read, oid),
    ddl: await readDdl(read, oid),
  }
}

async function readIndexes(read: Read, oid: Cell): Promise<TableStructure['indexes']> {
  const { rows } = await read({
    // Of the options 1 is descending and 2 NULLs first, which go together unless told.
    sql: `select x.relname, i.indisunique, i.indisprimary, pg_get_expr(i.indpred, i.indrelid, true),
                 case when x.relkind = 'i' then pg_relation_size(x.oid) end,
                 (select json_agg(pg_get_indexdef(x.oid, k::int, true) ||
                                  case i.indoption[k - 1] when 1 then ' DESC NULLS LAST' when 2 then ' NULLS FIRST'
                                                          when 3 then ' DESC' else '' end order by k)
                  from generate_series(1, i.indnkeyatts) k)
          from pg_index i join pg_class x on x.oid = i.indexrelid where i.indrelid = $1::oid
          order by not i.indisprimary, x.relname`,
    values: [oid],
  })
  return rows.map(([name, isUnique, isPrimary, where, bytes, columns]) => ({
    name: String(name),
    columns: JSON.parse(String(columns)) as string[],
    isUnique: isUnique === 't',
    isPrimary: isPrimary === 't',
    where: where == null ? null : String(where),
    bytes: bytes == null ? null : Number(bytes),
  }))
}

async function readConstraints(read: Read, oid: Cell): Promise<TableStructure['constraints']> {
  const { rows } = await read({
    sql: `select k.conname, k.contype::text, pg_get_constraintdef(k.oid, true)
          from pg_constraint k left join pg_constraint p on p.oid = k.conparentid
          where k.conrelid = $1::oid and k.contype in ('p', 'u', 'c', 'f', 'x') and (p.oid is null or p.conrelid <> k.conrelid)
          order by array_position('{p,u,x,f,c}'::text[], k.contype::text), k.conname`,
    values: [oid],
  })
  return rows.map(([name, kind, definition]) => ({
    name: String(name),
    kind: KINDS[String(kind)] ?? 'check',
    definition: String(definition),
  }))
}

async function readTriggers(read: Read, oid: Cell): Promise<TableStructure['triggers']> {
  const { rows } = await read({
    sql: `select g.tgname, pg_get_triggerdef(g.oid, true) || case when g.tgenabled = 'D' then ' -- switched off' else '' end
          from pg_trigger g where g.tgrelid = $1::oid and not g.tgisinternal order by g.tgname`,
    values: [oid],
  })
  return rows.map(([name, definition]) => ({ name: String(name), definition: String(definition) }))
}
