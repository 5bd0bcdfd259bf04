// The statements that make a table again. PostgreSQL keeps no text of them: they are put together by the server itself from its
// catalogue, in an order in which they can be run. Names on the search path stand alone, so they can be run in another schema.
import type { Cell } from '../../../shared/cell.ts'
import type { Read } from '../server/server-dialect.ts'

/** What a sequence has that its type would not give it. `q` is its row of pg_sequence. */
const MOST = `case q.seqtypid when 'int2'::regtype then 32767 when 'int4'::regtype then 2147483647 else 9223372036854775807 end`
const SEQUENCE = `concat(
  case when q.seqincrement <> 1 then ' INCREMENT BY ' || q.seqincrement end,
  case when q.seqmin <> case when q.seqincrement > 0 then 1 else -${MOST} - 1 end then ' MINVALUE ' || q.seqmin end,
  case when q.seqmax <> case when q.seqincrement > 0 then ${MOST} else -1 end then ' MAXVALUE ' || q.seqmax end,
  case when q.seqstart <> case when q.seqincrement > 0 then q.seqmin else q.seqmax end then ' START WITH ' || q.seqstart end,
  case when q.seqcache <> 1 then ' CACHE ' || q.seqcache end, case when q.seqcycle then ' CYCLE' end)`

/** Sequences that stand and fall with a column of the table. 'a': made for it or given to it; 'i': of an identity. */
const OWNED = (how: 'a' | 'i') => `pg_depend d join pg_class s on s.oid = d.objid and s.relkind = 'S'
  join pg_sequence q on q.seqrelid = s.oid
  where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid and d.deptype = '${how}'`

const OPTIONS = (list: string) =>
  `(select string_agg(quote_ident(o.option_name) || ' ' || quote_literal(o.option_value), ', ') from pg_options_to_table(${list}) o)`

const COLUMN = `concat('  ', quote_ident(a.attname), ' ', format_type(a.atttypid, a.atttypmod),
  (select ' COLLATE ' || case when pg_collation_is_visible(l.oid) then '' else quote_ident(ln.nspname) || '.' end
          || quote_ident(l.collname)
   from pg_collation l join pg_namespace ln on ln.oid = l.collnamespace join pg_type y on y.oid = a.atttypid
   where l.oid = a.attcollation and a.attcollation <> y.typcollation),
  ' OPTIONS (' || ${OPTIONS('a.attfdwoptions')} || ')',
  case a.attgenerated when 's' then ' GENERATED ALWAYS AS (' || pg_get_expr(v.adbin, v.adrelid) || ') STORED'
                      when 'v' then ' GENERATED ALWAYS AS (' || pg_get_expr(v.adbin, v.adrelid) || ') VIRTUAL'
                      else ' DEFAULT ' || pg_get_expr(v.adbin, v.adrelid) end,
  case when a.attidentity <> '' then
    ' GENERATED ' || case a.attidentity when 'a' then 'ALWAYS' else 'BY DEFAULT' end || ' AS IDENTITY'
    || coalesce((select ' (' || nullif(ltrim(${SEQUENCE}), '') || ')' from ${OWNED('i')} and d.refobjsubid = a.attnum), '') end,
  case when a.attnotnull then ' NOT NULL' end)`

/** A partition is made whole and then put into its place; whatever else inherits has only what is its own. */
const LOCAL = (flag: string) => `(${flag} or c.relispartition)`

const CONSTRAINTS = `pg_constraint k where k.conrelid = c.oid and k.contype in ('p', 'u', 'c', 'f', 'x')
  and ${LOCAL('k.conislocal')}
  and not exists (select from pg_constraint m where m.oid = k.conparentid and m.conrelid = k.conrelid)`
/** What stands on other tables or on indexes, and what was never checked, comes later. */
const INLINE = `k.contype <> 'f' and k.convalidated`
const CONSTRAINT = `'CONSTRAINT ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid, true)`

