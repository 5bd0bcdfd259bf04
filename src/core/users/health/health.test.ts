// Each number of a table's health beside a plain reading of its rows, and beside what the grid finds by its filter.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Cell } from '../../../shared/cell.ts'
import { decode, isForeign, type Codec } from '../../../shared/codecs.ts'
import type { Health, HealthFact } from '../../../shared/health.ts'
import { gateState, type Gate } from '../../../shared/gate.ts'
import type { UserColumns } from '../../../shared/owners.ts'
import type { Dialect } from '../../../shared/profiles.ts'
import type { Database } from '../../db/database.ts'
import { sqlDialects } from '../../db/sql-dialects.ts'
import { chooseEncoding, encodingsOf } from '../../encodings/encodings.ts'
import { schemeOf, weaknessOf } from '../../password-schemes.ts'
import { describeOnEachEngine, type Engine, type Opened } from '../../tables/engines.test-setup.ts'
import { tellHealth } from './health.ts'

const never = new AbortController().signal
const uuid = (number: number) => number.toString(16).padStart(32, 'a')
const ARGON = '$argon2id$v=19$m=65536,t=3,p=4$ZHi/7WLWaxqYhsV5x9UBCw$rwSQjTPe2zui7A56xmlBrmi91/KGGPcLYbQ82/YX+tA'
const WEAK_BCRYPT = '$2b$05$F/WNX58fG5fApdCuxsWt1OMOZgnoaIMoU/ObHEUXGQqM.y.zICBI6'
const BCRYPT = WEAK_BCRYPT.replace('$05$', '$12$')
const PASSWORDS = [ARGON, null, '', 'secret', BCRYPT, WEAK_BCRYPT, ARGON, ARGON]
const UNIQUIFIERS = [null, '', 'short', 'Z'.repeat(32), 'B'.repeat(32), `${'a'.repeat(31)} `]
const EMAILS = [
  'no-at',
  '@nobody',
  'a b@x.org',
  'tab\t@x.org',
  'a,b@x.org',
  'Ann@Example.ORG',
  'ann@example.org',
  ' ann@example.org',
  'ünï@x.org',
  'a@b@c',
]

/** A hundred users, odd ones among them. `dates` and `flags` are what the engine's columns can hold beside the usual. */
function usersOf(dates: readonly (string | null)[], flags: readonly Cell[]) {
  return Array.from({ length: 100 }, (_, index) => ({
    id: index + 1,
    email: EMAILS[index] ?? `user${index}@${index % 3 === 0 ? 'one.org' : 'Two.org'}`,
    password: PASSWORDS[index % PASSWORDS.length] ?? null,
    active: flags[index % flags.length] ?? null,
    fs_uniquifier: index < UNIQUIFIERS.length ? (UNIQUIFIERS[index] ?? null) : uuid(index),
    confirmed_at: dates[index % dates.length] ?? null,
    deleted_at: index % 10 === 9 ? (dates[0] ?? null) : null,
  }))
}
type User = ReturnType<typeof usersOf>[number]

const USER: UserColumns = {
  ...{
    email: 'email',
    username: null,
    password: 'password',
    active: 'active',
    gate: null,
    confirmedAt: 'confirmed_at',
  },
  ...{ uniquifier: 'fs_uniquifier', deletedAt: 'deleted_at', createdAt: null },
}

/** Tables as SQLAlchemy's models and PyDAL make them, with what others wrote into them. */
const TABLES: Record<
  Dialect,
  { name: string; active: string; moment: string; flags: Cell[]; dates: (string | null)[] }[]
