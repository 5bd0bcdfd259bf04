// Demo users on real servers: the same people as on SQLite, in one transaction, with every value as its owner writes it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeWithMariadb, describeWithPostgres } from '../../../scripts/servers/missing.ts'
import type { TestServer } from '../../../scripts/servers/server.ts'
import type { DemoState } from '../../shared/users.ts'
import { mysql } from '../db/mysql/mysql.ts'
import { postgres } from '../db/postgres/postgres.ts'
import { openServerDatabase, type ServerDatabase } from '../db/server/server-database.ts'
import { addDemoUsers } from './add-demo.ts'
import { demoRows } from './demo-users.ts'

const never = new AbortController().signal

/** As the built-in migrations make it. */
const TABLES = {
  postgres: `create table auth_user (id serial primary key, email varchar(255) not null unique, password varchar(255),
    active boolean default true, fs_uniquifier varchar(64) unique, confirmed_at timestamp)`,
  mysql: `create table auth_user (id int unsigned not null auto_increment primary key, email varchar(255) not null unique,
    password varchar(255), active tinyint(1) default 1, fs_uniquifier varchar(64) unique, confirmed_at datetime(6))`,
}

/** The text of everything, in the order of the rows, on a connection that knows nothing of Roster. */
const STORED = {
  postgres: `select email, password, active::int, fs_uniquifier, to_char(confirmed_at, 'YYYY-MM-DD HH24:MI:SS.US')
    from auth_user order by id`,
  mysql: 'select email, password, active, fs_uniquifier, confirmed_at from auth_user order by id',
}

function onServer(server: () => TestServer): void {
  let database: ServerDatabase
  beforeEach(async () => {
    const { kind, host, port, user, password, database: name } = server()
    await server().admin(`drop table if exists auth_user; ${TABLES[kind]}`, name)
    const login = () =>
      Promise.resolve({ host, port, user, password, database: name, tls: 'off' as const, isReadOnly: false })
    database = openServerDatabase({
      dialect: kind === 'postgres' ? postgres : mysql,
      login,
      schemaLogin: login,
      poolSize: { limit: 4, from: { kind: 'explicit' } },
      whenUsable: () => Promise.resolve(),
      log: () => undefined,
    })
  })
  afterEach(() => database.close())
  const count = async () => (await server().admin('select count(*) from auth_user', server().database))[0]?.[0]

  it('stores every value exactly as it was made up', async () => {
    const states: DemoState[] = []
    await addDemoUsers(database, 10_000, (state) => states.push(state), never)
    const stored = await server().admin(STORED[server().kind], server().database)
    const expected = demoRows(0, 10_000).map((row) => row.map((cell) => (cell === null ? null : String(cell))))
    expect(stored).toEqual(expected)
    expect(states.at(-1)).toMatchObject({ added: 10_000, state: 'done' })
  })

  it('is refused for a table that holds a row', async () => {
    await addDemoUsers(database, 100, () => undefined, never)
    await expect(addDemoUsers(database, 100, () => undefined, never)).rejects.toMatchObject({ code: 'NOT_EMPTY' })
    expect(await count()).toBe('100')
  })

  it('leaves nothing behind when it is cancelled, or meets an error', async () => {
    const abort = new AbortController()
    const adding = addDemoUsers(
      database,
      1_000_000,
      ({ added }) => {
        if (added > 0) abort.abort(new Error('enough'))
      },
      abort.signal,
    )
    await expect(adding).rejects.toThrow('enough')
    expect(await count()).toBe('0')
    const email = String(demoRows(7000, 7001)[0]?.[0])
    await server().admin(`alter table auth_user add constraint odd check (email <> '${email}')`, server().database)
    await expect(addDemoUsers(database, 10_000, () => undefined, never)).rejects.toThrow(/odd/)
    expect(await count()).toBe('0')
  })
}

describeWithPostgres('demo users on PostgreSQL', (server) => describe('are added', () => onServer(server)))
describeWithMariadb('demo users on MariaDB', (server) => describe('are added', () => onServer(server)))
