// Pages, hops, counts and numbers of rows come from an index on each engine: none reads or sorts the table, whether the column
// is unique, unique with NULLs, full of ties, or the key.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Cell } from '../../shared/cell.ts'
import { where, type Filter } from '../../shared/filters.ts'
import type { PagePlace, Sort } from '../../shared/tables.ts'
import type { Statement, TableShape } from '../db/database.ts'
import { sqlDialects } from '../db/sql-dialects.ts'
import { describeOnEachEngine, type Opened } from './engines.test-setup.ts'
import { hop } from './hop.ts'
import { readPage } from './page.ts'
import { rankOf } from './rank.ts'
import { sortCostOf } from './sort-cost.ts'
import { newWalk, walkOn } from './survey-walk.ts'
import { planned } from './view-plan.ts'
import { firstPage, reversed, viewOf } from './view-sql.ts'

const ROWS = 20_000
const never = new AbortController().signal

describeOnEachEngine('a view that an index sorts', (engine) => {
  const dialect = sqlDialects[engine.dialect]
  let opened: Opened
  let shape: TableShape

  beforeAll(async () => {
    const text = (letter: string) =>
      engine.pick({
        sqlite: `'${letter}' || (n * 7919 % ${ROWS})`,
        postgres: `'${letter}' || (n * 7919 % ${ROWS})`,
        mysql: `concat('${letter}', n * 7919 % ${ROWS})`,
      })
    const numbers = engine.pick({
      sqlite: `(with recursive s(n) as (select 1 union all select n + 1 from s where n < ${ROWS}) select n from s)`,
      postgres: `(select n from generate_series(1, ${ROWS}) s(n))`,
      mysql: `(select seq as n from seq_1_to_${ROWS})`,
    })
    const more = engine.pick({
      sqlite: "printf('%.*c', 200, 'x')",
      postgres: "repeat('x', 200)",
      mysql: "repeat('x', 200)",
    })
    opened = await engine.open(`
      create table person (id integer primary key, email varchar(100) not null unique, token varchar(100) unique, seen integer,
        active integer, note varchar(100), more text);
      insert into person select n, ${text('user ')}, case when n % 2 = 0 then ${text('t')} end,
        case when n % 4 = 0 then null else n * 31 % 5000 end, n % 2, ${text('n')}, ${more} from ${numbers} s;
      create index person_seen on person (seen, id); create index person_active on person (active, id);
      ${engine.pick({ sqlite: 'analyze;', postgres: '', mysql: 'analyze table person;' })}`)
    // So that the index alone is read.
    if (engine.dialect === 'postgres') await opened.sql('vacuum analyze person')
    const found = await opened.database.describe('person', never)
    if (!found) throw new Error('There is no table person.')
    shape = found
  }, 120_000)
  afterAll(() => opened.close())

  async function planOf({ sql, values }: Statement): Promise<string> {
    const explain = engine.pick({ sqlite: 'explain query plan', postgres: 'explain', mysql: 'explain' })
    const { rows } = await opened.database.read({ sql: `${explain} ${sql}`, values }, never)
    return rows.map((row) => row.map(String).join(' | ')).join('\n')
  }

  /** What of a plan reads or sorts the table. A page that is put together from ranges may sort those few rows. */
  function faultOf(plan: string, { sql }: Statement, sort: Sort): string | null {
    const isPutTogether = sql.includes('roster_part')
    const faults = engine.pick({
      sqlite: [...(sort.column === 'id' ? [] : [/SCAN person$/m]), ...(isPutTogether ? [] : [/USE TEMP B-TREE/])],
      // Of the few rows that its statistics know of, PostgreSQL may sort what an index gives.
      postgres: [/Seq Scan/, /Sort {2}\(cost=\S+ rows=\d{4,}/],
      mysql: [/\| person \|( [^|]+ \|)? ALL \|/, /\| person \|.*Using filesort/],
    })
    return faults.find((fault) => fault.test(plan)) ? `${sql}\n${plan}` : null
  }

  const sorts: [Sort, RegExp][] = (
    [
      ['id', { sqlite: /person/, postgres: /person_pkey/, mysql: /PRIMARY/ }],
      ['email', { sqlite: /autoindex_person_1/, postgres: /person_email_key/, mysql: /email/ }],
      ['token', { sqlite: /autoindex_person_2/, postgres: /person_token_key|person_pkey/, mysql: /token|PRIMARY/ }],
      ['seen', { sqlite: /person_seen/, postgres: /person_seen|Sort[^]*person_pkey/, mysql: /person_seen/ }],
      ['active', { sqlite: /person_active/, postgres: /person_active/, mysql: /person_active/ }],
    ] as const
  ).flatMap(([column, index]) =>
    (['asc', 'desc'] as const).map((direction): [Sort, RegExp] => [{ column, direction }, engine.pick(index)]),
  )

  it.each(sorts)('reads no table for %o', async (sort, index) => {
    const view = await planned(opened.database, dialect, viewOf(shape, sort, null), never)
    const sent: Statement[] = []
    const read = (statement: Statement) => {
      sent.push(statement)
      return opened.database.read(statement, never)
    }
    const watched = { ...opened.database, read }
    const page = (place: PagePlace) => readPage(watched, dialect, view, place, 50, never)
    const hopping = { read, dialect, view }
    // Places among values and among NULLs, and on both sides of where they meet.
    for (const rank of [100, 0.24 * ROWS, 0.49 * ROWS, 0.6 * ROWS, 0.76 * ROWS, 0.99 * ROWS]) {
      const { place } = await hop(hopping, null, rank)
      if (!place) throw new Error('There are fewer rows.')
      const far = await hop(hopping, place, 150)
      await hop({ ...hopping, view: reversed(view) }, far.place, 600)
      const here = await page({ kind: 'after', cursor: place })
      await page({ kind: 'before', cursor: place })
      const value: Cell = here.first?.[0] ?? null
      await page({ kind: 'value', value })
    }
    await page({ kind: 'first' })
    await page({ kind: 'last' })
    const walk = { ...newWalk(null), step: 1000, stride: 1000 }
    while (walk.total === null) await walkOn(hopping, walk)
    expect(walk.total).toBe(ROWS)
    for (const id of [7n, 8n, 9999n]) expect(await rankOf(hopping, walk, [id])).not.toBeNull()
    for (const statement of sent) {
      const plan = await planOf(statement)
      expect(faultOf(plan, statement, sort)).toBeNull()
      // A row itself is found by its key.
      if (!/where .id. = /.test(statement.sql)) expect(plan, statement.sql).toMatch(index)
    }
    expect(await sortCostOf(opened.database, dialect, shape, sort, never)).toMatchObject({
      isIndexed: true,
      createIndex: null,
    })
  })

  it('of a filter is walked where it has many rows, and is not where it has few', async () => {
    const pageBy = async (filter: Filter) => {
      const view = await planned(opened.database, dialect, viewOf(shape, sort, filter), never)
      return planOf(firstPage(dialect, view, 50))
    }
    const sort: Sort = { column: 'email', direction: 'asc' }
    const byEmail = engine.pick({ sqlite: /autoindex_person_1/, postgres: /person_email_key/, mysql: /email/ })
    // Half of the table has it, and an index of its own.
    const many = await pageBy(where('active', { test: 'equals', value: 1n }))
    expect(many).toMatch(byEmail)
    expect(many).not.toMatch(/TEMP B-TREE|Sort|filesort/)
    const few = await pageBy(where('seen', { test: 'equals', value: 31n }))
    expect(few).toMatch(/person_seen/)
    if (engine.dialect !== 'postgres') return
    // Walking along the order would read the whole table row by row, to meet none.
    const none = await pageBy(where('more', { test: 'contains', text: 'qqqq' }))
    expect(none).toMatch(/Seq Scan/)
    expect(none).not.toMatch(byEmail)
  })
})