> = {
  sqlite: [
    {
      ...{ name: 'alchemy', active: 'BOOLEAN', moment: 'DATETIME', flags: [1n, 1n, 1n, 0n, null, 1n, 'F', 1n, 2n] },
      dates: [
        ...['2024-01-15 10:20:30.000000', null, '2024-02-15 10:20:30.123456', '2023-12-31 23:59:59.000000'],
        ...[
          '2024-01-15 10:20:30.000001',
          '2024-01-15 10:20:30',
          '',
          '1899-12-31 00:00:00.000000',
          '2201-01-01 00:00:00.000000',
        ],
        ...['2200-12-31 23:59:59.999999', '1900-01-01 00:00:00.000000', '2024-02-30 10:20:30.000000'],
      ],
    },
    {
      ...{ name: 'pydal', active: 'CHAR(1)', moment: 'TIMESTAMP', flags: ['T', 'T', 'F', null, 'T', 't', '1', 'T'] },
      dates: [
        '2024-01-15 10:20:30',
        null,
        '2024-03-15 10:20:30',
        '2024-01-15 10:20:30',
        '2024-01-15T10:20:30',
        'now',
        '0001-01-01 00:00:00',
      ],
    },
  ],
  postgres: [
    {
      ...{ name: 'alchemy', active: 'boolean', moment: 'timestamp', flags: ['t', 't', 'f', null] },
      dates: [
        '2024-01-15 10:20:30',
        null,
        '2023-12-31 23:59:59.5',
        'infinity',
        '-infinity',
        '0044-03-15 12:00:00 BC',
        '1899-12-31 23:59:59',
        '2200-12-31',
        '2201-01-01',
      ],
    },
    {
      ...{ name: 'pydal', active: 'char(1)', moment: 'timestamptz', flags: ['T', 'T', 'F', null, '1', 't'] },
      dates: ['2024-01-15 10:20:30+00', null, '2023-12-31 23:59:59+00', 'infinity'],
    },
  ],
  mysql: [
    {
      ...{ name: 'alchemy', active: 'tinyint(1)', moment: 'datetime', flags: [1n, 1n, 0n, null, 2n] },
      dates: [
        '2024-01-15 10:20:30',
        null,
        '2023-12-31 23:59:59',
        '0000-00-00 00:00:00',
        '1899-12-31 00:00:00',
        '2201-01-01 00:00:00',
        '2200-12-31 23:59:59',
      ],
    },
    {
      ...{ name: 'pydal', active: 'char(1)', moment: 'timestamp null', flags: ['T', 'T', 'F', null, '1', 't'] },
      dates: ['2024-01-15 10:20:30', null, '2023-12-31 23:59:59', '0000-00-00 00:00:00'],
    },
  ],
}

const literal = (cell: Cell | number) =>
  cell === null ? 'null' : typeof cell === 'string' ? `'${cell}'` : String(cell)

function setupOf(engine: Engine): string {
  const text = engine.pick({ sqlite: 'VARCHAR(255)', postgres: 'varchar(255)', mysql: 'varchar(255)' })
  const email = engine.pick({
    sqlite: text,
    postgres: text,
    mysql: `${text} character set utf8mb4 collate utf8mb4_bin`,
  })
  const mode = engine.dialect === 'mysql' ? `set sql_mode = 'ALLOW_INVALID_DATES';` : ''
  return (
    mode +
    TABLES[engine.dialect]
      .map(({ name, active, moment, flags, dates }) => {
        const rows = usersOf(dates, flags).map((user) => `(${Object.values(user).map(literal).join(', ')})`)
        return `create table ${name} (id integer primary key, email ${email} not null, password ${text}, active ${active},
          fs_uniquifier ${text}, confirmed_at ${moment}, deleted_at ${moment}); insert into ${name} values ${rows.join(', ')};`
      })
      .join('\n')
  )
}

