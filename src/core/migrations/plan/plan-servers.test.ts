// Plans on real servers: read-only to the last question, and catalogues and rows the same after them.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { describeWithMariadb, describeWithPostgres } from '../../../../scripts/servers/missing.ts'
import type { TestServer } from '../../../../scripts/servers/server.ts'
import { databaseOn } from '../rehearse/rehearse.test-setup.ts'
import { planTest, sqlOf, step, type PlanTest } from './plan.test-setup.ts'

const TABLES = [
  'create table teams (id int primary key, name varchar(50) not null)',
  "create table users (id int primary key, email varchar(255) not null default 'x', age int, born timestamp null, team int references teams (id))",
  'create index by_age on users (age)',
  "insert into teams values (1, 'a'), (2, 'b')",
  "insert into users (id, email, age, team) values (1, 'a@x', 20, 1), (2, 'b@x', 30, 2)",
]

const CATALOG = {
  postgres: `select (select string_agg(c::text, ';' order by c.oid) from pg_class c join pg_namespace n on n.oid = relnamespace where nspname = 'public')
    || (select string_agg(a::text, ';' order by a.attrelid, a.attnum) from pg_attribute a join pg_class c on c.oid = a.attrelid where c.relnamespace = 'public'::regnamespace)
    || (select string_agg(users::text, ';' order by id) from users) || (select string_agg(teams::text, ';' order by id) from teams)
    || (select string_agg(s::text, ';') from pg_sequences s)`,
  mysql: `select group_concat(concat_ws('|', TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, COLUMN_DEFAULT, EXTRA) order by 1) from information_schema.COLUMNS where TABLE_SCHEMA = database()
    union all select group_concat(concat_ws('|', TABLE_NAME, INDEX_NAME, COLUMN_NAME) order by 1) from information_schema.STATISTICS where TABLE_SCHEMA = database()
    union all select group_concat(concat_ws('|', id, email, age) order by 1) from users union all select group_concat(id, name order by 1) from teams`,
} as const

function shared(server: () => TestServer, kind: 'postgres' | 'mysql', tests: (test: () => PlanTest) => void) {
  let test: PlanTest
  let before: unknown
  const look = () => server().admin(CATALOG[kind], server().database)
  beforeEach(async () => {
    test = await planTest(server())
    await test.elsewhere(...TABLES)
    before = await look()
  })
  // Whatever a test plans, the database is what it was.
  afterEach(async () => {
    const after = await look()
    await test.end()
    expect(after).toEqual(before)
  })
  tests(() => test)
}

