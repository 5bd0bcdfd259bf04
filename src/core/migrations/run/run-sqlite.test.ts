// Runs on SQLite that are ended from outside, and foreign keys: real files, and processes that are killed.
import knexModule from 'knex'
import Sqlite from 'better-sqlite3'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MigrationEvent } from '../../../shared/migration-runs.ts'
import { readHistory } from './history.ts'
import { makes, never, run, scene, sends, stateOf, statesOf, step, type Scene } from './run.test-setup.ts'

let at: Scene
beforeEach(async () => {
  at = await scene()
})
afterEach(() => at.end())

const one = async (sql: string) => (await at.other(sql))[0]?.[0]
const tables = async () => (await at.other("select name from sqlite_master where type = 'table'")).map(([name]) => name)
const first = makes('001-first.ts', 'first_table')

/** Minutes of work in one statement, which writes as it goes. */
const ENDLESS =
  'create table numbers as with recursive n(i) as (select 1 union all select i + 1 from n) select i from n limit 2000000000'
const isWorking = (event: MigrationEvent) =>
  event.kind === 'statement' && event.state === 'running' && event.sql === ENDLESS
const endless = step('002-endless.ts', sends('create table half_done (id int)', ENDLESS))
const outside = { ...endless, wantsTransaction: false }
const mended = makes('002-endless.ts', 'numbers')

describe('a run that is ended from outside', () => {
  it('cancelled: it ends at once, the step leaves nothing, and the next run works', async () => {
    const project = at.project([first, endless])
    const abort = new AbortController()
    let cancelledAt = 0
    const end = await run(project, 'all', {
      signal: abort.signal,
      onEvent: (event) => {
        if (!isWorking(event)) return
        setTimeout(() => {
          cancelledAt = performance.now()
          abort.abort()
        }, 200)
      },
    })
    expect(end).toMatchObject({
      outcome: 'cancelled',
      failedStep: null,
      message:
        'Cancelled. The step was rolled back: nothing of it was kept. Applied before it in this run, and kept: 001-first.ts.',
    })
    expect(performance.now() - cancelledAt).toBeLessThan(4000)
    expect(await tables()).not.toContain('half_done')
    expect((await readHistory(project, never))[0]).toMatchObject({ name: '002-endless.ts', outcome: 'cancelled' })
    expect(await run(at.project([first, mended]), 'all')).toMatchObject({ outcome: 'done' })
    expect(await one('pragma integrity_check')).toBe('ok')
  })

  it('left by its reader: the work ends, and the next run works', async () => {
    const { runMigrations } = await import('./run.ts')
    const project = at.project([first, endless])
    for await (const event of runMigrations({ project, action: { kind: 'all' }, signal: never }))
      if (isWorking(event)) break
    expect(await run(at.project([first, mended]), 'all')).toMatchObject({ outcome: 'done' })
  })

  it.each(['up', 'down'] as const)(
    'killed on the way %s: it says so, keeps nothing of the step, no lock is stuck',
    async (way) => {
      const slow = way === 'up' ? endless : step('002-endless.ts', sends('select 1'), endless.up)
      const project = at.project([first, slow])
      if (way === 'down') await run(project, 'all')
      const end = await run(project, way === 'up' ? 'all' : 'rollback', {
        onEvent: (event) => {
          if (isWorking(event)) setTimeout(() => at.processes.forEach((process) => process.kill()), 200)
        },
      })
      expect(end).toMatchObject({ outcome: 'failed', failedStep: '002-endless.ts' })
      expect(end.message).toMatch(/^002-endless.ts failed at statement 2.*ended unexpectedly.*nothing of it was kept/)
      expect(await tables()).not.toContain('half_done')
      expect(await one('select is_locked from knex_migrations_lock')).toBe(0)
      expect(await statesOf(project)).toEqual(
        way === 'up'
          ? ['001-first.ts applied 1', '002-endless.ts pending -']
          : ['001-first.ts applied 1', '002-endless.ts applied 1'],
      )
      expect((await stateOf(project)).half).toBeNull()
      const mendedSteps = [first, way === 'up' ? mended : step('002-endless.ts', sends())]
      expect(await run(at.project(mendedSteps), way === 'up' ? 'all' : 'rollback')).toMatchObject({ outcome: 'done' })
    },
  )

  it('killed outside of a transaction: what is done is kept, and what was under way is not known', async () => {
    const project = at.project([first, outside])
    const end = await run(project, 'all', {
      onEvent: (event) => {
        if (isWorking(event)) setTimeout(() => at.processes.forEach((process) => process.kill()), 200)
      },
    })
    expect(end.message).toMatch(
      /In the database is statement 1 of the step. Statement 2, “create table numbers .*, was under way: whether it is done is not known/,
    )
    expect(await tables()).toContain('half_done')
    const list = await stateOf(project)
    expect(list.half).toMatchObject({ resumeFrom: 1, statements: [{ state: 'done' }, { state: 'under-way' }] })
    expect(list.lock).toBeNull()
    expect(await one('select is_locked from knex_migrations_lock')).toBe(0)
    // A person has looked, and taken it as done.
    const withNumbers = await run(project, { kind: 'resume', name: '002-endless.ts', from: 2 })
    expect(withNumbers).toMatchObject({ outcome: 'done' })
  })
})

