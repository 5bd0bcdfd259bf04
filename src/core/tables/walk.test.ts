// On quiet data, walking a table by keyset gives every row exactly once, whatever the column, its NULLs, its ties and its
// collation, in both directions, on every engine; and a jump to any rank lands where the walk passes.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Cell } from '../../shared/cell.ts'
import type { Page, PagePlace, Sort } from '../../shared/tables.ts'
import { describeOnEachEngine, type Engine, type Opened } from './engines.test-setup.ts'

const ROWS = 240

/** Column, its type on the engine, and SQL for the value of row `n` (1 to ROWS): few values, so that there are ties. */
type Column = [name: string, type: string, value: string]

const SQLITE: Column[] = [
  ['whole', 'integer', 'n % 11 - 5'],
  ['big', 'bigint', '9007199254740993 + n % 7'],
  ['fraction', 'real', 'n % 13 / 3.0'],
  ['mixed', '', "case n % 4 when 0 then n when 1 then 'x' || n when 2 then n / 2.0 else zeroblob(n % 3) end"],
  ['bool', 'boolean', 'n % 2'],
  ['name', 'text collate nocase', "substr('aAbBcCéÉ', n % 8 + 1, 1)"],
  ['moment', 'datetime', "'2026-01-0' || (n % 9 + 1) || ' 10:00:00.00000' || (n % 5)"],
  ['bytes', 'blob', 'zeroblob(n % 5)'],
]

const POSTGRES: Column[] = [
  ['whole', 'smallint', 'n % 11 - 5'],
  ['big', 'bigint', '9007199254740993 + n % 7'],
  ['amount', 'numeric(30,4)', 'n % 9 + 0.1 * (n % 3) + 12345678901234567890'],
  [
    'free',
    'numeric',
    "case n % 6 when 0 then 'NaN'::numeric when 1 then 'Infinity' when 2 then 1.50 when 3 then 1.5 else n % 4 end",
  ],
  ['single', 'real', "case n % 7 when 0 then 'NaN'::real when 1 then '-Infinity' else (n % 5) * 1.1 end"],
  ['doubled', 'double precision', '(n % 7) / 3.0'],
  ['bool', 'boolean', 'n % 2 = 0'],
  [
    'day',
    'date',
    "case n % 9 when 0 then 'infinity'::date when 1 then '0044-03-15 BC' else date '2026-01-01' + n % 5 end",
  ],
  ['moment', 'timestamp', "timestamp '2026-01-01 10:00' + (n % 7) * interval '1 microsecond'"],
  ['instant', 'timestamptz', "timestamptz '2026-03-29 01:00+01' + (n % 7) * interval '20 minutes'"],
  ['clock', 'timetz', "('10:00:0' || n % 4 || case n % 2 when 0 then '+02' else '+01' end)::timetz"],
  [
    'span',
    'interval',
    "case n % 3 when 0 then interval '1 mon' when 1 then interval '30 days' else interval '720:00:00' end",
  ],
  ['word', 'text', "substr('aAbBcCéÉßz', n % 10 + 1, 1)"],
  ['german', 'text collate "de-x-icu"', "substr('aAäÄbzZ', n % 7 + 1, 1)"],
  ['anycase', 'text collate anycase', "substr('aAäÄbBzZ', n % 8 + 1, 1)"],
  ['padded', 'char(6)', "substr('ab', 1, n % 3) || case n % 2 when 0 then '  ' else '' end"],
  ['id_of', 'uuid', 'md5((n % 20)::text)::uuid'],
  ['address', 'inet', "('10.0.' || n % 3 || '.1/' || 8 + n % 3)::inet"],
  ['bits', 'bit(4)', '(n % 6)::bit(4)'],
  ['bytes', 'bytea', "decode(lpad(to_hex(n % 40), 2, '0'), 'hex')"],
  ['mood', 'mood', "(array['sad', 'ok', 'happy'])[n % 3 + 1]::mood"],
  ['list', 'int[]', 'array[n % 3, n % 2]'],
  ['doc', 'jsonb', "jsonb_build_object('a', n % 4)"],
  ['money', 'money', '(n % 5 - 2)::money'],
]