function common(server: () => TestServer, test: () => PlanTest, kind: 'postgres' | 'mysql') {
  it('lays what it has recorded over hasTable and hasColumn', async () => {
    const { plans } = await test().plan({
      '001.cjs': step(`await knex.schema.createTable('posts', (t) => { t.increments(); t.string('title') })
        await knex.schema.alterTable('users', (t) => { t.dropColumn('age'); t.string('phone') })
        await knex.schema.renameTable('teams', 'crews')`),
      '002.cjs': step(`const seen = []
        for (const t of ['posts', 'users', 'teams', 'crews', 'nothing']) seen.push(await knex.schema.hasTable(t))
        for (const [t, c] of [['posts', 'title'], ['posts', 'x'], ['users', 'age'], ['users', 'phone'], ['users', 'email'], ['crews', 'name']])
          seen.push(await knex.schema.hasColumn(t, c))
        await knex.raw('create table t_' + seen.map(Number).join('') + ' (a int)')`),
    })
    expect(plans.map(({ problem }) => problem)).toEqual([null, null])
    expect(sqlOf(plans[1]).at(-1)).toBe('create table t_11010100111 (a int)')
    expect(plans[1]?.statements.every(({ dependsOn }) => dependsOn === 'nothing')).toBe(true)
  })

  it('says of other questions about what it has changed that they depend on earlier steps', async () => {
    const info = (table: string) => `await knex('${table}').columnInfo()`
    const { plans } = await test().plan({
      '001.cjs': step(`await knex.schema.alterTable('users', (t) => t.string('phone'))`),
      '002.cjs': step(`${info('teams')}; ${info('users')}; await knex.schema.dropTable('teams')`),
    })
    expect(plans[1]?.statements.map(({ dependsOn }) => dependsOn)).toEqual(['nothing', 'steps', 'steps'])
  })

  it('answers reads of rows, also with locks, and says that what follows depends on data', async () => {
    const { plans } = await test().plan({
      '001.cjs':
        step(`const [{ id, email }] = await knex('users').where('id', '>', 1).orderBy('id').limit(1).forUpdate()
        await knex('teams').where({ id }).update({ name: email })
        const again = await knex('teams').select()
        await knex('users').insert(again)`),
    })
    expect(plans[0]?.statements[1]).toMatchObject({ bindings: "'b@x', 2", dependsOn: 'data' })
    expect(plans[0]?.problem).toMatch(/depends on data: rows of teams, which earlier statements would have changed/)
  })

  it('is refused what a function of the database would write', async () => {
    const made =
      kind === 'postgres'
        ? [
            'create sequence s',
            "create function bump() returns bigint language sql volatile as $$ select nextval('s') $$",
          ]
        : ['create sequence s', 'create function bump() returns bigint return nextval(s)']
    await test().elsewhere(...made)
    try {
      const { plans } = await test().plan({ '001.cjs': step(`await knex.raw('select bump() from users')`) })
      const [[next] = []] = await server().admin(
        kind === 'postgres' ? 'select is_called from s' : 'select next_not_cached_value from s',
        server().database,
      )
      expect(next).toBe(kind === 'postgres' ? 'f' : '1')
      expect(plans[0]?.problem).toMatch(/read[- ]only/i)
    } finally {
      await test().elsewhere('drop function bump', 'drop sequence s')
    }
  })

  it('is made with a single connection', async () => {
    const single = databaseOn(server())
    try {
      test().core.databases.of = () => single
      const began = Date.now()
      const files = { '001.up.sql': 'drop table users', '002.cjs': step(`await knex('users').del()`) }
      expect((await test().plan(files)).plans.map(({ statements }) => statements.length)).toEqual([1, 1])
      // Nothing has waited for the connection that the plan itself holds.
      expect(Date.now() - began).toBeLessThan(4_500)
    } finally {
      await single.close()
    }
  }, 15_000)

  it('ends a read that takes too long', async () => {
    const slow = kind === 'postgres' ? 'select pg_sleep(60) from users' : 'select sleep(60) from users'
    const began = Date.now()
    const { plans } = await test().plan({
      '001.cjs': step(`await knex.raw('${slow}')`),
      '002.cjs': step(`await knex.schema.dropTable('users')`),
    })
    expect(plans[0]?.problem).toBe('The plan ends here: a read of the step took longer than 5 s.')
    expect(sqlOf(plans[1])).toHaveLength(1)
    expect(Date.now() - began).toBeLessThan(15_000)
  }, 30_000)
}

describeWithPostgres('a plan on PostgreSQL', (server) => {
  shared(server, 'postgres', (test) => {
    common(server, test, 'postgres')

    it('says what types, defaults and locks do', async () => {
      await test().elsewhere('analyze')
      const { plans } = await test().plan({
        '001.cjs':
          step(`await knex.schema.alterTable('users', (t) => { t.string('email', 20).alter(); t.date('born').alter() })
          await knex.schema.alterTable('users', (t) => { t.string('must').notNullable() })
          await knex.schema.alterTable('users', (t) => { t.index(['email']); t.uuid('u').defaultTo(knex.raw('gen_random_uuid()')) })
          await knex.schema.alterTable('teams', (t) => { t.string('name', 80).notNullable().alter() })`),
      })
      const lost = plans[0]?.statements.flatMap(({ destructive }) => destructive ?? [])
      expect(lost).toEqual([
        'Changes email of users from character varying(255) to varchar(20): longer values are cut or make the statement fail.',
        'Changes born of users from timestamp without time zone to date: the time of day is lost.',
        'Adds must to users as NOT NULL without a default: users has rows, and the statement fails where there are any.',
      ])
      const notes = plans[0]?.notes.join('\n')
      expect(notes).toMatch(/ALTER TABLE waits for everybody who uses users, and lets nobody read or write it/)
      expect(notes).toMatch(/CREATE INDEX lets nobody write to users/)
      expect(notes).toMatch(/All rows of users are written anew/)
      expect(notes).not.toMatch(/All rows of teams are written anew/)
      expect(plans[0]?.statements[0]?.tables).toEqual([{ name: 'users', rows: 2, bytes: expect.any(Number) as number }])
      expect(plans[0]).toMatchObject({ isAtomic: true, notRehearsed: null })
    })

    it('says what cannot run in a transaction', async () => {
      const sql = 'create index concurrently i on users (email)'
      const { plans } = await test().plan({
        '001.cjs': step(`await knex.raw('${sql}')`),
        '002.cjs': step(`await knex.raw('${sql}')`, '', 'exports.config = { transaction: false }'),
      })
      const refused = 'CREATE INDEX CONCURRENTLY cannot run inside a transaction.'
      expect(plans[0]).toMatchObject({ isAtomic: true, notRehearsed: refused })
      expect(plans[0]?.notes.join()).toMatch(/The step will fail/)
      expect(plans[1]).toMatchObject({ isAtomic: false, notRehearsed: refused, statements: [{ cannotBeUndone: true }] })
      expect(plans[1]?.notes.join()).not.toMatch(/will fail/)
    })

    it('decodes what a step reads as the driver does', async () => {
      const { plans } = await test().plan({
        '001.cjs':
          step(`const { rows } = await knex.raw("select exists(select 1 from users where id = 99) as x, now() as n")
          if (rows[0].x === false && rows[0].n instanceof Date) await knex.raw('create table right_way (a int)')`),
      })
      expect(sqlOf(plans[0]).at(-1)).toBe('create table right_way (a int)')
    })

    it('sends nothing that writes, even where the text looks like a read', async () => {
      const { plans } = await test().plan({
        '001.cjs': step(
          `await knex.raw("select nextval('s')"); await knex.raw('select lo_create(0)')
          await knex.raw('with gone as (delete from users returning *) select * from gone')
          await knex.raw('select 1; commit; delete from users')`,
          '',
          'exports.config = { transaction: false }',
        ),
      })
      expect(plans[0]?.problem).toBeNull()
      expect(plans[0]?.statements).toHaveLength(4)
    })

    it('knows no size of a table that was never analysed', async () => {
      const { plans } = await test().plan({ '001.cjs': step(`await knex('users').del()`) })
      expect(plans[0]?.statements[0]?.tables[0]).toMatchObject({ name: 'users', rows: null })
    })
  })
})

