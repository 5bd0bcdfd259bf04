// Pages of a view: whatever the sort, the place and the page size, the rows are those of one plain SELECT.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ShownCell } from '../../shared/cell.ts'
import { where } from '../../shared/filters.ts'
import type { Page, PagePlace, View } from '../../shared/tables.ts'
import { testDatabase, withSql, type TestDatabase } from './database.test-setup.ts'

let database: TestDatabase
const ROWS = 300

beforeAll(async () => {
  database = await testDatabase(
    withSql(`
      create table item (id integer primary key, name text collate nocase, amount real, tag text, data blob, password text);
      create index item_tag on item (tag);
      with recursive n(i) as (select 1 union all select i + 1 from n where i < ${ROWS})
      insert into item select i * 3, case when i % 7 = 0 then null when i % 2 then 'Name' || (i % 20) else 'name' || (i % 20) end,
        case i % 5 when 0 then null when 1 then 1.5 else i / 3.0 end, case when i % 3 = 0 then null else 't' || (i % 4) end,
        zeroblob(i % 9), '$argon2id$v=19$m=16,t=1,p=1$c2FsdA$eHl6' from n;
      create table pair (a text not null, b integer not null, c text, primary key (a, b)) without rowid;
      insert into pair select 'k' || (i % 17), i, null from (with recursive n(i) as (select 1 union all select i + 1 from n where i < 200) select i from n);
      create table bare (x, y);
      insert into bare values (1, 'a'), (2, 'b'), (3, 'c');
      create view names as select name, count(*) as n from item group by name;
      create table wide (id integer primary key, t text, b blob);
      insert into wide values (1, printf('%.*c', 5000, 'é'), zeroblob(3000)), (2, printf('%.*c', 2048, 'x'), zeroblob(2048));
      create table "we""ird 🦉 name" ("ab" integer primary key, "select" text);
      insert into "we""ird 🦉 name" values (1, 'x');
    `),
  )
})
afterAll(() => database.close())

const viewOf = (table: string, sort: View['sort'] = null, filter: View['filter'] = null): View => ({
  profileId: database.profileId,
  table,
  sort,
  filter,
})
const pageOf = (view: View, place: PagePlace, limit: number) => database.api.tables.page({ view, place, limit })

function plain(table: string, key: string[], sort: View['sort']): ShownCell[][] {
  const terms = sort ? [...new Set([sort.column, ...key])] : key
  const order = terms.map((term) => `${term} ${sort?.direction ?? 'asc'}`).join(', ')
  return database.other
    .prepare(`select ${key.join(', ')} from ${table} order by ${order}`)
    .raw()
    .safeIntegers()
    .all() as ShownCell[][]
}

async function walk(view: View, limit: number, start: 'first' | 'last'): Promise<ShownCell[][]> {
  const keys: ShownCell[][] = []
  let page: Page = await pageOf(view, { kind: start }, limit)
  for (;;) {
    if (start === 'first') keys.push(...page.keys)
    else keys.unshift(...page.keys)
    if (!page.hasMore) return keys
    const place: PagePlace =
      start === 'first' ? { kind: 'after', cursor: page.last ?? [] } : { kind: 'before', cursor: page.first ?? [] }
    page = await pageOf(view, place, limit)
  }
}

const sorts = fc.option(
  fc.record({
    column: fc.constantFrom('id', 'name', 'amount', 'tag', 'data'),
    direction: fc.constantFrom('asc' as const, 'desc' as const),
  }),
)

