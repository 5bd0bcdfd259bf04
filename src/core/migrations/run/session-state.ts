// What steps may set in the session that the runner works on as well: kept when it is opened, set back between steps and before
// the runner's own writes, so that no step decides for the next one, or for the ledger.
import type { Dialect } from '../../../shared/profiles.ts'
import { textIn } from './run-lock.ts'
import type { SchemaSession } from './schema-session.ts'

export const OWN_TABLES = [
  'knex_migrations',
  'knex_migrations_lock',
  'roster_migrations',
  'roster_migration_statements',
  'roster_migration_lock',
] as const
export type OwnTable = (typeof OWN_TABLES)[number]

type Ask = SchemaSession['ask']
export type KeptSession = Pick<SchemaSession, 'own' | 'restore' | 'home'>

/** To be called before any step. */
export function keepSession(dialect: Dialect, ask: Ask): Promise<KeptSession> {
  if (dialect === 'postgres') return keepPostgres(ask)
  if (dialect === 'mysql') return keepMysql(ask)
  return Promise.resolve({ home: null, own: (table) => table, restore: () => Promise.resolve() })
}

const doubled = (name: string, quote: string) => `${quote}${name.replaceAll(quote, quote + quote)}${quote}`

/** Settings of one transaction end with it. */
const SETTINGS = `pg_settings where context in ('user', 'superuser') and name !~ '^transaction_'`

async function keepPostgres(ask: Ask): Promise<KeptSession> {
  const [row = {}] = await ask(
    `select current_setting('role') as role, (select json_object_agg(name, setting)::text from ${SETTINGS}) as settings,
      (select nspname::text from pg_namespace where nspname = current_schema()) as here`,
  )
  // Where a table is not there yet, it will be made in the first schema of the path; others are found farther on.
  const found = await ask(
    `select t.name, n.nspname::text as place from unnest(?::text[]) as t (name)
      join pg_class c on c.oid = to_regclass(t.name) join pg_namespace n on n.oid = c.relnamespace`,
    [OWN_TABLES],
  )
  const places = new Map(found.map(({ name, place }) => [String(name), String(place)]))
  const here = typeof row.here === 'string' ? row.here : null
  return {
    home: here,
    own(table) {
      const place = places.get(table) ?? here
      return place === null ? table : `${doubled(place, '"')}.${table}`
    },
    async restore() {
      // The role first: a lesser one may not set all of the others.
      await ask(`select set_config('role', ?, false) where current_setting('role') <> ?`, [row.role, row.role])
      await ask(
        `select set_config(k.key, k.value, false) from (select k.key, k.value from json_each_text(?::json) k
          join pg_settings s on s.name = k.key where s.setting is distinct from k.value offset 0) k`,
        [row.settings],
      )
    },
  }
}

/** What decides how statements are read and kept. Roster's own session has set them, so that they have these values. */
const MYSQL = [
  'sql_mode',
  'character_set_client',
  'character_set_results',
  'collation_connection',
  'autocommit',
  'foreign_key_checks',
  'unique_checks',
  'sql_safe_updates',
  'sql_select_limit',
  'time_zone',
  'lock_wait_timeout',
  'innodb_lock_wait_timeout',
] as const

async function keepMysql(ask: Ask): Promise<KeptSession> {
  const [row = {}] = await ask(
    `select database() as here, ${MYSQL.map((name) => `@@session.${name} as ${name}`).join(', ')}`,
  )
  if (row.here === null) return { home: null, own: (table) => table, restore: () => Promise.resolve() }
  const here = doubled(textIn(row.here), '`')
  const set = MYSQL.map((name) => `session ${name} = ${literal(row[name])}`).join(', ')
  return {
    home: textIn(row.here),
    own: (table) => `${here}.${table}`,
    async restore() {
      await ask(`set ${set}`)
      await ask(`use ${here}`)
    },
  }
}

/** Values of settings hold no quotes; numbers may come as text. */
function literal(value: unknown): string {
  const text = Buffer.isBuffer(value) ? value.toString('utf8') : String(value)
  return /^\d+$/.test(text) ? text : `'${text.replaceAll("'", "''")}'`
}

/** Flags that MySQL and MariaDB send with the answer to each write. */
const IN_TRANSACTION = 1
const AUTOCOMMIT = 2
const NO_BACKSLASH_ESCAPES = 512

/** `isOpen`: the statements' own words have begun a transaction. Null for answers that tell nothing. */
export function bentWords(response: unknown, isOpen: boolean): string | null {
  const status = statusOf(response)
  if (status === null) return null
  if ((status & AUTOCOMMIT) === 0) {
    return 'switched autocommit off, so that what comes after it would be kept only by a later COMMIT, and nobody could tell what was. Begin a transaction (START TRANSACTION) in the step instead.'
  }
  if ((status & NO_BACKSLASH_ESCAPES) !== 0) {
    return 'set the sql_mode NO_BACKSLASH_ESCAPES, with which values could not be written safely. Take it out of the step.'
  }
  if ((status & IN_TRANSACTION) !== 0 && !isOpen) {
    return 'left a transaction open that it had begun itself, so that it is not known what of it is kept. Let it end what it begins.'
  }
  return null
}

/** False as well for answers that tell nothing. */
export function isOutside(response: unknown): boolean {
  const status = statusOf(response)
  return status !== null && (status & IN_TRANSACTION) === 0
}

/** mysql2 answers a write with a header, and a procedure with lists of rows and a header behind them. */
function statusOf(response: unknown): number | null {
  const [first] = Array.isArray(response) ? (response as unknown[]) : []
  const header: unknown = Array.isArray(first) ? first.at(-1) : first
  const { serverStatus, affectedRows } = Object(header) as Record<string, unknown>
  return typeof serverStatus === 'number' && affectedRows !== undefined ? serverStatus : null
}
