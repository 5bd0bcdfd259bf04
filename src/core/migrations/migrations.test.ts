// The built-in steps through the contract, on real files: list, run, roll back, cancel, and the knex command line beside it.
import { execFile } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createRouterClient } from '@orpc/server'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createHeadlessHost } from '../../headless/host.ts'
import type { MigrationAction, MigrationEvent } from '../../shared/migrations.ts'
import { createCore, type Core } from '../core.ts'
import { router } from '../router.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const profileId = 'sample'
const names = ['001-create-auth-user.ts', '002-index-auth-user-active.ts', '003-index-auth-user-confirmed-at.ts']

let folder: string
let core: Core
let file: string

beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'roster-migrations-')))
  core = await createCore(createHeadlessHost({ version: 'test', dataFolder: folder, roots: [folder] }))
  file = join(folder, 'sample.db')
})
afterEach(async () => {
  await core.close()
  rmSync(folder, { recursive: true, force: true })
})

const client = () => createRouterClient(router, { context: { core } })
const list = (id = profileId) => client().migrations.list({ profileId: id })

async function run(action: MigrationAction, id = profileId): Promise<MigrationEvent[]> {
  const events: MigrationEvent[] = []
  for await (const event of await client().migrations.run({ profileId: id, action })) events.push(event)
  return events
}

const without = (events: MigrationEvent[], kind: string) => events.filter((event) => event.kind !== kind)
const states = async () => (await list()).steps.map(({ state, batch }) => [state, batch])

function inFile<T>(path: string, look: (database: Sqlite.Database) => T): T {
  const database = new Sqlite(path)
  try {
    return look(database)
  } finally {
    database.close()
  }
}
const schemaOf = (path: string) =>
  inFile(path, (database) => database.prepare('select name from sqlite_master order by name').pluck().all())

describe('run all', () => {
  test('makes auth_user as the standard has it, as one batch, telling each step and statement', async () => {
    const events = await run('all')
    const ms = expect.any(Number) as number
    expect(without(events, 'log')).toEqual([
      { kind: 'planned', direction: 'up', steps: names },
      ...names.flatMap((name) => [
        { kind: 'step', name, state: 'running', ms },
        { kind: 'step', name, state: 'done', ms },
      ]),
      { kind: 'finished', outcome: 'done', failedStep: null, message: '3 steps applied as batch 1.', ms },
    ])
    const texts = events.flatMap((event) => (event.kind === 'log' ? [event.text] : []))
    expect(texts.some((text) => text.startsWith('create table `auth_user`'))).toBe(true)
    // Between the beginning and the end of its step, not afterwards.
    const at = (find: (event: MigrationEvent) => boolean) => events.findIndex(find)
    const created = at((event) => event.kind === 'log' && event.text.startsWith('create table `auth_user`'))
    expect(created).toBeGreaterThan(at((event) => event.kind === 'step' && event.state === 'running'))
    expect(created).toBeLessThan(at((event) => event.kind === 'step' && event.state === 'done'))

    const described = await core.databases.of(profileId).describe('auth_user', AbortSignal.timeout(5000))
    const shape = described?.columns.map((one) => [one.name, one.type.toLowerCase(), one.isNullable, one.default])
    expect(shape).toEqual([
      ['id', 'integer', false, null],
      ['email', 'varchar(255)', false, null],
      ['password', 'varchar(255)', true, null],
      ['active', 'boolean', true, "'1'"],
      ['fs_uniquifier', 'varchar(64)', true, null],
      ['confirmed_at', 'datetime', true, null],
    ])
    expect(described?.unique).toEqual(expect.arrayContaining([['email'], ['fs_uniquifier']]))
    // The default is a true that the standard's other writers read as one: the integer 1.
    const stored = inFile(file, (database) => {
      database.exec("insert into auth_user (email) values ('a@example.com')")
      return database.prepare('select typeof(active), active from auth_user').raw().get() as unknown[]
    })
    expect(stored).toEqual(['integer', 1])
  })

  test('a second time has nothing to do', async () => {
    await run('all')
    const events = await run('all')
    expect(events.map(({ kind }) => kind)).toEqual(['planned', 'finished'])
    expect(events.at(-1)).toMatchObject({ outcome: 'nothing-to-do', failedStep: null })
  })
})

