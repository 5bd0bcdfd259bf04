// Which tables of SQLite and MariaDB can be edited: where the shape says so, a save works and is read back; where not, why.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeWithMariadb } from '../../../scripts/servers/missing.ts'
import { editing } from './editable.test-setup.ts'
import { onServer, openFile, type Opened } from './engines.test-setup.ts'

const VIEW = 'A view: its rows come from other tables, and are changed there.'
const NO_KEY = 'a view has no key that names a single row, so a save could not be checked.'

describe('editing the tables of SQLite', () => {
  let opened: Opened
  let own: ReturnType<typeof editing>
  beforeAll(async () => {
    opened = await openFile(`
      create table plain (id integer primary key, v text); insert into plain values (1, 'a');
      create table no_rowid (id text primary key, v text) without rowid; insert into no_rowid values ('x', 'a');
      create table strict_one (id int primary key, v text, n int) strict; insert into strict_one values (1, 'a', 5);
      create table vague (id text primary key, v text); insert into vague values (null, 'a'), (null, 'b'), ('x', 'a');
      create table loose (v text); insert into loose values ('a');
      create view fixed as select * from plain; create view taking as select * from plain;
      create trigger takes instead of update on taking begin update plain set v = new.v where id = new.id; end;
      create table shouts (id integer primary key, v text); insert into shouts values (1, 'a');
      create trigger shout after update on shouts begin update shouts set v = upper(new.v) where id = new.id; end;
      create table deaf (id integer primary key, v text); insert into deaf values (1, 'a');
      create trigger ignores before update on deaf begin select raise(ignore); end;
      create virtual table notes using fts5(v); insert into notes values ('a');
      create table computed (id integer primary key, v text, twice as (id * 2)); insert into computed values (1, 'a');`)
    own = editing(opened, opened.profileId)
  })
  afterAll(() => opened.close())

  it('edits tables with a key of any make', async () => {
    expect(await own.told('plain')).toEqual({ readOnly: null, notes: [] })
    await own.edits('plain', [1n], 'b')
    await own.edits('no_rowid', ['x'], 'b')
    await own.edits('strict_one', [1n], 'b')
    await expect(own.moves('strict_one', [1n], { n: 'text' })).rejects.toThrow()
    await own.edits('computed', [1n], 'b')
    await expect(own.moves('computed', [1n], { twice: 5n })).rejects.toThrow()
  })

  it('changes nothing without a key, in views, and in virtual tables', async () => {
    expect(await own.why('loose')).toMatch(/has no primary key and no unique column/)
    expect(await own.why('fixed')).toBe(VIEW)
    expect(await own.why('taking')).toBe(`${VIEW} Its triggers (takes) would take changes, but ${NO_KEY}`)
    expect(await own.why('notes')).toBe('A virtual table: its rows are kept by an extension of SQLite.')
    expect(await own.why('notes_data')).toBe('A table in which a virtual table keeps its data.')
    for (const table of ['fixed', 'taking', 'notes']) await own.refuses(table, [1n], 'b')
    const what = Object.fromEntries(
      (await opened.api.tables.list({ profileId: opened.profileId })).map((entry) => [entry.name, entry.what]),
    )
    expect(what).toMatchObject({ notes: 'virtual table', fixed: 'view', plain: 'table' })
    expect(what).not.toHaveProperty('notes_data')
  })

  it('changes no row whose key holds NULL: several may have it', async () => {
    await own.edits('vague', ['x'], 'c')
    const { api } = opened
    const changes = (kind: 'update' | 'delete') => [
      { id: '1', key: [null], original: { v: 'b' }, ...(kind === 'update' ? { kind, values: { v: 'c' } } : { kind }) },
    ]
    for (const kind of ['update', 'delete'] as const) {
      const saving = api.tables.save({ profileId: opened.profileId, table: 'vague', changes: changes(kind) })
      await expect(saving).rejects.toThrow('The key of the row holds NULL')
    }
  })

  it('tells of triggers that run, and names one that takes no row', async () => {
    expect((await own.told('shouts')).notes).toEqual([expect.stringMatching(/^A trigger runs .*\(shout\)/)])
    await own.edits('shouts', [1n], 'loud', 'LOUD')
    expect((await own.told('deaf')).notes).toHaveLength(1)
    await expect(own.save('deaf', [1n], 'b')).rejects.toThrow(/did not take the change.*[Aa] trigger/)
  })
})

