// The journal in two tables of the database: its rows are written on the session of the run, and so in its transactions.
import type { Cell } from '../../../shared/cell.ts'
import type { Dialect } from '../../../shared/profiles.ts'
import type { Database, SchemaLook } from '../../db/database.ts'
import { Refusal } from '../../refusal.ts'
import type { Journal, JournalEntry, JournalStatement } from './journal.ts'
import { tableExists } from './ledger-rows.ts'
import type { SchemaSession } from './schema-session.ts'

export const ENTRIES_TABLE = 'roster_migrations'
export const STATEMENTS_TABLE = 'roster_migration_statements'

/** Columns of `roster_migrations` beside its running number, in the order of `valuesOf`. */
const ENTRY = [
  'id',
  'run',
  'step',
  'direction',
  'outcome',
  'batch',
  'checksum',
  'source',
  'is_atomic',
  'statements_done',
  'person',
  'database_user',
  'session',
  'started_at',
  'ms',
  'error',
] as const
const STATEMENT = ['entry', 'number', 'sql_text', 'fingerprint', 'state', 'is_read'] as const

/** Texts are compared byte by byte, on every engine. `number` tells the order: clocks of two machines do not. */
function definitions(dialect: Dialect): string[] {
  const mysql = dialect === 'mysql'
  const number = {
    postgres: 'number bigserial primary key',
    mysql: 'number bigint unsigned not null auto_increment primary key',
    sqlite: 'number integer primary key autoincrement',
  }[dialect]
  const long = mysql ? 'longtext' : 'text'
  const end = mysql ? ' engine = InnoDB default charset = utf8mb4 collate = utf8mb4_bin' : ''
  return [
    `create table if not exists ${ENTRIES_TABLE} (${number}, id varchar(36) not null unique, run varchar(36) not null,
      step varchar(255) not null, direction varchar(4) not null, outcome varchar(20) not null, batch integer,
      checksum varchar(64) not null, source ${long}, is_atomic integer not null, statements_done integer not null,
      person varchar(255) not null, database_user varchar(255) not null, session varchar(255) not null,
      started_at varchar(30) not null, ms integer, error ${long})${end}`,
    `create table if not exists ${STATEMENTS_TABLE} (entry varchar(36) not null, number integer not null,
      sql_text ${long} not null, fingerprint varchar(64) not null, state varchar(10) not null, is_read integer not null,
      primary key (entry, number))${end}`,
  ]
}

export function tableJournal({ database }: { database: Database }): Journal {
  const { dialect } = database

  async function read(look: SchemaLook, condition: string): Promise<JournalEntry[]> {
    if (!(await isOurs(dialect, look, ENTRIES_TABLE, ENTRY))) return []
    const sql = `select ${ENTRY.join(', ')} from ${ENTRIES_TABLE} ${condition} order by number`
    return (await look.read({ sql, values: [] })).rows.map(entryOf)
  }

  return {
    where: 'table',
    entries: (look) => read(look, ''),
    running: (look) => read(look, `where outcome = 'running'`),
    async statements(look, entry) {
      if (!(await isOurs(dialect, look, STATEMENTS_TABLE, STATEMENT))) return []
      const place = dialect === 'postgres' ? '$1' : '?'
      const columns = STATEMENT.slice(1)
      const { rows } = await look.read({
        sql: `select ${columns.join(', ')} from ${STATEMENTS_TABLE} where entry = ${place} order by number`,
        values: [entry],
      })
      return rows.map(statementOf)
    },
    async prepare(session) {
      const [entries = '', statements = ''] = definitions(dialect)
      // Found by the search path, or by a user that may make no tables: it is the journal, and a second one would hide it.
      if (!(await tableExists(session, ENTRIES_TABLE))) await session.ask(entries)
      if (!(await tableExists(session, STATEMENTS_TABLE))) await session.ask(statements)
      await refuseForeign(session, ENTRIES_TABLE, ENTRY)
      await refuseForeign(session, STATEMENTS_TABLE, STATEMENT)
    },
    save: (session, entry) => upsert(session, ENTRIES_TABLE, ENTRY, ['id'], valuesOf(entry)),
    saveStatement: (session, entry, { number, sql, fingerprint, state, isRead }) =>
      upsert(
        session,
        STATEMENTS_TABLE,
        STATEMENT,
        ['entry', 'number'],
        [entry, number, sql, fingerprint, state, isRead ? 1 : 0],
      ),
  }
}

