// Every declared type that SQLite files have, at its edges: what a database reads is SQLite's own text, a guard meets exactly
// the rows that store the very same value, and what is written back is still that.
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import fc from 'fast-check'
import type { Knex } from 'knex'
import { afterAll, describe, expect, it } from 'vitest'
import { createHeadlessHost } from '../../../headless/host.ts'
import type { Cell } from '../../../shared/cell.ts'
import type { Database, Statement } from '../database.ts'
import { plainName, restoreNames } from '../identifiers.ts'
import type { SqlColumn } from '../sql-dialect.ts'
import { inTransaction } from '../transaction.ts'
import { sqliteSql } from './sql.ts'
import { makeFile, makeFolder, never, openForTest } from './sqlite.test-setup.ts'

/** Wherever a type is declared, SQLite stores any of these; what becomes of them is the affinity's matter. */
const ANYWHERE = ['0', '1', '1.0', `'1'`, `'1.0'`, `x'31'`, `''`, `x''`]

/** A declared type (and what stands behind it), and SQL text of values. */
const EDGES: Record<string, string[]> = {
  integer: ['-9223372036854775808', '-1', '9007199254740993', '9223372036854775807', `'007'`, `'9223372036854775808'`],
  'tinyint(1)': ['-128', '127', `'T'`, `'true'`],
  bigint: ['9223372036854775806', '9.2233720368547758e18'],
  boolean: ['true', 'false', `'T'`, `'F'`, `'true'`, `'1 '`],
  real: ['0.1', '-0.0', '5e-324', '2.2250738585072014e-308', '1.7976931348623157e308', '9e999', '-9e999', '0.1 + 0.2'],
  'double precision': ['9007199254740993.0', '1e15', '1e16', '123456789012345680.0', '1e22', '-0.3333333333333333'],
  float: ['16777217.0', '3.4028235e38', `'1e3'`],
  numeric: [
    '12345678901234567890',
    `'12345678901234567890.12345'`,
    '1e300',
    `'1e300'`,
    `'x'`,
    `'0x10'`,
    `' 5'`,
    `'NaN'`,
  ],
  'decimal(5,2)': ['999.99', '0.10', `'0.10'`, '1e-10'],
  text: [
    ...[`' '`, `'a'`, `'A'`, `'a '`, `'a' || char(10) || 'b' || char(9)`, `'é'`, `'e' || char(0x301)`, `char(0x1F600)`],
    ...[
      `'NULL'`,
      `char(0xFEFF) || 'x'`,
      `'\\'`,
      `'"'''`,
      `char(1)`,
      `'x' || char(0) || 'y'`,
      `char(0)`,
      `char(0xFFFD)`,
    ],
    ...[`replace(hex(zeroblob(5000)), '00', 'é')`, `char(13) || char(10)`, `'007'`, `'5.0'`, `char(0xFFFF)`],
  ],
  'text collate nocase': [`'ann'`, `'ANN'`, `'Ann'`, `'é'`, `'É'`],
  'text collate rtrim': [`'x'`, `'x '`, `'x  '`],
  'varchar(5)': [`'abc'`, `'abc  '`, `'longer than five'`],
  'char(5)': [`'a'`, `'a    '`],
  json: [`'{"a":1, "a":2}'`, `'{"a": 1}'`, `'[1.0, 12345678901234567890]'`, `'null'`, `jsonb('{"a":1}')`],
  uuid: [`'00000000-0000-0000-0000-000000000000'`, `x'00000000000000000000000000000000'`],
  date: [`'2024-02-29'`, `'0000-00-00'`, `'9999-12-31'`, '20240229', '2460370'],
  datetime: [
    ...[
      `'2026-11-22 01:02:03.000001'`,
      `'2026-11-22T01:02:03Z'`,
      `'2026-11-22 01:02:03'`,
      '1795482123',
      '1795482123456',
    ],
    ...['2460370.5432', `'2026-11-22 01:02:03+00:00'`],
  ],
  timestamp: [`'2026-03-29 02:30:00'`, `'infinity'`],
  time: [`'24:00:00'`, `'00:00:00.000001'`, `'-838:59:59'`],
  blob: [`x'00'`, `x'00ff'`, `x'c3a9'`, `'é'`, 'zeroblob(6000)', `'5'`, '5', '5.0'],
  'varbinary(4)': [`x'ffffffff'`, `'a'`],
  any: ['5', '5.0', `'5'`, `x'35'`],
  '': ['5', '5.0', `'5'`, `x'35'`, '9007199254740993', '9007199254740992.0'],
  money: ['0.1', `'$1,234.50'`],
  enum: [`'a'`, `'b'`],
}

const ROWS = Object.entries(EDGES).map(([type, own], index) => ({
  type,
  values: [...new Set([...ANYWHERE, ...own])],
  table: `edges_${index}`,
}))
const count = ROWS.reduce((sum, { values }) => sum + values.length, 0)
const isFull = process.env.VERIFY === 'full'
/** Random values of each kind. */
const RANDOM = isFull ? 10_000 : 300

const COLUMN: SqlColumn = { name: plainName('v'), type: '', kind: 'other' }

function open(sql: string): { database: Database; file: string } {
  const folder = makeFolder()
  const file = makeFile(join(folder, 'fidelity.db'), sql)
  return { file, database: openForTest(createHeadlessHost({ version: 'test', dataFolder: folder }), { file }) }
}

