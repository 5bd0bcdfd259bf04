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
    further: ['auth_event', 'auth_membership', 'auth_user', 'by_email', 'note'],
  })
  expect((await reach(1n, 4n)).direct.find(({ table }) => table === 'auth_membership')?.rows).toBe(3)
})

it('is silent where nothing points to the rows', async () => {
  expect(await reach(3n)).toEqual({ direct: [], further: [] })
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