const BODY = `(select coalesce(string_agg(line, E',\\n' order by part, place, name), '') from (
  select 1 as part, a.attnum as place, '' as name, ${COLUMN} as line
  from pg_attribute a left join pg_attrdef v on v.adrelid = a.attrelid and v.adnum = a.attnum
  where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and ${LOCAL('a.attislocal')}
  union all
  select 2, case k.contype when 'p' then 1 else 2 end, k.conname::text, '  ' || ${CONSTRAINT} from ${CONSTRAINTS} and ${INLINE}
) lines)`

const WITH = `' WITH (' || array_to_string(c.reloptions, ', ') || ')'`
const TABLESPACE = `(select ' TABLESPACE ' || quote_ident(e.spcname) from pg_tablespace e where e.oid = c.reltablespace)`

const TABLE = `case when c.relkind in ('v', 'm') then
    concat('CREATE ', case c.relkind when 'm' then 'MATERIALIZED ' end, 'VIEW ', c.shown, ${WITH}, E' AS\\n',
           rtrim(pg_get_viewdef(c.oid, true), ';'), case when not c.relispopulated then E'\\n WITH NO DATA' end)
  else
    concat('CREATE ', case when c.relpersistence = 'u' then 'UNLOGGED ' end, case c.relkind when 'f' then 'FOREIGN ' end,
           'TABLE ', c.shown, E' (\\n', ${BODY}, E'\\n)',
           (select ' INHERITS (' || string_agg(h.inhparent::regclass::text, ', ' order by h.inhseqno) || ')'
            from pg_inherits h where h.inhrelid = c.oid and not c.relispartition),
           case c.relkind when 'p' then ' PARTITION BY ' || pg_get_partkeydef(c.oid) end,
           (select ' USING ' || quote_ident(am.amname) from pg_am am where am.oid = c.relam and am.amname <> 'heap'),
           ${WITH}, ${TABLESPACE},
           (select ' SERVER ' || quote_ident(s.srvname) || coalesce(' OPTIONS (' || ${OPTIONS('f.ftoptions')} || ')', '')
            from pg_foreign_table f join pg_foreign_server s on s.oid = f.ftserver where f.ftrelid = c.oid))
  end`

const COMMANDS = `case p.polcmd when 'r' then ' FOR SELECT' when 'a' then ' FOR INSERT' when 'w' then ' FOR UPDATE'
                                when 'd' then ' FOR DELETE' end`
const POLICY = `concat('CREATE POLICY ', quote_ident(p.polname), ' ON ', c.shown,
  case when not p.polpermissive then ' AS RESTRICTIVE' end, ${COMMANDS},
  (select ' TO ' || string_agg(case r when 0 then 'PUBLIC' else quote_ident(pg_get_userbyid(r)) end, ', ')
   from unnest(p.polroles) r where p.polroles <> '{0}'),
  ' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', ' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')')`

