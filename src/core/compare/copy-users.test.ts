// Users of one table made ready for another and saved there: after it they mean the same, and what could not be so is told.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeWithMariadb, describeWithPostgres } from '../../../scripts/servers/missing.ts'
import type { Cell } from '../../shared/cell.ts'
import { schemeOfKept } from '../../shared/kept-hash.ts'
import type { Change } from '../../shared/tables.ts'
import {
  at,
  Bench,
  PYDAL_MARIADB,
  SQLALCHEMY_POSTGRES,
  sqlalchemyOnMariadb,
  type Compared,
} from './compare.test-setup.ts'

type Update = Extract<Change, { kind: 'update' }>

let bench: Bench
beforeAll(async () => {
  bench = await Bench.start()
})
afterAll(() => bench.end())

const save = (to: Compared, changes: Change[]) => bench.api.tables.save({ ...at(to), changes })

async function keysOf(of: Compared): Promise<Cell[][]> {
  return (await of.sql('select id from auth_user order by id')).map(([id]) => [BigInt(id ?? 0)])
}

/** Copies all of one to the other and saves it. */
async function copyAll(from: Compared, to: Compared): Promise<{ changes: Change[]; left: string[] }> {
  const copied = await bench.copy(from, to, await keysOf(from))
  if (copied.changes.length > 0) await save(to, copied.changes)
  return copied
}

/** Emails of the left that are not on the right, and all columns that differ of those that are. */
async function differing(left: Compared, right: Compared): Promise<{ onlyLeft: string[]; columns: string[] }> {
  const { differs, onlyLeft } = await bench.compare(left, right)
  return {
    onlyLeft: onlyLeft.map(({ email }) => email).sort(),
    columns: [...new Set(differs.flatMap((pair) => pair.differs))],
  }
}

const text = (value: unknown) => (typeof value === 'string' ? value : '')

describeWithPostgres('from PyDAL on SQLite to SQLAlchemy on PostgreSQL', (server) => {
  it('everybody arrives, written as SQLAlchemy writes, and copying again changes nothing', async () => {
    const from = await bench.file('pydal', { from: 'pydal-sqlite.db' })
    const to = await bench.server('empty', server(), SQLALCHEMY_POSTGRES)
    const { changes, left } = await copyAll(from, to)
    expect(left).toEqual([])
    expect(changes).toHaveLength(200)
    const { last, differs } = await bench.compare(from, to)
    expect(last.counts).toMatchObject({ onlyLeft: 0, onlyRight: 0 })
    expect([...new Set(differs.flatMap((pair) => pair.differs))]).toEqual(['password'])
    // As the writer's own rows say it, by the raw driver.
    const stored = await to.sql("select email, active, to_char(confirmed_at, 'YYYY-MM-DD HH24:MI:SS') from auth_user")
    const source = await from.sql(
      "select email, case active when 'T' then 't' when 'F' then 'f' end, confirmed_at from auth_user",
    )
    expect(stored.sort()).toEqual(source.sort())
    const again = await bench.copy(from, to, await keysOf(from))
    expect(again).toEqual({ changes: [], left: [] })
  })

  it('gives each new user a uniquifier of its own, and leaves the key to the database', async () => {
    const from = await bench.file('uniquifiers', { from: 'pydal-sqlite.db' })
    const to = await bench.server('uniquifiers', server(), SQLALCHEMY_POSTGRES)
    await copyAll(from, to)
    const there = (await to.sql('select fs_uniquifier from auth_user')).map(([value]) => text(value))
    expect(new Set(there).size).toBe(200)
    expect(there.every((value) => /^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$/.test(value))).toBe(true)
    const before = new Set((await from.sql('select fs_uniquifier from auth_user')).map(([value]) => text(value)))
    expect(there.filter((value) => before.has(value))).toEqual([])
    expect(await to.sql('select max(id), count(*) from auth_user')).toEqual([['200', '200']])
  })

  it('updates whoever is there, guarded by what the target holds', async () => {
    const from = await bench.file('there', {
      from: 'pydal-sqlite.db',
      setup: "update auth_user set active = 'F', confirmed_at = '2024-05-06 07:08:09' where id = 1",
    })
    const to = await bench.server(
      'there',
      server(),
      `${SQLALCHEMY_POSTGRES}; insert into auth_user (email, active, fs_uniquifier, confirmed_at)
        values ('alice@example.com', true, 'mine', '2020-01-01 00:00:00.5')`,
    )
    const { changes } = await bench.copy(from, to, [[1n]])
    expect(changes).toMatchObject([
      {
        kind: 'update',
        key: [1n],
        original: { active: 't', confirmed_at: '2020-01-01 00:00:00.5' },
        values: { active: 'f', confirmed_at: '2024-05-06 07:08:09' },
      },
    ])
    await to.sql("update auth_user set confirmed_at = '2021-01-01'")
    await expect(save(to, changes)).rejects.toMatchObject({ code: 'CONFLICT' })
    await to.sql("update auth_user set confirmed_at = '2020-01-01 00:00:00.5'")
    await save(to, changes)
    expect(await to.sql('select active::text, fs_uniquifier, confirmed_at::text from auth_user')).toEqual([
      ['false', 'mine', '2024-05-06 07:08:09'],
    ])
  })
})

