// Plans on a SQLite file: knex's own migrations planned to their last statement, and the file the same byte for byte.
import { createHash } from 'node:crypto'
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import knexModule from 'knex'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { planTest, sqlOf, step, type PlanTest } from './plan.test-setup.ts'

const SCHEMA = [
  'create table teams (id integer primary key, name text not null)',
  'create table users (id integer primary key autoincrement, email varchar(255) not null unique, age int, team int references teams (id))',
  'create index by_age on users (age)',
  'create view named as select * from teams where name is not null',
  'create trigger t after insert on teams begin update teams set name = 1 where id = 0; end',
  'create virtual table notes using fts5(body)',
  "insert into teams values (1, 'a'), (2, 'b')",
  "insert into users (email, age, team) values ('a@x', 20, 1), ('b@x', 30, 1), ('c@x', null, 2)",
  'pragma user_version = 7',
]

let test: PlanTest
const hash = () =>
  createHash('sha256')
    .update(readFileSync(join(test.folder, 'test.db')))
    .digest('hex')
let before: string

beforeEach(async () => {
  test = await planTest()
  await test.elsewhere(...SCHEMA)
  before = hash()
})
// Whatever a test plans, the file is what it was.
afterEach(async () => {
  const after = hash()
  await test.end()
  expect(after).toBe(before)
})

