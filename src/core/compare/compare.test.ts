// Users of real tables that other software wrote, compared by what they mean: the raw driver and the writers say what is so.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeWithMariadb, describeWithPostgres } from '../../../scripts/servers/missing.ts'
import type { ActivityEntry } from '../../shared/activity.ts'
import {
  at,
  Bench,
  expectedRows,
  sqlalchemyOnMariadb,
  sqlalchemyOnPostgres,
  type Compared,
} from './compare.test-setup.ts'

let bench: Bench
beforeAll(async () => {
  bench = await Bench.start()
})
afterAll(() => bench.end())

/** What a row says, in one form for all writers. PyDAL writes no fraction, so none is compared with it. */
interface Said {
  email: string
  password: string | null
  active: boolean | null
  confirmed_at: string | null
}

async function saidByPydal(of: Compared): Promise<Said[]> {
  const rows = await of.sql('select email, password, active, confirmed_at from auth_user order by id')
  const flags: Record<string, boolean> = { T: true, F: false }
  return rows.map(([email = '', password = null, active = null, at = null]) => ({
    ...{ email: email ?? '', password, confirmed_at: at },
    active: active === null ? null : (flags[active] ?? null),
  }))
}

const saidBySqlalchemy = (name: string): Said[] =>
  expectedRows(name).map(({ email, password, active, confirmed_at }) => ({
    ...{ email, password, active },
    confirmed_at: confirmed_at === null ? null : confirmed_at.replace('T', ' ').replace(/\.\d+$/, ''),
  }))

/** Emails of each kind and the columns that differ, worked out by hand. */
function work(left: Said[], right: Said[]) {
  const byEmail = new Map(right.map((row) => [row.email, row]))
  const columns = ['password', 'active', 'confirmed_at'] as const
  const differs = left.flatMap((row) => {
    const other = byEmail.get(row.email)
    const found = other ? columns.filter((column) => row[column] !== other[column]) : []
    return found.length > 0 ? [`${row.email}: ${found.join(' ')}`] : []
  })
  const emails = new Set(left.map(({ email }) => email))
  return {
    differs: differs.sort(),
    onlyLeft: left
      .filter(({ email }) => !byEmail.has(email))
      .map(({ email }) => email)
      .sort(),
    onlyRight: right
      .filter(({ email }) => !emails.has(email))
      .map(({ email }) => email)
      .sort(),
    paired: left.filter(({ email }) => byEmail.has(email)).length,
  }
}

async function expectAsWorkedOut(left: Compared, right: Compared, worked: ReturnType<typeof work>): Promise<void> {
  const { last, differs, onlyLeft, onlyRight } = await bench.compare(left, right)
  expect(differs.map((pair) => `${pair.email}: ${pair.differs.join(' ')}`).sort()).toEqual(worked.differs)
  expect(onlyLeft.map(({ email }) => email).sort()).toEqual(worked.onlyLeft)
  expect(onlyRight.map(({ email }) => email).sort()).toEqual(worked.onlyRight)
  expect(last.counts).toEqual({
    same: worked.paired - worked.differs.length,
    differs: worked.differs.length,
    onlyLeft: worked.onlyLeft.length,
    onlyRight: worked.onlyRight.length,
  })
  expect(last.unpaired).toEqual({ left: 0, right: 0 })
}

describeWithPostgres('PyDAL on SQLite against SQLAlchemy on PostgreSQL', (server) => {
  let left: Compared
  let right: Compared
  beforeAll(async () => {
    left = await bench.file('pydal', { from: 'pydal-sqlite.db' })
    right = await bench.server('sqlalchemy', server(), sqlalchemyOnPostgres())
  })

  it('finds the same users and the same differences as their writers', async () => {
    const worked = work(await saidByPydal(left), saidBySqlalchemy('sqlalchemy-postgresql'))
    expect(worked.differs.length).toBeGreaterThan(3)
    await expectAsWorkedOut(left, right, worked)
  })

  it('tells both sides’ rows, and that it is done last', async () => {
    const { states, last } = await bench.compare(left, right)
    expect(states.map(({ isDone }) => isDone)).toEqual([...states.slice(1).map(() => false), true])
    expect(last.read).toEqual({ left: 200, right: 200 })
    expect(last.of).toEqual(last.read)
  })

  it('pairs the columns and says how they differ', async () => {
    const { columns } = await bench.api.compare.schema({ left: at(left), right: at(right) })
    const words = Object.fromEntries(columns.map((pair) => [pair.left?.name ?? '', pair]))
    expect(words.email?.differences).toEqual(['CHAR(512) against character varying(255)'])
    expect(words.active?.differences).toContain('T/F against boolean')
    expect(words.id?.leftOut).toBe('It is the key of pydal.')
    expect(words.fs_uniquifier?.leftOut).toMatch(/sessions/)
    expect(words.confirmed_at?.leftOut).toBeNull()
  })
})

