// Runs that go wrong, on real files and processes: failing steps, cancelled and killed runs, and foreign keys.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import knexModule, { type Knex } from 'knex'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createHeadlessHost } from '../../headless/host.ts'
import type { MigrationAction, MigrationEvent } from '../../shared/migrations.ts'
import type { Database } from '../db/database.ts'
import { openSqlite } from '../db/sqlite/connect.ts'
import type { HostProcess } from '../host.ts'
import { builtinSteps, type Step } from './builtin.ts'
import { runMigrations } from './run.ts'
import { readState } from './old-state.ts'

let folder: string
let file: string
let database: Database
let processes: HostProcess[]
const never = new AbortController().signal

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'roster-run-')))
  file = join(folder, 'users.db')
  processes = []
  const host = createHeadlessHost({ version: 'test', dataFolder: folder })
  const spawn: typeof host.spawn = (entry) => {
    const started = host.spawn(entry)
    processes.push(started)
    return started
  }
  database = openSqlite({ ...host, spawn }, { file, create: true })
})
afterEach(async () => {
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

type OnEvent = (event: MigrationEvent) => void

async function run(
  action: MigrationAction,
  steps: readonly Step[],
  onEvent: OnEvent = () => undefined,
  signal = never,
) {
  const events: MigrationEvent[] = []
  for await (const event of runMigrations({ database, steps, action, signal })) {
    events.push(event)
    onEvent(event)
  }
  const last = events.at(-1)
  if (last?.kind !== 'finished') throw new Error('The run did not end with `finished`.')
  return { events, ...last }
}

function step(
  name: string,
  up: (knex: Knex) => Promise<unknown>,
  down: (knex: Knex) => Promise<unknown> = () => Promise.resolve(),
): Step {
  const nothing = (work: Promise<unknown>) => work.then(() => undefined)
  return { name, summary: name, up: (knex) => nothing(up(knex)), down: (knex) => nothing(down(knex)) }
}

function inFile<T>(look: (database: Sqlite.Database) => T): T {
  const open = new Sqlite(file)
  try {
    return look(open)
  } finally {
    open.close()
  }
}
const tables = () => inFile((open) => open.prepare("select name from sqlite_master where type = 'table'").pluck().all())
const applied = async (steps: readonly Step[]) =>
  (await readState(database, steps, never)).steps.filter(({ state }) => state === 'applied').map(({ name }) => name)

describe('a step that fails', () => {
  const fails = step('004-fails.ts', async (knex) => {
    await knex.raw('create table half_done (id integer)')
    await knex.raw('insert into nowhere values (1)')
  })

  test('stops the run, is named in the database’s own words, and nothing of the run is kept', async () => {
    const steps = [
      ...builtinSteps,
      fails,
      step('005-never.ts', (knex) => knex.raw('create table never_made (id integer)')),
    ]
    const { events, ...end } = await run('all', steps)
    expect(end).toMatchObject({ outcome: 'failed', failedStep: '004-fails.ts' })
    expect(end.message).toBe(
      '004-fails.ts failed: no such table: nowhere. The whole run was rolled back: nothing of it was kept.',
    )
    expect(events.filter((event) => event.kind === 'step' && event.state === 'failed')).toMatchObject([
      { name: '004-fails.ts' },
    ])
    expect(events.some((event) => event.kind === 'step' && event.name === '005-never.ts')).toBe(false)
    // Not even the ledger's own tables.
    expect(tables()).toEqual([])
    expect(await applied(steps)).toEqual([])
  })

  test('leaves what earlier runs did', async () => {
    await run('all', builtinSteps)
    const steps = [...builtinSteps, fails]
    expect((await run('next', steps)).outcome).toBe('failed')
    expect(await applied(steps)).toEqual(builtinSteps.map(({ name }) => name))
    expect((await run('rollback', steps)).outcome).toBe('done')
  })

  test('on the way down, too: the batch stays whole', async () => {
    const steps = [
      step(
        '001-a.ts',
        (knex) => knex.raw('create table a (id integer)'),
        (knex) => knex.raw('drop table nowhere'),
      ),
      step(
        '002-b.ts',
        (knex) => knex.raw('create table b (id integer)'),
        (knex) => knex.raw('drop table b'),
      ),
    ]
    await run('all', steps)
    const end = await run('rollback', steps)
    expect(end).toMatchObject({ outcome: 'failed', failedStep: '001-a.ts' })
    expect(await applied(steps)).toEqual(['001-a.ts', '002-b.ts'])
    expect(tables()).toContain('b')
  })
})

/** Minutes of work in one statement, which writes as it goes. */
const endless = step('002-endless.ts', (knex) =>
  knex.raw(
    'create table numbers as with recursive n(i) as (select 1 union all select i + 1 from n) select i from n limit 2000000000',
  ),
)
const isWorking = (event: MigrationEvent) => event.kind === 'log' && event.text.startsWith('create table numbers')
const after = [step('002-endless.ts', (knex) => knex.raw('create table numbers (i integer)'))]

describe('a run that is ended from outside', () => {
  const steps = [step('001-first.ts', (knex) => knex.raw('create table first (id integer)')), endless]
  const nextSteps = [...steps.slice(0, 1), ...after]

  test('cancelled: it ends at once, keeps nothing, and the next run works', async () => {
    const abort = new AbortController()
    let at = 0
    const end = await run(
      'all',
      steps,
      (event) => {
        if (!isWorking(event)) return
        setTimeout(() => {
          at = performance.now()
          abort.abort()
        }, 200)
      },
      abort.signal,
    )
    expect(end).toMatchObject({ outcome: 'cancelled', failedStep: null })
    expect(end.message).toBe('Cancelled. The whole run was rolled back: nothing of it was kept.')
    expect(performance.now() - at).toBeLessThan(2000)
    expect(tables()).toEqual([])
    expect(await run('all', nextSteps)).toMatchObject({ outcome: 'done' })
    expect(inFile((open) => open.pragma('integrity_check', { simple: true }))).toBe('ok')
  })

  test('left by its reader: the work ends, and the next run works', async () => {
    for await (const event of runMigrations({ database, steps, action: 'all', signal: never }))
      if (isWorking(event)) break
    expect(await run('all', nextSteps)).toMatchObject({ outcome: 'done' })
  })

  test.each(['all', 'rollback'] as const)(
    'killed during %s: it says so, keeps nothing, and no lock is stuck',
    async (action) => {
      const slow =
        action === 'all'
          ? steps
          : [
              ...steps.slice(0, 1),
              { ...step('002-endless.ts', (knex) => knex.raw('select 1')), down: (knex: Knex) => endless.up(knex) },
            ]
      if (action === 'rollback') await run('all', slow)
      const end = await run(action, slow, (event) => {
        if (isWorking(event)) setTimeout(() => processes.forEach((one) => one.kill()), 200)
      })
      expect(end).toMatchObject({ outcome: 'failed', failedStep: '002-endless.ts' })
      expect(end.message).toMatch(/ended unexpectedly.*nothing of it was kept/)
      if (action === 'rollback') {
        expect(inFile((open) => open.prepare('select is_locked from knex_migrations_lock').pluck().all())).toEqual([0])
        expect(
          await run(
            'rollback',
            nextSteps.map((one) => ({ ...one, down: () => Promise.resolve() })),
          ),
        ).toMatchObject({ outcome: 'done' })
      } else {
        expect(tables()).toEqual([])
        expect(await run('all', nextSteps)).toMatchObject({ outcome: 'done' })
      }
    },
  )
})

describe('foreign keys', () => {
  const rebuild = step(
    '004-rebuild.ts',
    (knex) => knex.schema.alterTable('auth_user', (table) => void table.dropColumn('password')),
    (knex) => knex.schema.alterTable('auth_user', (table) => void table.setNullable('email')),
  )
  const steps = [...builtinSteps, rebuild]
  const children = () => inFile((open) => open.prepare('select count(*) from posts').pluck().get())

  beforeEach(async () => {
    await run('all', builtinSteps)
    inFile((open) =>
      open.exec(`
        create table posts (id integer primary key, author integer references auth_user on delete cascade);
        insert into auth_user (id, email) values (1, 'a@example.com'), (2, 'b@example.com');
        insert into posts (author) values (1), (1), (2)`),
    )
  })

  test('a table that is rebuilt does not empty the tables that point to it, up and down', async () => {
    expect(await run('all', steps)).toMatchObject({ outcome: 'done' })
    expect(children()).toBe(3)
    expect(await run('rollback', steps)).toMatchObject({ outcome: 'done' })
    expect(children()).toBe(3)
  })

  test('(knex by itself, in one transaction, does empty them: the test above can fail)', async () => {
    const knex = knexModule({ client: 'better-sqlite3', connection: { filename: file }, useNullAsDefault: true })
    await knex.transaction((trx) => rebuild.up(trx))
    await knex.destroy()
    expect(children()).toBe(0)
  })

  test('a step that would leave rows without their parent is not committed', async () => {
    const orphans = [...builtinSteps, step('004-orphans.ts', (knex) => knex('auth_user').where({ id: 1 }).del())]
    const end = await run('all', orphans)
    expect(end.outcome).toBe('failed')
    expect(end.message).toMatch(/2 rows of "posts" would point to rows of "auth_user"/)
    expect(await applied(orphans)).toHaveLength(3)
    expect(inFile((open) => open.prepare('select count(*) from auth_user').pluck().get())).toBe(2)
  })
})

test('a ledger that changed after the plan was shown: nothing is run, least of all on another batch', async () => {
  await run('next', builtinSteps)
  await run('next', builtinSteps)
  const end = await run('rollback', builtinSteps, (event) => {
    if (event.kind !== 'planned') return
    // As another program would, between the plan and the run.
    inFile((open) =>
      open.exec("insert into knex_migrations (name, batch) values ('003-index-auth-user-confirmed-at.ts', 3)"),
    )
  })
  expect(end.outcome).toBe('failed')
  expect(end.message).toContain('Another program has run or undone steps meanwhile.')
  expect(await applied(builtinSteps)).toHaveLength(3)
})

test('a long statement is shortened in the log', async () => {
  const columns = Array.from({ length: 100 }, (_, index) => `column_${index} integer`).join(', ')
  const { events } = await run('all', [step('001-wide.ts', (knex) => knex.raw(`create table wide (${columns})`))])
  const text = events.flatMap((event) =>
    event.kind === 'log' && event.text.includes('table wide') ? [event.text] : [],
  )[0]
  expect(text).toHaveLength(300)
  expect(text?.endsWith('…')).toBe(true)
})

test('rows that were without a parent before do not stop a run', async () => {
  inFile((open) => {
    open.pragma('foreign_keys = off')
    open.exec(
      'create table parents (id integer primary key); create table kids (parent integer references parents); insert into kids values (7)',
    )
  })
  expect(await run('all', builtinSteps)).toMatchObject({ outcome: 'done' })
})

test('a database that cannot be changed blocks every action, in the words of why', async () => {
  // Not by file permissions: they do not bind the administrator, who runs tests in many a container.
  const facts = async () => ({ ...(await database.facts()), readOnly: 'The disk is write-protected.' })
  const protectedDatabase = { ...database, facts }
  const { blocked } = await readState(protectedDatabase, builtinSteps, never)
  expect(blocked).toBe('The database cannot be changed: The disk is write-protected.')
  const events: MigrationEvent[] = []
  for await (const event of runMigrations({
    database: protectedDatabase,
    steps: builtinSteps,
    action: 'all',
    signal: never,
  }))
    events.push(event)
  expect(events).toMatchObject([{ kind: 'finished', outcome: 'failed', message: blocked }])
})
