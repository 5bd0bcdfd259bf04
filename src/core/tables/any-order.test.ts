// For tables of any content, whatever a view is sorted by, pages forwards, backwards, by number and by value are what the
// server's own ORDER BY gives, and the number of a row is its place there; with anchors and without.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Cell } from '../../shared/cell.ts'
import { where, type Filter } from '../../shared/filters.ts'
import type { PagePlace, Sort } from '../../shared/tables.ts'
import type { Statement } from '../db/database.ts'
import { sqlDialects } from '../db/sql-dialects.ts'
import { describeOnEachEngine, type Opened } from './engines.test-setup.ts'
import type { Hopping } from './hop.ts'
import { readPage } from './page.ts'
import { rankOf } from './rank.ts'
import { scan } from './survey-scan.ts'
import { newWalk, walkOn, type Walk } from './survey-walk.ts'
import { viewOf } from './view-sql.ts'

const never = new AbortController().signal
const RUNS = process.env.VERIFY === 'full' ? 150 : 6

const word = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    'a',
    'A',
    'á',
    'Á',
    'ä',
    'ae',
    'B',
    'b',
    'É',
    'e',
    'ß',
    'ss',
    'z',
    'ﬀ',
    'ff',
    'I',
    'ı',
    '🦉',
  ),
  fc.constantFrom('1', '2', '10', '010', '1e1', '-1', '9'),
  fc.string({ minLength: 0, maxLength: 3, unit: fc.constantFrom('a', 'A', 'b', 'é', '_', '1') }),
)
interface Row {
  word: string | null
  exact: string | null
  tie: number | null
  number: number | null
  token: number | null
}
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 3 })
const rows: fc.Arbitrary<Row[]> = fc.array(
  fc.record({
    word: maybe(word),
    exact: maybe(word),
    tie: maybe(fc.integer({ min: -2, max: 2 })),
    number: maybe(fc.integer({ min: -1_000_000, max: 1_000_000 })),
    token: maybe(fc.integer({ min: 0, max: 1_000_000 })),
  }),
  { maxLength: 40 },
)
const columns = ['id', 'word', 'exact', 'tie', 'number', 'token'] as const
const filters: (Filter | null)[] = [
  null,
  where('tie', { test: 'null' }, true),
  where('tie', { test: 'equals', value: 1n }),
]
const CONDITIONS = ['1 = 1', 'tie is not null', 'tie = 1']

