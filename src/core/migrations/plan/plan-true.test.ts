// A plan is held against what the same steps really send afterwards, statement by statement, up and down, on three engines.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeWithMariadb, describeWithPostgres } from '../../../../scripts/servers/missing.ts'
import type { TestServer } from '../../../../scripts/servers/server.ts'
import { never } from '../project.test-setup.ts'
import { openSchemaSession } from '../run/schema-session.ts'
import { planTest, sqlOf, step, type PlanTest } from './plan.test-setup.ts'

const FILES = {
  '001-tables.cjs': step(
    `await knex.schema.createTable('teams', (t) => { t.increments(); t.string('name', 40).notNullable().unique() })
     await knex.schema.createTable('people', (t) => {
       t.increments(); t.string('email').notNullable(); t.integer('age').index(); t.boolean('active').defaultTo(true)
       t.integer('team').unsigned().references('id').inTable('teams').onDelete('CASCADE'); t.timestamps(true, true)
     })`,
    `await knex.schema.dropTable('people'); await knex.schema.dropTable('teams')`,
  ),
  '002-columns.cjs': step(
    `if (!(await knex.schema.hasColumn('people', 'phone'))) await knex.schema.alterTable('people', (t) => { t.string('phone', 20); t.index(['phone', 'age'], 'by_phone') })
     if (await knex.schema.hasTable('teams')) await knex.schema.alterTable('teams', (t) => t.text('note'))`,
    `await knex.schema.alterTable('people', (t) => t.dropIndex(['phone', 'age'], 'by_phone'))
     await knex.schema.alterTable('people', (t) => t.dropColumn('phone'))
     await knex.schema.alterTable('teams', (t) => t.dropColumn('note'))`,
  ),
  '003-rows.cjs': step(
    `await knex('teams').insert([{ name: 'one' }, { name: 'two' }]); await knex('people').where('age', '>', 3).update({ active: false })
     await knex.transaction(async (trx) => { await trx('teams').where({ name: 'two' }).del() })`,
    `await knex('teams').del()`,
  ),
  '004-changed.cjs': step(
    `await knex.schema.alterTable('people', (t) => { t.string('email', 300).notNullable().alter(); t.setNullable('email') })`,
    `await knex.schema.alterTable('people', (t) => t.dropNullable('email'))`,
  ),
  '005-renamed.up.sql': 'alter table teams rename to crews;\ncreate index by_note on crews (name); -- the end',
  '005-renamed.down.sql': 'drop index by_note;\nalter table crews rename to teams;',
}

function tests(name: 'postgres' | 'mysql' | 'sqlite', server: () => TestServer | null) {
  let test: PlanTest
  beforeEach(async () => {
    test = await planTest(server())
  })
  afterEach(() => test.end())

  /** Really runs the folder that was planned last. */
  async function send(direction: 'up' | 'down'): Promise<[string, string[]][]> {
    const project = await test.project()
    const programs = project.openPrograms()
    const files = direction === 'up' ? project.files : project.files.toReversed()
    const loaded = []
    for (const file of files) loaded.push({ name: file.name, program: await programs.load(file, never) })
    const session = await openSchemaSession(project.database, never)
    const told: [string, string[]][] = []
    try {
      for (const { name: step, program } of loaded) {
        const sent: string[] = []
        const sink = { send: (one: Parameters<typeof session.send>[0]) => (sent.push(one.sql), session.send(one)) }
        const isInTransaction = name !== 'mysql' && program.wantsTransaction
        if (isInTransaction) await session.begin()
        await program.run(direction, sink, { isInTransaction, signal: never })
        if (isInTransaction) await session.ask('COMMIT')
        told.push([step, sent])
      }
    } finally {
      await session.close()
      await programs.close()
    }
    return told
  }

  it('is what is sent', async () => {
    const files: Record<string, string> = { ...FILES }
    if (name === 'mysql') {
      // knex asks MariaDB for the column, which is not there before the first step has really made it.
      files['004-changed.cjs'] = step(
        `await knex.schema.alterTable('people', (t) => t.string('email', 300).alter())`,
        'return',
      )
      files['005-renamed.down.sql'] = 'drop index by_note on crews;\nalter table crews rename to teams;'
    }
    const up = await test.plan(files)
    expect(up.plans.map(({ problem }) => problem)).toEqual(
      Object.keys(files)
        .filter((file) => !file.includes('.down.'))
        .map(() => null),
    )
    expect(await send('up')).toEqual(up.plans.map((plan) => [plan.name, sqlOf(plan)]))
    await test.elsewhere(
      `create table knex_migrations (id integer primary key, name varchar(255), batch int, migration_time ${name === 'sqlite' ? 'datetime' : 'timestamp'})`,
      ...up.plans.map(
        (plan, index) => `insert into knex_migrations values (${index + 1}, '${plan.name}', 1, current_timestamp)`,
      ),
    )
    const down = await test.plan(files, { action: { kind: 'rollback' } })
    expect(down.plans.map(({ problem }) => problem)).toEqual(up.plans.map(() => null))
    expect(await send('down')).toEqual(down.plans.map((plan) => [plan.name, sqlOf(plan)]))
  }, 60_000)
}

describe('a plan on SQLite', () => tests('sqlite', () => null))
describeWithPostgres('a plan on PostgreSQL', (server) => tests('postgres', server))
describeWithMariadb('a plan on MariaDB', (server) => tests('mysql', server))
