// The list of steps on each engine: whatever the ledger, the journal or the folder hold, there is one, and it says what is wrong.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeWithMariadb, describeWithPostgres } from '../../../scripts/servers/missing.ts'
import { startProxy } from '../../../scripts/servers/fault-proxy.ts'
import type { TestServer } from '../../../scripts/servers/server.ts'
import { builtinSteps } from './builtin.ts'
import { isMigrated } from './is-migrated.ts'
import { filesIn, never, onServer, testProject, type TestProject } from './project.test-setup.ts'
import { sourceOf } from './source.ts'
import { readState } from './state.ts'

type Engine = 'sqlite' | 'postgres' | 'mysql'

/** Milliseconds. What is promised is 1,000; the bound here is for a machine that does other things too. */
const LIST_LIMIT = 5_000

let test: TestProject
const state = async () => readState(await test.project(), never)
const atHead = () => isMigrated(test.core, 'test', test.database, never)
const names = builtinSteps.map(({ name }) => name)

/** As knex 3 makes them. */
const LEDGER: Record<Engine, string> = {
  sqlite:
    'create table knex_migrations (id integer not null primary key autoincrement, name varchar(255), batch integer, migration_time datetime)',
  postgres:
    'create table knex_migrations (id serial primary key, name varchar(255), batch integer, migration_time timestamptz)',
  mysql:
    'create table knex_migrations (id int unsigned not null auto_increment primary key, name varchar(255), batch int, migration_time timestamp)',
}
const TIMES: Record<Engine, string> = {
  sqlite: '1767323045000',
  postgres: "'2026-01-02 03:04:05.123+00'",
  mysql: "'2026-01-02 03:04:05'",
}

function rows(engine: Engine, ...entries: [name: string | null, batch: number][]): string {
  const values = entries.map(([name, batch]) => `(${name === null ? 'null' : `'${name}'`}, ${batch}, ${TIMES[engine]})`)
  return `insert into knex_migrations (name, batch, migration_time) values ${values.join(', ')}`
}

const folderWith = (...steps: string[]) => {
  const path = join(test.folder, 'steps')
  mkdirSync(path, { recursive: true })
  return filesIn(path, Object.fromEntries(steps.map((name) => [name, `// Step ${name}.\nexport {}\n`])))
}