const inSql = (value: string | number | null) =>
  value === null ? 'null' : typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`

describeOnEachEngine('a view in any order', (engine) => {
  const dialect = sqlDialects[engine.dialect]
  let opened: Opened
  let runs = 0

  beforeAll(async () => {
    const loose = engine.pick({
      sqlite: 'text collate nocase',
      postgres: 'text collate anycase',
      mysql: 'varchar(40) collate utf8mb4_general_ci',
    })
    const exact = engine.pick({
      sqlite: 'text',
      postgres: 'text collate "C"',
      mysql: 'varchar(40) collate utf8mb4_bin',
    })
    opened = await engine.open(`${engine.pick({
      sqlite: '',
      postgres: `create collation anycase (provider = icu, locale = 'und-u-ks-level1', deterministic = false);`,
      mysql: '',
    })}
      create table thing (id integer primary key, word ${loose}, exact ${exact}, tie integer, number integer, token varchar(20) unique);
      create index thing_word on thing (word, id);
      create index thing_tie on thing (tie, id);
      create table pair (part varchar(10) not null, id integer not null, word ${loose}, exact ${exact}, tie integer, number integer,
        token varchar(20) unique, primary key (part, id));
      create index pair_tie on pair (tie, part, id);`)
  }, 120_000)
  afterAll(async () => {
    await opened.close()
    if (process.env.VERIFY === 'full')
      console.log(`FIGURE any order (${engine.dialect}): ${runs} tables of any content`)
  })

  async function fill(table: string, content: readonly Row[]): Promise<void> {
    const tokens = new Set<number>()
    const values = content.map(({ word, exact, tie, number, token }, index) => {
      // Unique without case or accents: only digits.
      const own = token === null || tokens.has(token) ? null : token
      if (own !== null) tokens.add(own)
      const key = table === 'pair' ? [`k${index % 3}`, index] : [index]
      return `(${[...key, word, exact, tie, number, own === null ? null : String(own)].map(inSql).join(', ')})`
    })
    const list = [...(table === 'pair' ? ['part'] : []), ...columns].join(', ')
    const insert = values.length === 0 ? '' : `insert into ${table} (${list}) values ${values.join(', ')};`
    await opened.sql(`delete from ${table}; ${insert}`)
  }

  async function surveyed(hopping: Hopping, how: 'none' | 'hops' | 'scan'): Promise<Walk | null> {
    if (how === 'none') return null
    const walk = { ...newWalk(null), step: 5, stride: 3 }
    if (how === 'scan') await scan(hopping, walk, () => undefined)
    else while (walk.total === null) await walkOn(hopping, walk)
    return walk
  }

  const check = async (
    table: 'thing' | 'pair',
    content: readonly Row[],
    sort: Sort | null,
    which: number,
    how: 'none' | 'hops' | 'scan',
    limit: number,
  ) => {
    await fill(table, content)
    const shape = await opened.database.describe(table, never)
    if (!shape) throw new Error('The table is not there.')
    // However rows are found, they are the same.
    const finding = engine.pick({
      sqlite: 'along',
      postgres: limit % 4 === 1 ? 'first' : 'along',
      mysql: 'along',
    } as const)
    const view = {
      ...{ ...viewOf(shape, sort, filters[which] ?? null), nullsByKey: limit % 3 === 0 },
      ...(limit % 2 === 1 && { finding }),
    }
    const terms = [...new Set([...(sort ? [sort.column] : []), ...shape.key])]
    const order = terms.map((term) => `${term} ${sort?.direction ?? 'asc'}`).join(', ')
    const key = table === 'pair' ? 'part, id' : 'id'
    const sorted = await opened.sql(`select ${key} from ${table} where ${CONDITIONS[which] ?? ''} order by ${order}`)
    const expected = sorted.map((row) => row.join('/'))
    const read = (statement: Statement) => opened.database.read(statement, never)
    const hopping: Hopping = { read, dialect, view, few: limit % 2 === 0 ? 2 : 500 }
    const walk = await surveyed(hopping, how)
    if (walk) expect(walk.total).toBe(expected.length)
    const page = (place: PagePlace) => readPage(opened.database, dialect, view, place, limit, never, walk)
    const keysOf = ({ keys }: { keys: Cell[][] }) => keys.map((each) => each.join('/'))

    for (const start of ['first', 'last'] as const) {
      const seen: string[] = []
      let here = await page({ kind: start })
      for (;;) {
        if (start === 'first') seen.push(...keysOf(here))
        else seen.unshift(...keysOf(here))
        if (!here.hasMore) break
        expect(here.keys.length).toBeGreaterThan(0)
        here = await page(
          start === 'first' ? { kind: 'after', cursor: here.last ?? [] } : { kind: 'before', cursor: here.first ?? [] },
        )
      }
      expect(seen, `from the ${start}`).toEqual(expected)
    }
    for (const rank of [0, 1, 5, 6, 13, 17, expected.length - 1, expected.length].filter((each) => each >= 0)) {
      const found = await page({ kind: 'rank', rank })
      expect(keysOf(found), `rank ${rank}`).toEqual(expected.slice(rank, rank + limit))
      const [first] = found.keys
      if (first) expect(await rankOf(hopping, walk, first), `number of ${String(first)}`).toBe(rank)
      const value = found.first?.[0]
      if (value === undefined) continue
      // The first row that ties with this one: none before it does.
      const from = await page({ kind: 'value', value })
      const place = expected.indexOf(keysOf(from)[0] ?? '')
      expect(place).toBeLessThanOrEqual(rank)
      const name = sort?.column ?? shape.key[0] ?? ''
      const same = `select count(*) from ${table} a, ${table} b where (a.${name} = b.${name} or (a.${name} is null and b.${name} is null))`
      const named = (alias: string, text: string | undefined) => {
        const parts = (text ?? '').split('/')
        return shape.key.map((column, index) => `${alias}.${column} = ${inSql(parts[index] ?? '')}`).join(' and ')
      }
      const ties = async (at: number) =>
        (await opened.sql(`${same} and ${named('a', expected[rank])} and ${named('b', expected[at])}`))[0]?.[0] === '1'
      expect(await ties(place), `from the value of ${rank}`).toBe(true)
      if (place > 0) expect(await ties(place - 1), `before the value of ${rank}`).toBe(false)
    }
    const gone: Cell[] = table === 'pair' ? ['k9', 1n] : [99_999n]
    expect(await rankOf(hopping, walk, gone)).toBeNull()
    runs += 1
  }

  it('is what the server sorts', async () => {
    const property = fc.asyncProperty(
      fc.constantFrom('thing' as const, 'pair' as const),
      rows,
      fc.option(
        fc.record({ column: fc.constantFrom(...columns), direction: fc.constantFrom('asc' as const, 'desc' as const) }),
        { freq: 9 },
      ),
      fc.nat({ max: filters.length - 1 }),
      fc.constantFrom('none' as const, 'hops' as const, 'scan' as const),
      fc.integer({ min: 1, max: 9 }),
      check,
    )
    // Ties and NULLs on both sides of anchors, in the columns that differ in what serves them.
    const content = Array.from({ length: 33 }, (_, n) => ({
      ...{ word: ['a', 'A', 'á', null, 'B', 'b'][n % 6] ?? null, exact: null, tie: [1, null, 2][n % 3] ?? null },
      ...{ number: null, token: n % 2 === 0 ? (n * 7919) % 100 : null },
    }))
    const sorts: Sort[] = [
      { column: 'token', direction: 'asc' },
      { column: 'token', direction: 'desc' },
      { column: 'tie', direction: 'asc' },
      { column: 'word', direction: 'desc' },
    ]
    const examples = sorts.map((sort, index): ['thing' | 'pair', Row[], Sort, number, 'hops', number] => [
      ...([
        index % 2 === 0 ? ('thing' as const) : ('pair' as const),
        content,
        sort,
        0,
        'hops' as const,
        4 + index,
      ] as const),
    ])
    await fc.assert(property, { numRuns: RUNS, seed: 20261122, examples, endOnFailure: process.env.VERIFY !== 'full' })
  }, 600_000)
})
