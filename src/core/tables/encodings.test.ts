// How columns are written is found from real files of real writers, kept on every write, and checked before it.
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Cell } from '../../shared/cell.ts'
import { inWords, type Codec } from '../../shared/codecs.ts'
import type { Change } from '../../shared/tables.ts'
import { testDatabase, withSql, type TestDatabase } from './database.test-setup.ts'

let database: TestDatabase
afterEach(() => database.close())

const fixture = (name: string) => (file: string) =>
  copyFileSync(join(import.meta.dirname, '../../../e2e/fixtures', name), file)

async function columnOf(name: string, table = 'auth_user', isFresh = false) {
  const { profileId, api } = database
  const column = (await api.tables.describe({ profileId, table, isFresh })).columns.find((each) => each.name === name)
  if (!column) throw new Error(`no column ${name}`)
  return column
}

async function wordsOf(...names: string[]): Promise<(string | null)[]> {
  return Promise.all(
    names.map(async (name) => {
      const { codec } = await columnOf(name)
      return codec && inWords(codec)
    }),
  )
}

function update(key: Cell[], original: Record<string, Cell>, values: Record<string, Cell>): Change {
  return { kind: 'update', id: 'a', key, original, values }
}

const save = (...changes: Change[]) =>
  database.api.tables.save({ profileId: database.profileId, table: 'auth_user', changes })

const everything = () =>
  database.other
    .prepare(
      'select *, typeof(active), typeof(confirmed_at), hex(active), hex(confirmed_at) from auth_user order by id',
    )
    .safeIntegers()
    .raw()
    .all() as Cell[][]

describe.each([
  {
    file: 'sqlalchemy-sqlite.db',
    active: 'the numbers 1 for true and 0 for false',
    confirmed: 'text like 2024-01-31 09:30:00.123456',
    toggled: [1n, 0n],
    moment: '2024-02-29 01:02:03.000000',
  },
  {
    file: 'pydal-sqlite.db',
    active: "the texts 'T' for true and 'F' for false",
    confirmed: 'text like 2024-01-31 09:30:00',
    toggled: ['T', 'F'],
    moment: '2024-02-29 01:02:03',
  },
  {
    file: 'gorm-sqlite.db',
    active: 'the numbers 1 for true and 0 for false',
    confirmed: 'text like 2024-01-31 09:30:00.123456789+02:00, the fraction without trailing zeros',
    toggled: [1n, 0n],
    moment: '2024-02-29 01:02:03+02:00',
  },
])('$file', ({ file, active, confirmed, toggled, moment }) => {
  it('is recognised, and a change touches one cell in its spelling', async () => {
    database = await testDatabase(fixture(file))
    expect(await wordsOf('active', 'confirmed_at')).toEqual([active, confirmed])
    expect((await columnOf('email')).encoding).toBeNull()
    expect((await columnOf('id')).encoding).toBeNull()
    const before = everything()
    const [yes, no] = toggled as [Cell, Cell]
    const row = before.findIndex((cells) => cells[3] === yes)
    const id = before[row]?.[0] as bigint
    await save(update([id], { active: yes }, { active: no }))
    await save(update([id], { confirmed_at: before[row]?.[5] as Cell }, { confirmed_at: moment }))
    const differing = everything().flatMap((cells, r) =>
      cells.slice(0, 6).flatMap((cell, c) => (Object.is(cell, before[r]?.[c]) ? [] : [[r, c, cell]])),
    )
    expect(differing).toEqual([
      [row, 3, no],
      [row, 5, moment],
    ])
  })
})

const users = (columns: string, ...rows: string[]) =>
  withSql(
    `create table auth_user (id integer primary key, ${columns});` +
      rows.map((values, index) => `insert into auth_user values (${index + 1}, ${values});`).join(''),
  )

