// The built-in steps on real servers: applied, listed and rolled back as on SQLite, and the truth about what a run that
// fails, is cancelled or loses its connection leaves behind.
import knexModule, { type Knex } from 'knex'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startProxy } from '../../../scripts/servers/fault-proxy.ts'
import { describeWithMariadb, describeWithPostgres } from '../../../scripts/servers/missing.ts'
import type { TestServer } from '../../../scripts/servers/server.ts'
import type { MigrationAction, MigrationEvent } from '../../shared/migrations.ts'
import { openServerDatabase, type ServerDatabase } from '../db/server/server-database.ts'
import { mysql } from '../db/mysql/mysql.ts'
import { postgres } from '../db/postgres/postgres.ts'
import { builtinSteps, type Step } from './builtin.ts'
import { isMigrated } from './is-migrated.ts'
import { runMigrations } from './run.ts'
import { readState } from './old-state.ts'

const never = new AbortController().signal
const names = builtinSteps.map(({ name }) => name)

function databaseOn(
  server: Pick<TestServer, 'kind' | 'host' | 'port' | 'user' | 'password' | 'database'>,
): ServerDatabase {
  const { kind, host, port, user, password, database } = server
  const login = () => Promise.resolve({ host, port, user, password, database, tls: 'off' as const, isReadOnly: false })
  return openServerDatabase({
    dialect: kind === 'postgres' ? postgres : mysql,
    login,
    schemaLogin: login,
    poolSize: { limit: 4, from: { kind: 'explicit' } },
    whenUsable: () => Promise.resolve(),
    log: () => undefined,
  })
}