describeOnEachEngine('the health of users', (engine) => {
  let opened: Opened
  beforeAll(async () => {
    opened = await engine.open(setupOf(engine))
  })
  afterAll(() => opened.close())

  async function subjectOf(table: string, user = USER) {
    const { database } = opened
    const shape = await database.describe(table, never)
    if (!shape) throw new Error(`${table} is there.`)
    const dialect = sqlDialects[database.dialect]
    const found = await encodingsOf(database, dialect, shape, never)
    for (const [column, { codec, encoding }] of found) {
      const [choice] = encoding?.choices ?? []
      // A person says how a column of several spellings is written.
      if (!codec && choice) {
        chooseEncoding(database, shape, found, column, { codec: choice })
      }
    }
    const encodings = await encodingsOf(database, dialect, shape, never)
    return {
      database,
      dialect,
      subject: { engine: database.dialect, shape, user, codecOf: (name: string) => encodings.get(name)?.codec ?? null },
    }
  }

  async function healthOf(table: string, rowsOfPart: number, user = USER) {
    const states: Health[] = []
    const scope = await subjectOf(table, user)
    await tellHealth(scope, (state) => states.push(state), never, rowsOfPart)
    const last = states.at(-1)
    if (!last?.isDone) throw new Error('The last state is done.')
    return { ...scope, last, states }
  }

  /** What the database holds, by the raw reading of Roster's own session. */
  async function stored(table: string): Promise<Omit<User, 'id'>[]> {
    const names = ['email', 'password', 'active', 'fs_uniquifier', 'confirmed_at', 'deleted_at'] as const
    const sql = `select ${names.join(', ')} from ${table} order by id`
    const { rows } = await opened.database.read({ sql, values: [] }, never)
    return rows.map(
      (row) => Object.fromEntries(names.map((name, at) => [name, row[at]])) as unknown as Omit<User, 'id'>,
    )
  }

  const isOut = (text: string | null, codec: Codec) => {
    if (text === null || isForeign(text, codec)) return false
    if (text.endsWith('infinity') || text.endsWith(' BC')) return true
    const year = Number(text.slice(0, 4))
    return year < 1900 || year > 2200
  }

  function expected(rows: readonly Omit<User, 'id'>[], codecOf: (name: string) => Codec | null) {
    const [active, confirmed] = [codecOf('active'), codecOf('confirmed_at')]
    const folded = rows.map(({ email }) => email.trim().toLowerCase())
    if (!active || !confirmed) throw new Error('The columns are written in one way.')
    const truth = ({ active: cell }: Omit<User, 'id'>) => {
      const meaning = decode(cell, active)
      return meaning.kind === 'boolean' ? meaning.value : null
    }
    const tests: Partial<Record<string, (row: Omit<User, 'id'>) => boolean>> = {
      inactive: (row) => truth(row) === false,
      'never-confirmed': (row) => row.confirmed_at === null,
      deleted: (row) => row.deleted_at !== null,
      'no-password': ({ password }) => password === null || password === '',
      'weak-scheme': ({ password }) => password !== null && password !== '' && weaknessOf(password) !== null,
      'duplicate-email': ({ email }) => folded.filter((each) => each === email.trim().toLowerCase()).length > 1,
      'invalid-email': ({ email }) => !/^[^@].*@/.test(email) || /[ \t,;<>]/.test(email),
      'no-uniquifier': (row) => !/^[0-9a-f]{32}$/i.test(row.fs_uniquifier ?? ''),
      'impossible-date': (row) => isOut(row.confirmed_at, confirmed) || isOut(row.deleted_at, confirmed),
      'Foreign encoding in active': (row) => isForeign(row.active, active),
      'Foreign encoding in confirmed_at': (row) => isForeign(row.confirmed_at, confirmed),
      'Foreign encoding in deleted_at': (row) => isForeign(row.deleted_at, confirmed),
    }
    const count = ({ id, title }: HealthFact) => {
      const test = tests[id] ?? tests[title]
      if (!test) throw new Error(`No reading of ${title}.`)
      return rows.filter(test).length
    }
    return { count, truth, confirmed }
  }

  for (const { name } of TABLES[engine.dialect]) {
    it(`is counted as its rows are read, and as the grid finds them: ${name}`, async () => {
      const rows = await stored(name)
      // In parts of 23 rows and in one part alike.
      for (const rowsOfPart of [23, 1000]) {
        const { last, subject } = await healthOf(name, rowsOfPart)
        const { count, truth, confirmed } = expected(rows, subject.codecOf)
        expect(Object.fromEntries(last.facts.map((fact) => [fact.title, fact.rows]))).toEqual(
          Object.fromEntries(last.facts.map((fact) => [fact.title, count(fact)])),
        )
        for (const { title, rows: number, filter, filterNote, isDone } of last.facts) {
          expect(isDone).toBe(true)
          expect(filterNote).toBeNull()
          if (rowsOfPart < 1000) continue
          if (filter === null) {
            expect(number, title).toBe(0)
            continue
          }
          const view = { profileId: opened.profileId, table: name, sort: null, filter }
          expect((await opened.api.tables.count({ view })).count, title).toBe(number)
        }
        expect([last.read, last.of]).toEqual([100, 100])
        expect(last.facts.filter((fact) => fact.rows > 0).length).toBeGreaterThanOrEqual(9)
        const truths = rows.map(truth)
        expect(last.charts.active).toEqual({
          active: truths.filter((each) => each === true).length,
          inactive: truths.filter((each) => each === false).length,
          unknown: truths.filter((each) => each === null).length,
        })
        const months = rows
          .map((row) => row.confirmed_at)
          .filter((text) => text !== null && !isForeign(text, confirmed) && !isOut(text, confirmed))
          .map((text) => text?.slice(0, 7))
        expect(last.charts.confirmed).toEqual(
          [...new Set(months)]
            .sort()
            .map((label) => ({ label, rows: months.filter((month) => month === label).length })),
        )
      }
    })
  }

  it('draws schemes with their weak part, and domains', async () => {
    const { last } = await healthOf('alchemy', 30)
    const rows = await stored('alchemy')
    const isWeak = (hash: string) => weaknessOf(hash) !== null
    const of = (scheme: string, weak: boolean) =>
      rows.filter(({ password }) => password && schemeOf(password) === scheme && isWeak(password) === weak).length
    expect(last.charts.schemes).toEqual([
      { label: 'argon2id', rows: of('argon2id', false), isWeak: false },
      { label: 'no password', rows: rows.filter(({ password }) => !password).length, isWeak: false },
      { label: 'unknown', rows: of('unknown', true), isWeak: true },
      { label: 'bcrypt', rows: of('bcrypt', false), isWeak: false },
      { label: 'bcrypt, weak', rows: of('bcrypt', true), isWeak: true },
    ])
    const domains = rows.map(({ email }) => email).filter((email) => email.includes('@'))
    const byDomain = new Map(last.charts.domains.map(({ label, rows: number }) => [label, number]))
    expect(byDomain.get('two.org')).toBe(domains.filter((email) => email.endsWith('@Two.org')).length)
    expect(byDomain.get('example.org')).toBe(3)
    expect(last.charts.others + [...byDomain.values()].reduce((a, b) => a + b, 0)).toBe(domains.length)
  })

  it('takes a gate for the flag where the application has one', async () => {
    const texts = (await stored('alchemy')).map((row) => row.fs_uniquifier ?? null)
    for (const others of ['open', 'pending'] as const) {
      const gate: Gate = {
        column: 'fs_uniquifier',
        blocked: ['short', 'gone'],
        pending: [uuid(10).slice(0, 31)],
        others,
      }
      const user: UserColumns = { ...USER, active: null, confirmedAt: null, gate }
      const { last } = await healthOf('alchemy', 40, user)
      const of = (state: string) => texts.filter((text) => gateState(gate, text) === state).length
      const facts = Object.fromEntries(last.facts.map(({ id, rows }) => [id, rows]))
      expect(facts).toMatchObject({ inactive: of('blocked'), 'never-confirmed': of('pending') })
      expect(last.charts.active).toEqual({ active: of('open'), inactive: of('blocked'), unknown: of('pending') })
      expect([of('open') > 2, of('blocked'), of('pending') > 2]).toEqual([others === 'open', 1, true])
      expect(last.charts.confirmed).toEqual([])
    }
  })

  it('goes along any key, or takes the table as one where it has none', async () => {
    const text = engine.pick({ sqlite: 'varchar(20)', postgres: 'varchar(20)', mysql: 'varchar(20)' })
    await opened.sql(`create table pairs (a ${text} not null, b integer not null, email ${text}, primary key (a, b))`)
    await opened.sql(`create table keyless (a ${text}, b integer, email ${text})`)
    const rows = Array.from({ length: 60 }, (_, index) => `('k${index % 7}', ${(index * 37) % 61}, 'u${index}@x')`)
    for (const table of ['pairs', 'keyless']) await opened.sql(`insert into ${table} values ${rows.join(', ')}`)
    const user = { ...USER, password: null, active: null, confirmedAt: null, uniquifier: null, deletedAt: null }
    for (const table of ['pairs', 'keyless']) {
      for (const rowsOfPart of table === 'pairs' ? [7, 60] : [7]) {
        const { last } = await healthOf(table, rowsOfPart, user)
        expect(last.read, `${table} by ${rowsOfPart}`).toBe(60)
        expect(last.charts.domains).toEqual([{ label: 'x', rows: 60 }])
        expect(last.charts.active).toBeNull()
      }
    }
  })

  it('finds emails that are there twice where no email is there twice as it is', async () => {
    const text = engine.pick({
      sqlite: 'text',
      postgres: 'text',
      mysql: 'varchar(60) character set utf8mb4 collate utf8mb4_bin',
    })
    await opened.sql(`create table singles (id integer primary key, email ${text} not null unique)`)
    const emails = ['a@x', 'A@x', ' a@x', 'b@x', 'B@X', 'c@x', 'D@x', ' e@x', '', ' ']
    // Blanks at the end make no other value to MariaDB's index.
    const rows = emails.slice(0, engine.pick({ sqlite: 10, postgres: 10, mysql: 9 }))
    await opened.sql(`insert into singles values ${rows.map((email, id) => `(${id + 1}, '${email}')`).join(', ')}`)
    const user = { ...USER, password: null, active: null, confirmedAt: null, uniquifier: null, deletedAt: null }
    const { last } = await healthOf('singles', 5, user)
    const fact = last.facts.find(({ id }) => id === 'duplicate-email')
    expect(fact?.rows).toBe(5)
    const view = { profileId: opened.profileId, table: 'singles', sort: null, filter: fact?.filter ?? null }
    expect((await opened.api.tables.count({ view })).count).toBe(5)
  })

  it('asks the grid for a thousand emails that are there twice, and says how many there are', async () => {
    const text = engine.pick({ sqlite: 'text', postgres: 'text', mysql: 'varchar(60)' })
    await opened.sql(`create table doubles (id integer primary key, email ${text})`)
    const rows = Array.from({ length: 2404 }, (_, index) => `(${index + 1}, 'u${index >> 1}@${index % 2 ? 'x' : 'X'}')`)
    await opened.sql(`insert into doubles values ${rows.join(', ')}`)
    const user = { ...USER, password: null, active: null, confirmedAt: null, uniquifier: null, deletedAt: null }
    const { last } = await healthOf('doubles', 5000, user)
    const fact = last.facts.find(({ id }) => id === 'duplicate-email')
    expect(fact?.rows).toBe(2404)
    const view = { profileId: opened.profileId, table: 'doubles', sort: null, filter: fact?.filter ?? null }
    const { count } = await opened.api.tables.count({ view })
    // What a collation takes for one value is one of the thousand.
    expect(count).toBe(engine.pick({ sqlite: 1000, postgres: 1000, mysql: 2000 }))
    expect(fact?.filterNote).toContain(`${count.toLocaleString('en-US')} of 2,404`)
  })

  it('ends in the middle when it is stopped', async () => {
    const scope = await subjectOf('alchemy')
    const stop = new AbortController()
    let parts = 0
    const read: typeof scope.database.read = (statement, signal, options) => {
      parts += 1
      if (parts === 12) stop.abort()
      return opened.database.read(statement, signal, options)
    }
    const database: Database = { ...scope.database, read }
    const states: Health[] = []
    const work = tellHealth({ ...scope, database }, (state) => states.push(state), stop.signal, 5)
    await expect(work).rejects.toThrow()
    expect(parts).toBe(12)
    expect(states.every(({ isDone }) => !isDone)).toBe(true)
  })
})