/** A table of that name which another program has made, or none, is no journal; a run says so in words. */
async function isOurs(dialect: Dialect, look: SchemaLook, table: string, columns: readonly string[]): Promise<boolean> {
  const tables = await look.tables()
  if (!tables.some(({ name }) => name.toLowerCase() === table)) return false
  const found = await columnsOf(dialect, look, table)
  return columns.every((column) => found.some((one) => one.toLowerCase() === column))
}

async function columnsOf(dialect: Dialect, look: SchemaLook, table: string): Promise<string[]> {
  // knex's own decoding of SQLite tells no columns where there are no rows.
  const sql =
    dialect === 'sqlite' ? `select name from pragma_table_info('${table}')` : `select * from ${table} where 1 = 0`
  const { columns, rows } = await look.read({ sql, values: [] })
  return dialect === 'sqlite' ? rows.map(([name]) => textOf(name) ?? '') : columns
}

async function refuseForeign(session: SchemaSession, table: string, columns: readonly string[]): Promise<void> {
  const found = await session.ask(COLUMNS_OF[session.dialect], [table])
  const names = new Set(found.map(({ name }) => String(name).toLowerCase()))
  const lacking = columns.filter((column) => !names.has(column))
  if (lacking.length === 0) return
  const words = `The table ${table} is there and was not made by Roster as it is now: it has no column ${lacking.join(', ')}. Nothing was run. Rename that table, or let the profile keep its journal in a file.`
  throw new Refusal('STEP_REFUSED', words, { name: '' })
}

const COLUMNS_OF: Record<Dialect, string> = {
  postgres: `select attname as name from pg_attribute where attrelid = to_regclass(?::text) and attnum > 0 and not attisdropped`,
  mysql: `select column_name as name from information_schema.columns where table_schema = database() and table_name = ?`,
  sqlite: `select name from pragma_table_info(?)`,
}

async function upsert(
  session: SchemaSession,
  table: typeof ENTRIES_TABLE | typeof STATEMENTS_TABLE,
  columns: readonly string[],
  key: readonly string[],
  values: readonly unknown[],
): Promise<void> {
  const others = columns.filter((column) => !key.includes(column))
  const isMysql = session.dialect === 'mysql'
  const set = others.map((name) => `${name} = ${isMysql ? `values(${name})` : `excluded.${name}`}`).join(', ')
  const conflict = isMysql ? 'on duplicate key update' : `on conflict (${key.join(', ')}) do update set`
  await session.change(
    `insert into ${session.own(table)} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')}) ${conflict} ${set}`,
    values,
  )
}

function valuesOf(entry: JournalEntry): unknown[] {
  return [
    entry.id,
    entry.run,
    entry.step,
    entry.direction,
    entry.outcome,
    entry.batch,
    entry.checksum,
    entry.source,
    entry.isAtomic ? 1 : 0,
    entry.statementsDone,
    entry.person,
    entry.databaseUser,
    entry.session,
    entry.startedAt,
    entry.ms,
    entry.error,
  ]
}

function entryOf(row: readonly Cell[]): JournalEntry {
  const cell = (name: (typeof ENTRY)[number]) => row[ENTRY.indexOf(name)]
  const text = (name: (typeof ENTRY)[number]) => textOf(cell(name)) ?? ''
  const whole = (name: (typeof ENTRY)[number]) => (cell(name) === null ? null : Number(cell(name)))
  return {
    id: text('id'),
    run: text('run'),
    step: text('step'),
    direction: text('direction') === 'down' ? 'down' : 'up',
    outcome: text('outcome') as JournalEntry['outcome'],
    batch: whole('batch'),
    checksum: text('checksum'),
    source: textOf(cell('source')),
    isAtomic: whole('is_atomic') === 1,
    statementsDone: whole('statements_done') ?? 0,
    person: text('person'),
    databaseUser: text('database_user'),
    session: text('session'),
    startedAt: text('started_at'),
    ms: whole('ms'),
    error: textOf(cell('error')),
  }
}

function statementOf([number, sql, fingerprint, state, isRead]: readonly Cell[]): JournalStatement {
  return {
    number: Number(number),
    sql: textOf(sql) ?? '',
    fingerprint: textOf(fingerprint) ?? '',
    state: textOf(state) as JournalStatement['state'],
    isRead: Number(isRead) === 1,
  }
}

function textOf(cell: Cell | undefined): string | null {
  if (cell === null || cell === undefined) return null
  return cell instanceof Uint8Array ? Buffer.from(cell).toString('utf8') : String(cell)
}
