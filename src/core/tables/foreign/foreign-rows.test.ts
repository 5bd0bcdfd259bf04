// Rows in a foreign encoding: all of them are found and counted, told as their owner reads them, and repaired to the byte.
import { afterEach, expect, it } from 'vitest'
import type { ForeignRows } from '../../../shared/foreign-rows.ts'
import type { Change } from '../../../shared/tables.ts'
import { describeOnEachEngine, openFile, type Opened } from '../engines.test-setup.ts'

const PYDAL = `create table auth_user ("id" INTEGER PRIMARY KEY AUTOINCREMENT, "email" CHAR(512), "active" CHAR(1), "seen_at" TIMESTAMP);
  with recursive n(i) as (select 1 union all select i + 1 from n where i < 900)
  insert into auth_user (email, active, seen_at) select 'u' || i, case when i % 2 then 'T' else 'F' end, '2024-01-15 10:20:30' from n;
  update auth_user set active = '1' where id in (10, 20, 30);
  update auth_user set active = 't' where id = 40;
  update auth_user set seen_at = '2024-01-15T10:20:30' where id = 50;
  update auth_user set seen_at = '2024-02-30 10:20:30' where id = 60;
  update auth_user set seen_at = '' where id = 70;`

let opened: Opened | null = null
afterEach(async () => {
  await opened?.close()
  opened = null
})

/** A person's word on every column that is written in several ways: the likeliest way. */
async function choose({ api, profileId }: Opened): Promise<void> {
  const { columns } = await api.tables.describe({ profileId, table: 'auth_user' })
  for (const { name, encoding } of columns) {
    const [codec] = encoding?.basis === 'mixed' ? encoding.choices : []
    if (codec) await api.tables.chooseEncoding({ profileId, table: 'auth_user', column: name, choice: { codec } })
  }
}

async function report({ api, profileId }: Opened, table = 'auth_user'): Promise<ForeignRows> {
  let last: ForeignRows | null = null
  for await (const state of await api.tables.foreignRows({ profileId, table })) last = state
  if (!last) throw new Error('Nothing was told.')
  return last
}

it('tells each group with what PyDAL makes of it, and repairs as it is read or as it was meant', async () => {
  opened = await openFile(PYDAL)
  const { api, profileId } = opened
  const sql = (text: string) => (opened as Opened).sql(text)
  expect((await report(opened)).undecided).toEqual(['active', 'seen_at'])
  await choose(opened)
  const found = await report(opened)
  expect(found.isDone).toBe(true)
  const told = Object.fromEntries(
    found.groups.map(({ column, words, rows, readAs }) => [`${column}: ${words}`, [rows, readAs]]),
  )
  expect(told["active: the text '1'"]).toEqual([3, 'PyDAL reads it as false'])
  expect(told["active: the text 't'"]).toEqual([1, 'PyDAL reads it as true'])
  expect(told['seen_at: text like 2024-01-15T10:20:30']?.[0]).toBe(1)
  expect(told['seen_at: text like 2024-02-30 10:20:30, a date that does not exist']).toEqual([1, expect.any(String)])
  expect(told['seen_at: empty text']).toEqual([1, 'PyDAL reads it as NULL'])

  const ones = found.groups.find(({ words }) => words === "the text '1'")
  expect(ones?.repairs.map(({ to, value }) => [to, value])).toEqual([
    ['as-read', 'F'],
    ['as-meant', 'T'],
    ['null', null],
  ])
  const bad = found.groups.find(({ words }) => words.endsWith('does not exist'))
  expect(bad?.repairs.map(({ to }) => to)).toEqual(['null'])

  const asked = [
    ...found.groups
      .filter(({ column }) => column === 'active')
      .map(({ id, column }) => ({ id, column, to: 'as-read' as const })),
    ...found.groups
      .filter(({ words }) => words.includes('T10'))
      .map(({ id, column }) => ({ id, column, to: 'as-meant' as const })),
  ]
  const before = await sql('select * from auth_user where id not in (10, 20, 30, 40, 50)')
  const { cells, left } = await api.tables.foreignRepair({ profileId, table: 'auth_user', repairs: asked })
  // What is read and what was meant are the same of the date: it is told once.
  expect(left).toBe(0)
  const changes = cells.map(({ key, column, original, value }): Change => ({
    ...{ kind: 'update', id: String(key[0]), key, original: { [column]: original } },
    ...{ values: { [column]: value }, repairs: [column] },
  }))
  await api.tables.save({ profileId, table: 'auth_user', changes })
  expect(await sql('select active from auth_user where id in (10, 20, 30, 40) order by id')).toEqual([
    ['F'],
    ['F'],
    ['F'],
    ['T'],
  ])
  expect(await sql('select * from auth_user where id not in (10, 20, 30, 40, 50)')).toEqual(before)
  expect((await report(opened)).groups.filter(({ column }) => column === 'active')).toEqual([])
})

