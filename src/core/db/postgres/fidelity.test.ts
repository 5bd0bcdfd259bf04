// Every type of PostgreSQL at its edges: what a link reads is the server's own text, what is written back is still that, and
// a guard meets exactly the row whose value is written like that.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeWithPostgres } from '../../../../scripts/servers/missing.ts'
import type { TestServer } from '../../../../scripts/servers/server.ts'
import type { Cell } from '../../../shared/cell.ts'
import type { Statement } from '../database.ts'
import { plainName, restoreNames } from '../identifiers.ts'
import type { Link } from '../server/link.ts'
import type { SqlColumn } from '../sql-dialect.ts'
import { describeTable } from './introspect.ts'
import { linkTo, readOf, rowsOf } from './postgres.test-setup.ts'
import { postgresSql } from './sql.ts'

/** SQL text of values, each an edge of its type; neighbours that compare as equal and are written differently stand together. */
const EDGES: Record<string, string[]> = {
  smallint: ['-32768', '-1', '0', '32767'],
  integer: ['-2147483648', '0', '2147483647'],
  bigint: ['-9223372036854775808', '9007199254740993', '9223372036854775807'],
  oid: ['0', '4294967295'],
  numeric: [
    ...['0', '0.0', '1', '1.0', '1.00', '-0.000000000000000000001', '12345678901234567890.12345678901234567890'],
    ...[`'NaN'`, `'Infinity'`, `'-Infinity'`, `repeat('9', 1000)::numeric`, '1e-1000'],
  ],
  'numeric(5,2)': ['999.99', '-999.99', '0.10'],
  'double precision': [
    ...[`'0'`, `'-0'`, '0.1', `'1.7976931348623157e308'`, `'5e-324'`, '1e15', '1e16', '123456789012345680'],
    ...[`'NaN'`, `'Infinity'`, `'-Infinity'`, 'pi()', '0.1::float8 + 0.2::float8'],
  ],
  real: [`'3.4028235e38'`, `'1e-45'`, '0.1', '16777217', `'-0'`, `'NaN'`],
  money: [`'0'`, `'-92233720368547758.08'`, `'92233720368547758.07'`, `'$1,234.50'`],
  boolean: ['true', 'false'],
  text: [
    ...[`''`, `' '`, `'a'`, `'A'`, `'a '`, `E'a\\nb\\tc'`, `'é'`, `E'e\\u0301'`, `E'\\U0001F600'`, `'NULL'`, `'null'`],
    ...[`E'\\ufeffx'`, `E'\\\\'`, `'"'''`, `E'\\x01'`, `repeat('é', 5000)`, `'\\x00'`, `E'\\r\\n'`, `E'\\uFFFF'`],
  ],
  'character varying(5)': [`'abc'`, `'abc  '`, `''`, `'ÄÖÜäö'`],
  'character(5)': [`''`, `'a'`, `'abcde'`, `'é'`],
  bpchar: [`'a'`, `'a  '`],
  '"char"': [`'x'`, `''`, `'\\377'`],
  name: [`'x'`, `repeat('n', 63)`],
  bytea: [`''`, `'\\x00'`, `'\\x00ff'`, `'\\x5c78'`, `decode(repeat('00ff', 3000), 'hex')`],
  date: [`'0001-01-01'`, `'4713-01-01 BC'`, `'5874897-12-31'`, `'2024-02-29'`, `'infinity'`, `'-infinity'`],
  time: [`'00:00:00'`, `'23:59:59.999999'`, `'24:00:00'`],
  timetz: [`'12:00:00+15:59'`, `'12:00:00-15:59:59'`, `'00:00:00.000001+00'`],
  timestamp: [
    ...[`'4713-01-01 00:00:00 BC'`, `'294276-12-31 23:59:59.999999'`, `'2026-11-22 01:02:03.000001'`],
    ...[`'2026-03-29 02:30:00'`, `'infinity'`, `'-infinity'`, `'0001-01-01 BC'`, `'2026-11-22'`],
  ],
  'timestamp(0)': [`'2026-11-22 01:02:03'`],
  timestamptz: [
    ...[`'4713-01-01 00:00:00+00 BC'`, `'294276-12-31 23:59:59.999999+00'`, `'2026-10-25 02:30:00 Europe/Berlin'`],
    ...[`'1893-04-01 00:00:00 Europe/Berlin'`, `'infinity'`],
  ],
  interval: [
    ...[`'1 day'`, `'24 hours'`, `'1 mon'`, `'30 days'`, `'-178000000 years'`, `'178000000 years'`, `'0'`],
    ...[`'1 year -2 mons +3 days -04:05:06.000007'`, `'-00:00:00.000001'`],
  ],
  uuid: [`'00000000-0000-0000-0000-000000000000'`, `'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF'`],
  json: [
    ...[`'{"a":1, "a":2}'`, `'{"a": 1}'`, `'[1.0, 12345678901234567890, 1e400]'`, `'null'`, `'"\\u00e9"'`, `'  {}'`],
  ],
  jsonb: [`'{"b": 1.00, "a": 12345678901234567890}'`, `'null'`, `'"x"'`, `'[]'`, `'1.0'`, `'1.00'`],
  xml: [`'<a b="c"/>'`, `'<?xml version="1.0"?><a/>'`, `'text'`],
  inet: [`'192.168.0.1'`, `'192.168.0.1/24'`, `'::1'`, `'0.0.0.0/0'`],
  cidr: [`'10.0.0.0/8'`, `'::/0'`],
  macaddr: [`'08:00:2b:01:02:03'`],
  macaddr8: [`'08:00:2b:ff:fe:01:02:03'`],
  'bit(3)': [`B'000'`, `B'101'`],
  'bit varying': [`B''`, `B'0'`, `B'00'`, `repeat('10', 500)::varbit`],
  point: [`'(0,0)'`, `'(-0,1e300)'`, `'(NaN,Infinity)'`],
  line: [`'{1,2,3}'`],
  lseg: [`'[(0,0),(1,1)]'`],
  box: [`'(1,1),(0,0)'`],
  path: [`'[(0,0),(1,1)]'`, `'((0,0),(1,1))'`],
  polygon: [`'((0,0),(1,1),(1,0))'`],
  circle: [`'<(0,0),1>'`],
  int4range: [`'[1,5)'`, `'empty'`, `'(,)'`],
  numrange: [`'[1.0,2.00]'`, `'(1,)'`],
  tstzrange: [`'[2026-11-22 00:00+00,infinity)'`],
  datemultirange: [`'{[2026-01-01,2026-02-01),[2026-03-01,)}'`, `'{}'`],
  'integer[]': [`'{}'`, `'{1,NULL,-2}'`, `'[0:1]={1,2}'`, `'{{1,2},{3,4}}'`],
  'text[]': [`'{}'`, `'{"",NULL,"NULL","a,b","c\\"d","{"}'`, `array[E'\\n', ' ']`],
  'bytea[]': [`array['\\x00ff'::bytea, null]`],
  'timestamp[]': [`array['infinity', '2026-11-22 01:02:03.000001']::timestamp[]`],
  tsvector: [`'a:1A b:2'`, `''`],
  tsquery: [`'a & !b'`],
  pg_lsn: [`'16/B374D848'`],
  xid8: [`'18446744073709551615'`],
  regclass: [`'pg_class'`],
  jsonpath: [`'$.a[*]'`],
  mood: [`'glad'`, `'sad'`, `'it''s "odd"'`],
  pair: [`'(1,"a b")'`, `'(,)'`, `'(1,"")'`],
  whole: ['7', '-7'],
  words: [`'x'`, `'X'`],
  'words[]': [`'{x,NULL}'`],
}