test('three batches: a roll back undoes exactly the last one, and the next the one before', async () => {
  for (const name of names) expect((await run('next'))[0]).toMatchObject({ steps: [name] })
  expect(await states()).toEqual([
    ['applied', 1],
    ['applied', 2],
    ['applied', 3],
  ])
  expect((await list()).lastBatch).toEqual([names[2]])

  const events = await run('rollback')
  expect(events[0]).toEqual({ kind: 'planned', direction: 'down', steps: [names[2]] })
  expect(events.at(-1)).toMatchObject({ outcome: 'done', message: 'The last batch is undone: 1 step.' })
  expect(await states()).toEqual([
    ['applied', 1],
    ['applied', 2],
    ['pending', null],
  ])
  expect(schemaOf(file)).toContain('auth_user_active_id_index')
  expect(schemaOf(file)).not.toContain('auth_user_confirmed_at_id_index')

  await run('rollback')
  await run('rollback')
  expect(await states()).toEqual([
    ['pending', null],
    ['pending', null],
    ['pending', null],
  ])
  expect(schemaOf(file)).not.toContain('auth_user')
  expect((await run('rollback')).at(-1)).toMatchObject({ outcome: 'nothing-to-do' })
})

test('a batch of several is undone in the opposite order', async () => {
  await run('next')
  await run('all')
  expect((await list()).lastBatch).toEqual([names[2], names[1]])
  expect((await run('rollback'))[0]).toMatchObject({ steps: [names[2], names[1]] })
  expect(await states()).toEqual([
    ['applied', 1],
    ['pending', null],
    ['pending', null],
  ])
})

