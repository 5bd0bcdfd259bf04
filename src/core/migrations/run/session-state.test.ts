// Steps that set the session which the runner works on as well: no step decides for the next one, nor for the ledger.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { describeWithMariadb, describeWithPostgres } from '../../../../scripts/servers/missing.ts'
import { readHistory } from './history.ts'
import { makes, never, run, scene, sends, stateOf, statesOf, step, type Scene } from './run.test-setup.ts'

let at: Scene
const outside = { wantsTransaction: false }
const first = makes('001-first.ts', 'first_table')
const third = makes('003-third.ts', 'third_table')
const text = async (sql: string) => (await at.other(sql)).map((row) => row.join(' '))

describeWithPostgres('a session that steps set on PostgreSQL', (server) => {
  beforeEach(async () => {
    at = await scene(server())
    await at.other('drop schema if exists tenant cascade')
  })
  afterEach(() => at.end())

  const inTwo = [['in a transaction', {}] as const, ['outside', outside] as const]

  it.each(inTwo)('the ledger stays where it is when a step goes to another schema: %s', async (_, more) => {
    await run(at.project([first]), 'all')
    const copies = ['knex_migrations', 'knex_migrations_lock', 'roster_migrations', 'roster_migration_statements']
    const like = copies.map((table) => `create table tenant.${table} (like public.${table} including all)`)
    await at.other(['create schema tenant', ...like].join('; '))
    const goes = step('002-goes.ts', sends('set search_path = tenant', 'create table there (id int)'), null, more)
    const project = at.project([first, goes, third])
    expect(await run(project, 'all')).toMatchObject({ outcome: 'done' })
    expect(await text('select name from public.knex_migrations order by id')).toEqual([
      '001-first.ts',
      '002-goes.ts',
      '003-third.ts',
    ])
    expect(await text('select name from tenant.knex_migrations')).toEqual([])
    expect(await text('select step from tenant.roster_migrations')).toEqual([])
    const where = `select schemaname from pg_tables where tablename in ('there', 'third_table') order by tablename`
    expect(await text(where)).toEqual(['tenant', 'public'])
  })

  it.each(inTwo)('a step as pg_dump writes it, without any search path, is run: %s', async (_, more) => {
    const dump = step(
      '002-dump.ts',
      sends(`select pg_catalog.set_config('search_path', '', false)`, 'create table public.dumped (id int)'),
      null,
      more,
    )
    expect(await run(at.project([first, dump, third]), 'all')).toMatchObject({ outcome: 'done' })
  })

  it('what a step sets does not hold for the next', async () => {
    const sets = step(
      '002-sets.ts',
      sends('set default_transaction_read_only = on', 'set statement_timeout = 7', 'set role pg_read_all_data'),
    )
    const asks = step(
      '003-asks.ts',
      sends(
        `create table asked as select current_setting('statement_timeout') as timeout, current_setting('role') as role`,
      ),
    )
    expect(await run(at.project([first, sets, asks]), 'all')).toMatchObject({ outcome: 'done' })
    expect(await text('select timeout, role from asked')).toEqual(['0 none'])
  })

  it('a text with COMMIT among its statements is not sent, as nobody could tell what was kept of it', async () => {
    const hides = step('002-hides.ts', sends('create table kept (id int); commit; select 1/0'), null, outside)
    const end = await run(at.project([first, hides]), 'all')
    expect(end.message).toMatch(/several statements in one text, and commit among them.*Let the step send them/)
    expect(await text(`select tablename from pg_tables where tablename = 'kept'`)).toEqual([])
  })

  it('an error that no database can keep as it is, is kept as far as it can be', async () => {
    const nul = step('002-nul.ts', () => Promise.reject(new Error(`a\0b${'x'.repeat(2_000_000)}`)))
    const project = at.project([first, nul])
    const end = await run(project, 'all')
    expect(end.message).toMatch(/^002-nul.ts failed: a␀bx+….*The step was rolled back: nothing of it was kept/)
    const [entry] = await readHistory(project, never)
    expect([entry?.outcome, entry?.error?.slice(0, 3), entry?.error?.length]).toEqual(['failed', 'a␀b', 10_000])
  })
})