const statement = (query: Knex.QueryBuilder): Statement => {
  const { sql, bindings } = query.toSQL().toNative()
  return { sql: restoreNames(sql), values: bindings as Cell[] }
}
const from = (table: string) => sqliteSql.knex(sqliteSql.table(table))

/** Storage class and SQLite's own text of each value (quote() has 17 digits of a number, and all bytes), asked by another program. */
function textsOf(file: string, table: string): string[] {
  const other = new BetterSqlite3(file, { readonly: true })
  try {
    const sql = `select typeof(v) || ' ' || case typeof(v) when 'real' then printf('%!.17g', v) when 'text' then hex(v) else quote(v) end from ${table} order by k`
    return other.prepare(sql).pluck().all() as string[]
  } finally {
    other.close()
  }
}

/** The same, of a cell; a number is written by SQLite itself, from its eight bytes. */
function textOf(cell: Cell, numbers: BetterSqlite3.Database): string {
  if (cell === null) return 'null NULL'
  if (typeof cell === 'bigint') return `integer ${cell}`
  if (typeof cell === 'string') return `text ${Buffer.from(cell).toString('hex').toUpperCase()}`
  if (typeof cell === 'number') return `real ${String(numbers.prepare("select printf('%!.17g', ?)").pluck().get(cell))}`
  return `blob X'${Buffer.from(cell).toString('hex').toUpperCase()}'`
}

const numbers = new BetterSqlite3(':memory:')
let compared = 0
let differences = 0
let random = 0

/** Reads, guards and writes back a table of `k` and `v`; `guards` are tried against every row. */
async function holds(database: Database, file: string, table: string, guards: number): Promise<void> {
  const texts = textsOf(file, table)
  const { rows } = await database.read(
    statement(
      from(table)
        .select(['k', sqliteSql.stored(COLUMN)])
        .orderBy('k'),
    ),
    never,
  )
  const cells = rows.map(([, cell = null]) => cell)
  const own = cells.map((cell) => textOf(cell, numbers))
  compared += own.length
  differences += own.filter((text, index) => text !== texts[index]).length
  expect(own).toEqual(texts)

  // A page carries the same, and marks nothing as cut that is whole.
  const shown = from(table).select([sqliteSql.beginning(COLUMN, 20_000), sqliteSql.excess(COLUMN, 20_000)])
  expect((await database.read(statement(shown.orderBy('k')), never)).rows).toEqual(cells.map((cell) => [cell, null]))

  for (const [k, cell] of cells.slice(0, guards).entries()) {
    const met = await database.read(
      statement(from(table).select('k').where(sqliteSql.same(COLUMN, cell)).orderBy('k')),
      never,
    )
    const same = texts.flatMap((text, other) => (text === texts[k] ? [[BigInt(other)]] : []))
    expect(met.rows, texts[k]).toEqual(same)
  }
  await inTransaction(database, never, async (session) => {
    for (const [k, cell] of cells.entries()) {
      const row = () => from(table).where(sqliteSql.knex.raw('k = ?', [k]))
      const away = row().where(sqliteSql.same(COLUMN, cell)).update({ v: null })
      const back = row().update({ v: sqliteSql.value(COLUMN, cell) })
      for (const update of [away, back]) expect(await session.run(statement(update))).toMatchObject({ changes: 1 })
    }
  })
  const after = textsOf(file, table)
  differences += after.filter((text, index) => text !== texts[index]).length
  expect(after).toEqual(texts)
}

afterAll(() => {
  numbers.close()
  if (isFull)
    console.log(
      `FIGURE sqlite: ${ROWS.length} types x edges, ${count} pairs, and ${random} random values: ${compared} compared, ${differences} differ from the text of SQLite`,
    )
})

it('is tried with more than 60 pairs of type and value', () => {
  expect(count).toBeGreaterThan(150)
})

describe.each(ROWS)('$type', ({ type, values, table }) => {
  it('is read, met by a guard, and written back, as SQLite writes it', async () => {
    const rows = values.map((value, k) => `(${k}, ${value})`)
    const { database, file } = open(`create table ${table} (k integer primary key, v ${type});
      insert into ${table} values ${rows.join(', ')}, (${values.length}, null)`)
    await holds(database, file, table, values.length + 1)
  })
})

const RANDOMS: Record<string, fc.Arbitrary<Cell>> = {
  integer: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  real: fc.double({ noNaN: true }),
  text: fc.string({ unit: 'binary', maxLength: 60 }),
  'text collate nocase': fc.string({ unit: 'grapheme', maxLength: 30 }),
  blob: fc.uint8Array({ maxLength: 200 }),
  '': fc.oneof(
    fc.bigInt({ min: -5n, max: 5n }),
    fc.integer({ min: -5, max: 5 }),
    fc.constantFrom('5', '5.0', '', null),
  ),
}

describe.each(Object.entries(RANDOMS))('random values of type "%s"', (type, values) => {
  it('are stored as they are, read as SQLite writes them, and each guard meets its row', async () => {
    const { database, file } = open(`create table random (k integer primary key, v ${type})`)
    const sample = fc.sample(values, { numRuns: RANDOM, seed: 20_261_122 })
    await inTransaction(database, never, (session) =>
      session.bulk(
        'random',
        ['k', 'v'],
        sample.map((cell, k) => [BigInt(k), cell]),
      ),
    )
    // A column of real stores every whole number as a real: what a person gave is what is there, in its class.
    expect(textsOf(file, 'random')).toEqual(sample.map((cell) => textOf(cell, numbers)))
    random += sample.length
    await holds(database, file, 'random', 300)
  }, 300_000)
})
