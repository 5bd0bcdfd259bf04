// Which tables of PostgreSQL can be edited: where the shape says so, a save works and is read back; where not, it says why.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithPostgres } from '../../../scripts/servers/missing.ts'
import { onServer, type Opened } from './engines.test-setup.ts'
import { editing } from './editable.test-setup.ts'

describeWithPostgres('editing the tables of PostgreSQL', (server) => {
  let opened: Opened
  let user: string
  /** The owner of everything, and a login with few rights. */
  let own: ReturnType<typeof editing>
  let other: ReturnType<typeof editing>

  beforeAll(async () => {
    user = server().unique('clerk')
    opened = await onServer('postgres', server).open(`
      create role ${user} login password 'p';
      create table plain (id int primary key, v text); insert into plain values (1, 'a');
      create table simple (id int primary key, v text); insert into simple values (1, 'a');
      create view passing as select * from plain; create view fixed as select count(*) from plain;
      create view taking as select id, v from plain;
      create function nothing() returns trigger language plpgsql as 'begin return null; end';
      create trigger takes instead of update on taking for each row execute function nothing();
      create materialized view kept as select * from plain;
      create table loose (id int, v text); insert into loose values (1, 'a');
      create table shouts (id int primary key, v text); insert into shouts values (1, 'a');
      create function upper_v() returns trigger language plpgsql as 'begin new.v := upper(new.v); return new; end';
      create trigger shout before insert or update on shouts for each row execute function upper_v();
      create trigger rests before update on shouts for each row execute function nothing();
      alter table shouts disable trigger rests;
      create table deaf (id int primary key, v text); insert into deaf values (1, 'a');
      create trigger ignores before insert or update on deaf for each row execute function nothing();
      create table parted (id int, at date, v text, primary key (id, at)) partition by range (at);
      create table parted_25 partition of parted for values from ('2025-01-01') to ('2026-01-01');
      create table parted_26 partition of parted for values from ('2026-01-01') to ('2027-01-01');
      insert into parted values (1, '2025-05-05', 'a');
      create table parted_loose (id int, at date) partition by list (id);
      create table numbered (id int generated always as identity primary key, v text, twice int generated always as (1 + 1) stored);
      insert into numbered (v) values ('a');
      create unlogged table fleeting (id int primary key, v text); insert into fleeting values (1, 'a');
      create table logged (id int primary key, v text); insert into logged values (1, 'a'); create table log (v text);
      create rule logs as on update to logged do also insert into log values (new.v);
      create table swallowed (id int primary key, v text); create rule swallows as on update to swallowed do instead nothing;
      create table parent (id int primary key, v text); create table child (extra int) inherits (parent);
      create table heir (extra int, primary key (id)) inherits (plain); insert into heir values (5, 'a', 0);
      insert into parent values (1, 'a'); insert into child values (2, 'b', 0), (1, 'twin', 0);
      create table guarded (id int primary key, owner text, v text); alter table guarded enable row level security;
      create policy mine on guarded using (owner = current_user) with check (owner = current_user and v <> 'bad');
      insert into guarded values (1, '${user}', 'a'), (2, 'somebody', 'b');
      create table watched (id int primary key, v text); alter table watched enable row level security;
      create policy look on watched for select using (true); insert into watched values (1, 'a');
      create table halves (id int primary key, v text); alter table halves enable row level security;
      create policy sees on halves for select using (true); create policy changes on halves for update using (true);
      insert into halves values (1, 'a');
      create table partial (id int primary key, v text, fixed text); insert into partial values (1, 'a', 'x');
      create table keyless (id int primary key, v text); grant select (v), update (v) on keyless to ${user};
      create table shown (id int primary key); create sequence numbers;
      grant select, insert, update, delete on guarded, watched, halves to ${user}; grant select on shown to ${user};
      grant select, update (v) on partial to ${user}`)
    own = editing(opened, opened.profileId)
    other = editing(opened, await opened.openAs(user, 'p'))
  })
  afterAll(() => opened.close())

  it('names a key or says that there is none', async () => {
    expect(await own.why('loose')).toBe(
      'loose has no primary key and no unique column without NULLs, so a single row cannot be named.',
    )
    expect(await own.why('parted_loose')).toMatch(/has no primary key/)
    expect(await own.told('simple')).toEqual({ readOnly: null, notes: [] })
    await own.edits('simple', [1n], 'b')
  })

  it('changes nothing through views, and says what would', async () => {
    const plain = 'A view: its rows come from other tables, and are changed there.'
    const noKey = 'a view has no key that names a single row, so a save could not be checked.'
    expect(await own.why('fixed')).toBe(plain)
    expect(await own.why('passing')).toBe(`${plain} PostgreSQL would pass changes on, but ${noKey}`)
    expect(await own.why('taking')).toBe(`${plain} Its triggers (takes) would take changes, but ${noKey}`)
    expect(await own.why('kept')).toMatch(/^A materialised view/)
    await own.refuses('passing', [1n], 'b')
  })

  it('tells of triggers that run, and shows what they stored', async () => {
    const { notes } = await own.told('shouts')
    expect(notes).toEqual([expect.stringMatching(/^A trigger runs when rows are saved \(shout\)/)])
    await own.edits('shouts', [1n], 'loud', 'LOUD')
    await own.adds('shouts', { id: 2n, v: 'new' }, 'NEW')
  })

  it('names a trigger that takes no row', async () => {
    expect((await own.told('deaf')).notes).toHaveLength(1)
    await expect(own.save('deaf', [1n], 'b')).rejects.toThrow(/did not take the change.*A trigger/)
    await expect(own.insert('deaf', { id: 2n, v: 'b' })).rejects.toThrow(/took no row.*a trigger/)
  })

  it('edits a partitioned table through itself and its partitions', async () => {
    expect((await own.told('parted')).notes).toEqual([expect.stringMatching(/^Partitioned by RANGE \(at\)/)])
    await own.edits('parted', [1n, '2025-05-05'], 'b')
    await own.moves('parted', [1n, '2025-05-05'], { at: '2026-06-06' })
    expect(await opened.sql('select id, v from parted_26')).toEqual([['1', 'b']])
    expect((await own.told('parted_26')).notes).toEqual([
      "A partition that holds rows FOR VALUES FROM ('2026-01-01') TO ('2027-01-01'): a row that does not fit is refused.",
    ])
    await own.edits('parted_26', [1n, '2026-06-06'], 'c')
    await expect(own.insert('parted', { id: 2n, at: '2030-01-01' })).rejects.toThrow(/partition/)
  })

  it('leaves to the server what it numbers and computes', async () => {
    expect((await own.told('numbered')).readOnly).toBeNull()
    await own.edits('numbered', [1n], 'b')
    await own.adds('numbered', { v: 'c' }, 'c')
    await expect(own.moves('numbered', [1n], { twice: 5n })).rejects.toThrow()
  })

  it('edits unlogged tables, and those with rules beside', async () => {
    expect((await own.told('fleeting')).notes).toEqual(['An unlogged table: the server empties it after a crash.'])
    await own.edits('fleeting', [1n], 'b')
    expect((await own.told('logged')).notes).toEqual([
      'Rules run along with changes (logs): they may change other rows.',
    ])
    await own.edits('logged', [1n], 'b')
    expect(await opened.sql('select v from log')).toEqual([['b']])
    expect(await own.why('swallowed')).toMatch(/^Rules of this table run in place of changes \(swallows\)/)
  })

  it('changes no table that others inherit from: a key may name several of its rows', async () => {
    const view = {
      profileId: own.profileId,
      table: 'parent',
      sort: { column: 'id', direction: 'asc' as const },
      filter: null,
    }
    const page = (rank: number, limit: number) =>
      opened.api.tables.page({ view, place: { kind: 'rank', rank }, limit }).then(({ rows }) => rows)
    expect((await page(0, 10)).map(([id]) => id)).toEqual([1n, 1n, 2n])
    // Page by page each row once, also those that share their number.
    const walked = [...(await page(0, 1)), ...(await page(1, 1)), ...(await page(2, 1))]
    expect(walked.map(([, v]) => v).sort()).toEqual(['a', 'b', 'twin'])
    expect(await own.why('parent')).toMatch(/^Other tables inherit from this one \(child\)/)
    await own.refuses('parent', [1n], 'b')
    expect(await own.why('heir')).toBeNull()
    await own.edits('heir', [5n], 'b')
  })

  it('edits what policies allow, and says what they hide', async () => {
    expect((await own.told('guarded')).notes).toEqual([])
    const { readOnly, notes } = await other.told('guarded')
    expect(readOnly).toBeNull()
    expect(notes).toEqual([expect.stringMatching(`rows that its policies hide from the user ${user} are not shown`)])
    expect(await other.ids('guarded')).toEqual([1n])
    await other.edits('guarded', [1n], 'b')
    await expect(other.save('guarded', [1n], 'bad', 'b')).rejects.toMatchObject({
      code: 'VALUE_REFUSED',
      message: expect.stringMatching(
        /^A row-level policy does not let this user write .* row-level security policy/,
      ) as string,
      data: { changeId: expect.any(String) as string },
    })
    // Deleted by nobody, and hidden: to this user it is gone.
    await expect(other.save('guarded', [2n], 'mine', 'b')).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await other.why('watched')).toBe(
      `Row-level security is on, and no policy lets the user ${user} change rows.`,
    )
    await other.refuses('watched', [1n], 'b')
    expect((await other.told('halves')).notes).toContain(
      `No policy lets the user ${user} add rows or delete rows here.`,
    )
    await other.edits('halves', [1n], 'b')
  })

  it('says what the login may not do', async () => {
    expect(await other.why('shown')).toBe(`The user ${user} may read this table and not change it.`)
    expect((await other.told('partial')).notes).toEqual([
      `The user ${user} has no right to add rows or delete rows here.`,
    ])
    await other.edits('partial', [1n], 'b')
    await expect(other.moves('partial', [1n], { fixed: 'y' })).rejects.toThrow(/no right to change fixed/)
    expect(await other.why('keyless')).toMatch(/has no primary key and no unique column/)
    expect(await other.why('plain')).toMatch(`The user ${user} may not read this table.`)
  })

  it('reads foreign tables, and knows no key of them', async ({ skip }) => {
    const available = await opened.sql("select from pg_available_extensions where name = 'postgres_fdw'")
    if (available.length === 0) skip('postgres_fdw is not installed.')
    const { host, port, database, user: name, password } = server()
    await opened.sql(`create extension postgres_fdw; create server far foreign data wrapper postgres_fdw
        options (host '${host}', port '${port}', dbname '${database}');
      create user mapping for current_user server far options (user '${name}', password '${password}');
      create foreign table distant (oid int) server far options (schema_name 'pg_catalog', table_name 'pg_class')`)
    expect(await own.why('distant')).toMatch(/^A foreign table: its rows are kept on the server far/)
  })

  it('lists no sequence', async () => {
    const names = (await opened.api.tables.list({ profileId: opened.profileId })).map(({ name }) => name)
    expect(names).toContain('numbered')
    expect(names).not.toContain('numbers')
  })
})