describeWithMariadb('with MariaDB', (server) => {
  it('to PyDAL there: nobody whose letters its utf8mb3 lacks, and the others mean the same', async () => {
    const from = await bench.server('alchemy', server(), sqlalchemyOnMariadb())
    const to = await bench.server('pydal3', server(), PYDAL_MARIADB)
    const { left, changes } = await copyAll(from, to)
    expect(left.join('\n')).toMatch(/left out: the email cannot be stored in pydal3: “.+” is not in .* utf8mb3/u)
    expect(changes.length).toBeGreaterThan(150)
    const { onlyLeft, columns } = await differing(from, to)
    // Whoever is missing is so for letters beyond the basic ones.
    expect(onlyLeft.filter((email) => !/[\u{10000}-\u{10ffff}]/u.test(email))).toEqual([])
    expect(columns).toEqual(['password'])
    expect(await to.sql('select distinct active from auth_user order by 1')).toEqual([[null], ['F'], ['T']])
  })

  it('from SQLite: whoever its collation takes for another is told, and the rest arrives', async () => {
    const from = await bench.file('cases', { from: 'pydal-sqlite.db' })
    const to = await bench.server('cases', server(), sqlalchemyOnMariadb())
    await to.sql("delete from auth_user where email <> 'alice@example.com'")
    const { changes, left } = await bench.copy(from, to, [[1n], [2n], [3n], [5n]])
    expect(left).toEqual([
      'Alice@example.com and ALICE@EXAMPLE.COM were left out: cases takes it for the same as alice@example.com.',
    ])
    expect(changes).toMatchObject([{ kind: 'insert', values: { email: 'alice+news@example.com' } }])
    await save(to, changes)
    expect((await bench.compare(from, to)).last.counts).toMatchObject({ onlyRight: 0, onlyLeft: 198 })
  })

  it('back to SQLite: the same', async () => {
    const from = await bench.server('back', server(), sqlalchemyOnMariadb())
    const to = await bench.file('back', { setup: FLASK_SQLITE })
    const { left } = await copyAll(from, to)
    expect(left).toEqual([
      expect.stringMatching(/ more were left out: back needs a value of active, and there is none to copy\.$/),
    ])
    const without = (await from.sql('select email from auth_user where active is null')).map(([email]) => text(email))
    expect(without.length).toBeGreaterThan(3)
    expect(await differing(from, to)).toEqual({ onlyLeft: without.sort(), columns: ['password'] })
  })
})

const FLASK_SQLITE = `create table auth_user (id integer not null, email varchar(255) not null, password varchar(255),
  active boolean not null, fs_uniquifier varchar(64) not null, confirmed_at datetime,
  create_datetime datetime default current_timestamp not null, update_datetime datetime default current_timestamp not null,
  primary key (id), unique (email), unique (fs_uniquifier))`
const WEB2PY_SQLITE = `create table "auth_user"("id" integer primary key autoincrement, "first_name" char(128),
  "last_name" char(128), "email" char(512), "password" char(512), "registration_key" char(512),
  "reset_password_key" char(512), "registration_id" char(512))`

