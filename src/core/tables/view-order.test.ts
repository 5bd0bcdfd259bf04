// Page by page each row of a table without a key comes once, on each engine.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Cell } from '../../shared/cell.ts'
import { where, type Filter } from '../../shared/filters.ts'
import type { Sort } from '../../shared/tables.ts'
import { describeOnEachEngine, type Opened } from './engines.test-setup.ts'

const ROWS = 600
const PAGE = 37

describeOnEachEngine('pages without a key', (engine) => {
  let opened: Opened
  beforeAll(async () => {
    const values = Array.from({ length: ROWS }, (_, row) => {
      // Every 100th row has a twin, the same in all.
      const number = row - (row % 100 === 1 ? 1 : 0)
      return `(${number % 3 === 0 ? 'null' : number % 3}, ${number % 7}, 'v${number}')`
    })
    opened = await engine.open(
      `create table bare (a integer, b integer, v varchar(20)); create index bare_b on bare (b);
       insert into bare values ${values.join()}; create view seen as select * from bare;
       create table wide (a integer, ${Array.from({ length: 120 }, (_, index) => `t${index} text`).join(', ')});
       insert into wide (a, t119) values ${Array.from({ length: 50 }, (_, row) => `(1, 'v${row}')`).join()};`,
    )
  }, 60_000)
  afterAll(() => opened.close())

  const walk = async (table: string, sort: Sort | null, filter: Filter | null) => {
    const view = { profileId: opened.profileId, table, sort, filter }
    const rows: Cell[][] = []
    for (;;) {
      const page = await opened.api.tables.page({ view, place: { kind: 'rank', rank: rows.length }, limit: PAGE })
      rows.push(...(page.rows as Cell[][]))
      if (!page.hasMore) return rows
    }
  }
  const sorts = ['a', 'b', 'v'].flatMap((column) => [
    { column, direction: 'asc' as const },
    { column, direction: 'desc' as const },
  ])
  const texts = (rows: Cell[][]) => rows.map((row) => row.join()).sort()

  it.each([null, ...sorts])('hold each row once: %o', async (sort) => {
    const all = texts(await walk('bare', null, null))
    expect(all).toHaveLength(ROWS)
    expect(texts(await walk('bare', sort, null))).toEqual(all)
    expect(texts(await walk('seen', sort, null))).toEqual(all)
    const found = texts(
      await walk('bare', sort, where('b', { test: 'range', from: { value: 4n, isIncluded: true }, to: null })),
    )
    expect(found).toEqual(all.filter((row) => Number(row.split(',')[1]) > 3))
  })

  it('of a table with more long texts than an engine makes room for', async () => {
    const rows = await walk('wide', { column: 'a', direction: 'desc' }, null)
    expect(new Set(rows.map((row) => row.at(-1))).size).toBe(50)
  })
})