describeWithMariadb('a session that steps set on MariaDB', (server) => {
  beforeEach(async () => {
    at = await scene(server())
  })
  afterEach(() => at.end())

  it('autocommit that is switched off is told, and nothing is claimed that is not kept', async () => {
    const up = sends(
      'create table rows_of (id int)',
      'set autocommit = 0',
      'insert into rows_of values (1)',
      'nonsense',
    )
    const end = await run(at.project([first, step('002-off.ts', up)]), 'all')
    expect(end.message).toMatch(
      /“set autocommit = 0” switched autocommit off.*In the database is statement 1 of the step\./,
    )
    expect(await text('select count(*) from rows_of')).toEqual(['0'])
  })

  it('a procedure that leaves a transaction open is told, and what it did is not known', async () => {
    await at.other('create table rows_of (id int)')
    await at.other('drop procedure if exists opens')
    await at.other('create procedure opens() begin start transaction; insert into rows_of values (7); end')
    const end = await run(at.project([first, step('002-calls.ts', sends('call opens()', 'nonsense'))]), 'all')
    expect(end.message).toMatch(
      /“call opens\(\)” left a transaction open.*Statement 1.*whether it is done is not known/,
    )
    await at.other('drop procedure opens')
  })

  it('LOCK TABLES is not sent while the journal is in tables, and is where it is in a file', async () => {
    const locks = step('002-locks.ts', sends('lock tables first_table write', 'unlock tables'))
    const project = at.project([first, locks])
    expect((await run(project, 'all')).message).toMatch(/sends LOCK TABLES.*was not sent.*journal in a file/)
    expect(await run(at.project([first, locks], 'file'), 'all')).toMatchObject({ outcome: 'done' })
  })

  it('a step that goes to another database leaves the ledger, the lock and the next step where they are', async () => {
    const other = `${server().database}_other`
    await server().admin(`drop database if exists ${other}; create database ${other}`, server().database)
    const goes = step('002-goes.ts', sends(`use ${other}`, 'create table there (id int)'), null)
    expect(await run(at.project([first, goes, third]), 'all')).toMatchObject({ outcome: 'done' })
    expect(await statesOf(at.project([first, goes, third]))).toEqual([
      '001-first.ts applied 1',
      '002-goes.ts applied 1',
      '003-third.ts applied 1',
    ])
    expect(await text(`select table_name from information_schema.tables where table_schema = '${other}'`)).toEqual([
      'there',
    ])
    await server().admin(`drop database ${other}`, server().database)
  })

  it('a mode in which values could not be written safely is told', async () => {
    const sets = step('002-sets.ts', sends(`set sql_mode = 'NO_BACKSLASH_ESCAPES'`, 'create table more (id int)'))
    expect((await run(at.project([first, sets, third]), 'all')).message).toMatch(/NO_BACKSLASH_ESCAPES, with which/)
    const lax = step('002-lax.ts', sends(`set sql_mode = '', foreign_key_checks = 0`))
    const asks = step(
      '003-asks.ts',
      sends('create table asked as select @@sql_mode as mode, @@foreign_key_checks as keys_on'),
    )
    expect(await run(at.project([first, lax, asks]), 'all')).toMatchObject({ outcome: 'done' })
    expect(await text('select mode, keys_on from asked')).toEqual([expect.stringMatching(/STRICT_ALL_TABLES.* 1$/)])
  })

  it('a resumed step does not ask the session for what another session has made', async () => {
    const up = sends(
      'create table parents (id int auto_increment primary key)',
      'create table children (parent int, note int)',
      'insert into parents values (null)',
      'insert into children values (last_insert_id(), (select x from later))',
    )
    const project = at.project([first, step('002-asks.ts', up)])
    await run(project, 'all')
    await at.other('create table later (x int)')
    const end = await run(project, { kind: 'resume', name: '002-asks.ts', from: 3 })
    expect(end.message).toMatch(/was not resumed\. Statement 4.*that was another session.*Nothing of the step was sent/)
    expect(await text('select * from children')).toEqual([])
  })

  it('a half step that made a temporary table cannot be resumed, and says why', async () => {
    const up = sends('create temporary table scratch (id int)', 'create table more (id int)', 'nonsense')
    const project = at.project([first, step('002-temporary.ts', up)])
    await run(project, 'all')
    expect((await stateOf(project)).half?.choices).toMatchObject({
      resume: expect.stringMatching(/^Statement 1 made something temporary/) as string,
      undo: null,
    })
  })
})

describeWithPostgres('resuming', (server) => {
  beforeEach(async () => {
    at = await scene(server())
  })
  afterEach(() => at.end())

  it('does not call a function of somebody’s own twice', async () => {
    await at.other(
      `create table calls (n int); create function do_it() returns int language sql as 'insert into calls values (1) returning n'`,
    )
    const up = sends('create table more (id int)', 'select do_it()', 'insert into later values (1)')
    const project = at.project([first, step('002-calls.ts', up, null, outside)])
    await run(project, 'all')
    await at.other('create table later (id int)')
    const name = '002-calls.ts'
    expect(await run(project, { kind: 'resume', name, from: 2 })).toMatchObject({ outcome: 'done' })
    expect(await text('select count(*) from calls')).toEqual(['1'])
  })

  it('takes a BEGIN inside of a transaction for none: all of it is undone', async () => {
    const up = sends('begin', 'create table more (id int)', 'begin', 'create table most (id int)', 'nonsense')
    const project = at.project([first, step('002-twice.ts', up, null, outside)])
    expect((await run(project, 'all')).message).toMatch(/Nothing of the step is in the database/)
    expect(await text(`select tablename from pg_tables where tablename in ('more', 'most')`)).toEqual([])
  })
})
