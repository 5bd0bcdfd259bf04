// What a person decides about a step, where the database does not let it be written: words, and nothing written.
import { expect, it } from 'vitest'
import { describeWithMariadb, describeWithPostgres } from '../../../../scripts/servers/missing.ts'
import type { TestServer } from '../../../../scripts/servers/server.ts'
import { describeOnEachEngine } from '../../tables/engines.test-setup.ts'
import { adoptStep, repairLock } from './mark.ts'
import { databaseOn, makes, never, projectOf, run, scene } from './run.test-setup.ts'

describeOnEachEngine('deciding about steps of a read-only profile', (engine) => {
  it('is refused in words, and writes nothing', async () => {
    const at = await engine.open('create table kept (id int)', { isReadOnly: true })
    const { api, profileId } = at
    const name = (await api.migrations.list({ profileId })).steps[0]?.name ?? ''
    const confirmation = 'yes'
    const refusal = { code: 'READ_ONLY', message: expect.stringMatching(/read-only/) as string }
    await expect(api.migrations.repairLock({ profileId, confirmation })).rejects.toMatchObject(refusal)
    await expect(api.migrations.mark({ profileId, name, as: 'applied', confirmation })).rejects.toMatchObject(refusal)
    const tables = engine.pick({
      sqlite: 'select name from sqlite_master',
      postgres: `select tablename from pg_tables where schemaname = 'public'`,
      mysql: 'show tables',
    })
    expect(await at.sql(tables)).toEqual([['kept']])
    await at.close()
  })
})

function withoutRights(server: () => TestServer, grant: (user: string) => string, drop: (user: string) => string) {
  it('is refused in the database’s words where the login may not write', async () => {
    const at = await scene(server())
    const user = server().unique('reader')
    const admin = (sql: string) => server().admin(sql, server().database)
    const first = makes('001-first.ts', 'first_table')
    await run(at.project([first]), 'all')
    await admin(grant(user))
    const { kind, host, port, database } = server()
    const other = databaseOn({ kind, host, port, database, user, password: 'reads' })
    const project = projectOf(other, at.folder, [first, makes('002-more.ts', 'more')], 'table')
    await expect(adoptStep(project, '002-more.ts', never)).rejects.toMatchObject({
      code: 'STEP_REFUSED',
      message: expect.stringMatching(
        /denied.*Migrations need a user that may change.*Nothing was written\.$/,
      ) as string,
    })
    await expect(repairLock(project, never)).rejects.toMatchObject({
      code: 'LOCK_HELD',
      message: expect.stringMatching(/denied.*Nothing was written\.$/) as string,
    })
    await other.close()
    await admin(drop(user))
    await at.end()
  })
}

describeWithPostgres('deciding without rights on PostgreSQL', (server) =>
  withoutRights(
    server,
    (user) =>
      `create role ${user} login password 'reads'; grant usage on schema public to ${user}; grant select on all tables in schema public to ${user}`,
    (user) => `drop owned by ${user}; drop role ${user}`,
  ),
)
describeWithMariadb('deciding without rights on MariaDB', (server) =>
  withoutRights(
    server,
    (user) => `create user ${user} identified by 'reads'; grant select on ${server().database}.* to ${user}`,
    (user) => `drop user ${user}`,
  ),
)