describe('a database that others have made', () => {
  const add = async (path: string) => (await client().profiles.addFile({ path })).id

  test('listing writes nothing', async () => {
    const path = join(folder, 'other.db')
    inFile(path, (database) => database.exec('create table things (id integer primary key)'))
    const before = readFileSync(path)
    const state = await list(await add(path))
    expect(state.steps.every((step) => step.state === 'pending')).toBe(true)
    expect(state.blocked).toBeNull()
    await core.databases.closeAll()
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  test('a users table from SQLAlchemy blocks, and a run is refused with the same words', async () => {
    const path = join(folder, 'sqlalchemy.db')
    copyFileSync(join(root, 'e2e/fixtures/sqlalchemy-sqlite.db'), path)
    const before = readFileSync(path)
    const id = await add(path)
    const { blocked } = await list(id)
    expect(blocked).toBe('auth_user exists already and was not made by these migrations.')
    for (const action of ['all', 'next', 'rollback'] as const) {
      const events = await run(action, id)
      expect(events).toEqual([
        { kind: 'finished', outcome: 'failed', failedStep: null, message: blocked, ms: expect.any(Number) as number },
      ])
    }
    await core.databases.closeAll()
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  test('another tool’s ledger is named', async () => {
    const path = join(folder, 'alembic.db')
    inFile(path, (database) => database.exec('create table alembic_version (version_num varchar(32) not null)'))
    expect((await list(await add(path))).blocked).toContain('Alembic')
  })

  test.each([
    ['held by a run that was ended', 'update knex_migrations_lock set is_locked = 1', /knex_migrations_lock is locked/],
    ['of two rows', 'insert into knex_migrations_lock (is_locked) values (0)', /holds 2 rows instead of one/],
  ])('a lock %s is named, with the way out', async (_what, sql, words) => {
    await run('next')
    inFile(file, (database) => database.exec(sql))
    const { blocked } = await list()
    expect(blocked).toMatch(words)
    expect((await run('all')).at(-1)).toMatchObject({ outcome: 'failed', message: blocked })
    await knexCli('migrate:unlock')
    expect((await list()).blocked).toBeNull()
  })
})

describe('a step in the ledger whose file is gone', () => {
  beforeEach(async () => {
    await run('next')
    inFile(file, (database) =>
      database.exec(
        "insert into knex_migrations (name, batch, migration_time) values ('002-gone.ts', 2, '2026-01-02 03:04:05')",
      ),
    )
  })

  test('is listed as missing in its place, and does not stop the others', async () => {
    const { steps, blocked } = await list()
    expect(steps.map(({ name, state }) => [name, state])).toEqual([
      [names[0], 'applied'],
      ['002-gone.ts', 'missing'],
      [names[1], 'pending'],
      [names[2], 'pending'],
    ])
    expect(steps[1]?.appliedAt).toBe('2026-01-02 03:04:05')
    expect(blocked).toBeNull()
    expect((await run('all')).at(-1)).toMatchObject({ outcome: 'done' })
    expect((await list()).lastBatch).toEqual([names[2], names[1]])
  })

  test('cannot be undone, and the roll back says so before it changes anything', async () => {
    const events = await run('rollback')
    expect(events.at(-1)).toMatchObject({ outcome: 'failed', failedStep: '002-gone.ts' })
    expect(events.some(({ kind }) => kind === 'step')).toBe(false)
    expect((await list()).steps[1]?.state).toBe('missing')
  })
})

/** The real command line, on the same file, with the project's own knexfile. */
async function knexCli(...command: string[]): Promise<string> {
  const knex = join(root, 'node_modules/knex/bin/cli.js')
  const env = { ...process.env, DB_NAME: file, NO_COLOR: '1' }
  const { stdout } = await promisify(execFile)(process.execPath, [knex, ...command], { cwd: root, env })
  return stdout
}

/** Names under the two headings of `migrate:list`. */
async function knexList(): Promise<{ applied: string[]; pending: string[] }> {
  const [applied = '', pending = ''] = (await knexCli('migrate:list')).split(/(?=(?:Found \d+|No) Pending)/)
  const filesIn = (text: string) => text.match(/\d{3}-\S+\.ts/g) ?? []
  return { applied: filesIn(applied), pending: filesIn(pending) }
}

describe('the knex command line on the same file', () => {
  test('agrees with the list after every action', async () => {
    for (const action of ['next', 'all', 'rollback'] as const) {
      await run(action)
      const { steps } = await list()
      const inState = (wanted: string) => steps.filter(({ state }) => state === wanted).map(({ name }) => name)
      expect(await knexList()).toEqual({ applied: inState('applied'), pending: inState('pending') })
    }
  })

  test('its runs are seen, and undone by Roster; Roster’s are undone by it', async () => {
    await run('next')
    await knexCli('migrate:up')
    await knexCli('migrate:latest')
    expect(await states()).toEqual([
      ['applied', 1],
      ['applied', 2],
      ['applied', 3],
    ])
    expect((await run('rollback')).at(-1)).toMatchObject({ outcome: 'done' })
    expect((await knexList()).pending).toEqual([names[2]])
    await run('all')
    await knexCli('migrate:rollback')
    expect(await states()).toEqual([
      ['applied', 1],
      ['applied', 2],
      ['pending', null],
    ])
  })
})

test('two programs that run all at the same time apply each step once', async () => {
  const other = await createCore(createHeadlessHost({ version: 'test', dataFolder: folder }))
  try {
    await list()
    const others = createRouterClient(router, { context: { core: other } })
    const runOther = async () => {
      const events: MigrationEvent[] = []
      for await (const event of await others.migrations.run({ profileId, action: 'all' })) events.push(event)
      return events
    }
    const ends = (await Promise.all([run('all'), runOther()])).map((events) => events.at(-1))
    const outcomes = ends.map((event) => (event?.kind === 'finished' ? event.outcome : ''))
    expect(outcomes).toContain('done')
    // The one that came second waited, and says what it found: not a lock, not half a run.
    const second = ends.find((event) => event?.kind === 'finished' && event.outcome !== 'done')
    if (second?.kind === 'finished' && second.outcome === 'failed') {
      expect(second.message).toContain('Another program has run or undone steps meanwhile. Look at the list again.')
    }
    expect(await states()).toEqual([
      ['applied', 1],
      ['applied', 1],
      ['applied', 1],
    ])
    const rows = inFile(file, (database) => database.prepare('select count(*) from knex_migrations').pluck().get())
    expect(rows).toBe(3)
  } finally {
    await other.close()
  }
})