const MYSQL: Column[] = [
  ['whole', 'tinyint', 'n % 11 - 5'],
  ['big', 'bigint unsigned', '18446744073709551615 - n % 7'],
  ['amount', 'decimal(40,4)', 'n % 9 + 0.1 * (n % 3) + 12345678901234567890'],
  ['single', 'float', '(n % 9) * 1.1'],
  ['doubled', 'double', '(n % 7) / 3'],
  ['bool', 'tinyint(1)', 'n % 2'],
  ['bit1', 'bit(1)', 'n % 2'],
  ['bits', 'bit(12)', 'n % 40'],
  ['day', 'date', "adddate('2026-01-01', n % 5)"],
  ['moment', 'datetime(6)', "addtime('2026-01-01 10:00:00', sec_to_time(n % 7 / 1000000))"],
  ['instant', 'timestamp(3) null', "addtime('2026-01-01 10:00:00', sec_to_time(n % 7))"],
  ['clock', 'time(3)', 'sec_to_time((n % 9 - 4) * 100000.5)'],
  ['year_of', 'year', '2000 + n % 5'],
  ['word', 'varchar(20)', "substr('aAbBcCéÉßzs', n % 11 + 1, 1)"],
  [
    'exact',
    'varchar(20) collate utf8mb4_bin',
    "concat(substr('aAbB', n % 4 + 1, 1), case n % 3 when 0 then ' ' else '' end)",
  ],
  ['german', 'varchar(20) collate utf8mb4_german2_ci', "substr('aAäÄbzZ', n % 7 + 1, 1)"],
  ['latin', 'varchar(20) character set latin1', "substr('aAäÄbzZ', n % 7 + 1, 1)"],
  ['padded', 'char(6)', "concat(substr('ab', 1, n % 3), case n % 2 when 0 then '  ' else '' end)"],
  ['long_one', 'text', 'repeat(char(97 + n % 4), 3)'],
  ['bytes', 'varbinary(10)', "unhex(lpad(hex(n % 40), 2, '0'))"],
  ['mood', "enum('sad','ok','happy')", "elt(n % 3 + 1, 'sad', 'ok', 'happy')"],
  ['flags', "set('c','b','a')", "elt(n % 4 + 1, '', 'a,c', 'b', 'c')"],
  ['id_of', 'uuid', "cast(concat('00000000-0000-1000-8000-', substr(md5(n % 20), 1, 12)) as uuid)"],
]

const PREPARE = {
  sqlite: '',
  postgres: `create type mood as enum ('sad', 'ok', 'happy');
    create collation anycase (provider = icu, locale = 'und-u-ks-level1', deterministic = false);`,
  mysql: '',
}

/** `id` is the key of one table; the other has a key of two columns, of text and of numbers. */
function setup(engine: Engine, columns: Column[]): string {
  const list = columns.map(([name, type]) => `${name} ${type}`).join(', ')
  const values = columns.map(([, , value], index) => `case when n % ${(index % 5) + 7} = 0 then null else ${value} end`)
  const numbers = engine.pick({
    sqlite: `with recursive s(n) as (select 1 union all select n + 1 from s where n < ${ROWS})`,
    postgres: `with s(n) as (select generate_series(1, ${ROWS}))`,
    mysql: `with recursive s(n) as (select 1 union all select n + 1 from s where n < ${ROWS})`,
  })
  const insert = (table: string, key: string) =>
    engine.dialect === 'mysql'
      ? `insert into ${table} ${numbers} select ${key}, ${values.join(', ')} from s;`
      : `${numbers} insert into ${table} select ${key}, ${values.join(', ')} from s;`
  return `${engine.pick(PREPARE)}
    create table single_key (id integer primary key, ${list});
    create table double_key (part varchar(10) not null, num integer not null, ${list}, primary key (part, num));
    ${insert('single_key', 'n * 3')} ${insert('double_key', engine.pick({ sqlite: "'k' || n % 7, n", postgres: "'k' || n % 7, n", mysql: "concat('k', n % 7), n" }))}`
}

