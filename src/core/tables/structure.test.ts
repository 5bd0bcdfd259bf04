// What a table is made of, on each engine: and that its statements, run elsewhere, make a table that is made of the same.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TableStructure } from '../../shared/table-structure.ts'
import { describeOnEachEngine, type Opened } from './engines.test-setup.ts'

describeOnEachEngine('structure', (engine) => {
  let opened: Opened
  const structure = (table: string) => opened.api.tables.structure({ profileId: opened.profileId, table })
  const describeIt = (table: string) => opened.api.tables.describe({ profileId: opened.profileId, table })

  const TABLES = engine.pick({
    sqlite: `create table head (a integer, b integer, code text unique, primary key (a, b));
      create table foot (id integer primary key, x integer, y integer not null default 5, up integer references foot,
        code text constraint "as code" references HEAD (Code) on delete set null, note text check (note <> ',)'),
        constraint positive check (y > 0 /* ( */), foreign key (y, x) references head (b, a) on delete cascade);
      create index foot_y on foot (y desc, lower(note)) where y > 1; create unique index foot_note on foot (note collate nocase);
      create trigger foot_ai after insert on foot begin update foot set note = 'x' where id = new.id; end;
      create table hand (n integer references foot (id) on delete restrict);`,
    postgres: `create table head (a int, b int, code text unique, primary key (a, b));
      create table foot (id serial primary key, x int, y int not null default 5, up int references foot,
        code text, note text check (note <> ',)'), constraint positive check (y > 0),
        foreign key (y, x) references head (b, a) on delete cascade, foreign key (code) references head (code) on delete set null);
      create index foot_y on foot (y desc, lower(note)) where y > 1; create unique index foot_note on foot (note);
      create function touch() returns trigger language plpgsql as 'begin return new; end';
      create trigger foot_ai after insert on foot for each row execute function touch();
      create table hand (n int references foot (id) on delete restrict);`,
    mysql: `create table head (a int, b int, code varchar(20) unique, primary key (a, b), key (b, a));
      create table foot (id int auto_increment primary key, x int, y int not null default 5, up int, code varchar(20),
        note varchar(20) check (note <> ',)'), constraint positive check (y > 0), constraint up foreign key (up) references foot (id),
        constraint heads foreign key (y, x) references head (b, a) on delete cascade,
        constraint codes foreign key (code) references head (code) on delete set null);
      create index foot_y on foot (y, note(10)); create unique index foot_note on foot (note);
      create trigger foot_ai before insert on foot for each row set new.note = 'x';
      create table hand (n int, foreign key (n) references foot (id) on delete restrict);`,
  })

  beforeAll(async () => {
    opened = await engine.open(TABLES)
  })
  afterAll(() => opened.close())

  it('tells foreign keys both ways, in the order of their columns', async () => {
    const { references, referrers } = await structure('foot')
    const none = engine.pick({ sqlite: 'NO ACTION', postgres: 'NO ACTION', mysql: 'RESTRICT' })
    const up = { columns: ['up'], table: 'foot', pointsTo: ['id'], onDelete: none }
    const all = [
      up,
      { columns: ['code'], table: 'head', pointsTo: ['code'], onDelete: 'SET NULL' },
      { columns: ['y', 'x'], table: 'head', pointsTo: ['b', 'a'], onDelete: 'CASCADE' },
    ]
    expect(references).toHaveLength(3)
    expect(references).toEqual(expect.arrayContaining(all))
    expect((await describeIt('foot')).references).toEqual(references)
    expect(referrers).toHaveLength(2)
    expect(referrers).toEqual(
      expect.arrayContaining([
        { ...up, from: 'foot', table: 'foot' },
        { from: 'hand', columns: ['n'], table: 'foot', pointsTo: ['id'], onDelete: 'RESTRICT' },
      ]),
    )
  })

  it('tells indexes', async () => {
    const { indexes } = await structure('foot')
    const named = (name: string) => indexes.find((index) => index.name === name)
    expect(named('foot_y')).toMatchObject({
      columns: engine.pick({
        sqlite: ['y desc', 'lower(note)'],
        postgres: ['y DESC', 'lower(note)'],
        mysql: ['y', 'note(10)'],
      }),
      isUnique: false,
      where: engine.pick({ sqlite: 'y > 1', postgres: 'y > 1', mysql: null }),
    })
    expect(named('foot_note')).toMatchObject({
      columns: engine.pick({ sqlite: ['note collate nocase'], postgres: ['note'], mysql: ['note'] }),
      isUnique: true,
      isPrimary: false,
    })
    const primary = (await structure('head')).indexes.find(({ isPrimary }) => isPrimary)
    expect(primary).toMatchObject({ columns: ['a', 'b'], isUnique: true })
    expect(engine.dialect === 'sqlite' ? 1 : named('foot_y')?.bytes).toBeGreaterThan(0)
  })

  it('tells constraints and triggers', async () => {
    const { constraints, triggers } = await structure('foot')
    const checks = constraints.filter(({ kind }) => kind === 'check')
    expect(checks).toHaveLength(2)
    expect(checks.find(({ name }) => name === 'positive')?.definition).toMatch(/^(CHECK|check) \(+`?y`? > 0/)
    expect(checks.find(({ name }) => name !== 'positive')?.definition).toContain("',)'")
    expect(constraints.filter(({ kind }) => kind === 'foreign-key')).toHaveLength(3)
    expect(constraints.find(({ kind }) => kind === 'primary-key')?.definition).toMatch(/^PRIMARY KEY \("?id"?\)$/)
    expect(triggers.map(({ name }) => name)).toEqual(['foot_ai'])
    expect(triggers[0]?.definition).toMatch(/^create trigger/i)
  })

  it('makes tables again with their statements', async () => {
    const [head, foot] = [await structure('head'), await structure('foot')]
    const copy = await engine.open(
      `${engine.pick({ sqlite: '', postgres: "create function touch() returns trigger language plpgsql as 'begin return new; end';", mysql: '' })}
       ${head.ddl} ${foot.ddl}`,
    )
    try {
      const plain = (told: TableStructure) => ({
        ...told,
        referrers: told.referrers.filter(({ from }) => from !== 'hand'),
        indexes: told.indexes.map((index) => ({ ...index, bytes: null })),
      })
      for (const [table, before] of Object.entries({ head, foot })) {
        const at = { profileId: copy.profileId, table }
        expect(plain(await copy.api.tables.structure(at))).toEqual(plain(before))
        expect((await copy.api.tables.describe(at)).columns).toEqual((await describeIt(table)).columns)
      }
    } finally {
      await copy.close()
    }
  })

  it('knows no table that is not there', async () => {
    await expect(structure('nowhere')).rejects.toMatchObject({ code: 'TABLE_NOT_FOUND' })
  })

  it('lists tables with what the statistics say, and counts nothing', async () => {
    await opened.sql(
      engine.pick({
        sqlite: `insert into head (a, b) select value, value from json_each('[1,2,3,4,5]'); analyze`,
        postgres: `insert into head (a, b) select n, n from generate_series(1, 5) n; analyze head`,
        mysql: `insert into head (a, b) values (1,1), (2,2), (3,3), (4,4), (5,5); analyze table head`,
      }),
    )
    const list = await opened.api.tables.list({ profileId: opened.profileId })
    expect(list.map(({ name, kind, what, partOf }) => [name, kind, what, partOf])).toEqual([
      ['foot', 'table', 'table', null],
      ['hand', 'table', 'table', null],
      ['head', 'table', 'table', null],
    ])
    const head = list.find(({ name }) => name === 'head')
    expect(head?.rows).toBe(5)
    expect(head?.bytes).toBeGreaterThan(0)
    expect(head?.schema).toBe(engine.pick({ sqlite: null, postgres: 'public', mysql: null }))
  })
})