it('finds a letter that is no boolean in a column of flags, which stays one', async () => {
  opened = await openFile(`${PYDAL.split(';').slice(0, 2).join(';')}; update auth_user set active = '?' where id = 5;`)
  const found = await report(opened)
  expect(found.undecided).toEqual([])
  expect(found.groups).toMatchObject([{ column: 'active', words: "the text '?'", readAs: 'PyDAL reads it as false' }])
})

it('replaces a foreign value in columns that are named alone, and only by one of the column', async () => {
  opened = await openFile(PYDAL)
  const { api, profileId } = opened
  const change = (value: string, repairs?: string[]): Change => ({
    ...{ kind: 'update', id: '10', key: [10n], original: { active: '1' }, values: { active: value } },
    ...(repairs && { repairs }),
  })
  const save = (one: Change) => api.tables.save({ profileId, table: 'auth_user', changes: [one] })
  await choose(opened)
  await expect(save(change('T'))).rejects.toThrow(/Choose how active is written/)
  await expect(save(change('T', ['seen_at']))).rejects.toThrow(/Choose how active is written/)
  await expect(save(change('yes', ['active']))).rejects.toThrow()
  // The guard is what was there, to the byte.
  await expect(
    save({ ...(change('T', ['active']) as Extract<Change, { kind: 'update' }>), original: { active: '0' } }),
  ).rejects.toThrow()
  await save(change('T', ['active']))
})

it('tells how far it is over the parts of a large table, and counts every row in one of them', async () => {
  opened =
    await openFile(`create table auth_user (a integer not null, b integer not null, active char(1), primary key (a, b)) without rowid;
    with recursive n(i) as (select 1 union all select i + 1 from n where i < 120000)
    insert into auth_user select i % 500, i, case when i % 3 then 'T' else 'F' end from n;
    update auth_user set active = '1' where b between 41000 and 53000;`)
  await choose(opened)
  const states: ForeignRows[] = []
  const { api, profileId } = opened
  for await (const state of await api.tables.foreignRows({ profileId, table: 'auth_user' })) states.push(state)
  expect(states.at(-1)).toMatchObject({ read: 120_000, rows: 12_001, isDone: true })
  expect(states.at(-1)?.groups.map(({ rows }) => rows)).toEqual([12_001])
  for (const [index, { read }] of states.entries()) expect(read).toBeGreaterThanOrEqual(states[index - 1]?.read ?? 0)
  const [group] = states.at(-1)?.groups ?? []
  const repairs = [{ id: group?.id ?? '', column: 'active', to: 'as-meant' as const }]
  const { cells, left } = await api.tables.foreignRepair({ profileId, table: 'auth_user', repairs })
  expect([cells.length, left]).toEqual([12_001, 0])
  expect(new Set(cells.map(({ key }) => key.join(' '))).size).toBe(12_001)
})

it('stages at most what one save takes, and says how many rows are left', async () => {
  opened = await openFile(`create table auth_user (id integer primary key, active char(1));
    with recursive n(i) as (select 1 union all select i + 1 from n where i < 24000)
    insert into auth_user select i, case when i <= 600 or i > 23400 then 'T' else '1' end from n;`)
  await choose(opened)
  const [group] = (await report(opened)).groups
  const { api, profileId } = opened
  const repairs = [{ id: group?.id ?? '', column: 'active', to: 'as-meant' as const }]
  const { cells, left } = await api.tables.foreignRepair({ profileId, table: 'auth_user', repairs })
  expect([group?.rows, cells.length, left]).toEqual([22_800, 20_000, 2_800])
})

it('ends the query in the database when nobody listens any more', async () => {
  opened = await openFile(`create table auth_user (id integer, active char(1));
    with recursive n(i) as (select 1 union all select i + 1 from n where i < 300000)
    insert into auth_user select i, case when i % 2 then 'T' else 'F' end from n;
    create view slow as select a.id, a.active from auth_user a, auth_user b where a.id + b.id > 0;`)
  const { api, profileId, database } = opened
  const ending = new AbortController()
  const told = (async () => {
    for await (const { isDone } of await api.tables.foreignRows(
      { profileId, table: 'slow' },
      { signal: ending.signal },
    )) {
      expect(isDone).toBe(false)
      setImmediate(() => ending.abort())
    }
  })()
  await told.catch(() => undefined)
  expect(ending.signal.aborted).toBe(true)
  // The session is free again: the view alone would take hours.
  const { rows } = await database.read({ sql: 'select 1', values: [] }, new AbortController().signal)
  expect(rows).toEqual([[1n]])
})

