// What is found of staged changes before they are saved, and what the save itself says of the same: on every engine, at the
// cell, also in the middle of many.
import { ORPCError } from '@orpc/server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Cell } from '../../shared/cell.ts'
import type { Change } from '../../shared/tables.ts'
import { describeOnEachEngine, type Opened } from './engines.test-setup.ts'

describeOnEachEngine('before and after a save', (engine) => {
  let opened: Opened
  const SETUP = engine.pick({
    sqlite: `create table team (id integer primary key, name text);
      create table member (id integer primary key, email varchar(30) collate nocase not null unique, password varchar(90),
        team_id integer references team (id), late_id integer references team (id) deferrable initially deferred,
        score integer, amount decimal(5,2), born date, place integer, room integer, level integer check (level < 10),
        unique (place, room));
      create table strict_one (id integer primary key, v integer, w text) strict;
      create trigger no_nines before update on member when new.score = 999 begin select raise(abort, 'no nines here'); end;`,
    postgres: `create extension citext; create table team (id integer primary key, name text);
      create table member (id serial primary key, email citext not null unique check (length(email) < 31), password varchar(90),
        team_id integer references team (id), late_id integer references team (id) deferrable initially deferred,
        score smallint, amount decimal(5,2), born date, place integer, room integer, level integer check (level < 10),
        note varchar(10), unique (place, room));
      create function no_nines() returns trigger language plpgsql as
        'begin if new.score = 999 then raise exception ''no nines here''; end if; return new; end';
      create trigger no_nines before update on member for each row execute function no_nines();`,
    mysql: `create table team (id int primary key, name text);
      create table member (id int primary key auto_increment, email varchar(30) not null unique, password varchar(90),
        team_id int, late_id int, score smallint, amount decimal(5,2), born date, place int, room int,
        level int check (level < 10), note varchar(10), kind enum('a', 'b'), tiny tinytext,
        unique (place, room), foreign key (team_id) references team (id));
      create trigger no_nines before update on member for each row begin
        if new.score = 999 then signal sqlstate '45000' set message_text = 'no nines here'; end if; end;`,
  })
  const ROWS = `insert into team values (1, 'one'), (2, 'two');
    insert into member (id, email, password, team_id, score, place, room) values (1, 'Ann@example.com', 'hash', 1, 1, 1, 1),
      (2, 'bob@example.com', null, 2, 2, 1, 2), (3, 'cy@example.com', null, null, 3, null, 7);`
  const delimited = engine.dialect === 'mysql' ? SETUP.split(/(?=create trigger)/) : [SETUP]

  beforeAll(async () => {
    opened = await engine.open(delimited[0] ?? '')
    for (const part of delimited.slice(1)) await opened.sql(part)
    await opened.sql(ROWS)
    if (engine.dialect === 'postgres') await opened.sql("select setval('member_id_seq', 3)")
  })
  afterAll(() => opened.close())

  const update = (id: bigint, original: Record<string, Cell>, values: Record<string, Cell>): Change => ({
    ...{ kind: 'update', id: `u${id}`, key: [id] },
    ...{ original, values },
  })
  const insert = (values: Record<string, Cell>, id = 'n'): Change => ({ kind: 'insert', id, values })
  const check = async (...changes: Change[]) =>
    (await opened.api.tables.check({ profileId: opened.profileId, table: 'member', changes })).problems
  const told = async (...changes: Change[]) =>
    (await check(...changes)).map(({ changeId, column, kind }) => `${changeId} ${column}: ${kind}`)
  const refused = async (table: string, ...changes: Change[]) => {
    const error: unknown = await opened.api.tables.save({ profileId: opened.profileId, table, changes }).then(
      () => null,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(ORPCError)
    return error as ORPCError<string, { changeId?: string; column?: string | null; columns?: string[] }>
  }
  const email = (id: bigint, from: string, to: Cell) => update(id, { email: from }, { email: to })

  it('finds nothing wrong with what can be saved', async () => {
    expect(
      await check(email(1n, 'Ann@example.com', 'ann@example.com'), insert({ email: 'new@x.org', team_id: 2n })),
    ).toEqual([])
    // What the batch itself moves away is free.
    expect(
      await check(
        email(1n, 'Ann@example.com', 'BOB@example.com'),
        email(2n, 'bob@example.com', 'else@example.com'),
        { kind: 'delete', id: 'd', key: [3n], original: { email: 'cy@example.com' } },
        insert({ email: 'cy@example.com' }),
      ),
    ).toEqual([])
    expect(await check(update(3n, { place: null }, { place: 1n }))).toEqual([])
  })

  it('names the row that has a value, as the collation compares, and never by a secret', async () => {
    const [problem] = await check(email(2n, 'bob@example.com', 'ANN@EXAMPLE.COM'))
    expect(problem).toEqual({
      ...{ changeId: 'u2', column: 'email', kind: 'unique', otherId: null },
      holder: { key: [1n], label: 'id 1' },
      words: 'email “ANN@EXAMPLE.COM” is already used by the row with id 1.',
    })
    const pair = update(2n, { room: 2n }, { room: 1n })
    expect(await check(pair)).toMatchObject([{ column: 'room', kind: 'unique', holder: { key: [1n] } }])
    expect(await told(insert({ id: 2n, email: 'x@x.org' }))).toEqual(['n id: unique'])
  })

  it('names two staged changes that clash with each other', async () => {
    const problems = await check(insert({ email: 'new@x.org' }, 'a'), insert({ email: 'NEW@x.org' }, 'b'))
    expect(problems).toMatchObject([{ changeId: 'b', column: 'email', kind: 'unique', holder: null, otherId: 'a' }])
    // Only to a collation that tells accents apart are these two.
    const isOne = engine.dialect === 'mysql'
    expect(await told(insert({ email: 'e@x.org' }, 'a'), insert({ email: 'é@x.org' }, 'b'))).toEqual(
      isOne ? ['b email: unique'] : [],
    )
  })

  it('finds NULLs, lengths, ranges, types and rows that are not there', async () => {
    expect(await told(email(1n, 'Ann@example.com', null), insert({ score: 1n }))).toEqual([
      'u1 email: not-null',
      'n email: not-null',
    ])
    const long = engine.pick({ sqlite: 'email', postgres: 'note', mysql: 'email' })
    expect(await told(update(1n, { [long]: null }, { [long]: 'x'.repeat(31) }))).toEqual([`u1 ${long}: length`])
    expect(await told(update(1n, { team_id: 1n }, { team_id: 99n }))).toEqual(['u1 team_id: foreign-key'])
    expect(await told(update(1n, { team_id: 1n }, { team_id: null }))).toEqual([])
    if (engine.dialect === 'sqlite') return
    expect(await told(update(1n, { score: 1n }, { score: 40_000n }))).toEqual(['u1 score: type'])
    expect(await told(update(1n, { score: 1n }, { score: 'many' }))).toEqual(['u1 score: type'])
    expect(await told(update(1n, { amount: null }, { amount: '12345.6' }))).toEqual(['u1 amount: type'])
    if (engine.dialect === 'postgres')
      expect(await told(update(1n, { born: null }, { born: '2024-13-01' }))).toEqual(['u1 born: type'])
    if (engine.dialect === 'mysql') {
      expect(await told(update(1n, { kind: null }, { kind: 'c' }))).toEqual(['u1 kind: type'])
      expect(await told(update(1n, { tiny: null }, { tiny: 'é'.repeat(128) }))).toEqual(['u1 tiny: length'])
    }
  })

  it('finds the few among thousands, with few statements', async () => {
    const many = Array.from({ length: 3_000 }, (_, i) => insert({ email: `p${i}@x.org`, team_id: 1n }, `n${i}`))
    many[1_234] = insert({ email: 'BOB@example.com', team_id: 1n }, 'n1234')
    many[2_345] = insert({ email: 'p2345@x.org', team_id: 7n }, 'n2345')
    expect(await told(...many)).toEqual(['n1234 email: unique', 'n2345 team_id: foreign-key'])
  })

  it('has no problems to tell of a view, nor of a column that is gone', async () => {
    await opened.sql('create view members as select * from member')
    const change = email(1n, 'Ann@example.com', null)
    const answer = await opened.api.tables.check({ profileId: opened.profileId, table: 'members', changes: [change] })
    expect(answer.problems).toEqual([])
    expect(await check(update(1n, { gone: 1n }, { gone: 2n }))).toEqual([])
  })

  /** Behind changes that go well, so that which of many it was has to be told. */
  const among = (change: Change): Change[] => [
    insert({ email: 'first@x.org' }, 'n1'),
    update(2n, { score: 2n }, { score: 20n }),
    change,
    update(3n, { score: 3n }, { score: 30n }),
    insert({ email: 'last@x.org' }, 'n2'),
  ]

  it.each<[string, Change, string, { column?: string | null; columns?: string[] }]>([
    ['a value that is taken', email(1n, 'Ann@example.com', 'BOB@example.com'), 'DUPLICATE', { columns: ['email'] }],
    [
      'a row that is not there',
      update(1n, { team_id: 1n, score: 1n }, { team_id: 99n, score: 5n }),
      'VALUE_REFUSED',
      { column: 'team_id' },
    ],
    ['a rule', update(1n, { level: null, score: 1n }, { level: 50n, score: 5n }), 'VALUE_REFUSED', { column: 'level' }],
    ['a trigger', update(1n, { score: 1n }, { score: 999n }), 'VALUE_REFUSED', { column: 'score' }],
  ])('names the change and the cell of %s, in the middle of others', async (_, change, code, data) => {
    const error = await refused('member', ...among(change))
    expect(error.code).toBe(code)
    expect(error.data).toMatchObject({ changeId: 'u1', ...data })
    expect(error.message.length).toBeGreaterThan(10)
    expect(await opened.sql('select count(*) from member')).toEqual([['3']])
  })

  it.runIf(engine.server)('names the cell of a value that does not fit its type', async () => {
    const type = engine.pick<Change>({
      sqlite: insert({}),
      postgres: update(1n, { born: null, score: 1n }, { born: 'never', score: 5n }),
      mysql: update(1n, { born: null, score: 1n }, { born: 'never', score: 5n }),
    })
    expect((await refused('member', ...among(type))).data).toMatchObject({ changeId: 'u1', column: 'born' })
    const range = update(1n, { amount: null, score: 1n }, { amount: '12345.6', score: 5n })
    expect((await refused('member', ...among(range))).data).toMatchObject({ changeId: 'u1', column: 'amount' })
  })

  it.runIf(engine.dialect === 'sqlite')('names the cell of a strict table', async () => {
    await opened.sql("insert into strict_one values (1, 1, 'a')")
    const error = await refused('strict_one', update(1n, { v: 1n, w: 'a' }, { v: 'many', w: 'b' }))
    expect(error.data).toMatchObject({ changeId: 'u1', column: 'v' })
  })

  // MariaDB has no constraint that waits for COMMIT.
  it.runIf(engine.dialect !== 'mysql')('names the change and the cell of what only COMMIT refuses', async () => {
    const error = await refused(
      'member',
      ...among(update(1n, { late_id: null, score: 1n }, { late_id: 99n, score: 5n })),
    )
    expect(error.code).toBe('VALUE_REFUSED')
    expect(error.data).toMatchObject({ changeId: 'u1', column: 'late_id' })
    expect(error.message).toContain('late_id 99 is in no row of team (id).')
    expect(await opened.sql('select count(*) from member where score > 3')).toEqual([['0']])
  })
})