describeWithMariadb('PyDAL on SQLite and SQLAlchemy on MariaDB', (server) => {
  it('finds the same either way round', async () => {
    const pydal = await bench.file('pydal2', { from: 'pydal-sqlite.db' })
    const maria = await bench.server('maria', server(), sqlalchemyOnMariadb())
    const one = await saidByPydal(pydal)
    const other = saidBySqlalchemy('sqlalchemy-mariadb')
    await expectAsWorkedOut(pydal, maria, work(one, other))
    await expectAsWorkedOut(maria, pydal, work(other, one))
  })
})

/** The newest statements, each as often as it was sent. */
async function sentTo({ profileId }: Compared): Promise<string[]> {
  const watching = await bench.api.activity.watch({ profileId })
  const { value } = await watching.next()
  await watching.return?.()
  return (value as ActivityEntry[]).flatMap(({ sql, times }) => Array.from({ length: times }, () => sql))
}

/** Two files of the same kind, with these rows. */
async function files(name: string, one: string, other: string, ddl = DDL): Promise<[Compared, Compared]> {
  return [
    await bench.file(`${name}-one`, { setup: `${ddl}; ${one}` }),
    await bench.file(`${name}-other`, { setup: `${ddl}; ${other}` }),
  ]
}

const DDL = `create table auth_user (id integer not null, email varchar(255), password varchar(255), active boolean,
  fs_uniquifier varchar(64), confirmed_at datetime, primary key (id))`

describe('who has no partner', () => {
  it('is whoever shares an email, or has none', async () => {
    const [one, other] = await files(
      'shared',
      "insert into auth_user (email) values ('twice@x.org'), ('twice@x.org'), ('here@x.org'), (null), (x'00'), ('both@x.org')",
      "insert into auth_user (email) values ('twice@x.org'), ('both@x.org'), ('both@x.org'), ('both@x.org')",
    )
    const { last, onlyLeft, onlyRight } = await bench.compare(one, other)
    expect(last.counts).toEqual({ same: 0, differs: 0, onlyLeft: 1, onlyRight: 0 })
    expect(last.unpaired).toEqual({ left: 5, right: 4 })
    expect([...onlyLeft, ...onlyRight].map(({ email }) => email)).toEqual(['here@x.org'])
  })

  it('is not whoever is spelled otherwise: those are two users, and it is said', async () => {
    const [one, other] = await files(
      'spelled',
      "insert into auth_user (email) values ('Anna@x.org'), (' bob@x.org'), ('eve@x.org'), ('EVE@x.org')",
      "insert into auth_user (email) values ('anna@x.org'), ('bob@x.org'), ('eve@x.org'), ('zoe@x.org')",
    )
    const { last, onlyLeft, onlyRight } = await bench.compare(one, other)
    expect(last.counts).toEqual({ same: 1, differs: 0, onlyLeft: 3, onlyRight: 3 })
    expect(last.alike).toEqual({ left: 3, right: 2 })
    expect(onlyLeft.map(({ email, alike }) => [email, alike])).toEqual([
      [' bob@x.org', 'bob@x.org'],
      ['Anna@x.org', 'anna@x.org'],
      ['EVE@x.org', 'eve@x.org'],
    ])
    expect(onlyRight.map(({ alike }) => alike)).toEqual(['Anna@x.org', ' bob@x.org', null])
  })
})