const count = Object.values(EDGES).reduce((sum, values) => sum + values.length, 0)
const isFull = process.env.VERIFY === 'full'
/** Random values of each type. */
const RANDOM = isFull ? 10_000 : 300

const statement = (query: { toSQL(): { toNative(): { sql: string; bindings: readonly unknown[] } } }): Statement => {
  const { sql, bindings } = query.toSQL().toNative()
  return { sql: restoreNames(sql), values: bindings as Cell[] }
}

/** The server's own text, on a connection that knows nothing of links. */
const SESSION = `set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres'; set bytea_output = 'hex';
  set extra_float_digits = 3;`
const textsOf = async (server: TestServer, table: string) =>
  (await server.admin(`${SESSION} select v from ${table} order by k`)).map(([text]) => text ?? null)

function textOf(cell: Cell | undefined): string | null {
  if (cell === null || cell === undefined) return null
  return cell instanceof Uint8Array ? `\\x${Buffer.from(cell).toString('hex')}` : String(cell)
}

async function columnOf(link: Link, table: string): Promise<SqlColumn> {
  const shape = await describeTable(readOf(link), table)
  const column = shape?.columns.find(({ name }) => name === 'v')
  if (!column) throw new Error(`No table ${table}.`)
  return { ...column, name: plainName(column.name) }
}