describe('a row is refused in words', () => {
  it('when it holds a foreign value, or is given one', async () => {
    database = await testDatabase(users('active char(1)', "'T'", "'F'", "'T'", 'NULL'))
    database.other.exec('create table spare (id integer primary key)')
    await columnOf('active')
    // After the column was looked at, another program writes what its owner never would.
    database.other.exec("update auth_user set active = '1' where id = 2")
    await expect(save(update([2n], { active: '1' }, { active: 'T' }))).rejects.toMatchObject({
      code: 'VALUE_REFUSED',
      message:
        "active of this row holds '1', but the column is written as the texts 'T' for true and 'F' for false. Choose how active is written before changing it.",
      data: { changeId: 'a', column: 'active' },
    })
    await expect(save(update([1n], { active: 'T' }, { active: '0' }))).rejects.toMatchObject({
      code: 'VALUE_REFUSED',
      message: "'0' is not how active is written: the texts 'T' for true and 'F' for false.",
    })
    await expect(save({ kind: 'insert', id: 'b', values: { active: 't' } })).rejects.toMatchObject({
      code: 'VALUE_REFUSED',
    })
    await save(update([4n], { active: null }, { active: 'T' }), { kind: 'insert', id: 'b', values: { active: 'F' } })
    expect(database.other.prepare('select active from auth_user order by id').pluck().all()).toEqual([
      'T',
      '1',
      'T',
      'T',
      'F',
    ])
  })

  it('in a column of two encodings, unless its own value tells which', async () => {
    database = await testDatabase(users('active char(1)', "'T'", "'F'", "'1'", "'0'", 'NULL'))
    const { codec, encoding } = await columnOf('active')
    expect(codec).toBeNull()
    expect(encoding?.basis).toBe('mixed')
    expect(encoding?.words).toBe(
      "active is written in several ways: of the values that were looked at, 2 as the texts 'T' for true and 'F' for false; 2 as the texts '1' for true and '0' for false.",
    )
    await expect(save(update([5n], { active: null }, { active: 'T' }))).rejects.toMatchObject({ code: 'VALUE_REFUSED' })
    await expect(save(update([3n], { active: '1' }, { active: 'F' }))).rejects.toMatchObject({ code: 'VALUE_REFUSED' })
    await expect(save({ kind: 'insert', id: 'b', values: { active: 'T' } })).rejects.toMatchObject({
      code: 'VALUE_REFUSED',
    })
    await save(update([3n], { active: '1' }, { active: '0' }))
    await save(update([1n], { active: 'T' }, { active: 'F' }))
  })

  it('until a person chooses, and again when the choice is taken back', async () => {
    database = await testDatabase(users('active char(1)', "'T'", "'F'", "'1'", 'NULL'))
    const { profileId, api } = database
    const choose = (choice: { codec: Codec | null } | null) =>
      api.tables.chooseEncoding({ profileId, table: 'auth_user', column: 'active', choice })
    await expect(choose({ codec: { kind: 'boolean', spelling: 'Y/N' } })).rejects.toMatchObject({
      code: 'QUERY_FAILED',
    })
    const described = await choose({ codec: { kind: 'boolean', spelling: 'T/F' } })
    expect(described.columns[1]).toMatchObject({ codec: { spelling: 'T/F' }, encoding: { basis: 'chosen' } })
    await save(update([4n], { active: null }, { active: 'T' }))
    await expect(save(update([3n], { active: '1' }, { active: 'T' }))).rejects.toMatchObject({ code: 'VALUE_REFUSED' })
    await choose({ codec: null })
    await save(update([3n], { active: '1' }, { active: 'T' }))
    expect((await columnOf('active', 'auth_user', true)).encoding?.basis).toBe('chosen')
    await choose(null)
    // Taken back: the values are looked at, and by now all of them are letters.
    expect(await columnOf('active')).toMatchObject({ codec: { spelling: 'T/F' }, encoding: { basis: 'values' } })
  })
})