describe('what is kept', () => {
  it('can be asked for while the stream is open, and not after', async () => {
    const [one, other] = await files('kept', "insert into auth_user (email) values ('a@x.org')", '')
    const { id, onlyLeft } = await bench.compare(one, other)
    expect(onlyLeft).toEqual([{ email: 'a@x.org', left: [1n], right: null, differs: [], alike: null }])
    await expect(bench.api.compare.pairs({ id, kind: 'onlyLeft', from: 0, limit: 10 })).rejects.toMatchObject({
      code: 'NOT_COMPARED',
      defined: true,
    })
  })

  it('is never a hash', async () => {
    const hash = '$2b$12$EipC6kvt9bGS/mjQwgHvK./zaPyxpzm.ZqnGKrYWxX4zMSIl.E0y.'
    const [one, other] = await files(
      'hash',
      `insert into auth_user (email, password) values ('a@x.org', '${hash}'), ('b@x.org', '${hash}'), ('c@x.org', null)`,
      `insert into auth_user (email, password) values ('a@x.org', '${hash}'), ('b@x.org', '!${hash}'), ('c@x.org', '')`,
    )
    const compared = await bench.compare(one, other)
    expect(compared.differs.map(({ email, differs }) => [email, differs])).toEqual([
      ['b@x.org', ['password']],
      ['c@x.org', ['password']],
    ])
    const { columns } = await bench.api.compare.schema({ left: at(one), right: at(other) })
    const copied = await bench.copy(one, other, [[1n], [2n], [3n]], { withPasswords: true })
    const everything = JSON.stringify([compared, columns, copied], (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    )
    expect(everything).not.toContain(hash.slice(8))
  })

  it('is told in the order of the emails, and a long key is kept whole', async () => {
    const ddl = `create table auth_user (tenant text not null, number integer not null, email text, password text,
      active boolean, primary key (tenant, number)) without rowid`
    const rows = Array.from({ length: 700 }, (_, at) => `('t${at % 3}', ${at}, 'u${(at * 3) % 700}@x.org')`).join(', ')
    const [one, other] = await files('keys', `insert into auth_user (tenant, number, email) values ${rows}`, '', ddl)
    const { onlyLeft, last } = await bench.compare(one, other)
    expect(last.counts.onlyLeft).toBe(700)
    expect(onlyLeft).toHaveLength(700)
    expect(onlyLeft.map(({ email }) => email)).toEqual(onlyLeft.map(({ email }) => email).sort())
    expect(onlyLeft[0]).toMatchObject({ email: 'u0@x.org', left: ['t0', 0n] })
  })
})

describe('what is refused', () => {
  it('a table without emails, one without a key, and one that is gone', async () => {
    const [one] = await files('users', '', '')
    const notes = await bench.file('notes', { setup: 'create table auth_user (id integer primary key, note text)' })
    const keyless = await bench.file('keyless', { setup: 'create table auth_user (email text, password text)' })
    const schema = (right: Compared) => bench.api.compare.schema({ left: at(one), right: at(right) })
    await expect(schema(notes)).rejects.toMatchObject({ code: 'NO_USERS', defined: true })
    await expect(schema(keyless)).rejects.toMatchObject({
      code: 'NO_USERS',
      message: expect.stringMatching(/no key/) as string,
    })
    await expect(schema({ ...one, table: 'gone' })).rejects.toMatchObject({ code: 'TABLE_NOT_FOUND', defined: true })
  })

  it('nothing runs on once the reader has left', async () => {
    const rows = `with recursive n (i) as (select 1 union all select i + 1 from n where i < 60000)
      insert into auth_user (email) select 'u' || i || '@x.org' from n`
    const [one, other] = await files('left', rows, rows)
    const id = crypto.randomUUID()
    const states = await bench.api.compare.rows({ left: at(one), right: at(other), id })
    const first = await states.next()
    expect(first.value).toMatchObject({ isDone: false })
    await states.return?.()
    const sent = await sentTo(one)
    await bench.api.tables.count({ view: { ...at(one), sort: null, filter: null } })
    const after = await sentTo(one)
    expect(after.filter((sql) => /limit/.test(sql))).toEqual(sent.filter((sql) => /limit/.test(sql)))
    // Of 30 pages and more.
    expect(sent.filter((sql) => /limit/.test(sql)).length).toBeLessThan(10)
  })
})
