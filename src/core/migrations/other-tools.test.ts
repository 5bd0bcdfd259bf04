// Ledgers of other tools as those tools make them, in other letters, in odd shapes, and PyDAL's files that nobody may open.
import { chmodSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeWithMariadb, describeWithPostgres } from '../../../scripts/servers/missing.ts'
import type { TestServer } from '../../../scripts/servers/server.ts'
import type { OtherTool } from '../../shared/migration-steps.ts'
import { readOtherTools } from './other-tools.ts'
import { never, testProject, type TestProject } from './project.test-setup.ts'
import { pydalFiles } from './pydal-files.ts'

let test: TestProject

const tools = (): Promise<OtherTool[]> =>
  test.database.schemaLook(never, async (look) => readOtherTools(test.database, look, await look.tables(), null))
const lines = (found: OtherTool[]) => found.map(({ tool, lines, count }) => [tool, lines, count])

type Engine = 'sqlite' | 'postgres' | 'mysql'

function alike(engine: Engine, server: () => TestServer | null) {
  const q = (name: string) => test.database.quote(name)
  const yes = engine === 'postgres' ? 'true' : '1'
  const no = engine === 'postgres' ? 'false' : '0'
  const flag = engine === 'postgres' ? 'boolean' : 'int'
  const moment = engine === 'mysql' ? 'datetime' : 'timestamp'
  beforeEach(async () => {
    test = await testProject(server())
  })
  afterEach(() => test.end())

  it('finds none in a database without any, and knex’s own is no other tool', async () => {
    await test.elsewhere('create table knex_migrations (id int, name varchar(255))')
    expect(await tools()).toEqual([])
  })

  it('knows a ledger of knex under another name by the lock beside it and by its columns', async () => {
    const columns = `(id int, name varchar(255), batch int, migration_time ${moment})`
    await test.elsewhere(
      `create table knex_migrations ${columns}`,
      'create table knex_migrations_lock (is_locked int)',
      `create table migrations ${columns}`,
      'create table migrations_lock (is_locked int)',
      `create table ${q('Own-Ledger')} ${columns}`,
      `create table ${q('Own-Ledger_lock')} (is_locked int)`,
      "insert into migrations values (1, '001_a.js', 1, '2026-01-01 10:00:00'), (2, '002_b.js', 2, null)",
      `create table without_lock ${columns}`,
      'create table doors (id int, name varchar(255))',
      'create table doors_lock (id int)',
    )
    const found = await tools()
    expect(found).toHaveLength(2)
    expect(found.some(({ where }) => /own-ledger/i.test(where))).toBe(true)
    expect(found.filter(({ count }) => count > 0)).toEqual([
      {
        tool: 'knex, with a ledger of another name',
        where: 'migrations',
        lines: ['002_b.js · batch 2', '001_a.js · batch 1'],
        count: 2,
      },
    ])
  })

  it('shows what each tool has written, the newest first', async () => {
    await test.elsewhere(
      'create table alembic_version (version_num varchar(32) not null)',
      "insert into alembic_version values ('a1'), ('b2')",
      `create table django_migrations (id int, app varchar(255), name varchar(255), applied ${moment})`,
      "insert into django_migrations values (1, 'auth', '0001_initial', '2026-01-01 10:00:00'), (2, 'auth', '0002_more', '2026-01-02 10:00:00')",
      `create table flyway_schema_history (installed_rank int, version varchar(50), description varchar(200), type varchar(20), script varchar(1000), success ${flag})`,
      `insert into flyway_schema_history values (1, '1', 'users', 'SQL', 'V1__users.sql', ${yes}), (2, '2', 'phones', 'SQL', 'V2__phones.sql', ${no})`,
      `create table ${q('_prisma_migrations')} (id varchar(36), migration_name varchar(255), started_at ${moment}, finished_at ${moment}, rolled_back_at ${moment})`,
      `insert into ${q('_prisma_migrations')} values ('x', '20260101_init', '2026-01-01 10:00:00', '2026-01-01 10:00:01', null), ('y', '20260102_bad', '2026-01-02 10:00:00', null, '2026-01-02 11:00:00')`,
      `create table databasechangelog (id varchar(255), author varchar(255), filename varchar(255), dateexecuted ${moment}, orderexecuted int)`,
      "insert into databasechangelog values ('1', 'ada', 'changes.xml', '2026-01-01 10:00:00', 1)",
      `create table goose_db_version (id int, version_id bigint, is_applied ${flag})`,
      `insert into goose_db_version values (1, 0, ${yes}), (2, 20260101, ${no})`,
      'create table atlas_schema_revisions (version varchar(255), description varchar(255))',
      "insert into atlas_schema_revisions values ('20260101', 'init')",
      `create table ${q('SequelizeMeta')} (name varchar(255))`,
      `insert into ${q('SequelizeMeta')} values ('1-a.js'), ('2-b.js')`,
      `create table ${q('__EFMigrationsHistory')} (${q('MigrationId')} varchar(150), ${q('ProductVersion')} varchar(32))`,
      `insert into ${q('__EFMigrationsHistory')} values ('20260101_Init', '9.0.0')`,
    )
    const found = lines(await tools())
    expect(found).toEqual(
      expect.arrayContaining([
        ['Alembic', ['b2', 'a1'], 2],
        ['Django', [expect.stringMatching(/^auth · 0002_more · 2026-01-02/), expect.stringMatching(/0001_initial/)], 2],
        ['Flyway', ['2 · phones · V2__phones.sql · failed', '1 · users · V1__users.sql'], 2],
        [
          'Prisma',
          [expect.stringMatching(/^20260102_bad · rolled back 2026/), expect.stringMatching(/^20260101_init · 2026/)],
          2,
        ],
        ['Liquibase', [expect.stringMatching(/^1 · ada · changes\.xml · 2026/)], 1],
        ['goose', ['20260101 · rolled back', '0 · applied'], 2],
        ['Atlas', ['20260101 · init'], 1],
        ['Sequelize', ['2-b.js', '1-a.js'], 2],
        ['Entity Framework', ['20260101_Init · 9.0.0'], 1],
      ]),
    )
    expect(found).toHaveLength(9)
  })

  it('tells the tools with schema_migrations apart by its columns', async () => {
    const told = async (columns: string, values: string) => {
      await test.elsewhere(
        `create table schema_migrations (${columns})`,
        `insert into schema_migrations values ${values}`,
      )
      const found = lines(await tools())
      await test.elsewhere('drop table schema_migrations')
      return found
    }
    expect(await told(`version bigint, dirty ${flag}`, `(7, ${yes})`)).toEqual([
      ['golang-migrate', ['7 · dirty: its last run ended in the middle'], 1],
    ])
    expect(await told(`version bigint, inserted_at ${moment}`, "(7, '2026-01-01 10:00:00')")).toEqual([
      ['Ecto', [expect.stringMatching(/^7 · 2026-01-01/)], 1],
    ])
    expect(await told('version varchar(20)', "('1'), ('2')")).toEqual([
      ['Rails, or another tool with its table', ['2', '1'], 2],
    ])
  })

  it('shows the last twenty and counts the others', async () => {
    const values = Array.from({ length: 45 }, (_, index) => `('${100 + index}')`).join(', ')
    await test.elsewhere(
      'create table schema_migrations (version varchar(20))',
      `insert into schema_migrations values ${values}`,
    )
    const [found] = await tools()
    expect([found?.count, found?.lines.length, found?.lines[0], found?.lines[19]]).toEqual([45, 20, '144', '125'])
  })

  it('lives with odd shapes: other letters, views, no columns that it knows, NULLs', async () => {
    await test.elsewhere(
      `create table ${q('ALEMBIC_VERSION')} (${q('Version_Num')} varchar(32))`,
      `insert into ${q('ALEMBIC_VERSION')} values (null), ('a1')`,
      'create view schema_migrations as select 1 as something',
      'create table django_migrations (x int)',
    )
    expect(await tools()).toEqual([
      { tool: 'Alembic', where: 'ALEMBIC_VERSION', lines: expect.arrayContaining(['a1', '']) as string[], count: 2 },
      { tool: 'Django', where: 'django_migrations', lines: [expect.stringMatching(/^Not in the shape/)], count: 0 },
      {
        tool: 'Rails, or another tool with its table',
        where: 'schema_migrations',
        lines: ['Not in the shape that Rails, or another tool with its table gives it. Columns: something'],
        count: 1,
      },
    ])
  })
}