describe('what is found', () => {
  it('for each declared type and its values', async () => {
    const cases: [declared: string, values: string[], words: string | null, basis: string | null][] = [
      ['active boolean', [], 'the numbers 1 for true and 0 for false', 'empty'],
      ['active boolean', ['1', '0', 'NULL'], 'the numbers 1 for true and 0 for false', 'values'],
      ['active boolean', ["'F'", "'T'"], "the texts 'T' for true and 'F' for false", 'values'],
      ['active boolean', ["'true'", '1'], null, 'mixed'],
      ['active boolean', ['1', '0', '1', '2'], 'the numbers 1 for true and 0 for false', 'values'],
      ['active boolean', ['2', '3'], null, 'mixed'],
      ['active tinyint(1)', ['1'], 'the numbers 1 for true and 0 for false', 'values'],
      ['active integer', ['1', '0'], 'the numbers 1 for true and 0 for false', 'values'],
      ['login_count integer', ['1', '0'], null, null],
      ['balance numeric default true', ['1', '0'], 'the numbers 1 for true and 0 for false', 'values'],
      ['balance numeric', ['1', '0'], null, null],
      ['active real', ['1.0', '0.0'], 'the numbers 1.0 for true and 0.0 for false', 'values'],
      ['active bit', ["x'01'", "x'00'"], 'the bits 0x01 for true and 0x00 for false', 'values'],
      ['sex char(1)', ["'F'", "'M'"], null, null],
      ['sex char(1)', ["'F'"], null, null],
      ['code char(1)', ["'T'", "'N'"], null, null],
      ['sex char(1)', ["'Y'", "'N'"], "the texts 'Y' for true and 'N' for false", 'values'],
      ['level char(1)', ["'1'"], null, null],
      ['level char(1)', ["'1'", "'0'"], "the texts '1' for true and '0' for false", 'values'],
      ['active char(1)', [], null, null],
      ['word text', ["'true'", "'false'"], "the texts 'true' for true and 'false' for false", 'values'],
      ['word text', ["'true'"], null, null],
      ['word text', ["'true'", "'false'", "'perhaps'"], null, null],
      ['at datetime', [], 'text like 2024-01-31 09:30:00.123456', 'empty'],
      ['at datetime', ["'2024-01-01 00:00:00'"], 'text like 2024-01-31 09:30:00', 'values'],
      ['at datetime', ["'2024-01-01T00:00:00.000Z'"], 'text like 2024-01-31T09:30:00.123Z', 'values'],
      ['at datetime', ["'2024-01-01 00:00'"], 'text like 2024-01-31 09:30', 'values'],
      ['at datetime', ["'2024-01-01'"], 'text like 2024-01-31', 'values'],
      [
        'at datetime',
        ["'2024-01-01 00:00:00'", "'2024-01-01 00:00:00.123456'"],
        'text like 2024-01-31 09:30:00.123456, a whole second without its fraction',
        'values',
      ],
      [
        'at datetime',
        ["'2024-01-01T00:00:00Z'", "'2024-01-01T00:00:00.5+02:00'"],
        'text like 2024-01-31T09:30:00.123456789Z, the fraction without trailing zeros',
        'values',
      ],
      ['at datetime', ["'2024-01-01 00:00:00'", "'2024-01-01 00:00:00.000000'"], null, 'mixed'],
      ['at datetime', ["'2024-01-01 00:00:00'", "'2024-01-01T00:00:00'"], null, 'mixed'],
      ['at datetime', ["'2024-01-01 00:00:00'", '1705314030'], null, 'mixed'],
      ['at datetime', ['1705314030', '1705314031'], 'whole numbers of a clock of their own', 'values'],
      [
        'at datetime',
        ["'2024-01-01 00:00:00'", "''", "'2024-01-02 00:00:00'"],
        'text like 2024-01-31 09:30:00',
        'values',
      ],
      ['at datetime', ["'2024-02-30 00:00:00'", "'soon'"], null, 'mixed'],
      ['born date', ["'2024-01-01'"], 'text like 2024-01-31', 'values'],
      ['created_at text', ["'2024-01-01T00:00:00'"], 'text like 2024-01-31T09:30:00', 'values'],
      ['note text', ["'2024-01-01T00:00:00'"], null, null],
      ['created_at text', ["'2024-01-01T00:00:00'", "'later'"], null, null],
      ['born', ["'2024-01-01'"], null, null],
    ]
    const sql = cases.map(([declared, values], index) => {
      const rows = values.map((value) => `insert into t${index} values (null, ${value});`)
      return `create table t${index} (id integer primary key, ${declared}); ${rows.join('')}`
    })
    database = await testDatabase(withSql(sql.join('')))
    for (const [index, [declared, values, words, basis]] of cases.entries()) {
      const { codec, encoding } = await columnOf(declared.split(' ')[0] as string, `t${index}`)
      const found = { declared, values, words: codec && inWords(codec), basis: encoding?.basis ?? null }
      expect(found).toEqual({ declared, values, words, basis })
    }
  })

  it('of an empty table is PyDAL’s where its texts stand beside', async () => {
    database = await testDatabase(users('email char(512), active char(1)'))
    expect(await wordsOf('active')).toEqual(["the texts 'T' for true and 'F' for false"])
  })

  it('is kept until the table is reloaded, its shape changes, or a migration runs', async () => {
    database = await testDatabase(withSql("create table people (active char(1)); insert into people values ('T')"))
    const { profileId, api, other } = database
    const found = async (isFresh = false) => (await columnOf('active', 'people', isFresh)).codec
    expect(await found()).toMatchObject({ spelling: 'T/F' })
    other.exec("update people set active = 'Y'")
    expect(await found()).toMatchObject({ spelling: 'T/F' })
    expect(await found(true)).toMatchObject({ spelling: 'Y/N' })
    other.exec("update people set active = 't'; alter table people add column more text")
    expect(await found()).toMatchObject({ spelling: 't/f' })
    other.exec("update people set active = 'y'")
    const kinds: string[] = []
    for await (const event of await api.migrations.run({ profileId, action: { kind: 'next' } })) kinds.push(event.kind)
    expect(kinds).toContain('step')
    expect(await found()).toMatchObject({ spelling: 'y/n' })
  })
})

