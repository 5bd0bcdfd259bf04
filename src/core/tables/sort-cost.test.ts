// What sorting costs is told by what the engine would really do: which indexes serve an order and which only look like it, and
// the index that is offered does serve it.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SortCost } from '../../shared/tables.ts'
import { describeOnEachEngine, type Opened } from './engines.test-setup.ts'

const ROWS = 5000

describeOnEachEngine('the cost of a sort', (engine) => {
  let opened: Opened

  beforeAll(async () => {
    const numbers = engine.pick({
      sqlite: `(with recursive s(n) as (select 1 union all select n + 1 from s where n < ${ROWS}) select n from s)`,
      postgres: `(select n from generate_series(1, ${ROWS}) s(n))`,
      mysql: `(select seq as n from seq_1_to_${ROWS})`,
    })
    const n = engine.pick({ sqlite: "'n' || n", postgres: "'n' || n", mysql: "concat('n', n)" })
    const misleading = engine.pick({
      sqlite: `create index part_only on person (part) where id > 10; create index other_order on person (other collate nocase);`,
      postgres: `create index part_only on person (part) where id > 10; create index other_order on person (other collate "C");
                 create index nulls_elsewhere on person (moved nulls first);`,
      mysql: 'create index part_only on person (part(3)); create index other_order on person (id, other);',
    })
    const json = engine.pick({ sqlite: 'text', postgres: 'json', mysql: 'json' })
    opened = await engine.open(`
      create table person (id integer primary key, plain varchar(100), first varchar(100), part varchar(100), other varchar(100),
        moved varchar(100), ties integer, password varchar(100), doc ${json});
      insert into person select n, ${n}, ${n}, ${n}, ${n}, ${n}, n % 3, 'x', null from ${numbers} s;
      create index composite on person (first, id, plain); create index with_ties on person (ties); ${misleading}
      create view seen as select plain from person; create table few (id integer primary key, plain varchar(10));
      insert into few values (1, 'a');
      ${engine.pick({ sqlite: 'analyze;', postgres: 'analyze person;', mysql: 'analyze table person;' })}`)
  }, 120_000)
  afterAll(() => opened.close())

  const costOf = (column: string | null, table = 'person'): Promise<SortCost> => {
    const sort = column === null ? null : { column, direction: 'desc' as const }
    return opened.api.tables.sortCost({ view: { profileId: opened.profileId, table, sort, filter: null } })
  }

  it('is nothing where an index gives the order', async () => {
    const served = { isIndexed: true, createIndex: null, words: expect.stringContaining('An index serves') as string }
    for (const column of [null, 'id', 'first']) expect(await costOf(column), column ?? 'key').toMatchObject(served)
    expect(await costOf('ties')).toMatchObject(served)
    if (engine.dialect !== 'postgres') return
    // Its index of one column does not hold the key: all rows of one value are sorted for each page, and here they are many.
    await opened.sql(`create table tied as select n as id, n % 3 as ties from generate_series(1, 200000) s(n);
      alter table tied add primary key (id); create index tied_ties on tied (ties); analyze tied;`)
    expect(await costOf('ties', 'tied')).toMatchObject({ isIndexed: false })
    await opened.sql('create index tied_whole on tied (ties, id)')
    expect(await costOf('ties', 'tied')).toMatchObject(served)
  })

  it('is told where none does, or one that only looks like it', async () => {
    const columns = ['plain', 'part', 'other', ...(engine.dialect === 'postgres' ? ['moved'] : [])]
    for (const column of columns) {
      const cost = await costOf(column)
      expect(cost, column).toMatchObject({ isIndexed: false, words: expect.stringContaining(`by ${column}`) as string })
      expect(cost.rows).toBeGreaterThan(ROWS * 0.8)
      expect(cost.rows).toBeLessThan(ROWS * 1.2)
      expect(cost.milliseconds).toBeGreaterThan(0)
    }
    expect(await costOf('plain', 'few')).toMatchObject({ isIndexed: false })
  })

  it('comes with the index that serves it, and takes it away again', async () => {
    const { createIndex } = await costOf('plain')
    if (!createIndex) throw new Error('No index was offered.')
    expect(createIndex.up.startsWith('-- roster: no transaction')).toBe(engine.dialect === 'postgres')
    await opened.sql(createIndex.up)
    expect(await costOf('plain')).toMatchObject({ isIndexed: true })
    await opened.sql(createIndex.down)
    expect(await costOf('plain')).toMatchObject({ isIndexed: false })
  })

  it('has no index to offer where none can be made', async () => {
    expect(await costOf('plain', 'seen')).toMatchObject({ createIndex: null })
    expect(await costOf('password')).toMatchObject({ isIndexed: false, createIndex: null, milliseconds: null })
    if (engine.dialect === 'sqlite') return
    expect(await costOf('doc')).toMatchObject({ isIndexed: false, createIndex: null })
  })
})
