// Saving on every engine: exactly the rows that were seen, all or nothing, and words that name the row in the way.
import { ORPCError } from '@orpc/server'
import { afterEach, expect, it } from 'vitest'
import type { Cell } from '../../shared/cell.ts'
import { where } from '../../shared/filters.ts'
import type { Change, Conflict } from '../../shared/tables.ts'
import { describeOnEachEngine, type Opened } from './engines.test-setup.ts'

async function refusal(promise: Promise<unknown>): Promise<ORPCError<string, unknown>> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ORPCError)
  return error as ORPCError<string, unknown>
}

describeOnEachEngine('saving', (engine) => {
  let opened: Opened

  const USERS = engine.pick({
    sqlite: `create table auth_user (id integer primary key, email varchar(30) not null unique, active boolean default 1,
        note text collate nocase, score integer);`,
    postgres: `create table auth_user (id serial primary key, email varchar(30) not null unique, active boolean default true,
        note text, score integer);`,
    mysql: `create table auth_user (id int primary key auto_increment, email varchar(30) not null unique,
        active tinyint(1) default 1, note text, score int);`,
  })
  const ROWS = `insert into auth_user (id, email, note, score) values (1, 'ann@example.com', 'A', 5), (2, 'bob@example.com', null, 6),
    (3, 'cy@example.com', '', null);`
  const NEXT = engine.pick({ sqlite: '', postgres: "select setval('auth_user_id_seq', 3);", mysql: '' })
  const [yes, no] = engine.pick<[Cell, Cell]>({ sqlite: [1n, 0n], postgres: ['t', 'f'], mysql: [1n, 0n] })

  afterEach(() => opened.close())
  const users = async (more = '') => {
    opened = await engine.open(`${USERS} ${ROWS} ${NEXT} ${more}`)
  }
  const saveTo = (table: string, ...changes: Change[]) =>
    opened.api.tables.save({ profileId: opened.profileId, table, changes })
  const save = (...changes: Change[]) => saveTo('auth_user', ...changes)
  const update = (id: bigint, original: Record<string, Cell>, values: Record<string, Cell>): Change => ({
    kind: 'update',
    id: `u${id}`,
    key: [id],
    original,
    values,
  })
  const stored = () => opened.sql('select id, email, note, score from auth_user order by id')
  const pageOf = (table: string) =>
    opened.api.tables.page({
      view: { profileId: opened.profileId, table, sort: null, filter: null },
      place: { kind: 'first' },
      limit: 50,
    })

  it('deletes, changes and adds in one go, and answers with what is stored', async () => {
    await users()
    const answer = await save(
      { kind: 'insert', id: 'n', values: { email: 'bob@example.com', active: no } },
      update(1n, { active: yes, note: 'A' }, { active: null, note: 'é' }),
      { kind: 'delete', id: 'd', key: [2n], original: { email: 'bob@example.com', note: null, score: 6n } },
    )
    const key = answer.rows[0]?.key
    expect(answer.rows).toEqual([
      { key, cells: [key?.[0], 'bob@example.com', no, null, null] },
      { key: [1n], cells: [1n, 'ann@example.com', null, 'é', 5n] },
      null,
    ])
    expect(answer.interrupted).toBeNull()
    expect(await stored()).toEqual(
      [
        ['1', 'ann@example.com', 'é', '5'],
        ['3', 'cy@example.com', '', null],
        [String(key?.[0]), 'bob@example.com', null, null],
      ].sort((a, b) => Number(a[0]) - Number(b[0])),
    )
  })

  it('adds a row of which nothing is given but what has no default', async () => {
    opened = await engine.open(
      engine.pick({
        sqlite: 'create table t (id integer primary key, a integer default 7)',
        postgres: 'create table t (id bigint generated always as identity primary key, a integer default 7)',
        mysql: 'create table t (id bigint unsigned primary key auto_increment, a integer default 7)',
      }),
    )
    const answer = await saveTo('t', { kind: 'insert', id: 'n', values: {} })
    expect(answer.rows).toEqual([{ key: [1n], cells: [1n, 7n] }])
  })

  it.each([
    ['another value', "update auth_user set note = 'B' where id = 1", 'B'],
    ['only another case', "update auth_user set note = 'a' where id = 1", 'a'],
    ['a blank at its end', "update auth_user set note = 'A ' where id = 1", 'A '],
    ['NULL where there was text', 'update auth_user set note = null where id = 1', null],
    ['nothing where there was text', "update auth_user set note = '' where id = 1", ''],
  ])('meets a conflict: %s', async (_, theirs, now) => {
    await users()
    await opened.sql(theirs)
    const before = await stored()
    const error = await refusal(
      save(update(2n, { note: null }, { note: 'kept back' }), update(1n, { note: 'A' }, { note: 'mine' })),
    )
    expect(error.code).toBe('CONFLICT')
    expect((error.data as { conflicts: Conflict[] }).conflicts).toEqual([
      { changeId: 'u1', key: [1n], isGone: false, columns: [{ column: 'note', base: 'A', theirs: now, mine: 'mine' }] },
    ])
    expect(await stored()).toEqual(before)
  })

  it('reports every conflicting row, and rows that are gone', async () => {
    await users("update auth_user set note = 'x' where id = 1; delete from auth_user where id = 2;")
    const error = await refusal(
      save(update(1n, { note: 'A' }, { note: 'm' }), update(2n, { note: null }, { note: 'm' })),
    )
    const { conflicts } = error.data as { conflicts: Conflict[] }
    expect(conflicts.map(({ changeId, isGone }) => [changeId, isGone])).toEqual([
      ['u1', false],
      ['u2', true],
    ])
  })

  // SQLite has one writer: nobody else can change a row meanwhile.
  it.runIf(engine.server)('shows what is stored now, also of a row that changes while the save runs', async () => {
    await users("update auth_user set note = 'x' where id = 1;")
    const own = await opened.database.takeForTransaction(new AbortController().signal)
    const takes = opened.database
    // Before the rows are looked at, another session changes one of them.
    opened.core.databases.of = () => ({
      ...takes,
      takeForTransaction: () =>
        Promise.resolve({
          ...own,
          rollback: async () => {
            await own.rollback()
            await opened.sql("update auth_user set note = 'new' where id = 3")
          },
        }),
    })
    const error = await refusal(
      save(update(1n, { note: 'A' }, { note: 'm' }), update(3n, { note: '-' }, { note: 'm' })),
    )
    const { conflicts } = error.data as { conflicts: Conflict[] }
    expect(conflicts[1]?.columns[0]?.theirs).toBe('new')
  })

  it('an update that changes nothing of what is stored is no conflict', async () => {
    await users()
    const answer = await save(update(1n, { score: 5n }, { score: 5n }))
    expect(answer.rows).toHaveLength(1)
  })

  it('names the row that already has an email', async () => {
    await users()
    const error = await refusal(save(update(1n, { email: 'ann@example.com' }, { email: 'bob@example.com' })))
    expect(error.code).toBe('DUPLICATE')
    expect(error.message).toBe('email “bob@example.com” is already used by the row with id 2. Nothing was saved.')
    expect(error.data).toEqual({ changeId: 'u1', columns: ['email'], holder: { key: [2n], label: 'id 2' } })
  })

  it('says when two changes of one save clash with each other', async () => {
    await users()
    const error = await refusal(
      save(
        { kind: 'insert', id: 'a', values: { email: 'new@example.com' } },
        { kind: 'insert', id: 'b', values: { email: 'new@example.com' } },
      ),
    )
    expect(error.data).toMatchObject({ changeId: 'b', holder: null })
    expect(error.message).toContain('another change of this save')
    expect(await stored()).toHaveLength(3)
  })

  it('says when a value is taken by a row that this save has changed or deletes', async () => {
    await users()
    const error = await refusal(
      save(
        { kind: 'delete', id: 'd', key: [3n], original: { email: 'cy@example.com' } },
        update(1n, { email: 'ann@example.com' }, { email: 'cy@example.com' }),
        update(2n, { email: 'bob@example.com' }, { email: 'cy@example.com' }),
      ),
    )
    expect(error.data).toMatchObject({ changeId: 'u2', holder: null })
    expect(await stored()).toHaveLength(3)
  })

  it('says at which end of a foreign key a row is refused', async () => {
    await users(`create table child (id integer primary key, user_id integer, foreign key (user_id) references auth_user (id));
      insert into child values (1, 1)`)
    const remove: Change = { kind: 'delete', id: 'd', key: [1n], original: { email: 'ann@example.com' } }
    const referred = /^Rows of child \(user_id\) refer to this row\. Change or delete them first\. .*foreign key/is
    expect((await refusal(save(remove))).message).toMatch(referred)
    const away = update(1n, { id: 1n }, { id: 9n })
    expect((await refusal(save(away))).message).toMatch(referred)
    const astray = update(1n, { user_id: 1n }, { user_id: 99n })
    const { message } = await refusal(saveTo('child', astray))
    const where = engine.dialect === 'sqlite' ? 'auth_user \\(id\\)' : 'that it could refer to'
    expect(message).toMatch(new RegExp(`^user_id 99 is in no row (of )?${where}\\. .*foreign key`, 'is'))
  })

  // Django makes all its foreign keys so.
  it.skipIf(engine.dialect === 'mysql')('says it of a foreign key that is looked at by COMMIT alone', async () => {
    await users(`create table child (id integer primary key, user_id integer references auth_user (id) deferrable initially deferred);
      insert into child values (1, 2)`)
    const remove = (id: bigint, email: string): Change => ({
      ...{ kind: 'delete', id: `d${id}`, key: [id], original: { email } },
    })
    const error = await refusal(
      save(remove(3n, 'cy@example.com'), remove(2n, 'bob@example.com'), remove(1n, 'ann@example.com')),
    )
    expect(error.message).toMatch(
      /^Rows of child \(user_id\) refer to this row\. Change or delete them first\. .*foreign key/is,
    )
    expect(error.data).toMatchObject({ changeId: 'd2' })
    expect(await stored()).toHaveLength(3)
  })

  it('names the holder of a unique set of two columns, of which one is changed', async () => {
    opened = await engine.open(
      `create table t (id integer primary key, a varchar(5), b integer, unique (a, b)); insert into t values (1, 'x', 1), (2, 'x', 2)`,
    )
    const error = await refusal(saveTo('t', update(2n, { b: 2n }, { b: 1n })))
    expect(error.code).toBe('DUPLICATE')
    expect(error.data).toMatchObject({ columns: ['a', 'b'], holder: { key: [1n] } })
  })

  it.each([
    ['NULL in a NOT NULL column', { email: 'ann@example.com' }, { email: null }, 'email'],
    ['a text that is too long', { email: 'ann@example.com' }, { email: `${'x'.repeat(30)}@` }, 'email'],
    ['an edit without its guard', {}, { note: 'x' }, 'note'],
    ['a column that is not there', { nope: 1n }, { nope: 2n }, 'nope'],
  ] as [string, Record<string, Cell>, Record<string, Cell>, string][])(
    'refuses %s in words, at its cell',
    async (_, original, values, column) => {
      await users()
      const before = await stored()
      const error = await refusal(save(update(1n, original, values)))
      expect(error.code).toBe('VALUE_REFUSED')
      expect(error.data).toEqual({ changeId: 'u1', column })
      expect(error.message.length).toBeGreaterThan(10)
      expect(await stored()).toEqual(before)
    },
  )

  it('refuses whole numbers by what the type of the column holds', async () => {
    const types = engine.pick<[string, bigint, bigint][]>({
      sqlite: [['integer', -(2n ** 63n), 2n ** 63n - 1n]],
      postgres: [
        ['smallint', -32768n, 32767n],
        ['integer', -(2n ** 31n), 2n ** 31n - 1n],
        ['bigint', -(2n ** 63n), 2n ** 63n - 1n],
      ],
      mysql: [
        ['tinyint unsigned', 0n, 255n],
        ['mediumint', -(2n ** 23n), 2n ** 23n - 1n],
        ['int unsigned', 0n, 2n ** 32n - 1n],
        ['bigint', -(2n ** 63n), 2n ** 63n - 1n],
        ['bigint unsigned', 0n, 2n ** 64n - 1n],
      ],
    })
    const list = types.map(([type], index) => `v${index} ${type}`).join(', ')
    opened = await engine.open(`create table t (id integer primary key, ${list}); insert into t (id) values (1)`)
    for (const [index, [type, min, max]] of types.entries()) {
      const name = `v${index}`
      let now: Cell = null
      for (const value of [min, max]) {
        await saveTo('t', update(1n, { [name]: now }, { [name]: value }))
        expect(await opened.sql(`select ${name} from t`), type).toEqual([[String(value)]])
        now = value
      }
      for (const value of [min - 1n, max + 1n]) {
        const error = await refusal(saveTo('t', update(1n, { [name]: now }, { [name]: value })))
        expect(error.message, type).toContain(`${min} to ${max}`)
      }
    }
  })

  it('adds nothing to a table whose rows nobody could name', async () => {
    opened = await engine.open('create table t (a integer)')
    const error = await refusal(saveTo('t', { kind: 'insert', id: 'n', values: { a: 1n } }))
    expect(error.code).toBe('READ_ONLY')
    expect(await opened.sql('select * from t')).toEqual([])
  })

  it('says when a trigger swallows a change, instead of calling the row changed', async () => {
    await users(
      engine.pick({
        sqlite: 'create trigger no before update on auth_user when old.id = 1 begin select raise(ignore); end;',
        postgres: `create function no() returns trigger language plpgsql as 'begin return null; end';
          create trigger no before insert or update on auth_user for each row execute function no();`,
        mysql: 'create table other (id int primary key);',
      }),
    )
    // MariaDB's triggers can only fail.
    if (engine.dialect === 'mysql') return
    const error = await refusal(save(update(1n, { note: 'A' }, { note: 'mine' })))
    expect(error.code).toBe('VALUE_REFUSED')
    expect(error.message).toContain('A trigger, a rule or a policy')
    if (engine.dialect !== 'postgres') return
    const insert = await refusal(save({ kind: 'insert', id: 'n', values: { email: 'n@example.com' } }))
    expect(insert.message).toContain('took no row')
  })

  it.skipIf(engine.dialect !== 'postgres')('says how a counter that is behind is set', async () => {
    opened = await engine.open(
      `create schema "App"; create table "App"."Num's" ("Id" serial primary key, v text); insert into "App"."Num's" values (1, 'a'), (7, 'b')`,
    )
    const table = `"App"."Num's"`
    const insert: Change = { kind: 'insert', id: 'n', values: { v: 'c' } }
    const { message } = await refusal(saveTo("App.Num's", insert))
    const sql = /set the counter: (SELECT .*;) Nothing was saved\.$/.exec(message)?.[1]
    await opened.sql(sql ?? message)
    await saveTo("App.Num's", insert)
    expect(await opened.sql(`select "Id" from ${table} where v = 'c'`)).toEqual([['8']])
  })

  it('does not leave orphans behind, and says before what else a delete takes along', async () => {
    await users(`create table child (id integer primary key, user_id integer, foreign key (user_id) references auth_user (id));
      insert into child values (1, 3);
      create table log (id integer primary key, user_id integer, foreign key (user_id) references auth_user (id) on delete cascade);
      insert into log values (1, 1), (2, 1), (3, 2);
      create table line (id integer primary key, log_id integer, foreign key (log_id) references log (id) on delete set null);
      insert into line values (1, 1), (2, null);`)
    const remove = (id: bigint, email: string): Change => ({
      kind: 'delete',
      id: `d${id}`,
      key: [id],
      original: { email },
    })
    const error = await refusal(save(remove(3n, 'cy@example.com')))
    expect(error.code).toBe('VALUE_REFUSED')
    expect(await stored()).toHaveLength(3)
    const reach = await opened.api.tables.deleteReach({
      profileId: opened.profileId,
      table: 'auth_user',
      keys: [[1n], [2n], [3n]],
    })
    expect(reach).toEqual({
      direct: [{ table: 'log', action: 'delete', rows: 3 }],
      further: [{ table: 'line', action: 'set-null', rows: 1, isAtLeast: false }],
    })
    await save(remove(1n, 'ann@example.com'))
    expect(await opened.sql('select count(*) from log')).toEqual([['1']])
  })

  it('finds, counts and opens cells', async () => {
    await users("insert into auth_user (id, email, note) values (9, 'Zed_%@example.com', 'long');")
    await opened.sql(
      engine.pick({
        sqlite: "update auth_user set note = printf('%.*c', 5000, 'é') where id = 9",
        postgres: "update auth_user set note = repeat('é', 5000) where id = 9",
        mysql: "update auth_user set note = repeat('é', 5000) where id = 9",
      }),
    )
    const { profileId } = opened
    const view = {
      profileId,
      table: 'auth_user',
      sort: null,
      filter: where('email', { test: 'contains', text: 'zeD_%' }),
    }
    expect((await opened.api.tables.count({ view })).count).toBe(1)
    const page = await opened.api.tables.page({ view, place: { kind: 'first' }, limit: 5 })
    expect(page.keys).toEqual([[9n]])
    expect(page.cut).toEqual([[0, 3, 10_000]])
    const cell = await opened.api.tables.cell({ profileId, table: 'auth_user', key: [9n], column: 'note' })
    expect(cell.value).toBe('é'.repeat(5000))
    await expect(
      opened.api.tables.cell({ profileId, table: 'auth_user', key: [8n], column: 'note' }),
    ).rejects.toMatchObject({ code: 'ROW_GONE' })
  })

  it('of tables and columns with odd names', async () => {
    const quote = (name: string) =>
      engine.dialect === 'mysql' ? `\`${name.replaceAll('`', '``')}\`` : `"${name.replaceAll('"', '""')}"`
    // MySQL's names have no letters beyond the first 65,536.
    const table = `we"ird \`ta.ble? as ${engine.pick({ sqlite: '🦉', postgres: '🦉', mysql: 'é' })}`
    const columns = ['a.b', 'x as y', 'what?', 'se"lect', 'b`ack', '* all', ' s0']
    const list = columns.map((name) => `${quote(name)} varchar(20)`).join(', ')
    opened = await engine.open(`create table ${quote(table)} (${quote('i.d')} integer primary key, ${list});
      insert into ${quote(table)} values (1, ${columns.map(() => "'v'").join(', ')})`)
    const named = (await opened.api.tables.list({ profileId: opened.profileId }))[0]?.name ?? ''
    const described = await opened.api.tables.describe({ profileId: opened.profileId, table: named })
    expect(described.columns.map(({ name }) => name)).toEqual(['i.d', ...columns])
    const page = await pageOf(named)
    expect(page.rows).toEqual([[1n, ...columns.map(() => 'v')]])
    const original = Object.fromEntries(columns.map((name) => [name, 'v']))
    const values = Object.fromEntries(columns.map((name, index) => [name, `w${index}`]))
    await saveTo(named, update(1n, original, values))
    await saveTo(named, { kind: 'insert', id: 'n', values: { 'i.d': 2n, ...values } })
    expect((await pageOf(named)).rows).toEqual([
      [1n, ...Object.values(values)],
      [2n, ...Object.values(values)],
    ])
    for (const column of columns) {
      const view = {
        profileId: opened.profileId,
        table: named,
        sort: { column, direction: 'desc' as const },
        filter: null,
      }
      const first = await opened.api.tables.page({ view, place: { kind: 'first' }, limit: 1 })
      const rest = await opened.api.tables.page({ view, place: { kind: 'after', cursor: first.last ?? [] }, limit: 5 })
      expect([...first.keys, ...rest.keys], column).toEqual([[2n], [1n]])
    }
  })

  it('a read-only profile cannot write, and the database itself refuses', async () => {
    opened = await engine.open(`${USERS} ${ROWS}`, { isReadOnly: true })
    const error = await refusal(save(update(1n, { note: 'A' }, { note: 'mine' })))
    expect(error.code).toBe('READ_ONLY')
    // Past every check of Roster: the statement itself on the profile's own connections.
    const never = new AbortController().signal
    const write = { sql: "update auth_user set note = 'x' where id = 1", values: [] }
    await expect(opened.database.read(write, never)).rejects.toThrow()
    const transaction = opened.database.takeForTransaction(never).then(async (connection) => {
      try {
        await connection.begin()
        await connection.run(write)
        await connection.commit()
      } finally {
        connection.release(true)
      }
    })
    await expect(transaction).rejects.toMatchObject({ code: 'READ_ONLY' })
    expect((await stored())[0]).toEqual(['1', 'ann@example.com', 'A', '5'])
  })
})
