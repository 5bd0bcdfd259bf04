// A page by a unique column comes from its index: no engine sorts the rest of the table for it, and every row is met once.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Cell } from '../../shared/cell.ts'
import type { PagePlace } from '../../shared/tables.ts'
import type { Statement } from '../db/database.ts'
import { describeOnEachEngine, type Opened } from './engines.test-setup.ts'
import { readPage } from './page.ts'
import { sqlDialects } from '../db/sql-dialects.ts'
import { placeIn } from './hop-sql.ts'
import { rangesOfAll, type Range } from './view-ranges.ts'
import { firstPage, pageAfter, reversed, viewOf, type ViewSql } from './view-sql.ts'

const ROWS = 5_000
const never = new AbortController().signal

describeOnEachEngine('a page by a unique column', (engine) => {
  const dialect = sqlDialects[engine.dialect]
  let opened: Opened
  let view: ViewSql

  beforeAll(async () => {
    const name = engine.pick({
      sqlite: "'user ' || (n * 7919 % 5000)",
      postgres: "'user ' || (n * 7919 % 5000)",
      mysql: "concat('user ', n * 7919 % 5000)",
    })
    const [rows, analyze] = [
      engine.pick({
        sqlite: `with recursive s(n) as (select 1 union all select n + 1 from s where n < ${ROWS}) select n, ${name}, 'x' from s`,
        postgres: `select n, ${name}, repeat('x', 200) from generate_series(1, ${ROWS}) s(n)`,
        mysql: `select seq, ${name.replace('n *', 'seq *')}, repeat('x', 200) from seq_1_to_${ROWS}`,
      }),
      engine.pick({ sqlite: 'analyze', postgres: 'analyze person', mysql: 'analyze table person' }),
    ]
    opened =
      await engine.open(`create table person (id integer primary key, email varchar(100) not null unique, more text);
      insert into person ${rows}; ${analyze};`)
    const shape = await opened.database.describe('person', never)
    if (!shape) throw new Error('There is no table person.')
    view = viewOf(shape, { column: 'email', direction: 'asc' }, null)
  }, 120_000)
  afterAll(() => opened.close())

  const page = (place: PagePlace, limit: number) => readPage(opened.database, dialect, view, place, limit, never)

  async function planOf({ sql, values }: Statement): Promise<string> {
    const explain = engine.pick({ sqlite: 'explain query plan', postgres: 'explain', mysql: 'explain' })
    const { rows } = await opened.database.read({ sql: `${explain} ${sql}`, values }, never)
    return rows.map((row) => row.map(String).join(' ')).join('\n')
  }

  it('sorts no table', async () => {
    const middle = (await page({ kind: 'rank', rank: ROWS / 2 }, 1)).last ?? []
    const cursor: Cell[] = middle.slice(0, view.order.length)
    const statements = [
      firstPage(dialect, view, 50),
      firstPage(dialect, reversed(view), 50),
      pageAfter(dialect, view, cursor, 50),
      pageAfter(dialect, reversed(view), cursor, 50),
      placeIn(dialect, view, rangesOfAll(dialect, view)[0] as Range, 101),
    ]
    for (const statement of statements) {
      const plan = await planOf(statement)
      // What sorts is at most the page itself, put together from two ranges, or ties of the index.
      const ofTable = engine.pick({
        sqlite: /SCAN person$/m,
        postgres: /Seq Scan/,
        mysql: /person .*Using filesort/,
      })
      expect(plan).not.toMatch(ofTable)
      expect(plan).toContain(engine.pick({ sqlite: 'autoindex', postgres: 'email_key', mysql: 'email' }))
    }
  })

  it('meets every row once, both ways', async () => {
    const seen: Cell[] = []
    let here = await page({ kind: 'first' }, 700)
    for (;;) {
      seen.push(...here.keys.map(([key = null]) => key))
      if (!here.hasMore) break
      here = await page({ kind: 'after', cursor: here.last ?? [] }, 700)
    }
    const sorted = await opened.sql('select id from person order by email')
    expect(seen.map(String)).toEqual(sorted.map(([id]) => id))
    const last = await page({ kind: 'last' }, 10)
    const before = await page({ kind: 'before', cursor: last.first ?? [] }, 10)
    const keys = [...before.keys, ...last.keys].map(([key]) => String(key))
    expect(keys).toEqual(sorted.slice(-20).map(([id]) => id))
  })
})