/** What the run compared, edges and random values. */
const compared = { edges: 0, random: 0, differences: 0 }
const differing = (own: readonly (string | null)[], server: readonly (string | null)[]) =>
  own.filter((text, index) => text !== server[index]).length

const from = (table: string) => postgresSql.knex(postgresSql.table(table))

describeWithPostgres('fidelity', (server) => {
  let link: Link
  beforeAll(async () => {
    await server().admin(`create type mood as enum ('glad', 'sad', 'it''s "odd"'); create type pair as (a int, b text);
      create domain whole as int8; create domain words as text`)
    link = await linkTo(server())
  })
  afterAll(async () => {
    await link.end()
    const { edges, random, differences } = compared
    if (isFull)
      console.log(
        `FIGURE postgres: ${Object.keys(EDGES).length} types, ${edges} pairs of type and value, ${random} random values; ${differences} differ from the text of the server`,
      )
  })

  it('is tried with more than 60 pairs of type and value', () => {
    expect(count).toBeGreaterThan(150)
  })

  describe.each(Object.entries(EDGES).map(([type, values], index) => ({ type, values, table: `edges_${index}` })))(
    '$type',
    ({ type, values, table }) => {
      it('is read, met by a guard, and written back, as the server writes it', async () => {
        const rows = values.map((value, k) => `(${k}, (${value})::${type})`)
        await server().admin(`create table ${table} (k int primary key, v ${type});
          insert into ${table} values ${rows.join(', ')}, (${values.length}, null)`)
        const texts = await textsOf(server(), table)
        const column = await columnOf(link, table)
        const stored = await rowsOf(link, `select v from ${table} order by k`)
        const cells = stored.map(([cell]) => cell ?? null)
        compared.edges += cells.filter((cell) => cell !== null).length
        compared.differences += differing(cells.map(textOf), texts)
        expect(cells.map(textOf)).toEqual(texts)
        for (const cell of cells) expect(cell).not.toBeTypeOf('number')

        // A page carries the same, and marks nothing as cut that is whole.
        const { knex } = postgresSql
        const shown = from(table).select([postgresSql.beginning(column, 20_000), postgresSql.excess(column, 20_000)])
        expect((await link.query(statement(shown.orderBy('k')))).rows).toEqual(cells.map((cell) => [cell, null]))

        for (const [k, cell] of cells.entries()) {
          const met = from(table).select('k').where(postgresSql.same(column, cell)).orderBy('k')
          const same = texts.flatMap((text, other) => (text === texts[k] ? [[BigInt(other)]] : []))
          expect((await link.query(statement(met))).rows).toEqual(same)
        }

        await link.begin()
        for (const [k, cell] of cells.entries()) {
          const update = from(table)
            .where(knex.raw('k = ?', [String(k)]))
            .where(postgresSql.same(column, cell))
            .update({ v: postgresSql.value(column, cell) })
          expect(await link.run(statement(update))).toMatchObject({ changes: 1 })
          const insert = from(table).insert({ k: String(1000 + k), v: postgresSql.value(column, cell) })
          await link.run(statement(insert))
        }
        await link.commit()
        const after = await textsOf(server(), table)
        compared.differences += differing(after, [...texts, ...texts])
        expect(after).toEqual([...texts, ...texts])
      })
    },
  )

  /** Values in ways that a person or a program could write them. */
  const RANDOMS: Record<string, fc.Arbitrary<Cell>> = {
    bigint: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    numeric: fc
      .tuple(fc.bigInt({ min: -(10n ** 60n), max: 10n ** 60n }), fc.integer({ min: 0, max: 40 }))
      .map(([digits, scale]) => `${digits}e-${scale}`),
    'double precision': fc.double(),
    real: fc.float(),
    text: fc.string({ unit: 'binary', maxLength: 60 }).map((text) => text.replaceAll('\0', '')),
    'character varying': fc.string({ unit: 'grapheme', maxLength: 60 }),
    'character(60)': fc.string({ unit: 'grapheme-ascii', maxLength: 60 }),
    bytea: fc.uint8Array({ maxLength: 200 }),
    boolean: fc.constantFrom('t', 'f', 'true', 'no', '1'),
    timestamp: fc
      .tuple(fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }), fc.nat(999))
      .map(([date, micro]) => `${date.toISOString().slice(0, -1)}${String(micro).padStart(3, '0')}`),
    timestamptz: fc
      .tuple(
        fc.date({ min: new Date('0002-01-01'), max: new Date('9998-12-31'), noInvalidDate: true }),
        fc.integer({ min: -15, max: 15 }),
      )
      .map(
        ([date, zone]) =>
          `${date.toISOString().slice(0, -1)}${zone < 0 ? '-' : '+'}${String(Math.abs(zone)).padStart(2, '0')}:30`,
      ),
    interval: fc
      .tuple(fc.integer({ min: -9999, max: 9999 }), fc.integer({ min: -99_999, max: 99_999 }), fc.maxSafeInteger())
      .map(([months, days, micro]) => `${months} mons ${days} days ${Math.trunc(micro / 1000)} microseconds`),
    uuid: fc.uuid(),
    json: fc.json({ noUnicodeString: false }).map((text) => text.replaceAll('\\u0000', '')),
    jsonb: fc.json().map((text) => text.replaceAll('\\u0000', '')),
    'text[]': fc
      .array(fc.option(fc.string({ unit: 'grapheme', maxLength: 8 })), { maxLength: 5 })
      .map(
        (texts) =>
          `{${texts.map((text) => (text === null ? 'NULL' : JSON.stringify(text).replace(/\\[nrtbf]/g, 'x'))).join(',')}}`,
      ),
    inet: fc.oneof(
      fc.ipV4(),
      fc.ipV6().filter((text) => !text.includes('.')),
    ),
    'bit varying': fc.string({ unit: fc.constantFrom('0', '1'), maxLength: 80 }),
  }

  describe.each(Object.entries(RANDOMS).map(([type, values], index) => ({ type, values, table: `random_${index}` })))(
    'random values of $type',
    ({ type, values, table }) => {
      it('are read as the server writes them, and each guard meets its row', { timeout: 120_000 }, async () => {
        const sample = fc.sample(values, { numRuns: RANDOM, seed: 20_261_122 })
        await server().admin(`create table ${table} (k int primary key, v ${type})`)
        await link.begin()
        await link.bulk(
          table,
          ['k', 'v'],
          sample.map((cell, k) => [BigInt(k), cell]),
        )
        await link.commit()
        const texts = await textsOf(server(), table)
        const column = await columnOf(link, table)
        const stored = await rowsOf(link, `select v from ${table} order by k`)
        const own = stored.map(([cell]) => textOf(cell))
        compared.random += own.length
        compared.differences += differing(own, texts)
        expect(own).toEqual(texts)
        await link.begin()
        for (const [k, [cell = null]] of stored.entries()) {
          const update = from(table)
            .where(postgresSql.knex.raw('k = ?', [String(k)]))
            .where(postgresSql.same(column, cell))
            .update({ v: postgresSql.value(column, cell) })
          expect(await link.run(statement(update))).toMatchObject({ changes: 1 })
        }
        await link.commit()
        const after = await textsOf(server(), table)
        compared.differences += differing(after, texts)
        expect(after).toEqual(texts)
      })
    },
  )
})
