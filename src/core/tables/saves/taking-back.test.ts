// Taking a save back on every engine: exactly what it did is undone, guarded by what it left, or nothing is; and the SQL that is
// shown does the same as the save.
import { ORPCError } from '@orpc/server'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Cell } from '../../../shared/cell.ts'
import type { Change, Conflict } from '../../../shared/tables.ts'
import { describeOnEachEngine, type Opened } from '../engines.test-setup.ts'

describeOnEachEngine('taking a save back', (engine) => {
  let opened: Opened
  const HASH = '$argon2id$v=19$m=65536$secret-canary'
  const SETUP = engine.pick({
    sqlite: `create table person (id integer primary key, email varchar(60) not null unique, password varchar(90), weight real,
        photo blob, small text generated always as (lower(email)) stored, seen text);
      create table visit (id integer primary key, person_id integer references person (id) on delete cascade);
      create trigger stamp after update of email on person begin update person set seen = 'seen' where id = new.id; end;`,
    postgres: `create table person (id bigint generated always as identity primary key, email varchar(60) not null unique,
        password varchar(90), weight double precision, photo bytea, small text generated always as (lower(email)) stored, seen text);
      create table visit (id integer primary key, person_id bigint references person (id) on delete cascade);
      create function stamp() returns trigger language plpgsql as 'begin new.seen := ''seen''; return new; end';
      create trigger stamp before update of email on person for each row execute function stamp();`,
    mysql: `create table person (id bigint unsigned primary key auto_increment, email varchar(60) not null unique, password varchar(90),
        weight double, photo blob, small varchar(60) generated always as (lower(email)) stored, seen text);
      create table visit (id int primary key, person_id bigint unsigned, foreign key (person_id) references person (id) on delete cascade);
      create trigger stamp before update on person for each row set new.seen = if(new.email <=> old.email, new.seen, 'seen');`,
  })
  const bytes = engine.pick({ sqlite: "x'00ff27'", postgres: "'\\x00ff27'", mysql: "x'00ff27'" })
  const always = engine.pick({ sqlite: '', postgres: 'overriding system value', mysql: '' })
  const ROWS = `insert into person (id, email, password, weight, photo, seen) ${always} values
      (1, 'Ann@x.org', '${HASH}', 1.5, ${bytes}, null), (2, 'bob@x.org', null, null, null, ''), (3, 'cy@x.org', '${HASH}', -0.1, null, 'a''b\\\\c;')`
  const OTHER = engine.pick({ sqlite: "a'b\\\\c;", postgres: "a'b\\\\c;", mysql: "a'b\\c;" })

  beforeAll(async () => {
    opened = await engine.open(SETUP)
  })
  afterAll(() => opened.close())
  beforeEach(async () => {
    await opened.sql('delete from visit')
    await opened.sql('delete from person')
    await opened.sql(ROWS)
    if (engine.dialect === 'postgres') await opened.sql('alter table person alter id restart with 100')
  })

  const float = (value: number): Cell => (engine.dialect === 'postgres' ? String(value) : value)
  let count = 0
  const call = () => ({ profileId: opened.profileId, table: 'person' })
  const stored = () => opened.sql('select * from person order by id')
  const save = async (...changes: Change[]) => {
    const { id } = await opened.api.tables.save({ ...call(), changes })
    if (id === null) throw new Error('The save is not kept.')
    return id
  }
  const revert = (saveId: string) => opened.api.tables.revert({ profileId: opened.profileId, saveId })
  const saves = () => opened.api.tables.saves(call())
  const refusal = async (promise: Promise<unknown>) => {
    const error: unknown = await promise.then(
      () => null,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(ORPCError)
    return error as ORPCError<string, unknown>
  }
  const update = (id: bigint, original: Record<string, Cell>, values: Record<string, Cell>): Change => ({
    ...{ kind: 'update', id: `u${id}`, key: [id] },
    ...{ original, values },
  })
  const remove = (id: bigint, email: string): Change => ({
    kind: 'delete',
    id: `d${id}`,
    key: [id],
    original: { email },
  })
  const mixed = (): Change[] => [
    update(1n, { email: 'Ann@x.org', weight: float(1.5) }, { email: 'bob@x.org', weight: null }),
    update(2n, { email: 'bob@x.org' }, { email: 'Ann@x.org' }),
    remove(3n, 'cy@x.org'),
    {
      kind: 'insert',
      id: `n${(count += 1)}`,
      values: { email: 'cy@x.org', weight: float(0.1), photo: new Uint8Array([1, 2]) },
    },
  ]

  it('brings back every value, whole rows with their password hashes too', async () => {
    const before = (await stored()).map(([id, email, password, weight, photo, small]) => [
      id,
      email,
      password,
      weight,
      photo,
      small,
    ])
    const third = (await stored())[2]
    const id = await save(...mixed())
    const after = await stored()
    expect(after[0]?.[1]).toBe('bob@x.org')
    await opened.core.saves.settle()
    const [shown] = await saves()
    expect(shown).toMatchObject({
      id,
      table: 'person',
      updates: 2,
      inserts: 1,
      deletes: 1,
      refusal: null,
      reverts: null,
    })
    expect(shown?.note).toContain('Rows of visit')

    const reverted = await revert(id)
    expect(
      JSON.stringify(reverted, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    ).not.toContain('canary')
    const now = await stored()
    expect(
      now.map(([id_, email, password, weight, photo, small]) => [id_, email, password, weight, photo, small]),
    ).toEqual(before)
    // The whole row is as it was; of the changed ones a trigger has written its own column.
    expect(now[2]).toEqual(third)

    // It cannot be taken back twice; what took it back can be, and leads to the same again.
    expect((await refusal(revert(id))).message).toContain('was taken back already')
    const [second, first] = await saves()
    expect(first?.refusal).toContain('taken back already')
    expect(second).toMatchObject({ reverts: id, refusal: null, updates: 2, inserts: 1, deletes: 1 })
    await revert(second?.id ?? '')
    const again = await stored()
    expect(again.map((row) => row.slice(1, 2))).toEqual(after.map((row) => row.slice(1, 2)))
    expect(again.at(-1)?.[0]).toBe(after.at(-1)?.[0])
  })

  it('changes nothing when a row has changed since, and shows the three values', async () => {
    const id = await save(
      update(1n, { weight: float(1.5) }, { weight: float(2.5) }),
      update(2n, { email: 'bob@x.org' }, { email: 'rob@x.org' }),
    )
    await opened.sql('update person set weight = 9.5 where id = 1')
    const before = await stored()
    const error = await refusal(revert(id))
    expect(error.code).toBe('CONFLICT')
    expect((error.data as { conflicts: Conflict[] }).conflicts).toEqual([
      {
        ...{ changeId: expect.stringContaining('u1') as string, key: [1n], isGone: false },
        columns: [{ column: 'weight', base: float(2.5), theirs: float(9.5), mine: float(1.5) }],
      },
    ])
    expect(await stored()).toEqual(before)
    await opened.sql('update person set weight = 2.5 where id = 1')
    await revert(id)
    expect((await stored())[1]?.[1]).toBe('bob@x.org')
  })

  it('deletes a row that was added only as long as it is as it was stored', async () => {
    const id = await save({ kind: 'insert', id: 'n', values: { email: 'new@x.org' } })
    await opened.sql("update person set seen = 'later' where email = 'new@x.org'")
    expect((await refusal(revert(id))).code).toBe('CONFLICT')
    expect(await stored()).toHaveLength(4)
    await opened.sql("update person set seen = null where email = 'new@x.org'")
    await revert(id)
    expect(await stored()).toHaveLength(3)
  })

  it('says what is in the way of a row that comes back', async () => {
    const id = await save(remove(3n, 'cy@x.org'))
    await opened.sql("update person set email = 'cy@x.org' where id = 2")
    const error = await refusal(revert(id))
    expect(error.code).toBe('DUPLICATE')
    expect(error.message).toContain('id 2')
    expect(error.message).not.toContain('canary')
  })

  /** As the engine's own program would take it. */
  const runText = async (statements: { sql: string }[]) => {
    for (const { sql } of statements) await opened.sql(sql)
  }

  it('shows the SQL of a save that does the same as the save, in the same order', async () => {
    const changes = mixed()
    const { statements, of } = await opened.api.tables.sql({ ...call(), changes, most: 100 })
    expect(of).toBe(4)
    // One of the two that exchange their emails has two.
    expect(statements.map(({ changeId }) => changeId)).toEqual(['d3', 'u1', 'u2', 'u1', `n${count}`])
    await save(...changes)
    const saved = await stored()
    await opened.sql('delete from person')
    await opened.sql(ROWS)
    await runText(statements)
    const ran = await stored()
    expect(ran.map((row) => row.slice(1))).toEqual(saved.map((row) => row.slice(1)))
    const few = await opened.api.tables.sql({ ...call(), changes, most: 1 })
    expect(few).toMatchObject({ of: 4, statements: [{ changeId: 'd3' }] })
  })

  it('masks secrets in the SQL that takes a save back', async () => {
    const id = await save(remove(1n, 'Ann@x.org'), update(3n, { seen: OTHER }, { seen: "it's; -- \\" }))
    const request = { profileId: opened.profileId, saveId: id, most: 100 }
    const { statements } = await opened.api.tables.revertSql(request)
    const text = statements.map(({ sql }) => sql).join('\n')
    expect(text).not.toContain('canary')
    expect(text).toContain('(hidden)')
    await runText(statements)
    const now = await stored()
    expect(now[0]?.slice(0, 2)).toEqual(['1', 'Ann@x.org'])
    expect(now[2]?.[6]).toBe(OTHER)
  })

  it('asks for the name of a production profile, as for any write', async () => {
    const id = await save(update(2n, { weight: null }, { weight: float(3.5) }))
    const core = opened.core
    const own = core.profiles.get.bind(core.profiles)
    core.profiles.get = (profile) => ({ ...own(profile), environment: 'production' as const })
    try {
      expect((await refusal(revert(id))).code).toBe('CONFIRMATION_NEEDED')
      await opened.api.tables.revert({
        profileId: opened.profileId,
        saveId: id,
        confirmation: own(opened.profileId).name,
      })
    } finally {
      core.profiles.get = own
    }
    expect((await stored())[1]?.[3]).toBeNull()
  })
})