it('reports a table without a key, and says why it cannot be repaired', async () => {
  opened = await openFile(`create table auth_user (email char(512), active char(1));
    insert into auth_user values ('a', 'T'), ('b', 'F'), ('c', '1'), ('d', '1');`)
  await choose(opened)
  const { groups, rows, read } = await report(opened)
  expect([groups.map(({ words }) => words), rows, read]).toEqual([["the text '1'"], 2, 4])
  const { api, profileId } = opened
  const repairs = groups.map(({ id, column }) => ({ id, column, to: 'as-read' as const }))
  await expect(api.tables.foreignRepair({ profileId, table: 'auth_user', repairs })).rejects.toMatchObject({
    code: 'READ_ONLY',
    message: 'auth_user has no key, so that no row of it can be named to be repaired.',
  })
})

it('counts rows with NULL in their key, and leaves them out of the repair', async () => {
  opened = await openFile(`create table auth_user (id text primary key, active char(1));
    insert into auth_user values (null, '1'), (null, 'T'), ('a', '1'), ('b', 'T'), ('c', 'F');`)
  await choose(opened)
  const found = await report(opened)
  expect([found.rows, found.groups.length]).toEqual([2, 1])
  const { api, profileId } = opened
  const repairs = found.groups.map(({ id, column }) => ({ id, column, to: 'as-meant' as const }))
  const made = await api.tables.foreignRepair({ profileId, table: 'auth_user', repairs })
  expect(made.cells.map(({ key, original, value }) => [key, original, value])).toEqual([[['a'], '1', 'T']])
  expect(made.left).toBe(1)
})

it('puts values of too many kinds together, and reads no long value whole', async () => {
  opened = await openFile(`create table auth_user (id integer primary key, seen_at timestamp);
    with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000)
    insert into auth_user select i, case when i between 701 and 1100 then char(97 + i % 26, 97 + i / 26 % 26, 97 + i % 25)
      else '2024-01-15 10:20:30' end from n;
    update auth_user set seen_at = printf('%5000s', 'x') where id = 650;`)
  await choose(opened)
  const { groups, rows } = await report(opened)
  expect(rows).toBe(401)
  expect(groups.reduce((sum, group) => sum + group.rows, 0)).toBe(401)
  expect(groups).toHaveLength(301)
  expect(groups.find(({ id }) => id === 'others')).toMatchObject({ rows: 101, repairs: [] })
  const long = groups.find(({ id }) => id === 'too long')
  expect(long).toMatchObject({ rows: 1, repairs: [] })
  expect(String(long?.example).length).toBeLessThanOrEqual(1024)
})

describeOnEachEngine('foreign rows', (engine) => {
  const letter = engine.pick({ sqlite: 'char(1)', postgres: 'character(1)', mysql: 'char(1)' })
  it('are counted over pages, by a key of two columns', async () => {
    const setup = `create table auth_user (a integer not null, b varchar(20) not null, email varchar(512), active ${letter}, primary key (a, b));
      insert into auth_user values ${Array.from({ length: 1500 }, (_, i) => `(${i % 7}, 'k${i}', 'e${i}', '${i < 1510 && i % 3 === 0 ? (i < 700 ? '1' : 'y') : i % 2 ? 'T' : 'F'}')`).join(', ')};`
    opened = await engine.open(setup)
    const { api, profileId } = opened
    const described = await api.tables.describe({ profileId, table: 'auth_user' })
    expect(described.columns.find(({ name }) => name === 'active')?.encoding?.basis).toBe('mixed')
    expect((await report(opened)).undecided).toEqual(['active'])
    await choose(opened)
    const found = await report(opened)
    expect(found.undecided).toEqual([])
    expect(found.groups.map(({ words, rows }) => [words, rows]).sort()).toEqual([
      ["the text '1'", 234],
      ["the text 'y'", 266],
    ])
    const repairs = found.groups.map(({ id, column }) => ({ id, column, to: 'as-meant' as const }))
    const { cells } = await api.tables.foreignRepair({ profileId, table: 'auth_user', repairs })
    expect(cells).toHaveLength(500)
    expect(new Set(cells.map(({ key }) => key.join(' '))).size).toBe(500)
  })

  it('are none where the server keeps the values', async () => {
    opened = await engine.open(
      "create table plain (id integer not null primary key, email varchar(20)); insert into plain values (1, '1')",
    )
    expect((await report(opened, 'plain')).groups).toEqual([])
  })
})
