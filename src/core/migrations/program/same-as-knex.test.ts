// The same migrations, run by knex's own migrator and by Roster's process: the same schema, and the same answers.
import knexModule, { type Knex } from 'knex'
import { describe, expect, test } from 'vitest'
import { describeWithMariadb, describeWithPostgres } from '../../../../scripts/servers/missing.ts'
import type { TestServer } from '../../../../scripts/servers/server.ts'
import type { Dialect } from '../../../shared/profiles.ts'
import { BROAD } from './broad.test-setup.ts'
import { driverSink, makeFolder, makeHost, never, serverConfig, sqliteConfig, stepFile } from './program.test-setup.ts'
import { openPrograms } from './programs.ts'

const quiet = { warn: () => undefined, error: () => undefined, debug: () => undefined, deprecate: () => undefined }

async function byKnex(config: Knex.Config, directory: string, direction: 'up' | 'down'): Promise<void> {
  const knex = knexModule({ ...config, log: quiet })
  try {
    const loadExtensions = ['.js', '.cjs', '.mjs', '.ts']
    // Inside of knex's own transaction MySQL's engines commit at the first change of the schema, and a rollback that the step
    // asks for does nothing, without a word. Statement by statement, knex and Roster mean the same.
    const options = { directory, loadExtensions, disableTransactions: config.client === 'mysql2' }
    await (direction === 'up' ? knex.migrate.latest(options) : knex.migrate.rollback(options))
  } finally {
    await knex.destroy()
  }
}

async function byRoster(
  dialect: Dialect,
  config: Knex.Config,
  path: string,
  direction: 'up' | 'down',
  version: string,
) {
  const files = Object.entries(BROAD).map(([name, text]) => stepFile(name, text))
  const programs = openPrograms({ host: makeHost(), dialect, path, files, version: () => Promise.resolve(version) })
  const sink = await driverSink(config)
  const plain = (sql: string) => sink.send({ sql, bindings: [] })
  const isInTransaction = dialect !== 'mysql'
  for (const file of direction === 'up' ? files : [...files].reverse()) {
    const program = await programs.load(file, never)
    if (isInTransaction) await plain('BEGIN')
    await program.run(direction, sink, { isInTransaction, signal: never })
    if (isInTransaction) await plain('COMMIT')
  }
  await programs.close()
}

/** Everything that the database tells of its tables, and all that the migrations noted. */
async function readAll(dialect: Dialect, config: Knex.Config): Promise<Record<string, unknown>> {
  const knex = knexModule({ ...config, log: quiet })
  try {
    const schema = await rowsOf(knex, SCHEMA[dialect])
    const has = async (table: string) => knex.schema.hasTable(table)
    return {
      schema,
      notes: (await has('notes')) ? await knex('notes').orderBy('id').select('what', 'told') : [],
      every: (await has('every')) ? await knex('every').orderBy('id') : [],
      owner: (await has('owner')) ? await knex('owner').orderBy('id').select('id', 'extra') : [],
    }
  } finally {
    await knex.destroy()
  }
}

async function rowsOf(knex: Knex, sql: string): Promise<unknown> {
  const answer = (await knex.raw(sql)) as unknown
  if (Array.isArray(answer)) return Array.isArray(answer[0]) ? (answer[0] as unknown) : answer
  return (answer as { rows: unknown }).rows
}

const LEDGER = `('knex_migrations', 'knex_migrations_lock')`
const SCHEMA: Record<Dialect, string> = {
  sqlite: `select name, sql from sqlite_master where tbl_name not in ${LEDGER} and name not like 'sqlite_%' order by name`,
  postgres: `select t, string_agg(line, '; ' order by line) as lines from (
      select table_name::text as t, concat(column_name, ' ', data_type, ' ', character_maximum_length, ' ', is_nullable, ' ', column_default) as line
        from information_schema.columns where table_schema = 'public'
      union all select tablename, indexdef from pg_indexes where schemaname = 'public'
      union all select conrelid::regclass::text, conname || ' ' || pg_get_constraintdef(oid) from pg_constraint where connamespace = 'public'::regnamespace
    ) x where t not like 'knex_migrations%' group by t order by t`,
  mysql: `select * from (
      select table_name as t, concat_ws(' ', column_name, column_type, is_nullable, column_default, extra, column_comment) as line
        from information_schema.columns where table_schema = database()
      union all select table_name, concat_ws(' ', index_name, seq_in_index, column_name, non_unique) from information_schema.statistics where table_schema = database()
      union all select table_name, concat_ws(' ', constraint_name, referenced_table_name, delete_rule, update_rule) from information_schema.referential_constraints where constraint_schema = database()
    ) x where t not like 'knex_migrations%' order by t, line`,
}

async function compare(dialect: Dialect, configs: { knex: Knex.Config; roster: Knex.Config }, version: string) {
  const folder = makeFolder(BROAD)
  await byKnex(configs.knex, folder, 'up')
  await byRoster(dialect, configs.roster, folder, 'up', version)
  const [expected, got] = [await readAll(dialect, configs.knex), await readAll(dialect, configs.roster)]
  expect(expected.notes).toHaveLength(22)
  expect(got).toEqual(expected)

  await byKnex(configs.knex, folder, 'down')
  await byRoster(dialect, configs.roster, folder, 'down', version)
  const after = await readAll(dialect, configs.roster)
  expect(after).toEqual(await readAll(dialect, configs.knex))
  expect(after).toMatchObject({ notes: [], every: [] })
}

describe('SQLite', () => {
  test('up and down', async () => {
    const folder = makeFolder()
    await compare(
      'sqlite',
      { knex: sqliteConfig(`${folder}/a.db`), roster: sqliteConfig(`${folder}/b.db`) },
      'SQLite 3.54.1',
    )
  })
})

function onServer(dialect: Dialect, server: () => TestServer, product: string) {
  const names = ['same_knex', 'same_roster']
  test('up and down', async () => {
    for (const name of names) await server().admin(`create database ${name}`)
    const [knex, roster] = names.map((name) => serverConfig(dialect, server(), name)) as [Knex.Config, Knex.Config]
    await compare(dialect, { knex, roster }, `${product} ${server().version}`)
  })
}

describeWithPostgres('PostgreSQL', (server) => onServer('postgres', server, 'PostgreSQL'), { own: true })
describeWithMariadb('MariaDB', (server) => onServer('mysql', server, 'MariaDB'), { own: true })