describe('a plan on SQLite', () => {
  it('shows each statement with its tables, their sizes, and that all or nothing is kept', async () => {
    const { plans, outcome, message } = await test.plan({
      '001.cjs': step(
        `await knex.schema.createTable('posts', (t) => { t.increments(); t.string('title').notNullable() })
        await knex('posts').insert({ title: 'first' })
        await knex('users').where({ id: 1 }).update({ age: 3 })`,
        `await knex.schema.dropTable('posts')`,
      ),
    })
    expect({ outcome, message }).toEqual({ outcome: 'done', message: '1 step, 3 statements. Nothing was changed.' })
    expect(plans[0]).toMatchObject({
      name: '001.cjs',
      direction: 'up',
      isAtomic: true,
      problem: null,
      notRehearsed: null,
    })
    expect(plans[0]?.statements).toMatchObject([
      {
        tables: [{ name: 'posts', rows: null }],
        cannotBeUndone: false,
      },
      { sql: 'insert into `posts` (`title`) values (?)', bindings: "'first'", dependsOn: 'nothing' },
      { tables: [{ name: 'users', rows: 3, bytes: null }], destructive: null },
    ])
  })

  it("runs knex's rebuilds to their end, and calls their DROP TABLE no loss of data", async () => {
    const { plans } = await test.plan({
      '001.cjs': step(`await knex.schema.alterTable('users', (t) => { t.string('email', 100).notNullable().alter() })`),
      '002.cjs': step(`await knex.schema.alterTable('users', (t) => { t.renameColumn('age', 'years') })
        if (await knex.schema.hasColumn('users', 'years')) await knex.raw('create index years on users (years)')`),
    })
    const [first, second] = plans
    const drop = first?.statements.find(({ sql }) => sql === 'DROP TABLE "users"')
    expect(drop).toMatchObject({ destructive: null, tables: [{ name: 'users', rows: 3 }] })
    expect(first?.notes.join()).toMatch(/Rebuilds users: all of its rows are written anew/)
    expect(first?.notes.join()).not.toMatch(/old name fail/)
    expect(first?.statements.every(({ destructive }) => destructive === null)).toBe(true)
    expect(sqlOf(second).at(-1)).toBe('create index years on users (years)')
    expect(second?.statements.every(({ dependsOn }) => dependsOn === 'nothing')).toBe(true)
  })

  it('says which column a rebuild leaves out', async () => {
    const { plans } = await test.plan({
      '001.cjs': step(`await knex.schema.alterTable('users', (t) => { t.dropColumn('age') })`),
    })
    const lost = plans[0]?.statements.flatMap(({ sql, destructive }) =>
      destructive === null ? [] : [[sql, destructive]],
    )
    expect(lost).toEqual([['DROP TABLE "users"', 'Drops the column age of users with its values.']])
    expect(plans[0]?.problem).toBeNull()
  })

  it('foretells what SQLite itself refuses', async () => {
    const files = { '001.cjs': step(`await knex.schema.alterTable('teams', (t) => { t.dropColumn('name') })`) }
    const { plans } = await test.plan(files)
    const copy = join(test.folder, 'copy.db')
    copyFileSync(join(test.folder, 'test.db'), copy)
    const knex = knexModule({ client: 'better-sqlite3', connection: { filename: copy }, useNullAsDefault: true })
    const real = await knex.schema.alterTable('teams', (t) => void t.dropColumn('name')).then(() => '', String)
    await knex.destroy()
    const words = 'error in view named: no such table: main.teams'
    expect(real).toContain(words)
    expect(plans[0]?.problem).toBe(`The plan ends here: the step fails. ${words}.`)
  })

  it('says that a rebuild by hand keeps some rows only', async () => {
    const { plans } = await test.plan({
      '001.up.sql':
        'create table n (id integer, name text); insert into n select id, age from users where id > 1; drop table users; alter table n rename to users;',
    })
    expect(plans[0]?.statements[2]?.destructive).toMatch(/column email .* Keeps only those rows of users/)
  })

  it('names what is dropped, emptied or changed whole', async () => {
    const { plans } = await test.plan({
      '001.up.sql':
        'drop table users; delete from teams; update teams set name = 1; drop view named; drop trigger t; create table x (a int); drop table x;',
    })
    expect(plans[0]?.statements.map(({ destructive }) => destructive)).toEqual([
      'Drops the table users with all its rows.',
      'Deletes all rows of teams: it has no WHERE.',
      'Changes all rows of teams: it has no WHERE.',
      'Drops the view named.',
      'Drops the trigger t.',
      null,
      // It was made by the plan itself.
      null,
    ])
  })

  it('answers reads of rows from the file, and says from there on that it depends on data', async () => {
    const { plans } = await test.plan({
      '001.cjs': step(`const users = await knex('users').select('id', 'email').orderBy('id')
        for (const { id, email } of users) await knex('teams').insert({ name: id + email })
        await knex.schema.dropTable('teams')`),
    })
    expect(plans[0]?.statements.map(({ bindings, dependsOn }) => [bindings, dependsOn])).toEqual([
      ['', 'nothing'],
      ["'1a@x'", 'data'],
      ["'2b@x'", 'data'],
      ["'3c@x'", 'data'],
      ['', 'data'],
    ])
  })

  it('gives a step at most 1,000 rows of one read, and says so', async () => {
    await test
      .elsewhere('insert into teams (name) select value from generate_series(1, 3000)')
      .catch(() =>
        test.elsewhere(
          "with recursive n(i) as (select 1 union all select i + 1 from n limit 3000) insert into teams (name) select 'x' || i from n",
        ),
      )
    before = hash()
    const { plans } = await test.plan({
      '001.cjs': step(`const rows = await knex('teams'); await knex.raw('create table found_' + rows.length + ' (a)')`),
    })
    expect(sqlOf(plans[0]).at(-1)).toBe('create table found_1000 (a)')
    expect(plans[0]?.notes.join()).toMatch(/more than 1,000 rows of teams/)
  })

  it('ends where the step uses the result of what was not sent, and plans the next one all the same', async () => {
    const { plans, message } = await test.plan({
      '001.cjs': step(
        `const [id] = await knex('teams').insert({ name: 'x' }); await knex('users').insert({ email: 'x', team: id + 1 })`,
      ),
      '002.cjs': step(
        `await knex('teams').insert({ name: 'y' }); const all = await knex('teams').count(); if (all[0]) await knex('users').del()`,
      ),
      '003.cjs': step(`await knex.schema.dropTable('teams')`),
    })
    expect(plans[0]?.problem).toMatch(/^The plan ends here, because what comes next depends on data/)
    expect(plans[1]?.problem).toMatch(/depends on data: rows of teams, which earlier statements would have changed/)
    expect(plans[2]?.statements).toMatchObject([{ sql: 'drop table `teams`', dependsOn: 'steps' }])
    expect(message).toMatch(/The plan of 2 steps is not whole/)
  })

  it('says when a step throws, sends without end or does not end', async () => {
    const { plans } = await test.plan({
      '001.cjs': step(`await knex.schema.dropTable('nothing_there')`),
      '002.cjs': step(`throw new Error('No luck')`),
      '003.cjs': step(`for (;;) await knex.raw('select 1').catch(() => undefined)`),
      '004.cjs': step(`await knex.schema.createTable('last', (t) => t.increments())`),
    })
    expect(plans.map(({ problem }) => problem)).toEqual([
      'The plan ends here: the step fails. no such table: nothing_there.',
      'The plan ends here: the step fails. No luck.',
      'The plan ends here: the step sends more than 10,000 statements.',
      null,
    ])
    expect(plans[2]?.statements).toHaveLength(10_000)
    expect(sqlOf(plans[3])).toHaveLength(1)
  }, 60_000)

  it('ends a step that never ends, and plans the next one', async () => {
    const { plans } = await test.plan(
      {
        '001.cjs': step(`await knex.schema.createTable('posts', (t) => t.increments()); for (;;) {}`),
        '002.cjs': step(`await knex.schema.dropTable('posts')`),
      },
      { idleLimit: 1_000 },
    )
    expect(plans[0]?.problem).toBe('The plan ends here: the step sent nothing for 1 s and was stopped.')
    expect(sqlOf(plans[0])).toHaveLength(1)
    expect(plans[1]).toMatchObject({ problem: null, statements: [{ dependsOn: 'steps', destructive: null }] })
  })

  it('reaches no other file', async () => {
    const other = join(test.folder, 'other.db')
    const { plans } = await test.plan({
      '001.cjs': step(
        `await knex.raw("attach '${other}' as o"); await knex.raw('create table o.x (a)')`,
        '',
        'exports.config = { transaction: false }',
      ),
      '002.cjs': step(`await knex.raw("vacuum into '${other}'")`, '', 'exports.config = { transaction: false }'),
    })
    expect(plans[0]?.problem).toMatch(/attaches another file/)
    expect(plans[1]).toMatchObject({
      isAtomic: false,
      notRehearsed: 'VACUUM cannot run inside a transaction.',
      statements: [{ cannotBeUndone: true }],
    })
    expect(() => readFileSync(other)).toThrow(/ENOENT/)
  })

  it('shows the way back of a rollback, and the built-in steps', async () => {
    await test.elsewhere(
      'create table knex_migrations (id integer primary key, name text, batch int, migration_time datetime)',
      "insert into knex_migrations values (1, '001.cjs', 1, 1700000000000), (2, '002.cjs', 1, 1700000000000)",
    )
    before = hash()
    const files = {
      '001.cjs': step('', `await knex.schema.dropTable('users')`),
      '002.cjs': step('', `await knex.schema.dropTable('teams')`),
    }
    const { plans } = await test.plan(files, { action: { kind: 'rollback' } })
    expect(plans.map(({ name, direction }) => [name, direction])).toEqual([
      ['002.cjs', 'down'],
      ['001.cjs', 'down'],
    ])
    expect(plans.flatMap(sqlOf)).toEqual(['drop table `teams`', 'drop table `users`'])
  })

  it('is cancelled without a trace', async () => {
    const planning = test.plan({ '001.cjs': step('for (;;) {}') }, { signal: AbortSignal.timeout(1500) })
    expect(await planning).toMatchObject({ outcome: 'cancelled' })
  })

  it('sees what another tool may own', async () => {
    await test.elsewhere(
      'create table alembic_version (version_num varchar(32))',
      "insert into alembic_version values ('1')",
    )
    before = hash()
    const { plans } = await test.plan({
      '001.cjs': step(`await knex.schema.alterTable('users', (t) => t.string('x'))`),
      '002.cjs': step(`await knex.schema.createTable('own', (t) => t.string('x'))`, 'return'),
    })
    expect(plans[0]?.notes.join()).toMatch(/Alembic .* If it owns users/)
    expect(plans[0]?.notes.join()).toMatch(/Nothing in it says how to undo it/)
    expect(plans[1]?.notes).toEqual([])
  })
})
