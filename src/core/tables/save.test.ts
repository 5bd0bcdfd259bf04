// Saving: exactly the rows that were seen, all or nothing, and words that name the row in the way.
import { ORPCError } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Change, Conflict } from '../../shared/tables.ts'
import { testDatabase, withSql, type TestDatabase } from './database.test-setup.ts'

let database: TestDatabase

beforeEach(async () => {
  database = await testDatabase(
    withSql(`
      create table auth_user (id integer primary key autoincrement, email varchar(30) not null unique, password varchar(255),
        active boolean default 1, note text collate nocase, score, check (score is null or score <> 13));
      insert into auth_user (id, email, password, active, note, score) values
        (1, 'ann@example.com', '$2b$12$EipC6kvt9bGS/mjQwgHvK./zaPyxpzm.ZqnGKrYWxX4zMSIl.E0y.', 1, 'A', 5), (2, 'bob@example.com', null, 0, null, 5.0), (3, 'cy@example.com', '', null, '', x'00ff');
      create table child (id integer primary key, user_id integer references auth_user (id));
      insert into child values (1, 3);
    `),
  )
})
afterEach(() => database.close())

const save = (...changes: Change[]) =>
  database.api.tables.save({ profileId: database.profileId, table: 'auth_user', changes })
const update = (id: bigint, original: Record<string, unknown>, values: Record<string, unknown>): Change =>
  ({ kind: 'update', id: `u${id}`, key: [id], original, values }) as Change
const rows = () => database.other.prepare('select * from auth_user order by id').raw().safeIntegers().all()

async function refusal(promise: Promise<unknown>): Promise<ORPCError<string, unknown>> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ORPCError)
  return error as ORPCError<string, unknown>
}

describe('save', () => {
  it('deletes, changes and adds in one go, and answers with what is stored', async () => {
    const answer = await save(
      { kind: 'insert', id: 'n', values: { email: 'bob@example.com', active: 1n } },
      update(1n, { active: 1n, note: 'A' }, { active: null, note: 'é' }),
      { kind: 'delete', id: 'd', key: [2n], original: { email: 'bob@example.com', active: 0n, note: null, score: 5 } },
    )
    expect(answer.rows).toEqual([
      { key: [4n], cells: [4n, 'bob@example.com', null, 1n, null, null] },
      { key: [1n], cells: [1n, 'ann@example.com', { secret: 'bcrypt' }, null, 'é', 5n] },
      null,
    ])
    expect(rows()).toHaveLength(3)
  })

  it.each([
    ['another value', "update auth_user set note = 'B' where id = 1", { note: 'A' }, 'B'],
    [
      'only another case, in a column that compares without case',
      "update auth_user set note = 'a' where id = 1",
      { note: 'A' },
      'a',
    ],
    ['NULL where there was text', 'update auth_user set note = null where id = 1', { note: 'A' }, null],
    ['a float where there was an integer', 'update auth_user set score = 5.0 where id = 1', { score: 5n }, 5],
  ])('meets a conflict: %s', async (_, theirs, seen, now) => {
    database.other.exec(theirs)
    const [column] = Object.keys(seen)
    const before = rows()
    const error = await refusal(
      save(update(2n, { note: null }, { note: 'kept back' }), update(1n, seen, { [column as string]: 'mine' })),
    )
    expect(error.code).toBe('CONFLICT')
    const { conflicts } = error.data as { conflicts: Conflict[] }
    expect(conflicts).toEqual([
      {
        changeId: 'u1',
        key: [1n],
        isGone: false,
        columns: [{ column, base: seen[column as keyof typeof seen], theirs: now, mine: 'mine' }],
      },
    ])
    expect(rows()).toEqual(before)
  })

  it('reports every conflicting row, and rows that are gone', async () => {
    database.other.exec("update auth_user set note = 'x' where id = 1; delete from auth_user where id = 2")
    const error = await refusal(
      save(update(1n, { note: 'A' }, { note: 'm' }), update(2n, { note: null }, { note: 'm' })),
    )
    const { conflicts } = error.data as { conflicts: Conflict[] }
    expect(conflicts.map(({ changeId, isGone }) => [changeId, isGone])).toEqual([
      ['u1', false],
      ['u2', true],
    ])
  })

  it('names the row that already has an email', async () => {
    const error = await refusal(save(update(1n, { email: 'ann@example.com' }, { email: 'bob@example.com' })))
    expect(error.code).toBe('DUPLICATE')
    expect(error.message).toBe('email “bob@example.com” is already used by the row with id 2. Nothing was saved.')
    expect(error.data).toEqual({ changeId: 'u1', columns: ['email'], holder: { key: [2n], label: 'id 2' } })
  })

  it('says when two changes of one save clash with each other', async () => {
    const error = await refusal(
      save(
        { kind: 'insert', id: 'a', values: { email: 'new@example.com' } },
        { kind: 'insert', id: 'b', values: { email: 'new@example.com' } },
      ),
    )
    expect(error.data).toMatchObject({ changeId: 'b', holder: null })
    expect(error.message).toContain('another change of this save')
    expect(rows()).toHaveLength(3)
  })

  it.each([
    ['NULL in a NOT NULL column', update(1n, { email: 'ann@example.com' }, { email: null }), 'email'],
    ['a text that is too long', update(1n, { email: 'ann@example.com' }, { email: `${'x'.repeat(30)}@` }), 'email'],
    ['a failed check', update(1n, { score: 5n }, { score: 13n }), 'score'],
    ['a typed password', update(1n, {}, { password: 'secret' }), 'password'],
    ['a column that is not there', update(1n, { nope: 1n }, { nope: 2n }), 'nope'],
    ['an edit without its guard', update(1n, {}, { note: 'x' }), 'note'],
    ['an integer beyond 64 bits', update(1n, { score: 5n }, { score: 2n ** 63n }), 'score'],
  ])('refuses %s in words, at its cell', async (_, change, column) => {
    const before = rows()
    const error = await refusal(save(change))
    expect(error.code).toBe('VALUE_REFUSED')
    expect(error.data).toEqual({ changeId: 'u1', column })
    expect(error.message.length).toBeGreaterThan(10)
    expect(rows()).toEqual(before)
  })

  it('does not leave orphans behind a deleted row', async () => {
    const error = await refusal(save({ kind: 'delete', id: 'd', key: [3n], original: { email: 'cy@example.com' } }))
    expect(error.code).toBe('VALUE_REFUSED')
    expect(rows()).toHaveLength(3)
  })

  it('keeps values that only look alike apart', async () => {
    await save(
      update(3n, { score: new Uint8Array([0, 255]) }, { score: '5' }),
      update(1n, { score: 5n }, { score: 2 ** 53 }),
    )
    const stored = database.other
      .prepare('select typeof(score), score from auth_user order by id')
      .raw()
      .safeIntegers()
      .all()
    expect(stored).toEqual([
      ['real', 2 ** 53],
      ['real', 5],
      ['text', '5'],
    ])
  })
})