async function run(
  database: ServerDatabase,
  action: MigrationAction,
  { steps = builtinSteps, onEvent = (_event: MigrationEvent): void => undefined, signal = never } = {},
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

function step(name: string, up: (knex: Knex) => Promise<unknown>, down: Step['down'] = () => Promise.resolve()): Step {
  return { name, summary: name, up: (knex) => up(knex).then(() => undefined), down }
}

const stateOf = async (database: ServerDatabase, steps = builtinSteps) =>
  (await readState(database, steps, never)).steps.map(({ state, batch }) => [state, batch])

/** What both engines do alike. */
function alike(server: () => TestServer, types: string[]) {
  let database: ServerDatabase
  beforeEach(async () => {
    await empty(server())
    database = databaseOn(server())
  })
  afterEach(() => database.close())

  it('applies, lists and rolls back, batch by batch', async () => {
    expect(await isMigrated(database, never)).toBe(false)
    for (const name of names) {
      const { events, outcome } = await run(database, 'next')
      expect([outcome, events[0]]).toEqual(['done', { kind: 'planned', direction: 'up', steps: [name] }])
    }
    expect(await isMigrated(database, never)).toBe(true)
    const { steps, lastBatch, blocked } = await readState(database, builtinSteps, never)
    expect(steps.map(({ state, batch }) => [state, batch])).toEqual([
      ['applied', 1],
      ['applied', 2],
      ['applied', 3],
    ])
    expect([lastBatch, blocked]).toEqual([names.slice(2), null])
    // In UTC, and written just now.
    for (const { appliedAt } of steps) {
      expect(appliedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)
      expect(Math.abs(Date.parse(appliedAt ?? '') - Date.now())).toBeLessThan(120_000)
    }
    expect(await run(database, 'rollback')).toMatchObject({ message: 'The last batch is undone: 1 step.' })
    expect(await isMigrated(database, never)).toBe(false)
    expect(await run(database, 'all')).toMatchObject({ outcome: 'done', message: '1 step applied as batch 3.' })
    for (const _ of names) expect((await run(database, 'rollback')).outcome).toBe('done')
    expect(await run(database, 'rollback')).toMatchObject({ outcome: 'nothing-to-do' })
    expect(await database.describe('auth_user', never)).toBeNull()
  })

  it('makes auth_user as the standard has it', async () => {
    await run(database, 'all')
    const shape = await database.describe('auth_user', never)
    expect(shape?.columns.map(({ name, kind }) => [name, kind])).toEqual([
      ['id', 'integer'],
      ['email', 'text'],
      ['password', 'text'],
      ['active', 'boolean'],
      ['fs_uniquifier', 'text'],
      ['confirmed_at', 'datetime'],
    ])
    expect(shape?.columns.map(({ type }) => type)).toEqual(types)
    expect(shape?.key).toEqual(['id'])
    expect(shape?.unique).toEqual(expect.arrayContaining([['email'], ['fs_uniquifier']]))
    expect(shape?.columns.map(({ isIndexed }) => isIndexed)).toEqual([true, true, false, true, true, true])
  })

  it('is blocked by a table of another tool, and says so', async () => {
    await server().admin(
      'create table auth_user (id int); create table alembic_version (version_num varchar(32))',
      at(),
    )
    const end = await run(database, 'all')
    expect(end).toMatchObject({ outcome: 'failed', failedStep: null })
    expect(end.message).toMatch(/^auth_user exists already and was not made by these migrations. Alembic builds/)
  })

  it('agrees with knex itself about the ledger', async () => {
    await run(database, 'next')
    const { host, port, user, password } = server()
    const knex = knexModule({
      client: server().kind === 'postgres' ? 'pg' : 'mysql2',
      connection: { host, port, user, password, database: at() },
    })
    const migrationSource = {
      getMigrations: () => Promise.resolve([...builtinSteps]),
      getMigrationName: (one: unknown) => (one as Step).name,
      getMigration: (one: unknown) => Promise.resolve(one as Step),
    }
    const [done] = (await knex.migrate.list({ migrationSource })) as [{ name: string }[], Step[]]
    expect(done.map(({ name }) => name)).toEqual(names.slice(0, 1))
    await knex.migrate.latest({ migrationSource })
    await knex.destroy()
    expect(await stateOf(database)).toEqual([
      ['applied', 1],
      ['applied', 2],
      ['applied', 2],
    ])
    expect(await run(database, 'rollback')).toMatchObject({ message: 'The last batch is undone: 2 steps.' })
  })

  it('lets one of two runs at the same time do the work, and no step is done twice', async () => {
    const other = databaseOn(server())
    const ends = await Promise.all([run(database, 'all'), run(other, 'all')])
    await other.close()
    expect(ends.map(({ outcome }) => outcome).sort()).toContain('done')
    expect(await stateOf(database)).toEqual(names.map(() => ['applied', 1]))
    expect((await readState(database, builtinSteps, never)).blocked).toBeNull()
  })

  const at = () => server().database
}

/** Everything that a test of this file makes, in whatever state the last one left it. */
async function empty(server: TestServer) {
  const tables = ['auth_user', 'knex_migrations', 'knex_migrations_lock', 'alembic_version', 'first', 'half', 'child']
  await server.admin(tables.map((table) => `drop table if exists ${table}`).join('; '), server.database)
}

const fails = step('005-fails.ts', async (knex) => {
  await knex.schema.createTable('half', (table) => table.increments('id'))
  await knex('nowhere').insert({ id: 1 })
})
const first = step(
  '004-first.ts',
  (knex) => knex.schema.createTable('first', (table) => table.increments('id')),
  (knex) => knex.schema.dropTable('first'),
)
const sleeps = (sql: string) => step('005-sleeps.ts', (knex) => knex.raw(sql))
const has = async (database: ServerDatabase, table: string) => (await database.describe(table, never)) !== null

describeWithPostgres('migrations on PostgreSQL', (server) => {
  describe('in short', () =>
    alike(server, [
      'integer',
      'character varying(255)',
      'character varying(255)',
      'boolean',
      'character varying(64)',
      'timestamp(6) without time zone',
    ]))

  describe('a run', () => {
    let database: ServerDatabase
    beforeEach(async () => {
      await empty(server())
      database = databaseOn(server())
    })
    afterEach(() => database.close())

    it('that fails keeps nothing, of the ledger neither', async () => {
      const end = await run(database, 'all', { steps: [first, fails] })
      expect(end).toMatchObject({ outcome: 'failed', failedStep: '005-fails.ts' })
      expect(end.message).toBe(
        '005-fails.ts failed: relation "nowhere" does not exist. The whole run was rolled back: nothing of it was kept.',
      )
      expect((await readState(database, [first], never)).note).toBeNull()
      expect(await database.tables(never)).toEqual([])
    })

    it('whose step swallows an error is no success: COMMIT was answered with ROLLBACK', async () => {
      const swallows = step('005-swallows.ts', (knex) => knex.raw('select 1/0').catch(() => undefined))
      const end = await run(database, 'all', { steps: [first, swallows] })
      expect(end.outcome).toBe('failed')
      expect(await database.tables(never)).toEqual([])
    })

    it('that the server refuses at COMMIT is no success', async () => {
      const orphan = step('005-orphan.ts', async (knex) => {
        await knex.raw('create table child (parent int references first deferrable initially deferred)')
        await knex.raw('insert into child values (7)')
      })
      const end = await run(database, 'all', { steps: [first, orphan] })
      expect(end.outcome).toBe('failed')
      expect(end.message).toMatch(/violates foreign key constraint.*nothing of it was kept/)
      expect(await database.tables(never)).toEqual([])
    })

    it('whose answer to COMMIT is lost is asked about, and told as it is', async () => {
      for (const isCommitted of [true, false]) {
        await empty(server())
        await using proxy = await startProxy(server())
        const through = databaseOn({ ...server(), port: proxy.port })
        let commits = 0
        proxy.onClientBytes = (bytes) => {
          if (!bytes.includes('COMMIT') || bytes.includes('RELEASE')) return undefined
          commits += 1
          return isCommitted ? 'drop-reply' : 'cut'
        }
        const end = await run(through, 'all', { steps: [first] })
        expect(commits).toBe(1)
        if (isCommitted) expect(end).toMatchObject({ outcome: 'done', message: '1 step applied as batch 1.' })
        else expect(end.message).toMatch(/nothing of it was kept/)
        expect(await has(database, 'first')).toBe(isCommitted)
        await through.close()
      }
    })

    it('that is cancelled ends on the server, and keeps nothing', async () => {
      const abort = new AbortController()
      const steps = [first, sleeps('select pg_sleep(30)')]
      const end = await run(database, 'all', {
        steps,
        signal: abort.signal,
        onEvent: (event) => {
          if (event.kind === 'log' && event.text.includes('pg_sleep')) setTimeout(() => abort.abort(), 100)
        },
      })
      expect(end).toMatchObject({
        outcome: 'cancelled',
        message: 'Cancelled. The whole run was rolled back: nothing of it was kept.',
      })
      await vi.waitFor(async () =>
        expect(
          await server().admin(`select count(*) from pg_stat_activity where query like '%pg_sleep(30)%'
          and pid <> pg_backend_pid()`),
        ).toEqual([['0']]),
      )
      expect(await database.tables(never)).toEqual([])
      expect(await run(database, 'all', { steps: [first] })).toMatchObject({ outcome: 'done' })
    })

    it('waits for nobody longer than 5 s, and says what it waited for', async () => {
      await run(database, 'all', { steps: [first] })
      const holder = await postgres.connect(
        { ...server(), tls: 'off', isReadOnly: false },
        { signal: never, onPhase: () => undefined },
      )
      await holder.begin()
      await holder.query({ sql: 'lock table knex_migrations', values: [] })
      // Reading the ledger waits as well.
      await expect(run(database, 'rollback', { steps: [first] })).rejects.toThrow(/lock timeout/)
      await holder.rollback()
      await holder.end()
    })

    it('sees the ledger of the search path, and no other', async () => {
      await server().admin(`create schema other; create table other.knex_migrations (id int, name text, batch int,
        migration_time timestamptz); insert into other.knex_migrations values (1, '004-first.ts', 7, now());
        create table other.auth_user (id int)`)
      expect((await readState(database, [first], never)).steps).toMatchObject([{ state: 'pending' }])
      expect(await run(database, 'all')).toMatchObject({ outcome: 'done' })
      await server().admin('drop schema other cascade')
    })
  })
})

describeWithMariadb('migrations on MariaDB', (server) => {
  describe('in short', () =>
    alike(server, ['int(10) unsigned', 'varchar(255)', 'varchar(255)', 'tinyint(1)', 'varchar(64)', 'datetime(6)']))

  describe('a run', () => {
    let database: ServerDatabase
    beforeEach(async () => {
      await empty(server())
      database = databaseOn(server())
    })
    afterEach(() => database.close())

    it('that fails says that nothing is rolled back, and what the ledger has', async () => {
      const steps = [first, fails]
      const { note } = await readState(database, steps, never)
      expect(note).toBe(
        'MariaDB commits each change of the schema at once: a run that fails or is cancelled keeps what it had done.',
      )
      const end = await run(database, 'all', { steps })
      expect(end.events.filter(({ kind }) => kind === 'log')[0]).toMatchObject({ text: note })
      expect(end).toMatchObject({ outcome: 'failed', failedStep: '005-fails.ts' })
      expect(end.message).toMatch(/^005-fails.ts failed: .*nowhere' doesn't exist. MariaDB commits each change/)
      expect(end.message).toMatch(
        /According to the ledger 004-first.ts was applied. What 005-fails.ts had done before it ended is still there.$/,
      )
      expect([await has(database, 'first'), await has(database, 'half')]).toEqual([true, true])
      expect(await stateOf(database, steps)).toEqual([
        ['applied', 1],
        ['pending', null],
      ])
      // knex's lock is free, and what was applied can be rolled back.
      expect(await run(database, 'rollback', { steps })).toMatchObject({ outcome: 'done' })
    })

    it('has no transaction around its steps, which would promise what is not kept', async () => {
      const { events } = await run(database, 'all')
      const begun = events.findIndex((event) => event.kind === 'step')
      const texts = events.slice(begun).flatMap((event) => (event.kind === 'log' ? [event.text] : []))
      expect(texts.filter((text) => /^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)/i.test(text))).toEqual([])
    })

    it('has a step in the ledger as soon as it is done, whatever comes next', async () => {
      const failsAtOnce = step('005-at-once.ts', (knex) => knex('nowhere').insert({ id: 1 }))
      const end = await run(database, 'all', { steps: [first, failsAtOnce] })
      expect(end.message).toMatch(/According to the ledger 004-first.ts was applied./)
      expect(await has(database, 'first')).toBe(true)
    })

    it('that is cancelled ends on the server, and leaves no lock behind', async () => {
      const abort = new AbortController()
      const steps = [first, sleeps('select sleep(30)')]
      const end = await run(database, 'all', {
        steps,
        signal: abort.signal,
        onEvent: (event) => {
          if (event.kind === 'log' && event.text.includes('sleep(30)')) setTimeout(() => abort.abort(), 100)
        },
      })
      expect(end.outcome).toBe('cancelled')
      expect(end.message).toMatch(
        /^Cancelled. MariaDB commits.*004-first.ts was applied. What 005-sleeps.ts had done before it ended is still there.$/,
      )
      expect((await readState(database, steps, never)).blocked).toBeNull()
      expect(
        await server().admin(`select count(*) from information_schema.processlist where info like '%sleep(30)%'
        and id <> connection_id()`),
      ).toEqual([['0']])
      expect(await run(database, 'rollback', { steps })).toMatchObject({ outcome: 'done' })
    })

    it('that loses its connection frees the lock that it had', async () => {
      const steps = [first, step('005-killed.ts', (knex) => knex.raw('kill connection_id()'))]
      const end = await run(database, 'all', { steps })
      expect(end).toMatchObject({ outcome: 'failed', failedStep: '005-killed.ts' })
      expect((await readState(database, steps, never)).blocked).toBeNull()
      expect(await run(database, 'rollback', { steps })).toMatchObject({ outcome: 'done' })
    })

    it('does not touch a lock that somebody else has', async () => {
      await run(database, 'next')
      await server().admin('update knex_migrations_lock set is_locked = 1', server().database)
      expect((await run(database, 'all')).message).toMatch(/knex_migrations_lock is locked/)
      expect(await server().admin('select is_locked from knex_migrations_lock', server().database)).toEqual([['1']])
    })
  })
})
