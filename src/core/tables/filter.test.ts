// Filters on real databases: each test beside a plain reading of it in JavaScript, each row in a condition or in its negation,
// and the SQL that is shown finding the same rows when it is run as it stands.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { Cell } from '../../shared/cell.ts'
import { where, type Condition, type Filter, type Test } from '../../shared/filters.ts'
import type { Statement, TableShape } from '../db/database.ts'
import { sqlDialects } from '../db/sql-dialects.ts'
import { describeOnEachEngine, type Opened } from './engines.test-setup.ts'
import { filteredPage, firstPage, viewOf as viewSqlOf } from './view-sql.ts'

const IS_FULL = process.env.VERIFY === 'full'
const numRuns = IS_FULL ? 400 : 20
const seed = 20261122

/** Texts with wildcards, quotes, backslashes, both cases and letters beyond ASCII that have one case only. */
const TEXTS = [
  ...[null, '', ' ', 'smith', 'Smith', 'SMITHSON', 'blacksmith', 'smi', "o'neil", 'O"Neil', '100%', '100_', '1000'],
  ...[
    'a\\b',
    'a\\\\b',
    '%',
    '_',
    '\\',
    '!',
    'a!b',
    '[a]',
    '?',
    'a?b',
    '$1',
    ':x',
    'x*y',
    'a b',
    'a.b',
    '日本',
    'a日b',
    '🦉',
  ],
  ...['null', 'NULL', "'; drop table t; --", 'new\nline', 'tab\t', '/* c */', '-- c', "E\\'", 'k', 'z~', 'aaa'],
]
const NUMBERS = [null, 0n, 1n, -1n, 5n, 7n, 42n, 1000n, -2147483648n, 2147483647n]

interface Row {
  id: bigint
  t: string | null
  u: string | null
  n: bigint | null
}
const ROWS: Row[] = TEXTS.map((t, index) => ({
  id: BigInt(index + 1),
  t,
  u: TEXTS[(index * 7 + 3) % TEXTS.length] ?? null,
  n: NUMBERS[index % NUMBERS.length] ?? null,
}))

const lower = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

/** What a test means, for the columns of which every engine has the same idea. */
function holds(cell: string | bigint | null, test: Test): boolean {
  const text = cell === null ? null : lower(String(cell))
  switch (test.test) {
    case 'contains':
      return text?.includes(lower(test.text)) ?? false
    case 'starts':
      return text?.startsWith(lower(test.text)) ?? false
    case 'equals':
      return cell !== null && cell === test.value
    case 'one-of':
      return test.values.includes(cell)
    case 'range': {
      if (typeof cell !== 'bigint') return false
      const { from, to } = test
      const isAfter = !from || cell > (from.value as bigint) || (from.isIncluded && cell === from.value)
      return isAfter && (!to || cell < (to.value as bigint) || (to.isIncluded && cell === to.value))
    }
    case 'null':
      return cell === null
    case 'empty':
      return cell === ''
    case 'foreign':
    case 'scheme':
      throw new Error(`${test.test} is asked in core/filters.`)
  }
}

function matches(row: Row, filter: Filter): boolean {
  if (filter.kind === 'group') {
    const found = filter.parts.map((part) => matches(row, part))
    return filter.join === 'and' ? found.every(Boolean) : found.some(Boolean)
  }
  const asked = filter.column === null ? [row.t, row.u] : [row[filter.column as keyof Row]]
  return asked.some((cell) => holds(cell, filter.test)) !== filter.isNot
}