describe('foreign keys', () => {
  const REBUILD = [
    'create table new_users (id integer primary key, email text)',
    'insert into new_users select id, email from users',
    'drop table users',
    'alter table new_users rename to users',
  ]
  const rebuild = step('002-rebuild.ts', sends(...REBUILD), sends(...REBUILD))
  const posts = () => one('select count(*) from posts')
  beforeEach(async () => {
    await run(at.project([first]), 'all')
    await at.other(`create table users (id integer primary key, email text, password text);
      create table posts (id integer primary key, author integer references users on delete cascade);
      insert into users (id, email) values (1, 'a@example.com'), (2, 'b@example.com');
      insert into posts (author) values (1), (1), (2)`)
  })

  it('a table that is rebuilt does not empty the tables that point to it, up and down', async () => {
    const project = at.project([first, rebuild])
    expect(await run(project, 'all')).toMatchObject({ outcome: 'done' })
    expect(await posts()).toBe(3)
    expect(await run(project, 'rollback')).toMatchObject({ outcome: 'done' })
    expect(await posts()).toBe(3)
  })

  it('not even where an earlier step has switched them on', async () => {
    const on = step('002-on.ts', sends('pragma foreign_keys = on'), sends(), { wantsTransaction: false })
    expect(await run(at.project([first, on, { ...rebuild, name: '003-rebuild.ts' }]), 'all')).toMatchObject({
      outcome: 'done',
    })
    expect(await posts()).toBe(3)
  })

  it('(SQLite with its keys on does empty them: the tests above can fail)', async () => {
    const file = join(at.folder, 'test.db')
    const open = new Sqlite(file)
    open.pragma('foreign_keys = on')
    open.exec(`begin; ${REBUILD.join(';')}; commit`)
    open.close()
    expect(await posts()).toBe(0)
  })

  it('a step that would leave rows without their parent is not committed', async () => {
    const project = at.project([first, step('002-orphans.ts', sends('delete from users where id = 1'))])
    const end = await run(project, 'all')
    expect(end.outcome).toBe('failed')
    expect(end.message).toMatch(/2 rows of "posts" would point to rows of "users".*nothing of it was kept/)
    expect(await one('select count(*) from users')).toBe(2)
    expect(await statesOf(project)).toEqual(['001-first.ts applied 1', '002-orphans.ts pending -'])
  })

  it('rows that were without a parent before do not stop a run', async () => {
    await at.other('pragma foreign_keys = off; insert into posts (author) values (7)')
    expect(await run(at.project([first, makes('002-more.ts', 'more')]), 'all')).toMatchObject({ outcome: 'done' })
  })
})