/** In the order in which they are run: what is made, and where it is read. The table is `c`. */
const STATEMENTS: readonly (readonly [name: string, statement: string, from: string])[] = [
  [
    's.relname',
    `concat('CREATE SEQUENCE ', s.oid::regclass, ' AS ' || nullif(format_type(q.seqtypid, null), 'bigint'), ${SEQUENCE})`,
    OWNED('a'),
  ],
  [`''`, TABLE, '(select) one'],
  [
    'x.relname',
    'pg_get_indexdef(i.indexrelid, 0, true)',
    `pg_index i join pg_class x on x.oid = i.indexrelid where i.indrelid = c.oid and i.indisvalid
     and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))`,
  ],
  [
    `''`,
    `concat('ALTER TABLE ', c.shown, ' CLUSTER ON ', quote_ident(x.relname))`,
    `pg_index i join pg_class x on x.oid = i.indexrelid where i.indrelid = c.oid and i.indisclustered`,
  ],
  ['k.conname', `'ALTER TABLE ' || c.shown || ' ADD ' || ${CONSTRAINT}`, `${CONSTRAINTS} and not (${INLINE})`],
  [
    `''`,
    `concat('ALTER TABLE ', c.shown, ' REPLICA IDENTITY ',
            case c.relreplident when 'f' then 'FULL' when 'n' then 'NOTHING' else 'USING INDEX ' || (
              select quote_ident(x.relname) from pg_index i join pg_class x on x.oid = i.indexrelid
              where i.indrelid = c.oid and i.indisreplident) end)`,
    `(select) one where c.relkind in ('r', 'p') and c.relreplident <> 'd'`,
  ],
  [
    's.relname',
    `concat('ALTER SEQUENCE ', s.oid::regclass, ' OWNED BY ', c.shown, '.', quote_ident(o.attname))`,
    OWNED('a').replace(
      ' where ',
      ' join pg_attribute o on o.attrelid = d.refobjid and o.attnum = d.refobjsubid where ',
    ),
  ],
  [
    `''`,
    `concat('ALTER TABLE ', h.inhparent::regclass, ' ATTACH PARTITION ', c.shown, ' ', pg_get_expr(c.relpartbound, c.oid))`,
    'pg_inherits h where h.inhrelid = c.oid and c.relispartition',
  ],
  [
    'e.stxname',
    `case when pg_statistics_obj_is_visible(e.oid)
       then replace(pg_get_statisticsobjdef(e.oid), 'CREATE STATISTICS ' || quote_ident(en.nspname) || '.', 'CREATE STATISTICS ')
       else pg_get_statisticsobjdef(e.oid) end`,
    'pg_statistic_ext e join pg_namespace en on en.oid = e.stxnamespace where e.stxrelid = c.oid',
  ],
  [`''`, `'ALTER TABLE ' || c.shown || ' ENABLE ROW LEVEL SECURITY'`, '(select) one where c.relrowsecurity'],
  [`''`, `'ALTER TABLE ' || c.shown || ' FORCE ROW LEVEL SECURITY'`, '(select) one where c.relforcerowsecurity'],
  ['p.polname', POLICY, 'pg_policy p where p.polrelid = c.oid'],
  [
    'w.rulename',
    `rtrim(pg_get_ruledef(w.oid, true), ';')`,
    `pg_rewrite w where w.ev_class = c.oid and w.rulename <> '_RETURN'`,
  ],
  [
    'g.tgname',
    'pg_get_triggerdef(g.oid, true)',
    // Before version 13 there is no such column, and what came from a parent is internal.
    `pg_trigger g where g.tgrelid = c.oid and not g.tgisinternal and coalesce(to_jsonb(g) ->> 'tgparentid', '0') = '0'`,
  ],
  [
    'g.tgname',
    `concat('ALTER TABLE ', c.shown, case g.tgenabled when 'D' then ' DISABLE' when 'A' then ' ENABLE ALWAYS'
                                     else ' ENABLE REPLICA' end, ' TRIGGER ', quote_ident(g.tgname))`,
    `pg_trigger g where g.tgrelid = c.oid and not g.tgisinternal and g.tgenabled <> 'O'`,
  ],
  [
    `''`,
    `concat('COMMENT ON ', case c.relkind when 'v' then 'VIEW' when 'm' then 'MATERIALIZED VIEW'
                                          when 'f' then 'FOREIGN TABLE' else 'TABLE' end,
            ' ', c.shown, ' IS ', quote_literal(obj_description(c.oid, 'pg_class')))`,
    `(select) one where obj_description(c.oid, 'pg_class') is not null`,
  ],
  [
    `to_char(a.attnum, '00000')`,
    `concat('COMMENT ON COLUMN ', c.shown, '.', quote_ident(a.attname), ' IS ', quote_literal(col_description(c.oid, a.attnum)))`,
    'pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and col_description(c.oid, a.attnum) is not null',
  ],
]

/** Owner, rights and what the columns are compressed with are left out. */
export async function readDdl(read: Read, oid: Cell): Promise<string> {
  const each = STATEMENTS.map(
    ([name, statement, from], place) =>
      `select ${place} as place, r.name, r.statement
       from (select t.*, t.oid::regclass::text as shown from pg_class t where t.oid = $1::oid) c
       cross join lateral (select ${statement} as statement, (${name})::text as name from ${from}) r`,
  )
  const { rows } = await read({ sql: `${each.join('\nunion all\n')}\norder by place, name`, values: [oid] })
  return rows.map((row) => `${String(row[2])};`).join('\n\n')
}