describe('keyset pages', () => {
  it('reach every row once, forwards and backwards, under NULLs, ties and collations', async () => {
    const walks = fc.asyncProperty(
      sorts,
      fc.integer({ min: 1, max: 120 }),
      fc.boolean(),
      async (sort, limit, forwards) => {
        const keys = await walk(viewOf('item', sort), limit, forwards ? 'first' : 'last')
        expect(keys).toEqual(plain('item', ['id'], sort))
      },
    )
    await fc.assert(walks, { numRuns: 25, seed: 20261122 })
  })

  it('reach every row of a table with a key of two columns', async () => {
    for (const sort of [
      null,
      { column: 'c', direction: 'desc' as const },
      { column: 'b', direction: 'asc' as const },
    ]) {
      expect(await walk(viewOf('pair', sort), 13, 'first')).toEqual(plain('pair', ['a', 'b'], sort))
    }
  })

  it('start at any rank', async () => {
    const jumps = fc.asyncProperty(sorts, fc.integer({ min: 0, max: ROWS + 20 }), async (sort, rank) => {
      const page = await pageOf(viewOf('item', sort), { kind: 'rank', rank }, 10)
      expect(page.keys).toEqual(plain('item', ['id'], sort).slice(rank, rank + 10))
    })
    await fc.assert(jumps, { numRuns: 40, seed: 20261122 })
  })

  it('find text anywhere in it, wildcards taken as letters', async () => {
    const view = viewOf('item', null, where('name', { test: 'contains', text: 'NAME1' }))
    const count = database.other.prepare("select count(*) from item where name like '%name1%'").pluck().get()
    expect(await walk(view, 7, 'first')).toHaveLength(count as number)
    expect((await database.api.tables.count({ view })).count).toBe(count)
    expect(
      (await pageOf(viewOf('item', null, where('name', { test: 'contains', text: '%' })), { kind: 'first' }, 10)).rows,
    ).toEqual([])
  })
})

describe('a page', () => {
  it('carries at most 2 kB of a cell, and says how long it is', async () => {
    const page = await pageOf(viewOf('wide'), { kind: 'first' }, 10)
    expect(page.cut).toEqual([
      [0, 1, 10_000],
      [0, 2, 3000],
    ])
    expect(Buffer.byteLength(page.rows[0]?.[1] as string)).toBeLessThanOrEqual(2048)
    expect((page.rows[1]?.[1] as string).length).toBe(2048)
    const whole = await database.api.tables.cell({
      profileId: database.profileId,
      table: 'wide',
      key: [1n],
      column: 't',
    })
    expect(whole.value).toBe('é'.repeat(5000))
  })

  it('names the scheme of a password and never carries it', async () => {
    const page = await pageOf(viewOf('item'), { kind: 'first' }, 1)
    expect(page.rows[0]?.at(-1)).toEqual({ secret: 'argon2id' })
    const input = { profileId: database.profileId, table: 'item', key: [3n], column: 'password' }
    await expect(database.api.tables.cell(input)).rejects.toMatchObject({ code: 'QUERY_FAILED' })
    await expect(
      pageOf(viewOf('item', { column: 'password', direction: 'asc' }), { kind: 'first' }, 1),
    ).rejects.toMatchObject({ code: 'QUERY_FAILED' })
  })

  it('of a table without a key, and of a view, is read by position', async () => {
    const page = await pageOf(viewOf('bare', { column: 'x', direction: 'desc' }), { kind: 'rank', rank: 1 }, 10)
    expect(page.rows.map((row) => row[1])).toEqual(['b', 'a'])
    expect((await pageOf(viewOf('names'), { kind: 'first' }, 5)).rows).toHaveLength(5)
    const description = await database.api.tables.describe({ profileId: database.profileId, table: 'bare' })
    expect(description.readOnly).toContain('no primary key')
  })

  it('of a table with an odd name', async () => {
    const table = 'we"ird 🦉 name'
    expect((await pageOf(viewOf(table, { column: 'select', direction: 'asc' }), { kind: 'first' }, 5)).rows).toEqual([
      [1n, 'x'],
    ])
  })

  it('of a table that is gone says so', async () => {
    await expect(pageOf(viewOf('nothing'), { kind: 'first' }, 5)).rejects.toMatchObject({ code: 'TABLE_NOT_FOUND' })
  })
})
