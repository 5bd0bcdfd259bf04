// Makes large tables to measure on: the auth_user of Roster's own migrations, filled by the database itself.
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import knex, { type Knex } from 'knex'
import mysql from 'mysql2/promise'
import pg from 'pg'
import { AT_ONCE, COLUMNS, FIRST, LAST, mysqlRows, postgresRows, sqliteRows } from './made-up-rows.ts'

export type Engine = 'sqlite' | 'postgres' | 'mysql'
export const ENGINES: readonly Engine[] = ['sqlite', 'postgres', 'mysql']

/** MiB of a server's memory for pages, so that it is not the disk alone that is measured. */
export const SERVER_SETTINGS = {
  postgres: { shared_buffers: '512MB', max_wal_size: '4GB' },
  mysql: { 'innodb-buffer-pool-size': '768M', 'max-allowed-packet': '64M' },
} as const

/**
 * Migrates an empty database (a file, or the address of a database on a server) and adds `rows` users, 1 to 50,000,000; all
 * statistics are up to date afterwards. The same rows for the same number, on every engine.
 */
export async function fillUsers(engine: Engine, target: string, rows: number): Promise<void> {
  await migrate(engine, target)
  if (engine === 'sqlite') fillSqlite(target, rows)
  else if (engine === 'postgres') await fillPostgres(target, rows)
  else await fillMysql(target, rows)
}

/** Through knex and its ledger, as its command line does: Roster finds a migrated database. */
async function migrate(engine: Engine, target: string): Promise<void> {
  const clients = { sqlite: 'better-sqlite3', postgres: 'pg', mysql: 'mysql2' }
  const connection: Knex.Config['connection'] = engine === 'sqlite' ? { filename: target } : target
  const database = knex({ client: clients[engine], connection, useNullAsDefault: true })
  try {
    await database.migrate.latest({
      directory: join(import.meta.dirname, '../../migrations'),
      ...{ extension: 'ts', loadExtensions: ['.ts'] },
    })
  } finally {
    await database.destroy()
  }
}

/** Indexes are left out while rows come in, and made again word for word: sorting once is several times faster. */
function fillSqlite(file: string, rows: number): void {
  const database = new Sqlite(file)
  try {
    for (const setting of ['journal_mode = off', 'synchronous = off', 'cache_size = -512000', 'temp_store = file']) {
      database.pragma(setting)
    }
    const indexes = database
      .prepare(
        "select name, sql from sqlite_master where type = 'index' and tbl_name = 'auth_user' and sql is not null",
      )
      .all() as { name: string; sql: string }[]
    for (const { name } of indexes) database.exec(`drop index ${name}`)
    for (const [table, names] of [
      ['first_name', FIRST],
      ['last_name', LAST],
    ] as const) {
      database.exec(`create temp table ${table} (n integer primary key, name text)`)
      const insert = database.prepare(`insert into ${table} values (?, ?)`)
      names.forEach((name, n) => insert.run(n, name))
    }
    const insert = database.prepare(`insert into auth_user (${COLUMNS}) ${sqliteRows}`)
    database.exec('begin')
    for (let from = 1; from <= rows; from += AT_ONCE) {
      // The driver would hand over numbers as floats.
      insert.run({ from: BigInt(from), to: BigInt(Math.min(rows, from + AT_ONCE - 1)) })
    }
    database.exec('commit')
    for (const { sql } of indexes) database.exec(sql)
    database.exec('analyze')
    database.pragma('journal_mode = wal')
  } finally {
    database.close()
  }
}

async function fillPostgres(url: string, rows: number): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    await client.query("set synchronous_commit = off; set maintenance_work_mem = '512MB'")
    const constraints = await client.query<{ name: string; definition: string }>(
      `select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
       where conrelid = 'auth_user'::regclass and contype = 'u'`,
    )
    for (const { name } of constraints.rows) await client.query(`alter table auth_user drop constraint ${name}`)
    const indexes = await client.query<{ name: string; definition: string }>(
      `select i.indexname as name, i.indexdef as definition from pg_indexes i
       where i.tablename = 'auth_user' and i.indexname not like '%_pkey'`,
    )
    for (const { name } of indexes.rows) await client.query(`drop index ${name}`)
    for (let from = 1; from <= rows; from += AT_ONCE) {
      const to = Math.min(rows, from + AT_ONCE - 1)
      await client.query(`insert into auth_user (${COLUMNS}) ${postgresRows(from, to)}`)
    }
    for (const { name, definition } of constraints.rows) {
      await client.query(`alter table auth_user add constraint ${name} ${definition}`)
    }
    for (const { definition } of indexes.rows) await client.query(definition)
    await client.query(`select setval(pg_get_serial_sequence('auth_user', 'id'), ${rows})`)
    await client.query('vacuum (analyze, freeze) auth_user')
  } finally {
    await client.end()
  }
}

async function fillMysql(url: string, rows: number): Promise<void> {
  const connection = await mysql.createConnection(url)
  try {
    await connection.query('set unique_checks = 0, foreign_key_checks = 0')
    const [indexes] = await connection.query<mysql.RowDataPacket[]>(
      `select index_name as name, non_unique as many, group_concat(column_name order by seq_in_index) as columns
       from information_schema.statistics where table_schema = database() and table_name = 'auth_user'
       and index_name <> 'PRIMARY' group by index_name, non_unique`,
    )
    const change = (one: (index: mysql.RowDataPacket) => string) =>
      connection.query(`alter table auth_user ${indexes.map(one).join(', ')}`)
    await change(({ name }) => `drop index ${String(name)}`)
    for (let from = 1; from <= rows; from += AT_ONCE) {
      const to = Math.min(rows, from + AT_ONCE - 1)
      await connection.query(`insert into auth_user (${COLUMNS}) ${mysqlRows(from, to)}`)
    }
    await change(
      ({ name, many, columns }) =>
        `add ${Number(many) === 0 ? 'unique' : 'index'} ${String(name)} (${String(columns)})`,
    )
    await connection.query('analyze table auth_user')
  } finally {
    await connection.end()
  }
}