function alike(engine: Engine, server: () => TestServer | null) {
  beforeEach(async () => {
    test = await testProject(server())
  })
  afterEach(() => test.end())

  it('lists an empty database: nothing applied, nothing made', async () => {
    const list = await state()
    expect(list.steps.map(({ name, state }) => [name, state])).toEqual(names.map((name) => [name, 'pending']))
    expect(list).toMatchObject({
      lastBatch: [],
      isAtHead: false,
      blocked: null,
      lock: null,
      half: null,
      otherTools: [],
    })
    expect(list.note === null).toBe(engine !== 'mysql')
    expect(await test.database.tables(never)).toEqual([])
    expect(await atHead()).toBe(false)
  })

  it('reads what the knex command line wrote, and is at head of the folder without trusting it', async () => {
    await test.project({ migrationsFolder: folderWith('1.ts', '2.js') })
    await test.elsewhere(LEDGER[engine], rows(engine, ['1.js', 1], ['2.js', 2]))
    const { steps, lastBatch, isAtHead, folder } = await state()
    expect(
      steps.map(({ name, ledgerName, state, batch, appliedBy }) => [name, ledgerName, state, batch, appliedBy]),
    ).toEqual([
      ['1.ts', '1.js', 'applied', 1, 'elsewhere'],
      ['2.js', null, 'applied', 2, 'elsewhere'],
    ])
    expect(steps[0]?.appliedAt).toMatch(/^2026-01-02T03:04:05(\.\d+)?Z$/)
    expect([lastBatch, isAtHead, folder.trust]).toEqual([['2.js'], true, 'new'])
    expect(await atHead()).toBe(true)
    folderWith('3.ts')
    expect([(await state()).isAtHead, await atHead()]).toEqual([false, false])
  })

  it('names the last batch as the list does, the newest first', async () => {
    await test.project({ migrationsFolder: folderWith('1.ts', '2.ts') })
    await test.elsewhere(LEDGER[engine], rows(engine, ['1.js', 1], ['2.js', 1], ['gone.js', 1]))
    expect((await state()).lastBatch).toEqual(['gone.js', '2.ts', '1.ts'])
  })

  it('is not at head of a folder that is not there, or not understood', async () => {
    await test.project({ migrationsFolder: join(test.folder, 'nowhere') })
    const list = await state()
    expect([list.steps, list.isAtHead, await atHead()]).toEqual([[], false, false])
    expect(list.note).toContain('There is no folder')
  })

  it.each([
    ['a NULL name', [[null, 1]], /row 1: it names no step\. Delete that row\./],
    [
      'a name twice',
      [
        ['1.ts', 1],
        ['1.js', 2],
      ],
      /row 2: 1\.js is there twice\. Delete one of the two rows\./,
    ],
  ] as [string, [string | null, number][], RegExp][])('lives with %s in the ledger', async (_, entries, words) => {
    await test.project({ migrationsFolder: folderWith('1.ts') })
    await test.elsewhere(LEDGER[engine], rows(engine, ...entries))
    const list = await state()
    expect(list.blocked).toMatch(words)
    expect(list.steps.map(({ name }) => name)).toEqual(['1.ts'])
  })

  it.each([
    [
      'a view',
      "create view knex_migrations as select 1 as id, '1.ts' as name, 1 as batch, null as migration_time",
      /is a view/,
    ],
    [
      'without most columns',
      'create table knex_migrations (title varchar(20))',
      /has no column id, name, batch, migration_time/,
    ],
    [
      'of another tool, whose batch is text',
      "create table knex_migrations as select 1 as id, '1.ts' as name, 'first' as batch, 'then' as migration_time",
      /the batch of 1\.ts is no whole number/,
    ],
  ])('lives with a ledger that is %s', async (_, make, words) => {
    await test.project({ migrationsFolder: folderWith('1.ts') })
    await test.elsewhere(make)
    const list = await state()
    expect(list.blocked).toMatch(words)
    expect(list.steps).toHaveLength(1)
  })

  it('lives with tables that only have the names of the lock and of the journal', async () => {
    await test.elsewhere(
      'create table knex_migrations_lock (v int)',
      'insert into knex_migrations_lock values (1)',
      'create table roster_migrations (v int)',
      'create table roster_migration_statements (v int)',
    )
    const list = await state()
    expect(list.steps).toHaveLength(names.length)
    expect([list.blocked, list.lock].some((found) => found !== null)).toBe(true)
    expect(await atHead()).toBe(false)
  })

  it('says that a table made elsewhere is to be adopted, and whose schema it is', async () => {
    await test.elsewhere(
      'create table auth_user (id int primary key)',
      'create table alembic_version (version_num varchar(32))',
    )
    const list = await state()
    expect(list.blocked).toMatch(
      /^auth_user exists already and was not made by these migrations\. Adopt 001-create-auth-user\.ts/,
    )
    expect(list.note).toContain('Alembic (alembic_version) builds the schema of this database.')
    expect(list.adoptable).toEqual(names.slice(0, 1))
    expect(list.otherTools).toMatchObject([{ tool: 'Alembic' }])
    await test.elsewhere(LEDGER[engine], rows(engine, [names[0] ?? '', 1]))
    expect((await state()).blocked).toBeNull()
  })

  it('runs nothing that a ledger of knex under another name says is applied', async () => {
    await test.project({ migrationsFolder: folderWith('1.cjs', '2.cjs') })
    const moment = engine === 'mysql' ? 'datetime' : 'timestamp'
    await test.elsewhere(
      `create table migrations (id int, name varchar(255), batch int, migration_time ${moment})`,
      'create table migrations_lock (is_locked int)',
      "insert into migrations values (1, '1.js', 1, null)",
    )
    const list = await state()
    expect(list.blocked).toMatch(/^1\.cjs is applied according to migrations, a ledger of knex .* a second time\./)
    expect(list.note ?? '').not.toContain('builds the schema')
    await test.elsewhere("update migrations set name = 'of_somebody_else.js'")
    expect((await state()).blocked).toBeNull()
  })

  it('gives a step’s text, and says when nobody has it', async () => {
    await test.project({ migrationsFolder: folderWith('1.ts') })
    const source = async (name: string) => sourceOf(await test.project(), name, never)
    expect(await source('1.ts')).toEqual({
      files: [{ name: '1.ts', text: '// Step 1.ts.\nexport {}\n' }],
      applied: null,
    })
    await expect(source('9.ts')).rejects.toMatchObject({ code: 'STEP_REFUSED' })
  })

  it('lists a thousand steps in time', async () => {
    const steps = Array.from({ length: 1000 }, (_, index) => `${String(index).padStart(4, '0')}-step.ts`)
    await test.project({ migrationsFolder: folderWith(...steps) })
    await test.elsewhere(
      LEDGER[engine],
      rows(engine, ...steps.slice(0, 900).map((name): [string, number] => [name, 1])),
    )
    await state()
    const began = performance.now()
    const list = await state()
    const ms = Math.round(performance.now() - began)
    console.log(`1,000 steps listed on ${engine} in ${ms} ms`)
    expect(list.steps.filter(({ state }) => state === 'applied')).toHaveLength(900)
    expect([list.steps.length, list.lastBatch.length]).toEqual([1000, 900])
    expect(ms).toBeLessThan(LIST_LIMIT)
  })
}

describe('the list on SQLite', () => alike('sqlite', () => null))
describeWithPostgres('the list on PostgreSQL', (server) => {
  alike('postgres', server)

  it('says that a pooler is in between, where the number of the session that answers is another', async () => {
    await using proxy = await startProxy(server())
    const behind = async () => {
      await test.end()
      test = await testProject(server(), (at) => {
        const { kind, user, password, database } = at
        return onServer({ kind, user, password, database, host: '127.0.0.1', port: proxy.port })
      })
    }
    await behind()
    expect((await state()).note).toBeNull()
    // BackendKeyData: the number of the process that the connection was told of, and a key.
    proxy.onServerBytes = (bytes) => {
      const at = bytes.indexOf(Buffer.from([0x4b, 0, 0, 0, 12]))
      if (at >= 0) bytes.writeInt32BE(bytes.readInt32BE(at + 5) + 1, at + 5)
      return undefined
    }
    await behind()
    expect((await state()).note).toMatch(/^A connection pooler .* is between Roster and PostgreSQL/)
  })
})
describeWithMariadb('the list on MariaDB', (server) => alike('mysql', server))