it('a file that another program keeps locked is waited for, with words, and can be cancelled', async () => {
  const project = at.project([first])
  await run(project, 'all')
  const other = new Sqlite(join(at.folder, 'test.db'))
  other.exec('begin immediate')
  const abort = new AbortController()
  const more = at.project([first, makes('002-more.ts', 'more')])
  const end = await run(more, 'all', {
    signal: abort.signal,
    onEvent: (event) => void (event.kind === 'waiting' && abort.abort()),
  })
  expect(end.events).toContainEqual(
    expect.objectContaining({ kind: 'waiting', message: 'Another program is writing to the file.' }),
  )
  expect(end).toMatchObject({ outcome: 'cancelled' })
  other.exec('rollback')
  other.close()
  expect(await run(more, 'all')).toMatchObject({ outcome: 'done' })
}, 30_000)

it('the tables of the ledger are those that knex makes', async () => {
  await run(at.project([first]), 'all')
  const made = await at.other("select name, sql from sqlite_master where name like 'knex_%' order by name")
  const filename = join(at.folder, 'knex.db')
  const knex = knexModule({ client: 'better-sqlite3', connection: { filename }, useNullAsDefault: true })
  const migrationSource = {
    getMigrations: () => Promise.resolve([]),
    getMigrationName: () => '',
    getMigration: () => Promise.reject(new Error()),
  }
  await knex.migrate.latest({ migrationSource })
  await knex.destroy()
  const open = new Sqlite(filename)
  expect(made).toEqual(
    open.prepare("select name, sql from sqlite_master where name like 'knex_%' order by name").raw().all(),
  )
  open.close()
})

it('a database that cannot be changed blocks every action, in the words of why', async () => {
  // Not by file permissions: they do not bind the administrator, who runs tests in many a container.
  const project = at.project([first])
  const facts = async () => ({ ...(await at.database.facts()), readOnly: 'The disk is write-protected.' })
  const end = await run({ ...project, database: { ...at.database, facts } }, 'all')
  expect(end).toMatchObject({
    outcome: 'failed',
    message: 'The database cannot be changed: The disk is write-protected.',
  })
  expect(end.events).toHaveLength(1)
})

it('two runs at the same time apply each step once', async () => {
  const other = await scene()
  const file = at.project([first, makes('002-more.ts', 'more')])
  const ends = await Promise.all([run(file, 'all'), run(file, 'all')])
  expect(ends.map(({ outcome }) => outcome)).toContain('done')
  expect(await at.other('select name from knex_migrations')).toHaveLength(2)
  await other.end()
})

it('a text that is long is shown in part', async () => {
  const columns = Array.from({ length: 400 }, (_, index) => `column_${index} integer`).join(', ')
  const { events } = await run(at.project([step('001-wide.ts', sends(`create table wide (${columns})`))]), 'all')
  const text = events.flatMap((event) => (event.kind === 'statement' ? [event.sql] : []))[0]
  expect([text?.length, text?.endsWith('…')]).toEqual([2000, true])
})

it('of thousands of statements a hundred a second are shown, and the one that fails always', async () => {
  const inserts = Array.from({ length: 1500 }, (_, index) => `insert into many values (${index})`)
  const { events } = await run(
    at.project([
      step('001-many.ts', sends('create table many (id int)', ...inserts, 'insert into nowhere values (1)')),
    ]),
    'all',
  )
  const shown = events.filter((event) => event.kind === 'statement')
  expect(shown.length).toBeLessThan(1200)
  expect(shown.at(-1)).toMatchObject({ number: 1501, state: 'failed', sql: 'insert into nowhere values (1)' })
  expect(events.some((event) => event.kind === 'log' && /more statements were sent/.test(event.text))).toBe(true)
}, 60_000)
