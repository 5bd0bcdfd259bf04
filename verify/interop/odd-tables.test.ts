// Users tables as strangers make them: names in mixed case and quotes, other schemas, odd keys, generated columns. Everything that
// knows users answers about them, and what is edited is edited exactly.
import { afterEach, expect, it } from 'vitest'
import type { Dialect } from '../../src/shared/profiles.ts'
import type { Change } from '../../src/shared/tables.ts'
import type { Health } from '../../src/shared/health.ts'
import type { ForeignRows } from '../../src/shared/foreign-rows.ts'
import { describeOnEachEngine, type Opened } from '../../src/core/tables/engines.test-setup.ts'

interface Odd {
  what: string
  /** As Roster names the table. */
  table: string
  sql: Partial<Record<Dialect, string>>
  email: string
  /** Rows can be changed. */
  isEditable: boolean
}

const q = (text: string) => ({ sqlite: text, postgres: text, mysql: text.replaceAll('"', '`') })

const ODD: Odd[] = [
  {
    what: 'names in mixed case, with blanks, quotes and reserved words',
    table: 'User Accounts',
    sql: q(`create table "User Accounts" ("Select" integer not null primary key, "Email" varchar(200) not null unique, "Password Hash" varchar(200), "Is_Active" boolean, "a'b" varchar(20));
      insert into "User Accounts" values (1, 'Ann@Example.com', '$argon2id$v=19$m=65536,t=3,p=4$ZHi/7WLWaxqYhsV5x9UBCw$rwSQjTPe2zui7A56xmlBrmi91/KGGPcLYbQ82/YX+tA', true, 'x'), (2, 'bob@example.com', null, false, null), (3, 'no address', 'plain', null, '');`),
    email: 'Email',
    isEditable: true,
  },
  {
    what: 'a schema other than public, beside a table of the same name',
    table: 'App Two.user',
    sql: {
      postgres: `create schema "App Two"; create table "App Two"."user" (id bigint primary key, email text unique, password text, active boolean);
        create table "user" (id integer primary key, email text, password text);
        insert into "user" values (1, 'other@example.com', null);
        insert into "App Two"."user" values (9007199254740993, 'ann@example.com', null, true), (2, 'Ann@example.com', 'x', false);`,
    },
    email: 'email',
    isEditable: true,
  },
  {
    what: 'a key of two columns, one of them text',
    table: 'users',
    sql: q(`create table users (tenant varchar(20) not null, n integer not null, email varchar(200), password varchar(200), active integer, primary key (tenant, n));
      insert into users values ('a', 1, 'ann@example.com', null, 1), ('a', 2, 'bob@example.com', '', 0), ('B', 1, 'ANN@example.com', null, null);`),
    email: 'email',
    isEditable: true,
  },
  {
    what: 'no key at all',
    table: 'users',
    sql: {
      postgres: `create table users (email varchar(200), password varchar(200), active boolean); insert into users values ('ann@example.com', null, true), ('ann@example.com', null, false);`,
      mysql: `create table users (email varchar(200), password varchar(200), active boolean); insert into users values ('ann@example.com', null, true), ('ann@example.com', null, false);`,
      sqlite: `create table users (email varchar(200), password varchar(200), active boolean); insert into users values ('ann@example.com', null, 1), ('ann@example.com', null, 0);`,
    },
    email: 'email',
    isEditable: false,
  },
  {
    what: 'STRICT and WITHOUT ROWID',
    table: 'users',
    sql: {
      sqlite: `create table users (id text primary key, email text not null, password text, active integer) strict, without rowid;
        insert into users values ('a', 'ann@example.com', null, 1), ('b', 'bob@example.com', null, 0);`,
    },
    email: 'email',
    isEditable: true,
  },
  {
    what: 'generated columns and a unique one among them',
    table: 'users',
    sql: {
      sqlite: `create table users (id integer primary key, email text not null, password text, active boolean, folded text generated always as (lower(email)) stored unique);
        insert into users (email, active) values ('ann@example.com', 1), ('bob@example.com', 0);`,
      postgres: `create table users (id integer generated always as identity primary key, email text not null, password text, active boolean, folded text generated always as (lower(email)) stored unique);
        insert into users (email, active) values ('ann@example.com', true), ('bob@example.com', false);`,
      mysql: `create table users (id integer auto_increment primary key, email varchar(100) not null, password text, active boolean, folded varchar(100) generated always as (lower(email)) stored unique);
        insert into users (email, active) values ('ann@example.com', true), ('bob@example.com', false);`,
    },
    email: 'email',
    isEditable: true,
  },
  {
    what: 'latin1 and a binary collation',
    table: 'users',
    sql: {
      mysql: `create table users (id bigint unsigned primary key, email varchar(100) character set latin1 unique, password varbinary(200), active bit(1), note varchar(20) collate utf8mb4_bin) default charset latin1;
        insert into users values (18446744073709551615, 'jürgen@example.com', null, b'1', 'x'), (2, 'bob@example.com', 'plain', b'0', 'X');`,
    },
    email: 'email',
    isEditable: true,
  },
  {
    what: 'a row-level policy that hides and refuses rows',
    table: 'users',
    sql: {
      postgres: `create table users (id integer primary key, email text, password text, active boolean);
        insert into users values (1, 'ann@example.com', null, true), (2, 'bob@example.com', null, false);
        alter table users enable row level security; create policy p on users using (id = 1);`,
    },
    email: 'email',
    isEditable: true,
  },
]

