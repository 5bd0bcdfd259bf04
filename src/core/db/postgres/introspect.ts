// What tables there are and what they look like, from PostgreSQL's catalogue.
import type { Cell } from '../../../shared/cell.ts'
import type { TableShape } from '../database.ts'
import { charsetIn } from '../charset.ts'
import type { Read } from '../server/server-dialect.ts'
import { EDITING, whyReadOnly, type Editing } from './editing.ts'
import { kindOf, maxLengthOf } from './column-kind.ts'
import { firstOfIndexes, firstOfIndexesByBytes, readIndexes, uniqueAlone, uniqueSets } from './indexes.ts'
import { parseName, toName } from './names.ts'

/** Tables, partitioned tables and foreign tables; views and materialised views. */
export const KINDS = `('r', 'p', 'f', 'v', 'm')`

/** The engine's own, and what an extension brought along, are left out. */
export const MADE_BY_PEOPLE = `
  n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'
  and not exists (select from pg_depend x where x.classid = 'pg_class'::regclass and x.objid = c.oid and x.deptype = 'e')`

export async function listTables(read: Read): Promise<{ name: string; kind: 'table' | 'view' }[]> {
  const { rows } = await read({
    sql: `select case when pg_table_is_visible(c.oid) then null else n.nspname end, c.relname, c.relkind in ('v', 'm')
          from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where c.relkind in ${KINDS} and ${MADE_BY_PEOPLE} and has_schema_privilege(n.oid, 'usage')
          order by pg_table_is_visible(c.oid) desc, lower(n.nspname), n.nspname, lower(c.relname), c.relname`,
    values: [],
  })
  return rows.map(([schema, table, isView]) => ({
    name: toName({ schema: textOrNull(schema), table: text(table) }),
    kind: isView === 't' ? 'view' : 'table',
  }))
}

/** The table of a `TableName`: its name is the first value, its schema or null the second. */
export const FOUND = `pg_class c join pg_namespace n on n.oid = c.relnamespace
          where c.relname = $1::text and (n.nspname = $2::text or ($2::text is null and pg_table_is_visible(c.oid)))
            and c.relkind in ${KINDS} and ${MADE_BY_PEOPLE}`

/** Null when there is no such table. Names are taken letter by letter, as they are stored. */
export async function describeTable(read: Read, name: string): Promise<TableShape | null> {
  const wanted = parseName(name)
  if (!wanted) return null
  const found = await read({
    sql: `select c.oid, c.relkind, case when pg_table_is_visible(c.oid) then null else n.nspname end, c.relname, ${EDITING}
          from ${FOUND}`,
    values: [wanted.table, wanted.schema],
  })
  const [oid = null, kind, schema, table, editing] = found.rows[0] ?? []
  if (oid === null) return null
  const [columns, indexes] = [await readColumns(read, oid), await readIndexes(read, oid)]
  const primary = indexes.find(({ isPrimary }) => isPrimary)?.columns ?? []
  const primaryKey = primary.map((column) => column ?? '')
  const edits = JSON.parse(text(editing)) as Editing
  // What an index keeps unique in this table it does not in those that inherit from it, whose rows are shown here too.
  const isShared = edits.heirs.length > 0
  const unique = isShared ? [] : uniqueSets(indexes, primaryKey)
  const isReadable = (column: string) => columns.some((one) => one.name === column)
  const isNeverNull = (column: string) => columns.some((one) => one.name === column && !one.isNullable)
  const firsts = firstOfIndexes(indexes)
  return {
    name: toName({ schema: textOrNull(schema), table: text(table) }),
    kind: kind === 'v' || kind === 'm' ? 'view' : 'table',
    columns: columns.map((column) => ({
      ...column,
      keyPosition: primaryKey.indexOf(column.name) + 1,
      isIndexed: firsts.has(column.name),
    })),
    key:
      !isShared && primaryKey.length > 0 && primaryKey.every(isReadable)
        ? primaryKey
        : (unique.find((set) => set.every(isNeverNull)) ?? []),
    unique,
    sortsAlone: isShared ? [] : uniqueAlone(indexes),
    startsIndexed: firstOfIndexesByBytes(indexes),
    readOnly: whyReadOnly(edits, columns.length),
  }
}

type BareColumn = Omit<TableShape['columns'][number], 'keyPosition' | 'isIndexed'>

/** Columns that the login may not read are left out: naming one would make every statement fail. */
async function readColumns(read: Read, oid: Cell): Promise<BareColumn[]> {
  const { rows } = await read({
    sql: `select a.attname, format_type(a.atttypid, a.atttypmod), format_type(base.oid, null), base.modifier,
                 base.is_enum, not (a.attnotnull or base.is_not_null),
                 case when a.attgenerated = '' then coalesce(pg_get_expr(d.adbin, d.adrelid), base.value) end,
                 a.attgenerated <> '' or a.attidentity = 'a', a.attidentity <> '',
                 exists (select from pg_depend s where s.classid = 'pg_attrdef'::regclass and s.objid = d.oid
                         and s.refclassid = 'pg_class'::regclass
                         and (select relkind from pg_class where oid = s.refobjid) = 'S'),
                 case when base.is_enum then (select json_agg(e.enumlabel order by e.enumsortorder)
                                              from pg_enum e where e.enumtypid = base.oid) end,
                 has_column_privilege(a.attrelid, a.attnum, 'update'), getdatabaseencoding()
          from pg_attribute a
          left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
          cross join lateral (
            with recursive stands_on as (
              select t.oid, t.typtype, t.typbasetype, a.atttypmod as modifier, t.typtypmod, t.typdefault as value,
                     t.typtype = 'd' and t.typnotnull as is_not_null
              from pg_type t where t.oid = a.atttypid
              union all
              select t.oid, t.typtype, t.typbasetype, s.typtypmod, t.typtypmod, coalesce(s.value, t.typdefault),
                     s.is_not_null or (t.typtype = 'd' and t.typnotnull)
              from stands_on s join pg_type t on t.oid = s.typbasetype where s.typtype = 'd'
            )
            select oid, modifier, value, is_not_null, typtype = 'e' as is_enum from stands_on where typtype <> 'd'
          ) base
          where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped
            and has_column_privilege(a.attrelid, a.attnum, 'select')
          order by a.attnum`,
    values: [oid],
  })
  return rows.map(
    ([
      name,
      declared,
      type,
      modifier,
      isEnum,
      isNullable,
      byDefault,
      isGenerated,
      isIdentity,
      isSerial,
      choices,
      mayUpdate,
      charset,
    ]) => ({
      name: text(name),
      type: text(declared),
      kind: kindOf({ type: text(type), isEnum: isEnum === 't' }),
      isNullable: isNullable === 't',
      default: textOrNull(byDefault),
      isAutomatic: isGenerated === 't' || isIdentity === 't' || isSerial === 't',
      isGenerated: isGenerated === 't',
      maxLength: maxLengthOf(text(type), Number(modifier)),
      ...(mayUpdate === 'f' && { isBarred: true as const }),
      ...(typeof choices === 'string' && { choices: JSON.parse(choices) as string[] }),
      ...charsetIn('postgres', text(charset)),
    }),
  )
}

function textOrNull(cell: Cell | undefined): string | null {
  return cell === null || cell === undefined ? null : String(cell)
}

function text(cell: Cell | undefined): string {
  return textOrNull(cell) ?? ''
}