const someText = fc.oneof(
  fc.constantFrom(...TEXTS.filter((text) => text !== null && text !== '')).map((text) => text as string),
  fc.constantFrom('SM', 'mit', 'H', '%%', '\\\\', "'", '"', '1', 'b'),
)
const someNumber = fc.oneof(
  fc.constantFrom(...NUMBERS.filter((value) => value !== null)),
  fc.bigInt({ min: -50n, max: 50n }),
)
const bound = fc.record({ value: someNumber, isIncluded: fc.boolean() })
const textTest: fc.Arbitrary<Test> = fc.oneof(
  fc.record({ test: fc.constant('contains' as const), text: someText }),
  fc.record({ test: fc.constant('starts' as const), text: someText }),
  fc.record({ test: fc.constant('equals' as const), value: someText }),
  fc.record({
    test: fc.constant('one-of' as const),
    values: fc.array(fc.oneof(someText as fc.Arbitrary<Cell>, fc.constant(null)), { minLength: 1, maxLength: 4 }),
  }),
  fc.constantFrom<Test>({ test: 'null' }, { test: 'empty' }),
)
const numberTest: fc.Arbitrary<Test> = fc.oneof(
  fc.record({ test: fc.constant('equals' as const), value: someNumber }),
  fc.record({
    test: fc.constant('one-of' as const),
    values: fc.array(fc.oneof(someNumber as fc.Arbitrary<Cell>, fc.constant(null)), { minLength: 1, maxLength: 4 }),
  }),
  fc
    .record({
      test: fc.constant('range' as const),
      from: fc.option(bound),
      to: fc.option(bound),
    })
    .filter(({ from, to }) => from !== null || to !== null),
  fc.record({ test: fc.constant('contains' as const), text: fc.constantFrom('1', '0', '-', '00') }),
  fc.constantFrom<Test>({ test: 'null' }, { test: 'empty' }),
)
const condition: fc.Arbitrary<Condition> = fc
  .oneof(
    fc.tuple(fc.constantFrom('t', 'u'), textTest, fc.boolean()),
    fc.tuple(fc.constant('n'), numberTest, fc.boolean()),
    fc.tuple(
      fc.constant(null),
      textTest.filter(({ test }) => ['contains', 'starts', 'equals'].includes(test)),
      fc.boolean(),
    ),
  )
  .map(([column, test, isNot]) => where(column, test, isNot))

const join = fc.constantFrom('and' as const, 'or' as const)
const group = (part: fc.Arbitrary<Filter>): fc.Arbitrary<Filter> =>
  fc.record({ kind: fc.constant('group' as const), join, parts: fc.array(part, { minLength: 1, maxLength: 3 }) })
const filters: fc.Arbitrary<Filter> = fc.oneof(
  condition,
  group(condition),
  group(fc.oneof(condition, group(condition))),
)

interface TypedTable {
  before?: string
  /** Beside `id`, which counts the rows from 1. */
  columns: string
  rows: string[]
  asks: [column: string | null, test: Test, ids: number[]][]
  refused: [column: string, test: Test, words: RegExp][]
}

