// What a delete takes along is said before it is done, and is what it then takes.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { testDatabase, withSql, type TestDatabase } from './database.test-setup.ts'

let database: TestDatabase

beforeEach(async () => {
  database = await testDatabase(
    withSql(`
      create table auth_user (id integer primary key, email text unique,
        created_by integer references auth_user (id) on delete cascade);
      create table auth_membership (id integer primary key, user_id integer references auth_user on delete cascade);
      create table auth_event (id integer primary key, user_id integer references auth_user (id) on delete set null);
      create table note (id integer primary key, membership integer references auth_membership (id) on delete cascade);
      create table roles_users (user_id integer references auth_user (id));
      create table by_email (email text references auth_user (email) on delete cascade);
      insert into auth_user values (1, 'a', null), (2, 'b', 1), (3, 'c', 1), (4, 'd', null);
      insert into auth_membership values (1, 1), (2, 1), (3, 4);
      insert into auth_event values (1, 1), (2, 2);
      insert into note values (1, 1);
      insert into by_email values ('a'), ('d');
    `),
  )
})
afterEach(() => database.close())

const reach = (...keys: bigint[]) =>
  database.api.tables.deleteReach({
    profileId: database.profileId,
    table: 'auth_user',
    keys: keys.map((key) => [key]),
  })

it('counts the rows that point to the deleted ones, and names the tables beyond', async () => {
  expect(await reach(1n)).toEqual({
    direct: [
      { table: 'auth_event', action: 'set-null', rows: 1 },
      { table: 'auth_membership', action: 'delete', rows: 2 },
      { table: 'auth_user', action: 'delete', rows: 2 },
      { table: 'by_email', action: 'delete', rows: 1 },
    ],
    // Users 2 and 3 go with user 1, and what points to them goes in turn.
    further: [
      { table: 'auth_event', action: 'set-null', rows: 1, isAtLeast: false },
      { table: 'note', action: 'delete', rows: 1, isAtLeast: false },
    ],
  })
  expect((await reach(1n, 4n)).direct.find(({ table }) => table === 'auth_membership')?.rows).toBe(3)
})

it('counts a row once that points there by two keys, and none that is deleted itself', async () => {
  database.other.exec(`
    alter table auth_user add column modified_by integer references auth_user (id) on delete cascade;
    update auth_user set modified_by = 1 where id in (1, 2, 4);
  `)
  const users = async (...keys: bigint[]) =>
    (await reach(...keys)).direct.find(({ table }) => table === 'auth_user')?.rows ?? 0
  // 2 and 3 were made by 1, which has changed 2 and 4 as well, and itself.
  expect(await users(1n)).toBe(3)
  expect(await users(1n, 2n)).toBe(2)
  expect(await users(1n, 2n, 3n, 4n)).toBe(0)
})

it('is silent where nothing points to the rows', async () => {
  expect(await reach(3n)).toEqual({ direct: [], further: [] })
})

it('counts each row once where tables point to each other in a circle', async () => {
  database.other.exec(`
    create table a (id integer primary key, b integer references b (id) on delete cascade);
    create table b (id integer primary key, a integer references a (id) on delete cascade);
    insert into a values (1, null); insert into b values (1, 1); insert into a values (2, 1);
    insert into b values (2, 2); insert into a values (3, 2); insert into b values (3, 3);
    update a set b = 3 where id = 1;
  `)
  const { profileId } = database
  expect(await database.api.tables.deleteReach({ profileId, table: 'a', keys: [[1n]] })).toEqual({
    direct: [{ table: 'b', action: 'delete', rows: 1 }],
    further: [
      { table: 'a', action: 'delete', rows: 2, isAtLeast: false },
      { table: 'b', action: 'delete', rows: 2, isAtLeast: false },
    ],
  })
})

it('counts what goes with thousands of rows, and says at least where it would take too long', async () => {
  database.other.exec(`
    with recursive n(i) as (select 10 union all select i + 1 from n limit 12000)
      insert into auth_user select i, 'mail ' || i, null from n;
    insert into auth_membership select id + 100000, id from auth_user where id >= 10;
    insert into note select id, id from auth_membership where id > 100000;
  `)
  const keys = Array.from({ length: 12_000 }, (_, index) => BigInt(index + 10))
  const some = await reach(...keys.slice(0, 5_000))
  expect(some.direct).toEqual([{ table: 'auth_membership', action: 'delete', rows: 5_000 }])
  expect(some.further).toEqual([{ table: 'note', action: 'delete', rows: 5_000, isAtLeast: false }])
  const all = await reach(...keys)
  expect(all.direct).toEqual([{ table: 'auth_membership', action: 'delete', rows: 12_000 }])
  const note = all.further.find(({ table }) => table === 'note')
  expect(note).toMatchObject({ isAtLeast: true, rows: 8_000 })
})

it('says what the delete then does', async () => {
  const announced = await reach(1n)
  const count = (table: string) => database.other.prepare(`select count(*) from ${table}`).pluck().get() as number
  const before = count('auth_membership')
  await database.api.tables.save({
    profileId: database.profileId,
    table: 'auth_user',
    changes: [{ kind: 'delete', id: 'd', key: [1n], original: { email: 'a' } }],
  })
  expect(before - count('auth_membership')).toBe(
    announced.direct.find(({ table }) => table === 'auth_membership')?.rows,
  )
  expect(count('note')).toBe(0)
})