describeWithMariadb('a plan on MariaDB', (server) => {
  shared(server, 'mysql', (test) => {
    common(server, test, 'mysql')

    it('says what is kept at once, what MODIFY drops and what copies the table', async () => {
      await test().elsewhere('alter table users modify id int auto_increment')
      const { plans } = await test().plan({
        '001.cjs': step(`await knex.schema.alterTable('users', (t) => { t.string('email', 20).notNullable().alter() })
          await knex.raw('alter table users modify id bigint')
          await knex.transaction(async (trx) => { await trx('users').where({ id: 1 }).del(); await trx.schema.dropTable('teams') })
          await knex('users').where({ id: 1 }).del()
          await knex.schema.alterTable('users', (t) => { t.string('must').notNullable() })`),
      })
      await test().elsewhere('alter table users modify id int')
      expect(plans[0]).toMatchObject({ isAtomic: false, problem: null })
      const told = plans[0]?.statements.map(({ sql, cannotBeUndone, destructive }) => [
        sql.split(' ')[0],
        cannotBeUndone,
        destructive,
      ])
      expect(told).toEqual([
        [
          'alter',
          true,
          "Changes email of users from varchar(255) to varchar(20): longer values are cut or make the statement fail. Drops the default 'x' of email in users, as the new definition does not repeat it.",
        ],
        ['alter', true, 'Drops AUTO_INCREMENT of id in users, as the new definition does not repeat it.'],
        ['BEGIN;', false, null],
        ['delete', false, null],
        ['drop', true, 'Drops the table teams with all its rows.'],
        ['COMMIT;', false, null],
        ['delete', true, null],
        [
          'alter',
          true,
          'Adds must to users as NOT NULL without a default: users has rows, which get a made-up value (0, an empty text).',
        ],
      ])
      expect(plans[0]?.notes.join()).toMatch(/This ALTER TABLE copies users whole/)
    })

    it("plans knex's renameColumn, which asks before it writes", async () => {
      const { plans } = await test().plan({
        '001.cjs': step(`await knex.schema.alterTable('users', (t) => { t.renameColumn('age', 'years') })`),
        '002.cjs': step(`await knex.schema.alterTable('users', (t) => { t.renameColumn('years', 'age') })`),
      })
      expect(sqlOf(plans[0]).at(-1)).toMatch(/alter table `users` change `age` `years` int\(11\) NULL/)
      expect(plans[1]?.problem).toMatch(/depends on what earlier statements will have made of the schema/)
    })

    it('refuses a rehearsal of names that say their database', async () => {
      const { plans } = await test().plan({
        '001.cjs': step(`await knex.raw('alter table test.users add x int')`),
      })
      expect(plans[0]?.notRehearsed).toMatch(/test\.users/)
    })
  })
})