describe('a word that keeps users out, and a flag', () => {
  it('mean the same, both ways', async () => {
    const web2py = await bench.file('web2py', {
      setup: `${WEB2PY_SQLITE}; insert into auth_user (email, registration_key) values
        ('in@x.org', ''), ('null@x.org', null), ('out@x.org', 'blocked'), ('yet@x.org', 'pending')`,
    })
    const flask = await bench.file('flask', { setup: FLASK_SQLITE })
    const { left } = await copyAll(web2py, flask)
    expect(left).toEqual([])
    expect(await flask.sql('select email, active from auth_user order by id')).toEqual([
      ['in@x.org', '1'],
      ['null@x.org', '1'],
      ['out@x.org', '0'],
      ['yet@x.org', '0'],
    ])
    expect((await bench.compare(web2py, flask)).last.counts).toEqual({ same: 4, differs: 0, onlyLeft: 0, onlyRight: 0 })

    await flask.sql("update auth_user set active = 1 - active where email in ('in@x.org', 'out@x.org')")
    const { changes } = await bench.copy(flask, web2py, await keysOf(flask))
    await save(web2py, changes)
    expect(await web2py.sql('select email, registration_key from auth_user order by id')).toEqual([
      ['in@x.org', 'blocked'],
      ['null@x.org', null],
      ['out@x.org', null],
      ['yet@x.org', 'pending'],
    ])
  })
})

describe('dates', () => {
  const gorm =
    'CREATE TABLE `auth_user` (`id` integer PRIMARY KEY AUTOINCREMENT,`email` text NOT NULL,`password` text,`active` numeric DEFAULT true,`fs_uniquifier` text,`confirmed_at` datetime,`created_at` datetime,`updated_at` datetime,`deleted_at` datetime);' +
    'CREATE UNIQUE INDEX `idx_auth_user_email` ON `auth_user`(`email`); CREATE INDEX `idx_auth_user_deleted_at` ON `auth_user`(`deleted_at`)'

  it('of another zone are not bent into a column without one; those of UTC are the same digits', async () => {
    const from = await bench.file('gorm', {
      setup: `${gorm}; insert into auth_user (email, active, confirmed_at) values
        ('utc@x.org', 1, '2024-01-15 10:20:30+00:00'), ('two@x.org', 1, '2024-01-15 10:20:30+02:00'),
        ('nano@x.org', 0, '2024-01-15 10:20:30.123456789+00:00')`,
    })
    const to = await bench.file('naive', { setup: FLASK_SQLITE })
    const { changes, left } = await bench.copy(from, to, await keysOf(from))
    expect(changes.map((change) => change.kind === 'insert' && change.values.confirmed_at)).toEqual([
      '2024-01-15 10:20:30.000000',
      undefined,
      undefined,
    ])
    expect(left).toEqual([
      'confirmed_at of two@x.org was left out: Values of this column carry no time zone.',
      'confirmed_at of nano@x.org was left out: This column keeps 6 digits after the second.',
      'confirmed_at of naive holds no time zone: instants are written as they are in UTC.',
    ])
  })

  it('of users that are deleted for their owner stay where they are', async () => {
    const from = await bench.file('soft', {
      setup: `${gorm}; insert into auth_user (email, deleted_at) values ('gone@x.org', '2024-01-15 10:20:30+00:00'), ('here@x.org', null)`,
    })
    const to = await bench.file('soft-to', { setup: FLASK_SQLITE.replace('active boolean not null', 'active boolean') })
    const { changes, left } = await bench.copy(from, to, await keysOf(from))
    expect(changes).toMatchObject([{ kind: 'insert', values: { email: 'here@x.org' } }])
    expect(left[0]).toMatch(/^gone@x\.org was left out: the user is deleted/)
  })
})

