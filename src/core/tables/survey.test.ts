// The survey of a view, on each engine: what it counts is what is there and what can be reached, whoever writes meanwhile; it
// rests when nobody listens, ends its query in the database when it is left, and says by how much it is off.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Cell } from '../../shared/cell.ts'
import { where, type Filter } from '../../shared/filters.ts'
import type { Change, Page, PagePlace, Sort, Survey, View } from '../../shared/tables.ts'
import { sqlDialects } from '../db/sql-dialects.ts'
import { describeOnEachEngine, type Opened } from './engines.test-setup.ts'
import { openSurvey } from './survey.ts'
import { viewOf } from './view-sql.ts'

const ROWS = 1500
const isFull = process.env.VERIFY === 'full'
const never = new AbortController().signal

const sorts: (Sort | null)[] = [
  null,
  { column: 'mail', direction: 'desc' },
  { column: 'seen', direction: 'asc' },
  { column: 'seen', direction: 'desc' },
  { column: 'token', direction: 'asc' },
  // No index.
  { column: 'note', direction: 'asc' },
]
const filters: (Filter | null)[] = [
  null,
  where('seen', { test: 'null' }),
  where('mail', { test: 'contains', text: '7' }),
]

describeOnEachEngine('a survey', (engine) => {
  let opened: Opened

  const numbers = (from: number, to: number) =>
    engine.pick({
      sqlite: `(with recursive s(n) as (select ${from} union all select n + 1 from s where n < ${to}) select n from s)`,
      postgres: `(select n from generate_series(${from}, ${to}) s(n))`,
      mysql: `(select seq as n from seq_${from}_to_${to})`,
    })
  /** A third has no `seen`, and half has no token; the others are unique. */
  const insert = (table: string, from: number, to: number) => {
    const mail = engine.pick({
      sqlite: "'m' || (n * 7919 % 100003)",
      postgres: "'m' || (n * 7919 % 100003)",
      mysql: "concat('m', n * 7919 % 100003)",
    })
    const token = engine.pick({ sqlite: "'t' || n", postgres: "'t' || n", mysql: "concat('t', n)" })
    return `insert into ${table} (id, mail, seen, token, note) select n, ${mail}, case when n % 3 = 0 then null else n % 40 end,
      case when n % 2 = 0 then ${token} end, 'note' from ${numbers(from, to)} s;`
  }
  const table = (name: string) =>
    `create table ${name} (id integer primary key, mail varchar(40) not null unique, seen integer, token varchar(40) unique, note varchar(20));
     create index ${name}_seen on ${name} (seen, id);`

  beforeAll(async () => {
    const endless = engine.pick({
      sqlite: 'with recursive n(i) as (select 1 union all select i + 1 from n) select i from n',
      postgres: 'with recursive n(i) as (select 1::bigint union all select i + 1 from n) select i from n',
      mysql: 'select a.seq as i from seq_1_to_1000000 a, seq_1_to_1000000 b where a.seq + b.seq <> 7',
    })
    opened =
      await engine.open(`${table('quiet')} ${insert('quiet', 1, ROWS)} ${table('busy')} ${insert('busy', 1, ROWS)}
      ${table('written')} ${insert('written', 1, 400)} ${table('small')} ${insert('small', 1, 3)}
      create view endless as ${endless};`)
  }, 120_000)
  afterAll(() => opened.close())

  const viewFor = (name: string, sort: Sort | null = null, filter: Filter | null = null): View => ({
    ...{ profileId: opened.profileId, table: name, sort, filter },
  })
  const page = (view: View, place: PagePlace, limit = 500) => opened.api.tables.page({ view, place, limit })

  async function surveyed(view: View, near: number | null = null): Promise<Survey> {
    for await (const survey of await opened.api.tables.survey({ view, near })) if (survey.isDone) return survey
    throw new Error('The survey ended by itself.')
  }

  async function walkFrom(view: View, here: Page, way: 'after' | 'before'): Promise<Cell[][]> {
    const keys: Cell[][] = []
    for (let next = here; ;) {
      const cursor = way === 'after' ? next.last : next.first
      if (!cursor) return keys
      next = await page(view, { kind: way, cursor })
      keys.push(...next.keys)
    }
  }

  it('counts what is there, and every row that it counts is reached', async () => {
    const all = filters.flatMap((filter) => sorts.map((sort) => ({ sort, filter })))
    // In the short form each filter once, and the sorts that differ most.
    const some = sorts.map((sort, index) => ({ sort, filter: filters[index % filters.length] ?? null }))
    for (const { sort, filter } of isFull ? all : some.slice(-3)) {
      const view = viewFor('quiet', sort, filter)
      const { count } = await opened.api.tables.count({ view })
      const survey = await surveyed(view)
      expect(survey).toMatchObject({ total: count, reached: count, error: 0 })
      const first = await page(view, { kind: 'first' })
      const rows = [...first.keys, ...(await walkFrom(view, first, 'after'))]
      expect(new Set(rows.map(String)).size).toBe(count)
      expect(rows).toHaveLength(count)
      const middle = Math.floor(count * 0.7)
      const jump = await page(view, { kind: 'rank', rank: middle }, 3)
      expect(jump.keys).toEqual(rows.slice(middle, middle + 3))
      const rank = await opened.api.tables.rank({ view, key: rows[middle] ?? [] })
      expect(rank).toMatchObject({ rank: middle, error: 0 })
    }
  }, 60_000)

  it('guesses how many rows there are before it has counted', async () => {
    await opened.sql(engine.pick({ sqlite: 'analyze', postgres: 'analyze quiet', mysql: 'analyze table quiet' }))
    for await (const survey of await opened.api.tables.survey({
      view: viewFor('quiet', { column: 'id', direction: 'desc' }),
      near: null,
    })) {
      expect(survey.estimate).toBeGreaterThan(ROWS * 0.8)
      expect(survey.estimate).toBeLessThan(ROWS * 1.2)
      break
    }
  })

  it('begins where a person looks', async () => {
    const shape = await opened.database.describe('quiet', never)
    if (!shape) throw new Error('The table is not there.')
    const leaving = new AbortController()
    const sort: Sort = { column: 'mail', direction: 'asc' }
    const view = viewOf(shape, sort, null)
    const survey = openSurvey({
      ...{ database: opened.database, dialect: sqlDialects[engine.dialect], view },
      // Whoever looks leaves after the first hop.
      inTurn: async (_signal, work) => work().finally(() => setImmediate(() => leaving.abort())),
    })
    await expect(survey.listen(1200, () => undefined, leaving.signal)).rejects.toThrow()
    expect(survey.walk.anchors.map(({ rank }) => rank)).toEqual([1200])
    const row = await page(viewFor('quiet', sort), { kind: 'rank', rank: 1200 }, 1)
    expect(survey.walk.anchors[0]?.place[0]).toEqual(row.first?.[0])
    // Nothing goes on behind the back of who left, and who comes back finds it where it was.
    expect(survey.walk.total).toBeNull()
    const back = new AbortController()
    const states: Survey[] = []
    survey.walk.step = survey.walk.stride = 8
    const began = performance.now()
    await expect(
      survey.listen(
        null,
        (state) => {
          states.push(state)
          if (state.isDone) back.abort()
        },
        back.signal,
      ),
    ).rejects.toThrow()
    expect(states.at(-1)).toMatchObject({ total: ROWS, isDone: true })
    // At most ten a second, of nearly two hundred hops.
    expect(states.length).toBeLessThanOrEqual(2 + (performance.now() - began) / 100)
    expect(survey.walk.anchors.some(({ rank }) => rank === 1200)).toBe(true)
  })

  it('ends its query in the database when it is left, as a count does', async () => {
    const view = viewFor('endless')
    const running = async () => {
      if (engine.dialect === 'sqlite') return 0
      const sql = engine.pick({
        sqlite: '',
        postgres: `select count(*) from pg_stat_activity where state = 'active' and query like '%endless%' and pid <> pg_backend_pid()`,
        mysql: `select count(*) from information_schema.processlist where info like '%endless%' and id <> connection_id()`,
      })
      return Number((await opened.sql(sql))[0]?.[0])
    }
    const until = async (count: number) => {
      while ((await running()) !== count) await new Promise((resolve) => setTimeout(resolve, 10))
    }
    const isSeen = engine.dialect === 'sqlite' ? 0 : 1
    const counting = new AbortController()
    const count = opened.api.tables.count({ view }, { signal: counting.signal })
    await until(isSeen)
    counting.abort()
    await expect(count).rejects.toThrow()
    await until(0)

    const events = await opened.api.tables.survey({ view, near: null })
    await events.next()
    await until(isSeen)
    // Resolves once the query has ended: SQLite's process was ended for it, a server was told.
    await events.return()
    await until(0)
    expect((await page(viewFor('small'), { kind: 'first' })).keys).toHaveLength(3)
  }, 30_000)

  it('loses no row that stays, while others come and go', async () => {
    const sort: Sort = { column: 'seen', direction: 'asc' }
    const view = viewFor('busy', sort)
    const stays = Array.from({ length: ROWS / 2 }, (_, n) => String(2 * n + 2))
    let isOver = false
    const writing = (async () => {
      for (let round = 0; !isOver; round++) {
        const part = round % 10
        await opened.sql(`delete from busy where id % 2 = 1 and id % 20 = ${2 * part + 1};`)
        await opened.sql(insert('busy', 1, ROWS).replace(' s;', ` s where n % 2 = 1 and n % 20 = ${2 * part + 1};`))
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    })()
    try {
      for (const rank of isFull ? [0, 400, 800, 1200] : [900]) {
        const survey = surveyed(view, rank)
        const middle = await page(view, { kind: 'rank', rank }, 50)
        const [before, after] = [await walkFrom(view, middle, 'before'), await walkFrom(view, middle, 'after')]
        const seen = new Set([...before, ...middle.keys, ...after].map(String))
        expect(stays.find((id) => !seen.has(id))).toBeUndefined()
        await survey
      }
    } finally {
      isOver = true
      await writing
    }
    await opened.api.tables.count({ view })
    const again = await opened.api.tables.survey({ view, near: null })
    for await (const survey of again) if (survey.isDone && survey.error === 0 && survey.total === ROWS) break
  }, 60_000)

  it('says by how many rows it is off, and counts anew while the old numbers serve', async () => {
    const view = viewFor('written', { column: 'mail', direction: 'asc' })
    expect(await surveyed(view)).toMatchObject({ total: 400, error: 0 })
    const states: Survey[] = []
    await opened.sql(insert('written', 401, 420))
    await opened.api.tables.count({ view })
    const began = performance.now()
    for await (const survey of await opened.api.tables.survey({ view, near: null })) {
      states.push(survey)
      if (survey.total === 420) break
    }
    const took = performance.now() - began
    expect(states[0]).toMatchObject({ total: 400, error: 20, isDone: true })
    expect(states.at(-1)).toMatchObject({ total: 420, error: 0, isDone: true })
    expect(states.every(({ isDone }) => isDone)).toBe(true)
    expect(states.length).toBeLessThanOrEqual(2 + took / 100)

    const { profileId } = opened
    const key = (id: number) => [BigInt(id)]
    const changes: Change[] = [
      ...[416, 417, 418, 419, 420].map((id): Change => ({ kind: 'delete', id: `d${id}`, key: key(id), original: {} })),
      { kind: 'update', id: 'u1', key: key(1), original: { note: 'note' }, values: { note: 'other' } },
    ]
    await opened.api.tables.save({ profileId, table: 'written', changes })
    for await (const survey of await opened.api.tables.survey({ view, near: null })) {
      // The note is no part of the order.
      expect(survey).toMatchObject({ total: 415, error: 5 })
      break
    }
    const original = { mail: `m${(2 * 7919) % 100_003}` }
    const moved: Change = { kind: 'update', id: 'u2', key: key(2), original, values: { mail: 'another' } }
    await opened.api.tables.save({ profileId, table: 'written', changes: [moved] })
    const listened = await opened.api.tables.survey({ view, near: null })
    for await (const survey of listened) if (survey.error === 0) break
    expect((await opened.api.tables.rank({ view, key: [1n] }))?.error).toBe(0)
  }, 30_000)
})
