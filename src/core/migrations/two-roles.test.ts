// Two roles, held by the server: a daily login without any right on the schema does the whole daily job, while Migrations
// uses the second login, also for looking.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { describeWithMariadb, describeWithPostgres } from '../../../scripts/servers/missing.ts'
import type { TestServer } from '../../../scripts/servers/server.ts'
import { serverDialects } from '../db/server/server-dialects.ts'
import { openServerDatabase, type ServerDatabase } from '../db/server/server-database.ts'
import { inTransaction } from '../db/transaction.ts'
import { isMigrated } from './is-migrated.ts'
import { never, testProject, type TestProject } from './project.test-setup.ts'
import { runMigrations } from './run/run.ts'
import { readState } from './state.ts'

const DAILY = { user: 'daily', password: 'no schema 1' }

function daily(server: TestServer, hasSchemaLogin = true): ServerDatabase {
  const { kind, host, port, user, password, database } = server
  const at = { host, port, database, tls: 'off' as const, fetchServerKey: false, isReadOnly: false }
  return openServerDatabase({
    dialect: serverDialects[kind],
    login: () => Promise.resolve({ ...at, ...DAILY }),
    schemaLogin: hasSchemaLogin ? () => Promise.resolve({ ...at, user, password }) : null,
    poolSize: { limit: 4, from: { kind: 'explicit' } },
    whenUsable: () => Promise.resolve(),
    log: () => undefined,
  })
}

async function ending(test: TestProject, kind: 'all' | 'rollback') {
  let end = { outcome: '', message: '' }
  for await (const event of runMigrations({ project: await test.project(), action: { kind }, signal: never })) {
    if (event.kind === 'finished') end = event
  }
  return end
}

const migrate = async (...args: Parameters<typeof ending>) => (await ending(...args)).outcome

function roles(server: () => TestServer, allow: { before: string[]; after: string[] }) {
  let test: TestProject
  beforeEach(async () => {
    for (const sql of allow.before) await server().admin(sql)
    test = await testProject(server(), (at) => daily(at))
  })
  afterEach(() => test.end())

  it('the daily login reads and writes rows, and cannot touch the schema', async () => {
    const alone = await testProject(server(), (at) => daily(at, false))
    const refused = await ending(alone, 'all').finally(() => alone.end())
    expect(refused.outcome).toBe('failed')
    expect(refused.message).toMatch(/^The run failed: .*denied.*the profile can name another login for them\./)
    expect(refused.message).not.toMatch(/^The run failed: create table/)
    const { database } = test
    expect(await migrate(test, 'all')).toBe('done')
    for (const sql of allow.after) await server().admin(sql)
    const { steps } = await readState(await test.project(), never)
    expect(steps.map(({ state }) => state)).toEqual(['applied', 'applied', 'applied'])
    expect(await isMigrated(test.core, 'test', database, never)).toBe(true)

    const users = database.quote('auth_user')
    await inTransaction(database, never, async (session) => {
      await session.bulk(
        'auth_user',
        ['email', 'fs_uniquifier'],
        [
          ['ada@example.org', 'a'],
          ['bob@example.org', 'b'],
        ],
      )
      await session.run({
        sql: `update ${users} set email = 'ada.l@example.org' where email = 'ada@example.org'`,
        values: [],
      })
      await session.run({ sql: `delete from ${users} where email = 'bob@example.org'`, values: [] })
    })
    const found = await database.read({ sql: `select email from ${users}`, values: [] }, never)
    expect(found.rows).toEqual([['ada.l@example.org']])
    expect((await database.describe('auth_user', never))?.key).toEqual(['id'])

    const building = [`create table t (v int)`, `drop table ${users}`, `alter table ${users} add column v int`]
    for (const sql of building) {
      const failing = inTransaction(database, never, (session) => session.run({ sql, values: [] }))
      await expect(failing, sql).rejects.toThrow(/permission denied|must be owner|command denied|READ ONLY/i)
    }
    expect(await migrate(test, 'rollback')).toBe('done')
  })
}

describeWithPostgres('two roles on PostgreSQL', (server) => {
  roles(server, {
    before: [`create role ${DAILY.user} login password '${DAILY.password}'`],
    // Nothing is granted on the tables of the ledger.
    after: [
      `grant select, insert, update, delete on auth_user to ${DAILY.user}`,
      `grant usage on sequence auth_user_id_seq to ${DAILY.user}`,
    ],
  })
})

describeWithMariadb('two roles on MariaDB', (server) => {
  roles(server, {
    before: [
      `create user ${DAILY.user}@'%' identified by '${DAILY.password}'`,
      `grant select, insert, update, delete on *.* to ${DAILY.user}@'%'`,
    ],
    after: [],
  })
})