describe('ledgers on SQLite', () => alike('sqlite', () => null))
describeWithPostgres('ledgers on PostgreSQL', (server) => {
  alike('postgres', server)

  it('shows those of other schemas by their whole name, and those it may not read in the server’s words', async () => {
    await test.elsewhere('create schema shop', 'create table shop.alembic_version (version_num text)')
    try {
      expect(await tools()).toEqual([{ tool: 'Alembic', where: 'shop.alembic_version', lines: [], count: 0 }])
      const look = {
        tables: () => Promise.resolve([]),
        read: (statement: Parameters<typeof test.database.read>[0]) => test.database.read(statement, never),
      }
      const gone = await readOtherTools(test.database, look, [{ name: 'alembic_version', kind: 'table' }], null)
      expect(gone[0]?.lines).toEqual([expect.stringMatching(/^It cannot be read: .*does not exist/)])
    } finally {
      await test.elsewhere('drop schema shop cascade')
    }
  })
})
describeWithMariadb('ledgers on MariaDB', (server) => alike('mysql', server))

describe('PyDAL’s files', () => {
  const STORAGE = 'c8b669d15150d7109e5f7ab36744a5b7'
  const OTHER = '0123456789abcdef0123456789abcdef'
  const at = new Date('2026-01-02T03:04:05Z')
  beforeEach(async () => {
    test = await testProject()
  })
  afterEach(() => test.end())

  function record(name: string, time = at) {
    const path = join(test.folder, name)
    writeFileSync(path, 'cposix\nsystem\n(S"touch pwned"\ntR.')
    // Whoever is not root could not open it.
    chmodSync(path, 0o000)
    utimesSync(path, time, time)
    return path
  }

  it('are listed by name, size and time, and never opened', async () => {
    mkdirSync(join(test.folder, 'databases'))
    const path = record(`databases/${OTHER}_auth_user.table`)
    record(`${OTHER}_auth_group.table`, new Date('2026-01-03T00:00:00Z'))
    record(`${OTHER}.table`)
    record('notes.table')
    mkdirSync(join(test.folder, `${OTHER}_folder.table`))
    expect(await pydalFiles(join(test.folder, 'test.db'), 20)).toEqual({
      tool: 'PyDAL',
      where: `${OTHER}_auth_group.table`,
      lines: [
        `${OTHER}_auth_group.table · 33 bytes · 2026-01-03T00:00:00.000Z`,
        `${join('databases', `${OTHER}_auth_user.table`)} · 33 bytes · 2026-01-02T03:04:05.000Z`,
      ],
      count: 2,
    })
    expect(await pydalFiles(join(test.folder, 'nowhere/test.db'), 20)).toBeNull()
    // Most systems write down when a file was last read.
    const control = join(test.folder, 'control')
    writeFileSync(control, 'x')
    utimesSync(control, at, at)
    readFileSync(control)
    if (statSync(control).atimeMs !== at.getTime()) expect(statSync(path).atimeMs).toBe(at.getTime())
  })

  it('are this file’s own where the hash of its address says so', async () => {
    record(`${STORAGE}_auth_user.table`)
    record(`${OTHER}_auth_user.table`)
    expect((await pydalFiles(join(test.folder, 'storage.sqlite'), 20))?.lines).toEqual([
      expect.stringMatching(new RegExp(`^${STORAGE}`)),
    ])
    expect((await pydalFiles(join(test.folder, 'other.sqlite'), 20))?.count).toBe(2)
  })
})