describeOnEachEngine('walking a table', (engine) => {
  const columns = engine.pick({ sqlite: SQLITE, postgres: POSTGRES, mysql: MYSQL })
  let opened: Opened

  beforeAll(async () => {
    opened = await engine.open(setup(engine, columns))
  }, 120_000)
  /** Walks, in both directions and from both ends, whose rows were those of the database in its order. */
  let walked = 0
  afterAll(async () => {
    await opened.close()
    if (process.env.VERIFY === 'full')
      console.log(
        `FIGURE walk (${engine.dialect}): ${ROWS} rows sorted by each of ${columns.length} columns and by the key, ${walked} walks met every row once`,
      )
  })

  const page = (table: string, sort: Sort | null, place: PagePlace, limit: number) =>
    opened.api.tables.page({ view: { profileId: opened.profileId, table, sort, filter: null }, place, limit })

  async function walk(table: string, sort: Sort | null, limit: number, start: 'first' | 'last'): Promise<Cell[][]> {
    const keys: Cell[][] = []
    let here: Page = await page(table, sort, { kind: start }, limit)
    for (let pages = 0; pages <= ROWS; pages++) {
      if (start === 'first') keys.push(...here.keys)
      else keys.unshift(...here.keys)
      if (!here.hasMore) return keys
      here = await page(
        table,
        sort,
        start === 'first' ? { kind: 'after', cursor: here.last ?? [] } : { kind: 'before', cursor: here.first ?? [] },
        limit,
      )
    }
    throw new Error('The walk did not end.')
  }

  /** The keys in the order in which the database itself sorts. */
  async function sorted(table: string, key: string[], sort: Sort | null): Promise<string[]> {
    const terms = sort ? [sort.column, ...key] : key
    const order = terms.map((term) => `${term} ${sort?.direction ?? 'asc'}`).join(', ')
    const rows = await opened.sql(`select ${key.join(', ')} from ${table} order by ${order}`)
    return rows.map((row) => row.join('/'))
  }

  it.each(columns.map(([name, type]) => [name, type] as const))(
    'sorted by %s (%s) meets every row once, both ways, and any rank',
    async (column) => {
      for (const direction of ['asc', 'desc'] as const) {
        const sort = { column, direction }
        const expected = await sorted('single_key', ['id'], sort)
        expect(expected).toHaveLength(ROWS)
        for (const start of ['first', 'last'] as const) {
          const keys = (await walk('single_key', sort, 17, start)).map((key) => key.join('/'))
          expect(keys, `${direction} from the ${start}`).toEqual(expected)
          walked += 1
        }
        for (const rank of [0, 1, 33, ROWS - 1, ROWS]) {
          const { keys } = await page('single_key', sort, { kind: 'rank', rank }, 3)
          expect(
            keys.map((key) => key.join('/')),
            `rank ${rank}`,
          ).toEqual(expected.slice(rank, rank + 3))
        }
        const both = await sorted('double_key', ['part', 'num'], sort)
        expect((await walk('double_key', sort, 31, 'first')).map((key) => key.join('/'))).toEqual(both)
        walked += 1
      }
    },
  )

  it('by the key of two columns', async () => {
    for (const start of ['first', 'last'] as const) {
      const keys = (await walk('double_key', null, 13, start)).map((key) => key.join('/'))
      expect(keys).toEqual(await sorted('double_key', ['part', 'num'], null))
      walked += 1
    }
  })

  it('gives each row the same cells wherever it is met', async () => {
    const forwards = await page('single_key', null, { kind: 'first' }, ROWS)
    const backwards = await page('single_key', { column: 'whole', direction: 'desc' }, { kind: 'last' }, ROWS)
    const cellsOf = ({ keys, rows }: Page) => new Map(rows.map((row, index) => [String(keys[index]), row]))
    expect(cellsOf(backwards)).toEqual(cellsOf(forwards))
  })
})