describeWithMariadb('editing the tables of MariaDB', (server) => {
  let opened: Opened
  let user: string
  let own: ReturnType<typeof editing>
  let other: ReturnType<typeof editing>
  beforeAll(async () => {
    user = server().unique('clerk')
    opened = await onServer('mysql', server).open(`
      create table plain (id int primary key, v varchar(20)); insert into plain values (1, 'a');
      create view passing as select * from plain; create view fixed as select count(*) as n from plain;
      create table loose (id int, v varchar(20)); create table old (id int primary key, v varchar(20)) engine=MyISAM;
      insert into old values (1, 'a');
      create table shouts (id int primary key, v varchar(20)); insert into shouts values (1, 'a');
      create trigger shout before update on shouts for each row set new.v = upper(new.v);
      create table versioned (id int primary key, v varchar(20)) with system versioning; insert into versioned values (1, 'a');
      create table dated (id int primary key, v varchar(20), since timestamp(6) generated always as row start,
        until timestamp(6) generated always as row end, period for system_time (since, until)) with system versioning;
      insert into dated (id, v) values (1, 'a');
      create table parted (id int, at date, v varchar(20), primary key (id, at)) partition by range (year(at))
        (partition p25 values less than (2026), partition p26 values less than (2027));
      insert into parted values (1, '2025-05-05', 'a');
      create table computed (id int primary key, v varchar(20), twice int as (id * 2) stored); insert into computed (id, v) values (1, 'a');
      create table partial (id int primary key, v varchar(20), fixed varchar(20), hidden int);
      insert into partial values (1, 'a', 'x', 1); create table hidden (id int primary key); create sequence numbers;
      create user ${user} identified by 'p'`)
    const { name } = opened
    await opened.sql(
      `grant select on ${name}.plain to ${user}; grant select (id, v, fixed), update (v) on ${name}.partial to ${user};
       grant insert on ${name}.hidden to ${user}`,
    )
    own = editing(opened, opened.profileId)
    other = editing(opened, await opened.openAs(user, 'p'))
  })
  afterAll(() => opened.close())

  it('edits tables with a key, also versioned and partitioned ones', async () => {
    expect(await own.told('plain')).toEqual({ readOnly: null, notes: [] })
    await own.edits('plain', [1n], 'b')
    expect((await own.told('versioned')).notes).toEqual([expect.stringMatching(/^System-versioned/)])
    await own.edits('versioned', [1n], 'b')
    expect(await opened.sql('select v from versioned for system_time all order by row_end')).toEqual([['a'], ['b']])
    await own.edits('dated', [1n], 'b')
    expect((await own.told('parted')).notes).toEqual([expect.stringMatching(/^Partitioned by RANGE \(year\(`at`\)\)/)])
    await own.edits('parted', [1n, '2025-05-05'], 'b')
    await own.moves('parted', [1n, '2025-05-05'], { at: '2026-06-06' })
    expect(await opened.sql('select v from parted partition (p26)')).toEqual([['b']])
    await expect(own.insert('parted', { id: 2n, at: '2030-01-01' })).rejects.toThrow(/partition/i)
    await own.edits('computed', [1n], 'b')
    await expect(own.moves('computed', [1n], { twice: 5n })).rejects.toThrow()
  })

  it('changes nothing without a key, in views, and without transactions', async () => {
    expect(await own.why('loose')).toMatch(/has no primary key/)
    expect(await own.why('fixed')).toBe(VIEW)
    expect(await own.why('passing')).toBe(`${VIEW} The server would pass changes on, but ${NO_KEY}`)
    expect(await own.why('old')).toMatch(/^A table of the engine MyISAM, which has no transactions/)
    for (const table of ['passing', 'old']) await own.refuses(table, [1n], 'b')
    const what = Object.fromEntries(
      (await opened.api.tables.list({ profileId: opened.profileId })).map((entry) => [entry.name, entry.what]),
    )
    expect(what).toMatchObject({ versioned: 'system-versioned table', parted: 'partitioned table', passing: 'view' })
    expect(what).not.toHaveProperty('numbers')
  })

  it('tells of triggers that run', async () => {
    expect((await own.told('shouts')).notes).toEqual([expect.stringMatching(/^A trigger runs .*\(shout\)/)])
    await own.edits('shouts', [1n], 'loud', 'LOUD')
  })

  it('says what the login may not do, and leaves out what it may not read', async () => {
    expect(await other.why('plain')).toMatch(/^The user clerk.* may read this table and not change it\.$/)
    expect((await other.told('partial')).notes).toEqual([expect.stringMatching(/has no right to add rows here\.$/)])
    await other.edits('partial', [1n], 'b')
    await expect(other.moves('partial', [1n], { fixed: 'y' })).rejects.toThrow(/no right to change fixed/)
    // A login that may not read the server's own statistics is told what information_schema estimates.
    await opened.sql(`analyze table ${opened.name}.partial`)
    const tree = async (profileId: string) =>
      (await opened.api.tables.list({ profileId })).find(({ name }) => name === 'partial')
    const partial = { rows: 1, bytes: expect.any(Number) as number }
    expect([await tree(other.profileId), await tree(opened.profileId)]).toMatchObject([partial, partial])
    expect(await other.why('hidden')).toMatch(/may not read this table\. Grant SELECT/)
  })
})
