// Whether rows of a table can be edited on PostgreSQL, and what to know before: rights, policies, rules, triggers, partitions.
import { few, triggerNotes, viewReason } from '../surroundings.ts'

/** What is asked of the catalogue with each table, as one JSON value. `c` is the table in pg_class. */
export interface Editing {
  kind: string
  isUpdatable: boolean
  may: { insert: boolean; update: boolean; delete: boolean; read: boolean }
  user: string
  /** Names of triggers that fire in an ordinary session. */
  triggers: string[]
  /** Rules that run with changes, or in their place. */
  rules: { name: string; isInstead: boolean }[]
  /** Policies hide rows from this user. */
  hasPolicies: boolean
  /** What policies allow this user: letters of pg_policy.polcmd. */
  allows: string
  isUnlogged: boolean
  /** How a partitioned table is parted. */
  partedBy: string | null
  /** What a partition holds. */
  bounds: string | null
  /** Tables that inherit from it, partitions left out. */
  heirs: string[]
  /** Where a foreign table is kept. */
  server: string | null
}

const may = (right: string) => `has_table_privilege(c.oid, '${right}')`
const mayPart = (right: string) => `(${may(right)} or has_any_column_privilege(c.oid, '${right}'))`
const fires = "in ('O', 'A')"

export const EDITING = `json_build_object(
  'kind', c.relkind, 'isUpdatable', pg_relation_is_updatable(c.oid, true) & 28 <> 0, 'user', current_user,
  'may', json_build_object('insert', ${mayPart('insert')}, 'update', ${mayPart('update')}, 'delete', ${may('delete')},
                           'read', has_any_column_privilege(c.oid, 'select')),
  'triggers', (select coalesce(json_agg(g.tgname order by g.tgname), '[]') from pg_trigger g
               where g.tgrelid = c.oid and not g.tgisinternal and g.tgenabled ${fires}),
  'rules', (select coalesce(json_agg(json_build_object('name', w.rulename, 'isInstead', w.is_instead)
                                     order by w.rulename), '[]')
            from pg_rewrite w where w.ev_class = c.oid and w.ev_type <> '1' and w.ev_enabled ${fires}),
  'hasPolicies', row_security_active(c.oid),
  'allows', (select coalesce(string_agg(p.polcmd::text, ''), '') from pg_policy p
             where p.polrelid = c.oid and p.polpermissive
               and exists (select from unnest(p.polroles) r where r = 0 or pg_has_role(r, 'usage'))),
  'isUnlogged', c.relpersistence = 'u',
  'partedBy', case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end,
  'bounds', case when c.relispartition then pg_get_expr(c.relpartbound, c.oid) end,
  'heirs', case when c.relkind = 'r' then (select coalesce(json_agg(h.inhrelid::regclass::text order by h.inhseqno, h.inhrelid), '[]')
                                          from pg_inherits h where h.inhparent = c.oid) else '[]'::json end,
  'server', (select s.srvname from pg_foreign_table f join pg_foreign_server s on s.oid = f.ftserver
             where f.ftrelid = c.oid))`

/** Null when rows can be changed. `columns`: how many of them this user may read. */
export function whyReadOnly(table: Editing, columns: number): string | null {
  const { kind, isUpdatable, user, triggers } = table
  if (columns === 0 && !table.may.read)
    return `The user ${user} may not read this table. Grant SELECT on it, or open it with another user.`
  if (kind === 'v') {
    const instead = `Its triggers (${few(triggers)}) would take changes`
    return viewReason(triggers.length > 0 ? instead : isUpdatable ? 'PostgreSQL would pass changes on' : null)
  }
  if (kind === 'm') return 'A materialised view: its rows are what its query gave when it was last refreshed.'
  if (kind === 'f')
    return `A foreign table: its rows are kept on the server ${table.server ?? ''}, and PostgreSQL knows no key of it that names a single row.`
  const { insert, update, delete: remove } = table.may
  if (!isUpdatable || !(insert || update || remove)) return `The user ${user} may read this table and not change it.`
  const replaced = table.rules.filter(({ isInstead }) => isInstead).map(({ name }) => name)
  if (replaced.length > 0)
    return `Rules of this table run in place of changes (${few(replaced)}): what becomes of a change could not be checked.`
  if (table.heirs.length > 0)
    return `Other tables inherit from this one (${few(table.heirs)}), and their rows are shown here too. Its key does not count there, so it may name several rows. Rows can be changed in those tables.`
  if (table.hasPolicies && !/[*awd]/.test(table.allows))
    return `Row-level security is on, and no policy lets the user ${user} change rows.`
  return null
}

/** Of a table that can be changed; [] otherwise. */
export function notesOf(table: Editing): string[] {
  if (whyReadOnly(table, 1) !== null) return []
  const { may: right, user, allows, rules } = table
  const notes = triggerNotes(table.triggers)
  if (rules.length > 0)
    notes.push(`Rules run along with changes (${few(rules.map(({ name }) => name))}): they may change other rows.`)
  const policies = table.hasPolicies ? refusedBy((letter) => /[*]/.test(allows) || allows.includes(letter)) : []
  if (table.hasPolicies)
    notes.push(
      `Row-level security is on: rows that its policies hide from the user ${user} are not shown, and changes that they do not allow are refused.`,
    )
  const rights = refusedBy((letter) => ({ a: right.insert, w: right.update, d: right.delete })[letter])
  if (rights.length > 0) notes.push(`The user ${user} has no right to ${orList(rights)} here.`)
  if (policies.length > 0) notes.push(`No policy lets the user ${user} ${orList(policies)} here.`)
  if (table.partedBy !== null)
    notes.push(
      `Partitioned by ${table.partedBy}: a changed value may move the row to another partition, and one that fits none is refused.`,
    )
  if (table.bounds !== null)
    notes.push(`A partition that holds rows ${table.bounds}: a row that does not fit is refused.`)
  if (table.isUnlogged) notes.push('An unlogged table: the server empties it after a crash.')
  return notes
}

const DEEDS = { a: 'add rows', w: 'change rows', d: 'delete rows' } as const

const refusedBy = (allows: (letter: keyof typeof DEEDS) => boolean) =>
  (['a', 'w', 'd'] as const).filter((letter) => !allows(letter)).map((letter) => DEEDS[letter])

const orList = (deeds: readonly string[]) => deeds.join(' or ')
