// The ledger as knex has it on servers: the same tables, and each reads and goes on with what the other has written.
import knexModule, { type Knex } from 'knex'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { describeWithMariadb, describeWithPostgres } from '../../../../scripts/servers/missing.ts'
import type { TestServer } from '../../../../scripts/servers/server.ts'
import { builtinSteps } from '../builtin.ts'
import { testProject, type TestProject } from '../project.test-setup.ts'
import { readState } from '../state.ts'
import { empty, never, run } from './run.test-setup.ts'

const names = builtinSteps.map(({ name }) => name)
type Step = (typeof builtinSteps)[number]

function onServer(server: () => TestServer, types: string[]) {
  let made: TestProject
  let knex: Knex
  const migrationSource = {
    getMigrations: () => Promise.resolve([...builtinSteps]),
    getMigrationName: (one: unknown) => (one as Step).name,
    getMigration: (one: unknown) => Promise.resolve(one as Step),
  }
  beforeEach(async () => {
    made = await testProject(server())
    const { host, port, user, password, database } = server()
    const client = server().kind === 'postgres' ? 'pg' : 'mysql2'
    knex = knexModule({ client, connection: { host, port, user, password, database } })
  })
  afterEach(async () => {
    await knex.destroy()
    await made.end()
  })
  const shape = () =>
    server().admin(
      `select table_name, column_name, data_type, column_default, is_nullable from information_schema.columns
       where table_name like 'knex%' and table_schema = ${server().kind === 'postgres' ? "'public'" : 'database()'} order by table_name, ordinal_position`,
      server().database,
    )
  const states = async () =>
    (await readState(await made.project(), never)).steps.map(({ state, batch }) => [state, batch])

  it('has the tables that knex makes', async () => {
    await run(await made.project(), 'next')
    const ours = await shape()
    await empty(server())
    await knex.migrate.latest({ migrationSource })
    expect(ours).toEqual(await shape())
    expect(ours).toHaveLength(6)
  })

  it('takes turns with knex, batch by batch', async () => {
    await run(await made.project(), 'next')
    const [done] = (await knex.migrate.list({ migrationSource })) as [{ name: string }[], Step[]]
    expect(done.map(({ name }) => name)).toEqual(names.slice(0, 1))
    await knex.migrate.latest({ migrationSource })
    expect(await states()).toEqual([
      ['applied', 1],
      ['applied', 2],
      ['applied', 2],
    ])
    expect(await run(await made.project(), 'rollback')).toMatchObject({ message: 'The last batch is undone: 2 steps.' })
    await knex.migrate.up({ migrationSource })
    expect(await run(await made.project(), 'all')).toMatchObject({ message: '1 step applied as batch 3.' })
    await knex.migrate.rollback({ migrationSource })
    expect(await states()).toEqual([
      ['applied', 1],
      ['applied', 2],
      ['pending', null],
    ])
    // In UTC, and written just now.
    const times = (await readState(await made.project(), never)).steps.flatMap(({ appliedAt }) => appliedAt ?? [])
    for (const time of times) expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(120_000)
    expect(times).toHaveLength(2)
  })

  it('makes auth_user as the standard has it', async () => {
    await run(await made.project(), 'all')
    const table = await made.database.describe('auth_user', never)
    expect(table?.columns.map(({ name, kind }) => [name, kind])).toEqual([
      ['id', 'integer'],
      ['email', 'text'],
      ['password', 'text'],
      ['active', 'boolean'],
      ['fs_uniquifier', 'text'],
      ['confirmed_at', 'datetime'],
    ])
    expect(table?.columns.map(({ type }) => type)).toEqual(types)
    expect(table?.key).toEqual(['id'])
    expect(table?.unique).toEqual(expect.arrayContaining([['email'], ['fs_uniquifier']]))
    expect(table?.columns.map(({ isIndexed }) => isIndexed)).toEqual([true, true, false, true, true, true])
  })
}

describeWithPostgres('the ledger of knex on PostgreSQL', (server) =>
  onServer(server, [
    'integer',
    'character varying(255)',
    'character varying(255)',
    'boolean',
    'character varying(64)',
    'timestamp(6) without time zone',
  ]),
)
describeWithMariadb('the ledger of knex on MariaDB', (server) =>
  onServer(server, ['int(10) unsigned', 'varchar(255)', 'varchar(255)', 'tinyint(1)', 'varchar(64)', 'datetime(6)']),
)
