// What is told of a step is what the database did, also where the engine or the step hides it; and what is written down of a
// step holds no passwords.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeWithMariadb, describeWithPostgres } from '../../../../scripts/servers/missing.ts'
import {
  databaseOn,
  makes,
  projectOf,
  run,
  scene,
  sends,
  stateOf,
  statesOf,
  step,
  type Scene,
} from './run.test-setup.ts'

let at: Scene
const outside = { wantsTransaction: false }
const first = makes('001-first.ts', 'first_table')
const text = async (sql: string) => (await at.other(sql)).map((row) => row.join(' '))

describe('outside of a transaction on SQLite', () => {
  beforeEach(async () => {
    at = await scene()
  })
  afterEach(() => at.end())

  it('a step that leaves rows without their parent is no success', async () => {
    await at.other(`create table users (id integer primary key); insert into users values (1), (2);
      create table posts (id integer primary key, author integer references users on delete cascade);
      insert into posts values (1, 1), (2, 2)`)
    const deletes = step('002-deletes.ts', sends('delete from users where id = 1'), null, outside)
    const project = at.project([first, deletes])
    const end = await run(project, 'all')
    expect(end.message).toMatch(
      /has left 1 row of "posts" that point to rows of "users" which are not there any more.*half done/,
    )
    expect(await statesOf(project)).toEqual(['001-first.ts applied 1', '002-deletes.ts half -'])
  })
})

describeWithPostgres('what is told on PostgreSQL', (server) => {
  beforeEach(async () => {
    at = await scene(server())
  })
  afterEach(() => at.end())

  it('a journal in a schema farther on in the path is the journal: no second one hides a half step', async () => {
    const { database } = server()
    const admin = (sql: string, into: string) => server().admin(sql, into)
    const half = step('002-half.ts', sends('create table more (id int)', 'nonsense'), null, outside)
    await run(at.project([first, half]), 'all')
    const path = `alter database ${database} set search_path = app, public`
    await admin(`drop schema if exists app cascade; create schema app; ${path}`, database)
    const other = databaseOn(server())
    try {
      const project = projectOf(other, at.folder, [first, half], 'table')
      expect((await stateOf(project)).half?.name).toBe('002-half.ts')
      await run(project, { kind: 'resume', name: '002-half.ts', from: 1 })
      expect((await stateOf(project)).half?.name).toBe('002-half.ts')
      expect(await text(`select tablename from pg_tables where schemaname = 'app'`)).toEqual([])
    } finally {
      await other.close()
      await admin(`alter database ${database} reset search_path; drop schema app cascade`, database)
    }
  })

  it('a step that drops the journal is not told to have left nothing', async () => {
    const drops = step(
      '002-drops.ts',
      sends('create table more (id int)', 'drop table roster_migrations'),
      null,
      outside,
    )
    const end = await run(at.project([first, drops]), 'all')
    expect(end.message).toMatch(/What was written down of the step is gone.*Look at the tables/)
    expect(await text(`select tablename from pg_tables where tablename = 'more'`)).toEqual(['more'])
  })

  it('passwords in statements are neither written down nor told', async () => {
    const name = server().unique('keeper')
    const up = sends(
      `create role ${name} password 'canary-1'`,
      `alter role ${name} passwort 'canary-2' password 'canary-3'`,
    )
    const project = at.project([first, step('002-role.ts', up, sends(`drop role ${name}`), outside)])
    const { events, message } = await run(project, 'all')
    expect(message).toMatch(/failed at statement 2/)
    const [row] = await text(`select string_agg(s::text, ' ') from roster_migration_statements s`)
    expect(row).toContain(`create role ${name} password`)
    expect(JSON.stringify([events, row, (await stateOf(project)).half])).not.toMatch(/canary/)
    expect(await run(project, { kind: 'undo', name: '002-role.ts' })).toMatchObject({ outcome: 'done' })
  })
})

describeWithMariadb('what is told on MariaDB', (server) => {
  beforeEach(async () => {
    at = await scene(server())
  })
  afterEach(() => at.end())

  it('a half step that is tried again in vain is told to be half done, and not to be nowhere', async () => {
    const up = sends('create table more (id int)', 'nonsense')
    const project = at.project([first, step('002-half.ts', up, sends('drop table nowhere'))])
    await run(project, 'all')
    const undo = await run(project, { kind: 'undo', name: '002-half.ts' })
    expect(undo.message).toMatch(/This time nothing was changed: the step is half done as it was before\./)
    expect(undo.message).not.toMatch(/Nothing of the step is in the database/)
    expect((await stateOf(project)).half?.statements[0]).toEqual({ sql: 'create table more (id int)', state: 'done' })
  })

  it.each(['call makes_it()', 'analyze table rows_of'])(
    'a transaction that %s has committed is kept, and told so',
    async (commits) => {
      await at.other('create table rows_of (id int)')
      await at.other('drop procedure if exists makes_it')
      await at.other('create procedure makes_it() create table made (id int)')
      const up = sends('start transaction', 'insert into rows_of values (1)', commits, 'insert into rows_of values (2)')
      const fails = step('002-fails.ts', async (sink, options) => {
        await up(sink, options)
        await sends('nonsense')(sink, options)
      })
      const project = at.project([first, fails])
      const end = await run(project, 'all')
      expect(end.message).toMatch(/In the database are statements 1 to 4 of the step/)
      expect(await text('select id from rows_of order by id')).toEqual(['1', '2'])
      expect((await stateOf(project)).half?.resumeFrom).toBe(4)
      await at.other('drop procedure makes_it')
    },
  )
})