describeOnEachEngine('filters', (engine) => {
  let opened: Opened
  const { dialect } = engine
  const quoted = (text: string | null) =>
    text === null
      ? 'null'
      : dialect === 'mysql'
        ? `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
        : `'${text.replaceAll("'", "''")}'`

  beforeAll(async () => {
    // Byte by byte, so that the plain reading of "equals" is that of the database as well.
    const text = engine.pick({
      sqlite: 'varchar(60)',
      postgres: 'varchar(60)',
      mysql: 'varchar(60) collate utf8mb4_nopad_bin',
    })
    opened = await engine.open(`
      create table item (id integer primary key, t ${text}, u ${text}, n integer, password varchar(60), flag char(1));
      insert into item values ${ROWS.map(({ id, t, u, n }) => `(${id}, ${quoted(t)}, ${quoted(u)}, ${n ?? 'null'}, 'smith', 'k')`).join(', ')};
      create index item_t on item (t);
      create index item_n on item (n);
    `)
  })
  afterAll(() => opened.close())

  const viewOf = (filter: Filter | null, table = 'item') => ({ profileId: opened.profileId, table, sort: null, filter })
  async function found(filter: Filter | null, table?: string): Promise<Cell[]> {
    const view = viewOf(filter, table)
    const page = await opened.api.tables.page({ view, place: { kind: 'first' }, limit: 1000 })
    expect((await opened.api.tables.count({ view })).count).toBe(page.keys.length)
    return page.keys.map(([key]) => key ?? null)
  }
  async function foundAsText(filter: Filter, table = 'item', key = 'id'): Promise<Cell[]> {
    const { sql } = await opened.api.tables.filterSql({ view: viewOf(filter, table) })
    return (await opened.sql(`select ${key} from ${table} ${sql} order by ${key}`)).map(([id]) => BigInt(id ?? -1))
  }

  it('mean what they say, negated too, also as the SQL that is shown', async () => {
    const property = fc.asyncProperty(filters, async (filter) => {
      const expected = ROWS.filter((row) => matches(row, filter)).map(({ id }) => id)
      expect(await found(filter)).toEqual(expected)
      expect(await foundAsText(filter)).toEqual(expected)
    })
    await fc.assert(property, { numRuns, seed })
  })

  it('find the same first rows by the filter first as along the order', async () => {
    const dialectSql = sqlDialects[dialect]
    if (!dialectSql.unindexed) return expect(dialect).toBe('postgres')
    const never = new AbortController().signal
    const shape = await opened.database.describe('item', never)
    const order = fc.record({ column: fc.constantFrom('id', 't', 'u', 'n'), direction: fc.constantFrom('asc', 'desc') })
    const property = fc.asyncProperty(
      condition,
      order,
      fc.integer({ min: 1, max: 50 }),
      async (filter, sort, limit) => {
        const view = viewSqlOf(shape as TableShape, sort, filter)
        const along = await opened.database.read(firstPage(dialectSql, view, limit), never)
        const first = await opened.database.read(filteredPage(dialectSql, view, limit) as Statement, never)
        expect(first.rows).toEqual(along.rows)
      },
    )
    await fc.assert(property, { numRuns, seed })
  })

  it.skipIf(dialect === 'sqlite')('end in the database when another takes their place', async () => {
    // Each row of it takes 20 ms.
    await opened.sql(
      dialect === 'postgres'
        ? `create view slow as select i as id, pg_sleep(0.02)::text || 'row' || i as t from generate_series(1, 5000) i`
        : `create view slow as select seq as id, concat(sleep(0.02), 'row', seq) as t from seq_1_to_5000`,
    )
    const running = async () => {
      const rows = await opened.sql(
        dialect === 'postgres'
          ? `select 1 from pg_stat_activity where state = 'active' and query like '%from "slow"%' and pid <> pg_backend_pid()`
          : "select 1 from information_schema.processlist where info like '%from `slow`%' and id <> connection_id()",
      )
      return rows.length
    }
    const leaving = new AbortController()
    const view = viewOf(where('t', { test: 'contains', text: 'none' }), 'slow')
    const pages = [
      opened.api.tables.page({ view, place: { kind: 'first' }, limit: 10 }, { signal: leaving.signal }),
      opened.api.tables.count({ view }, { signal: leaving.signal }),
    ].map((call) => call.then(() => 'answered').catch(() => 'left'))
    await vi.waitFor(async () => expect(await running()).toBeGreaterThanOrEqual(2), { timeout: 10_000 })
    leaving.abort()
    expect(await Promise.all(pages)).toEqual(['left', 'left'])
    await vi.waitFor(async () => expect(await running()).toBe(0), { timeout: 10_000 })
  })

  it('never ask a secret, whatever is asked', async () => {
    const refused = { code: 'QUERY_FAILED', message: expect.stringMatching(/password hashes/) as string }
    await expect(found(where('password', { test: 'one-of', values: ['x', null] }))).rejects.toMatchObject(refused)
    await expect(foundAsText(where('password', { test: 'contains', text: 's' }))).rejects.toMatchObject(refused)
    const any = where(null, { test: 'contains', text: 'smith' })
    expect((await opened.api.tables.filterSql({ view: viewOf(any) })).sql).not.toContain('password')
    // One letter is a flag, which would be in every row.
    const some = ROWS.filter(({ t, u }) => t === 'k' || u === 'k')
    expect(await found(where(null, { test: 'equals', value: 'k' }))).toEqual(some.map(({ id }) => id))
  })

  it('refuse in words what cannot be asked', async () => {
    const words = async (filter: Filter, code = 'QUERY_FAILED') => {
      const error = await found(filter).then(
        () => null,
        (reason: unknown) => reason as { code: string; message: string },
      )
      expect(error?.code).toBe(code)
      return error?.message
    }
    expect(await words(where('gone', { test: 'null' }))).toMatch(/no column gone/)
    expect(await words(where('n', { test: 'equals', value: null }))).toMatch(/compared with NULL/)
    expect(await words(where('n', { test: 'range', from: null, to: null }))).toMatch(/no end/)
    expect(await words(where(null, { test: 'null' }))).toMatch(/Choose a column/)
    if (dialect !== 'sqlite') {
      expect(await words(where('n', { test: 'equals', value: 'abc' }))).toMatch(
        /filter on n .*“abc” is not a whole number/,
      )
    }
    const deep = (levels: number): Filter =>
      levels === 0 ? where('t', { test: 'null' }) : { kind: 'group', join: 'and', parts: [deep(levels - 1)] }
    expect(await found(deep(4))).toEqual([1n])
    expect(await words(deep(5))).toMatch(/more than 4 deep/)
    const half: Filter = {
      kind: 'group',
      join: 'or',
      parts: Array.from({ length: 26 }, () => where('t', { test: 'null' })),
    }
    expect(await words({ kind: 'group', join: 'or', parts: [half, half] })).toMatch(/52 conditions; up to 50/)
    const most: Test = { test: 'one-of', values: Array.from({ length: 1000 }, (_, index) => BigInt(index)) }
    const all = (length: number): Filter => ({
      kind: 'group',
      join: 'and',
      parts: Array.from({ length }, () => where('n', most, true)),
    })
    expect(await words(all(6))).toMatch(/6000 values; up to 5000/)
    const view = { ...viewOf(all(5)), sort: { column: 't', direction: 'asc' as const } }
    const page = await opened.api.tables.page({ view, place: { kind: 'first' }, limit: 2 })
    const next = await opened.api.tables.page({ view, place: { kind: 'after', cursor: page.last ?? [] }, limit: 100 })
    expect(page.keys.length + next.keys.length).toBe(ROWS.filter(({ n }) => n === null || n < 0n || n > 999n).length)
  })

  const typed = engine.pick<TypedTable>({
    sqlite: {
      columns: 'plain, whole integer, amount numeric, name text collate nocase, data blob, at datetime, ratio real',
      rows: [
        `5, 5, 5, 'Ann', x'00ff', '2024-01-01 00:00:00.000000', 0.1`,
        `5.0, 5.5, 5.5, 'ann', x'', '2024-01-02 00:00:00.000000', 1e300`,
        `'5', '5', '5.25', 'Änn', x'27', '2023-12-31 23:59:59.999999', -0.5`,
        `x'35', 9223372036854775807, 1e20, 'ann'||char(0)||'b', x'00', null, 9e999`,
        `null, -9223372036854775808, null, null, null, '', null`,
      ],
      asks: [
        ['plain', { test: 'equals', value: 5n }, [1, 2]],
        ['plain', { test: 'equals', value: 5 }, [1, 2]],
        ['plain', { test: 'equals', value: '5' }, [3]],
        ['plain', { test: 'equals', value: Uint8Array.of(0x35) }, [4]],
        ['plain', { test: 'one-of', values: ['5', null] }, [3, 5]],
        ['whole', { test: 'equals', value: 5n }, [1, 3]],
        ['whole', { test: 'equals', value: -(2n ** 63n) }, [5]],
        ['whole', { test: 'range', from: { value: 5n, isIncluded: false }, to: null }, [2, 4]],
        [
          'amount',
          { test: 'range', from: { value: 5n, isIncluded: true }, to: { value: 5.5, isIncluded: false } },
          [1, 3],
        ],
        ['name', { test: 'equals', value: 'ANN' }, [1, 2]],
        ['name', { test: 'starts', text: 'AN' }, [1, 2, 4]],
        ['name', { test: 'equals', value: 'ann\0b' }, [4]],
        ['data', { test: 'empty' }, [2]],
        ['data', { test: 'equals', value: Uint8Array.of(0, 255) }, [1]],
        ['at', { test: 'range', from: null, to: { value: '2024-01-01 00:00:00.000000', isIncluded: false } }, [3, 5]],
        ['at', { test: 'empty' }, [5]],
        ['ratio', { test: 'one-of', values: [0.1, Infinity] }, [1, 4]],
        ['ratio', { test: 'equals', value: 1e300 }, [2]],
      ],
      refused: [['data', { test: 'contains', text: '27' }, /data holds bytes/]],
    },
    postgres: {
      columns: `active boolean, amount numeric(20,4), ratio real, wide double precision, code char(5), mood mood, ref uuid, doc jsonb,
        raw json, tags text[], data bytea, at timestamp, big bigint, spot point, pair pair, name text collate "und-x-ci"`,
      before: `create type mood as enum ('calm', 'angry'); create type pair as (a integer, b integer);
        create collation "und-x-ci" (provider = icu, locale = 'und-u-ks-level2', deterministic = false);`,
      rows: [
        `true, 1.5, 0.1, 0.1, 'ab', 'calm', '6f1c0a52-9d3e-4b7a-8c21-0e5d4f3a2b19', '{"a":1}', '{}', '{a,b}', '\\x00ff', '2024-01-01', 9223372036854775807, '(1,2)', row(null,null), 'Ann'`,
        `false, 1.5000, 'NaN', 'Infinity', '', 'angry', null, '[]', null, '{}', '', '2024-01-02 00:00:00.000001', -9223372036854775808, null, row(1,2), 'ann'`,
        `null, 20, -0.5, 1e-300, null, null, null, null, null, null, null, 'infinity', 5, null, null, ''`,
      ],
      asks: [
        ['active', { test: 'equals', value: 't' }, [1]],
        ['active', { test: 'one-of', values: ['f', null] }, [2, 3]],
        ['amount', { test: 'equals', value: '1.5' }, [1, 2]],
        ['amount', { test: 'range', from: { value: '1.5', isIncluded: false }, to: null }, [3]],
        ['ratio', { test: 'equals', value: '0.1' }, [1]],
        ['ratio', { test: 'equals', value: 'NaN' }, [2]],
        ['wide', { test: 'one-of', values: ['1e-300', 'Infinity'] }, [2, 3]],
        ['code', { test: 'equals', value: 'ab' }, [1]],
        ['code', { test: 'empty' }, [2]],
        ['mood', { test: 'equals', value: 'angry' }, [2]],
        ['mood', { test: 'range', from: { value: 'calm', isIncluded: false }, to: null }, [2]],
        ['mood', { test: 'empty' }, []],
        ['mood', { test: 'contains', text: 'ANG' }, [2]],
        ['ref', { test: 'equals', value: '6F1C0A52-9d3e-4b7a-8c21-0e5d4f3a2b19' }, [1]],
        ['ref', { test: 'starts', text: '6f1c' }, [1]],
        ['doc', { test: 'equals', value: '{"a": 1}' }, [1]],
        ['raw', { test: 'contains', text: '{' }, [1]],
        ['tags', { test: 'equals', value: '{a,b}' }, [1]],
        ['data', { test: 'equals', value: Uint8Array.of(0, 255) }, [1]],
        ['data', { test: 'empty' }, [2]],
        ['at', { test: 'range', from: { value: '2024-01-01 00:00:00', isIncluded: false }, to: null }, [2, 3]],
        ['big', { test: 'one-of', values: [-(2n ** 63n), 2n ** 63n - 1n] }, [1, 2]],
        ['spot', { test: 'null' }, [2, 3]],
        ['pair', { test: 'null' }, [3]],
        ['name', { test: 'equals', value: 'ANN' }, [1, 2]],
        ['name', { test: 'starts', text: 'AN' }, [1, 2]],
        ['name', { test: 'empty' }, [3]],
        [null, { test: 'equals', value: 'angry' }, [2]],
        [null, { test: 'contains', text: '"a"' }, [1]],
      ],
      refused: [
        ['raw', { test: 'equals', value: '{}' }, /type json cannot be compared/],
        ['spot', { test: 'one-of', values: ['(1,2)'] }, /type point cannot be compared/],
        ['ref', { test: 'equals', value: 'abc' }, /“abc” is not a UUID/],
        ['active', { test: 'equals', value: 'perhaps' }, /neither true nor false/],
        ['big', { test: 'equals', value: 2n ** 63n }, /go from -9223372036854775808/],
        ['data', { test: 'starts', text: 'a' }, /data holds bytes/],
        ['mood', { test: 'equals', value: 'glad' }, /The filter on mood .*invalid input value for enum/],
        ['at', { test: 'equals', value: 'yesterday or so' }, /The filter on at cannot be asked/],
        ['code', { test: 'equals', value: 'a\0' }, /NUL/],
      ],
    },
    mysql: {
      columns: `active tinyint(1), flag bit(1), bits bit(10), amount decimal(20,4), ratio float, wide double, mood enum('calm','angry'),
        opts set('a','b','c'), doc json, data varbinary(20), at datetime(6), big bigint unsigned, made year, spot point,
        name varchar(20) collate utf8mb4_general_ci, old varchar(20) character set latin1`,
      rows: [
        `1, b'1', b'1000000001', 1.5, 0.1, 0.1, 'calm', 'a,c', '{"a":1}', x'00ff', '2024-01-01', 18446744073709551615, 2024, point(1,2), 'Ann', 'Änn'`,
        `0, b'0', b'0', 1.5000, 1e30, 1e-300, 'angry', '', '[]', '', '2024-01-02 00:00:00.000001', 0, 1999, null, 'ÄNN ', ''`,
        `null, null, null, 20, null, -0.5, null, null, null, null, null, 5, null, null, '', null`,
      ],
      asks: [
        ['active', { test: 'equals', value: 1n }, [1]],
        ['flag', { test: 'equals', value: Uint8Array.of(1) }, [1]],
        ['bits', { test: 'one-of', values: [Uint8Array.of(2, 1), null] }, [1, 3]],
        ['amount', { test: 'equals', value: '1.5' }, [1, 2]],
        ['amount', { test: 'range', from: { value: '1.5', isIncluded: false }, to: null }, [3]],
        ['ratio', { test: 'equals', value: 0.1 }, [1]],
        ['wide', { test: 'one-of', values: [0.1, 1e-300] }, [1, 2]],
        ['mood', { test: 'equals', value: 'angry' }, [2]],
        ['mood', { test: 'one-of', values: ['calm', 'never'] }, [1]],
        ['mood', { test: 'range', from: { value: 'calm', isIncluded: false }, to: null }, [2]],
        ['opts', { test: 'equals', value: 'a,c' }, [1]],
        ['opts', { test: 'empty' }, [2]],
        ['doc', { test: 'contains', text: '"A"' }, [1]],
        ['data', { test: 'equals', value: Uint8Array.of(0, 255) }, [1]],
        ['data', { test: 'empty' }, [2]],
        ['at', { test: 'range', from: { value: '2024-01-01 00:00:00', isIncluded: false }, to: null }, [2]],
        ['big', { test: 'equals', value: 2n ** 64n - 1n }, [1]],
        ['made', { test: 'equals', value: '1999' }, [2]],
        ['spot', { test: 'null' }, [2, 3]],
        ['name', { test: 'equals', value: 'änn' }, [1, 2]],
        ['name', { test: 'starts', text: 'AN' }, [1]],
        ['name', { test: 'empty' }, [3]],
        ['old', { test: 'starts', text: 'Ä' }, [1]],
        ['old', { test: 'contains', text: '日' }, []],
        [null, { test: 'equals', value: 'angry' }, [2]],
      ],
      refused: [
        ['active', { test: 'equals', value: 'abc' }, /“abc” is not a whole number/],
        ['amount', { test: 'equals', value: 'abc' }, /“abc” is not a number/],
        ['at', { test: 'equals', value: 'yesterday' }, /not a date or time/],
        ['name', { test: 'equals', value: 0n }, /0 is a number/],
        ['spot', { test: 'equals', value: 'x' }, /type point cannot be compared/],
        ['data', { test: 'contains', text: 'a' }, /data holds bytes/],
      ],
    },
  })

  it('ask each type as it compares, and the SQL that is shown finds the same rows', async () => {
    const { before = '', columns, rows, asks, refused } = typed
    await opened.sql(`${before} create table typed (id integer primary key, ${columns});
      insert into typed values ${rows.map((row, index) => `(${index + 1}, ${row})`).join(', ')}`)
    const all = rows.map((_, index) => BigInt(index + 1))
    const texts: string[] = []
    const expected: string[][] = []
    for (const [column, test, ids] of asks) {
      for (const isNot of [false, true]) {
        const asked = where(column, test, isNot)
        const view = viewOf(asked, 'typed')
        const wanted = all.filter((id) => ids.includes(Number(id)) !== isNot)
        const page = await opened.api.tables.page({ view, place: { kind: 'first' }, limit: 10 })
        const { sql } = await opened.api.tables.filterSql({ view })
        expect(
          page.keys.map(([key]) => key),
          sql,
        ).toEqual(wanted)
        expected.push(...wanted.map((id) => [sql, String(id)]))
        texts.push(sql)
      }
    }
    // All of them in one statement: each connection of its own costs more than what is asked on it.
    const each = texts.map((sql, index) => `select ${index} as place, id from typed ${sql}`)
    const rowsOfTexts = await opened.sql(`select * from (${each.join(' union all ')}) as every_one order by 1, 2`)
    expect(rowsOfTexts.map(([place, id]) => [texts[Number(place)], id])).toEqual(expected)
    for (const [column, test, words] of refused) {
      await expect(found(where(column, test), 'typed'), String(words)).rejects.toMatchObject({
        code: 'QUERY_FAILED',
        message: expect.stringMatching(words) as string,
      })
    }
  })

  it('read as a person would write them', async () => {
    const filter: Filter = {
      kind: 'group',
      join: 'or',
      parts: [
        where('t', { test: 'equals', value: "o'neil" }, true),
        where('n', { test: 'one-of', values: [5n, null] }),
      ],
    }
    expect((await opened.api.tables.filterSql({ view: viewOf(filter) })).sql).toBe(
      engine.pick({
        sqlite: "where (`t` = 'o''neil') is not true\n  or (`n` in (5) or `n` is null)",
        postgres: `where ("t" = 'o''neil') is not true\n  or ("n" in (5) or "n" is null)`,
        mysql: "where (`t` = 'o\\'neil') is not true\n  or (`n` in (5) or `n` is null)",
      }),
    )
    expect((await opened.api.tables.filterSql({ view: viewOf(null) })).sql).toBe('')
  })
})