describe('what is told at once', () => {
  it('reads no values, says so, and is what was found once that is known', async () => {
    database = await testDatabase(withSql('create table people (id integer primary key, active char(1), at boolean)'))
    const { profileId, api, other } = database
    other.exec("insert into people values (1, 'T', 'f')")
    const quick = async () => {
      const { columns } = await api.tables.describe({ profileId, table: 'people', isQuick: true })
      return columns.slice(1).map(({ codec, encoding }) => [codec, encoding?.basis ?? null])
    }
    expect(await quick()).toEqual([
      [null, null],
      [null, 'unread'],
    ])
    const found = await Promise.all([columnOf('active', 'people'), columnOf('at', 'people')])
    expect(found.map(({ encoding }) => encoding?.basis)).toEqual(['values', 'values'])
    expect(await quick()).toEqual(found.map(({ codec, encoding }) => [codec, encoding?.basis]))
  })
})

describe('values far from both ends are looked at', () => {
  const rows = 20_000
  const filled = (columns: string, keyOf: string) =>
    withSql(
      `create table auth_user (${columns});
       with recursive n(i) as (select 1 union all select i + 1 from n where i < ${rows})
       insert into auth_user select ${keyOf}, case when i between 2000 and ${rows - 2000} then 'Y' else 'T' end from n;`,
    )
  it.each([
    ['a whole number', 'id integer primary key, active char(1)', 'i'],
    ['a whole number with gaps', 'id integer primary key, active char(1)', `i * i * i`],
    [
      'a huge one far off',
      'id integer primary key, active char(1)',
      `case i when ${rows} then 9223372036854775807 else i end`,
    ],
    ['text', 'id text primary key, active char(1)', "printf('%05d-%s', i, hex(randomblob(4)))"],
    ['two columns', 'a integer, b integer, active char(1), primary key (a, b)', 'i, i'],
  ])('by a key that is %s', async (_, columns, keyOf) => {
    database = await testDatabase(filled(columns, keyOf))
    expect((await columnOf('active')).encoding?.basis).toBe('mixed')
  })
})