describe('what the target cannot take', () => {
  it('is told for the row or the cell, and nothing is cut', async () => {
    const from = await bench.file('wide', {
      setup: `${WEB2PY_SQLITE.replace('"first_name" char(128)', '"first_name" text')};
      insert into auth_user (email, first_name) values ('a@x.org', 'Anna'), ('b@x.org', '${'b'.repeat(129)}'), ('${'c'.repeat(500)}@x.org', null)`,
    })
    const to = await bench.file('narrow', { setup: WEB2PY_SQLITE.replace('"email" char(512)', '"email" char(255)') })
    const { changes, left } = await bench.copy(from, to, await keysOf(from))
    expect(changes).toHaveLength(2)
    expect(left).toEqual([
      `${'c'.repeat(500)}@x.org was left out: the email cannot be stored in narrow: the column holds at most 255 characters.`,
      'first_name of b@x.org was left out: the column holds at most 128 characters.',
    ])
  })

  it('is a new row where a value is needed that nobody has', async () => {
    const from = await bench.file('few', {
      setup: `${WEB2PY_SQLITE}; insert into auth_user (email) values ('a@x.org')`,
    })
    const to = await bench.file('many', {
      setup: WEB2PY_SQLITE.replace('"last_name" char(128)', '"nickname" char(128) not null'),
    })
    expect(await bench.copy(from, to, [[1n]])).toEqual({
      changes: [],
      left: ['a@x.org was left out: many needs a value of nickname, and there is none to copy.'],
    })
  })

  it('is a value where the target holds one that its owner would not have written', async () => {
    const ddl = 'create table auth_user (id integer primary key, email varchar(255), active boolean, note text)'
    const rows =
      "insert into auth_user (email, active, note) values ('a@x.org', 1, 'x'), ('b@x.org', 1, 'x'), ('c@x.org', 0, 'x')"
    const from = await bench.file('good', { setup: `${ddl}; ${rows}` })
    const to = await bench.file('odd', {
      setup: `${ddl}; ${rows}; update auth_user set active = 'maybe', note = 'y' where id = 1`,
    })
    const { changes, left } = await bench.copy(from, to, await keysOf(from))
    expect(changes).toMatchObject([{ original: { note: 'y' }, values: { note: 'x' } }])
    expect(left).toEqual([
      "active of a@x.org was left out: odd holds 'maybe' there, and the column is written as the numbers 1 for true and 0 for false.",
    ])
    await save(to, changes)
  })
})

describe('passwords', () => {
  const argon2 = '$argon2id$v=19$m=65536,t=3,p=4$0JoTQkjpvXfuPSckJOQcYw$hMV4BzBbhQXbzbXBidGhMMUOCXPgwN69n065GD0epzQ'
  const web2py = 'pbkdf2(1000,20,sha512)$bb57495afd3e7834$a6c29f792627c4163b2ab60eaf25d3bef7ebcd89'
  const insert = (rows: [string, string | null][]) =>
    `insert into auth_user (email, password, active, fs_uniquifier) values ${rows
      .map(([email, hash]) => `('${email}@x.org', ${hash === null ? 'null' : `'${hash}'`}, 1, '${email}')`)
      .join(', ')}`

  it('go along as hashes that the page never sees, where they are verified, and are the same then', async () => {
    const from = await bench.file('hashes', {
      setup: `${FLASK_SQLITE}; ${insert([
        ['a', argon2],
        ['b', null],
        ['c', web2py],
        ['d', 'in clear'],
        ['e', argon2],
      ])}`,
    })
    const to = await bench.file('hashes-to', {
      setup: `${FLASK_SQLITE}; ${insert([
        ['b', argon2],
        ['e', '$2b$12$EipC6kvt9bGS/mjQwgHvK./zaPyxpzm.ZqnGKrYWxX4zMSIl.E0y.'],
      ])}`,
    })
    const { changes, left } = await bench.copy(from, to, await keysOf(from), { withPasswords: true })
    expect(left).toEqual([
      'password of c@x.org was left out: Flask-Security may not know crypt-pbkdf2 hashes here, and would take the text for a password in clear.',
      'password of d@x.org was left out: it is no hash of a form that is known for sure (unknown).',
      expect.stringMatching(/^Hashes say nothing of what was mixed into them/),
    ])
    const values = changes.map((change) => (change.kind === 'delete' ? null : (change.values.password ?? null)))
    expect(values.map(schemeOfKept)).toEqual(['argon2id', 'none', null, null, 'argon2id'])
    expect(
      changes.filter(({ kind }) => kind === 'update').every((change) => !('password' in (change as Update).original)),
    ).toBe(true)
    await save(to, changes)
    expect(await to.sql('select email, password from auth_user order by email')).toEqual([
      ['a@x.org', argon2],
      ['b@x.org', null],
      ['c@x.org', null],
      ['d@x.org', null],
      ['e@x.org', argon2],
    ])
    const { differs } = await bench.compare(from, to)
    expect(differs.map(({ email }) => email)).toEqual(['c@x.org', 'd@x.org'])
  })

  it('stay where they are unless they are asked for', async () => {
    const from = await bench.file('kept', { setup: `${FLASK_SQLITE}; ${insert([['a', argon2]])}` })
    const to = await bench.file('kept-to', { setup: `${FLASK_SQLITE}; ${insert([['a', null]])}` })
    expect(await bench.copy(from, to, [[1n]])).toEqual({ changes: [], left: [] })
  })
})
