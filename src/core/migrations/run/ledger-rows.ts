// Writes knex's two tables as knex 3.3 does, on the session of the run, so that the knex command line keeps working on them.
import type { Dialect } from '../../../shared/profiles.ts'
import type { SchemaSession } from './schema-session.ts'
import { together } from './together.ts'

/** The statements that knex 3.3.0 sends itself (`ledger-rows.test.ts` compares). */
const TABLES: Record<Dialect, { ledger: string; lock: string }> = {
  postgres: {
    ledger: `create table "knex_migrations" ("id" serial primary key, "name" varchar(255), "batch" integer, "migration_time" timestamptz)`,
    lock: `create table "knex_migrations_lock" ("index" serial primary key, "is_locked" integer)`,
  },
  mysql: {
    ledger:
      'create table `knex_migrations` (`id` int unsigned not null auto_increment primary key, `name` varchar(255), `batch` int, `migration_time` timestamp)',
    lock: 'create table `knex_migrations_lock` (`index` int unsigned not null auto_increment primary key, `is_locked` int)',
  },
  sqlite: {
    ledger:
      'create table `knex_migrations` (`id` integer not null primary key autoincrement, `name` varchar(255), `batch` integer, `migration_time` datetime)',
    lock: 'create table `knex_migrations_lock` (`index` integer not null primary key autoincrement, `is_locked` integer)',
  },
}

const FIND: Record<Dialect, string> = {
  postgres: 'select 1 as found where to_regclass(?::text) is not null',
  mysql: 'select 1 as found from information_schema.tables where table_schema = database() and table_name = ?',
  sqlite: "select 1 as found from sqlite_master where type in ('table', 'view') and name = ? collate nocase",
}

export async function tableExists(session: SchemaSession, table: string): Promise<boolean> {
  return (await session.ask(FIND[session.dialect], [table])).length > 0
}

/** With the run's lock held; where another program makes them at the same time, its tables are taken. */
export async function prepareLedger(session: SchemaSession): Promise<void> {
  const { ledger, lock } = TABLES[session.dialect]
  await make(session, 'knex_migrations', () => session.ask(ledger))
  // Table and row appear at once where the engine can, so that knex never finds an empty one and adds a row as well: with two
  // it would run nothing any more.
  const withRow = async () => {
    await session.ask(lock)
    await addRow(session)
  }
  await make(session, 'knex_migrations_lock', () =>
    session.dialect === 'mysql' ? withRow() : together(session, withRow),
  )
  await addRow(session)
}

/** One statement: the look and the row. */
async function addRow(session: SchemaSession): Promise<void> {
  await session.change(
    `insert into ${session.own('knex_migrations_lock')} (is_locked) select 0 from (select 1 as one) as one_row where not exists (select 1 from ${session.own('knex_migrations_lock')})`,
  )
}

async function make(session: SchemaSession, table: string, create: () => Promise<unknown>): Promise<void> {
  if (await tableExists(session, table)) return
  try {
    await create()
  } catch (error) {
    if (!(await tableExists(session, table))) throw error
  }
}

export interface LedgerName {
  id: number
  name: string
  batch: number
}

/** In the order in which they were run. */
export async function ledgerNames(session: SchemaSession): Promise<LedgerName[]> {
  const rows = await session.ask(`select id, name, batch from ${session.own('knex_migrations')} order by id`)
  return rows.map(({ id, name, batch }) => ({ id: Number(id), name: String(name), batch: Number(batch ?? 0) }))
}

export async function nextBatch(session: SchemaSession): Promise<number> {
  const [row] = await session.ask(`select max(batch) as batch from ${session.own('knex_migrations')}`)
  return Number(row?.batch ?? 0) + 1
}

/** Rejects when the row is not there afterwards, or is there twice. */
export async function addToLedger(session: SchemaSession, name: string, batch: number): Promise<void> {
  await session.change(`insert into ${session.own('knex_migrations')} (batch, migration_time, name) values (?, ?, ?)`, [
    batch,
    timeFor(session.dialect),
    name,
  ])
  await readBack(session, name, true)
}

/** As knex writes it: the driver's own form of a date; on SQLite milliseconds since 1970. */
function timeFor(dialect: Dialect): Date | number {
  return dialect === 'sqlite' ? Date.now() : new Date()
}

/** Rejects when it is still there afterwards. That it was not there before is no error. */
export async function removeFromLedger(session: SchemaSession, name: string): Promise<void> {
  await session.change(`delete from ${session.own('knex_migrations')} where name = ?`, [name])
  await readBack(session, name, false)
}

/** What the ledger says is looked at, not taken for granted: a trigger or a rule may have had other ideas. */
export async function readBack(session: SchemaSession, name: string, isApplied: boolean): Promise<void> {
  const [row] = await session.ask(`select count(*) as found from ${session.own('knex_migrations')} where name = ?`, [
    name,
  ])
  const found = Number(row?.found)
  if (found === (isApplied ? 1 : 0)) return
  const rows = found === 1 ? 'one row' : `${found} rows`
  throw new Error(
    `The database reported success, but its ledger has ${rows} for ${name} where ${isApplied ? 'one' : 'none'} should be. Look at knex_migrations before running anything.`,
  )
}