describeOnEachEngine('users tables of strangers', (engine) => {
  let opened: Opened | null = null
  afterEach(async () => {
    await opened?.close()
    opened = null
  })
  const own = ODD.filter(({ sql }) => sql[engine.dialect] !== undefined)

  it.each(own.map((odd) => [odd.what, odd] as const))('%s', async (_what, { table, sql, email, isEditable }) => {
    opened = await engine.open(sql[engine.dialect] ?? '')
    const { api, profileId } = opened
    const description = await api.tables.describe({ profileId, table })
    expect(description.owner?.user?.email).toBe(email)
    expect(description.readOnly === null).toBe(isEditable)
    const view = { profileId, table, sort: null, filter: null }
    const page = await api.tables.page({ view, place: { kind: 'first' }, limit: 100 })

    let health: Health | null = null
    for await (const state of await api.users.health({ profileId, table })) health = state
    expect(health?.isDone).toBe(true)
    expect(health?.read).toBe(page.rows.length)
    for (const { title, rows, filter, filterNote } of health?.facts ?? []) {
      if (!filter || filterNote !== null) continue
      const { count } = await api.tables.count({ view: { ...view, filter } })
      expect(count, title).toBe(rows)
    }
    let foreign: ForeignRows | null = null
    for await (const state of await api.tables.foreignRows({ profileId, table })) foreign = state
    expect(foreign?.isDone).toBe(true)
    const repairs = (foreign?.groups ?? []).map(({ id, column }) => ({ id, column, to: 'null' as const }))
    if (isEditable) await api.tables.foreignRepair({ profileId, table, repairs })
    expect((await api.users.passwords({ profileId, table })).choices.length).toBeGreaterThan(0)
    const place = page.columns.indexOf(email)
    const first = page.rows[0]?.[place]
    const key = page.keys[0] ?? []
    if (typeof first !== 'string') throw new Error('The email is no text.')
    await api.users.alike({ profileId, table, email: first, key: key.length > 0 ? key : null })
    if (!isEditable) return

    const { kept } = await api.users.hash({
      ...{ profileId, table, password: 'correct horse', pepper: { variable: null }, count: 1 },
      choice: { scheme: 'bcrypt', cost: { rounds: 4 }, digest: null, isDouble: false },
    })
    const password = description.owner?.user?.password ?? ''
    const change: Change = {
      ...{ kind: 'update', id: 'one', key: [...key], original: { [email]: first } },
      values: { [email]: 'changed@example.com', [password]: kept[0] ?? '' },
    }
    await api.tables.save({ profileId, table, changes: [change] })
    const checked = { profileId, table, key, pepper: { variable: null } }
    expect((await api.users.checkPassword({ ...checked, password: 'correct horse' })).answer).toBe('matches')
    expect((await api.users.checkPassword({ ...checked, password: 'wrong' })).answer).toBe('differs')
    const { saves } = await api.tables.rowSaves({ profileId, table, key })
    expect(saves[0]?.cells.map(({ column }) => column).sort()).toEqual([email, password].sort())
    const after = await api.tables.page({ view, place: { kind: 'first' }, limit: 100 })
    const changed = after.rows.flatMap((row, at) =>
      row.flatMap((cell, index) =>
        JSON.stringify(cell, asText) === JSON.stringify(page.rows[at]?.[index], asText) ? [] : [after.columns[index]],
      ),
    )
    const folded = description.columns
      .filter(({ isGenerated, keyPosition }) => isGenerated && keyPosition === 0)
      .map(({ name }) => name)
    expect(new Set(changed)).toEqual(new Set([email, password, ...folded]))
  })
})

const asText = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value)
