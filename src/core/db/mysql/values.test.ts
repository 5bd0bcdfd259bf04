// Every type at its limits: read as the server itself writes it, guarded exactly, and written back to the very same value.
import fc from 'fast-check'
import type { Knex } from 'knex'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithMariadb } from '../../../../scripts/servers/missing.ts'
import type { Cell } from '../../../shared/cell.ts'
import type { Link } from '../server/link.ts'
import type { SqlColumn } from '../sql-dialect.ts'
import { describeTable } from './introspect.ts'
import { linkTo, readOf, rowsOf, run } from './mysql.test-setup.ts'
import { mysqlSql } from './sql.ts'

const isFull = process.env.VERIFY === 'full'

const long = (unit: string, times: number) => `repeat('${unit}', ${times})`
const bytes = `unhex('${Array.from({ length: 256 }, (_, index) => index.toString(16).padStart(2, '0')).join('')}')`

/** A declared type, and values of it as the server's SQL writes them. */
const CASES: [type: string, values: string[]][] = [
  ['tinyint', ['-128', '127', '0']],
  ['tinyint unsigned', ['0', '255']],
  ['tinyint(1)', ['0', '1', '-128']],
  ['smallint', ['-32768', '32767']],
  ['mediumint unsigned', ['0', '16777215']],
  ['int', ['-2147483648', '2147483647']],
  ['int(8) unsigned zerofill', ['0', '42', '4294967295']],
  ['bigint', ['-9223372036854775808', '9223372036854775807', '9007199254740993', '-9007199254740993']],
  ['bigint unsigned', ['0', '18446744073709551615', '9223372036854775808', '18446744073709551614']],
  ['decimal(65,0)', ['9'.repeat(65), `-${'9'.repeat(65)}`, '0', `${'9'.repeat(64)}8`]],
  ['decimal(65,30)', [`${'9'.repeat(35)}.${'9'.repeat(30)}`, `-0.${'0'.repeat(29)}1`, `0.${'0'.repeat(29)}2`]],
  ['decimal(20,2)', ['0.10', '123456789012345678.91', '123456789012345678.92', '-0.01']],
  ['decimal(5,2) unsigned zerofill', ['1.5', '999.99']],
  [
    'float',
    ['0.1', '16777217', '3.40282e38', '1.17549e-38', '1e-45', '-0.333333333', '0', "'-0'", '123456.789', '1234567.9'],
  ],
  ['float(7,4)', ['0.1', '999.9999', '-1.00005']],
  ['float unsigned', ['0.1', '3.3']],
  [
    'double',
    [
      '0.1',
      '1.7976931348623157e308',
      '2.2250738585072014e-308',
      '5e-324',
      '-0.3333333333333333e0',
      '0',
      "'-0'",
      '9007199254740993',
    ],
  ],
  ['double(12,3)', ['0.1', '123456789.123', '-0.001']],
  ['double', ['0.1e0 + 0.2e0', '1e22', '1e21', '123456789012345680000', '100']],
  ['bit(1)', ["b'0'", "b'1'"]],
  ['bit(9)', ["b'0'", "b'111111111'", "b'100000000'"]],
  ['bit(64)', ['0', '18446744073709551615', '9223372036854775808', '1']],
  ['date', ["'0000-00-00'", "'1000-01-01'", "'9999-12-31'", "'2024-02-29'", "'2024-00-00'"]],
  ['datetime', ["'0000-00-00'", "'9999-12-31 23:59:59'", "'2024-01-01'"]],
  ['datetime(3)', ["'2024-01-01 00:00:00.001'", "'2024-01-01 00:00:00.002'"]],
  ['datetime(6)', ["'0000-00-00'", "'9999-12-31 23:59:59.999999'", "'2024-01-01 00:00:00.000001'", "'2024-01-01'"]],
  ['timestamp null', ["'1970-01-01 00:00:01'", "'2038-01-19 03:14:07'", "'2024-03-31 02:30:00'", "'0000-00-00'"]],
  ['timestamp(6) null', ["'2038-01-19 03:14:07.999999'", "'2024-10-27 01:30:00.000001'"]],
  ['time', ["'-838:59:59'", "'838:59:59'", "'00:00:00'"]],
  ['time(6)', ["'-838:59:59.999999'", "'838:59:59.999999'", "'00:00:00.000001'", "'-00:00:00.000001'"]],
  ['year', ["'0000'", "'1901'", "'2155'", "'2000'"]],
  ['char(10)', ["''", "'a'", "'A'", "'  a'", "'ä'"]],
  ['char(3) character set utf8mb4', ["'😀😀😀'", "'🎉🎉🎉'"]],
  ['varchar(50)', ["''", "' '", "'  '", "'a'", "'a '", "'A'", "'á'", "'ß'", "'ss'", "'a\\0b'", "'\\0'", "'x\\uFFFD'"]],
  ['varchar(50) collate utf8mb4_general_ci', ["'😀@x'", "'🎉@x'", "'𠮷@x'", "'\uFFFD@x'", "'İ'", "'i'"]],
  ['varchar(50) collate utf8mb4_unicode_ci', ["'e\u0301'", "'é'", "'ﬃ'", "'ffi'", "'a\u200bb'", "'ab'", "'a\\0b'"]],
  ['varchar(50) collate utf8mb4_bin', ["'a'", "'a '", "'A'", "'\\'\"`\\\\'", "'?'", "'-- ?'", "'%_!'"]],
  ['varchar(50) character set utf8mb3', ["'a'", "'A'", "'漢字'", "'é'"]],
  ['varchar(50) character set latin1', ["'é'", "'E'", "'e'", "'€'", "unhex('81')", "'a '", "unhex('ff00')"]],
  ['varchar(50) character set latin1 collate latin1_bin', ["'é'", "'É'"]],
  ['varchar(50) character set ascii', ["'a'", "'A'"]],
  ['varchar(50) character set utf16', ["'😀'", "'a'", "'A'"]],
  ['varchar(50) character set cp1251', ["'Ж'", "'ж'"]],
  ['tinytext', ["''", "'x'", long('x', 255)]],
  ['text', ["''", "'x '", "'x'", long('é', 1000), long('😀', 2000)]],
  ['mediumtext', [long('ab', 100_000), "'a\\r\\nb\\tc\\Z'"]],
  ['longtext', [long('é', 100_000), "'\ufeffx'", "'x'"]],
  ['json', ['\'{"a": 1.0, "a": 2, "b": 9007199254740993}\'', "'[]'", '\'"😀"\'', "'null'", "'[ ]'"]],
  ["enum('b','a','it''s','','ä,ö')", ["'b'", "'a'", "'it''s'", "''", "'ä,ö'"]],
  ["set('x','y','z')", ["''", "'x'", "'x,z'", "'x,y,z'"]],
  ['binary(4)', ["''", "unhex('00000000')", "unhex('ff')", "'a'", "'A'"]],
  ['varbinary(300)', ["''", "unhex('00')", "'a'", "'a '", bytes]],
  ['tinyblob', ["''", "unhex('ff')"]],
  ['blob', ["unhex('00ff00')", bytes, long('\\0', 60_000)]],
  ['longblob', [`repeat(${bytes}, 1000)`, "'abc'"]],
  ['point', ['point(1,2)', 'point(-0.1, 1e300)']],
  ['geometry', ["st_geomfromtext('POINT(1 1)', 4326)", "st_geomfromtext('LINESTRING(0 0,1 1,2 2)')"]],
  ['polygon', ["st_geomfromtext('POLYGON((0 0,1 0,1 1,0 0))')"]],
  ['uuid', ["'00000000-0000-0000-0000-000000000000'", "'ffffffff-ffff-ffff-ffff-fffffffffffe'"]],
  ['inet6', ["'::'", "'::1'", "'2001:db8::ff00:42:8329'"]],
  ['inet4', ["'0.0.0.0'", "'255.255.255.255'"]],
]

/** As the server writes it, asked on a connection that has nothing to do with Roster's. */
const textOf = (type: string) =>
  /^float|^double/.test(type)
    ? 'cast(c * 1e0 as char)'
    : /^(bit|binary|varbinary|.*blob|point|geometry|polygon)/.test(type)
      ? 'hex(c)'
      : 'cast(c as char character set utf8mb4)'

/** The bytes that are stored, or for numbers every digit of them: what must be the same after writing it back. */
const storedOf = (type: string) =>
  /^(float|double|tinyint|smallint|mediumint|int|bigint|decimal)/.test(type) ? textOf(type) : 'hex(c)'

function asServerText(cell: Cell, type: string): string | null {
  if (cell === null) return null
  // HEX() of a BIT leaves zeros in front out.
  if (cell instanceof Uint8Array && type.startsWith('bit'))
    return BigInt(`0x${Buffer.from(cell).toString('hex')}`)
      .toString(16)
      .toUpperCase()
  if (cell instanceof Uint8Array) return Buffer.from(cell).toString('hex').toUpperCase()
  if (typeof cell === 'bigint' && type.includes('zerofill'))
    return String(cell).padStart(Number(/\d+/.exec(type)?.[0]), '0')
  return String(cell)
}

const statement = (query: Knex.QueryBuilder | Knex.Raw) => {
  const { sql, bindings } = query.toSQL().toNative()
  return { sql, values: bindings as Cell[] }
}

/** What the run compared, limits and random values. */
const compared = { edges: 0, random: 0, differences: 0 }

describeWithMariadb(
  'values of MariaDB',
  (server) => {
    let link: Link
    beforeAll(async () => {
      await server().admin(
        `set global time_zone = '+05:00'; alter database \`${server().database}\` character set utf8mb4`,
      )
      link = await linkTo(server())
    })
    afterAll(async () => {
      await link.end()
      const { edges, random, differences } = compared
      if (isFull)
        console.log(
          `FIGURE mysql: ${new Set(CASES.map(([type]) => type)).size} types, ${edges} pairs of type and value, ${differences} differ from the text of the server; ${random} random values read back as they were written`,
        )
    })

    const before = "set time_zone = '+00:00', sql_mode = 'ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO'; "

    async function makeTable(name: string, type: string, values: string[]): Promise<SqlColumn> {
      await server()
        .admin(`${before} create table ${name} (id int primary key auto_increment, c ${type} ${/null/.test(type) ? '' : 'null'});
      insert into ${name} (c) values (${values.join('), (')})`)
      const column = (await describeTable(readOf(link), name))?.columns.find((one) => one.name === 'c')
      if (!column) throw new Error(`${name} has no column c`)
      return column
    }

    const told = async (table: string, what: string) =>
      new Map(
        (await server().admin(`${before} select id, ${what} from ${table} order by id`)).map(([id, text]) => [
          Number(id),
          text,
        ]),
      )

    const read = async (table: string, column: SqlColumn) =>
      (await link.query(statement(mysqlSql.knex(table).select('id', mysqlSql.stored(column)).orderBy('id')))).rows as [
        bigint,
        Cell,
      ][]

    /** Reads, guards, and writes back every row of a table. */
    async function holds(table: string, column: SqlColumn, type: string) {
      const texts = await told(table, textOf(type))
      const stored = await told(table, storedOf(type))
      const rows = await read(table, column)
      expect(rows.length).toBe(texts.size)
      for (const [id, cell] of rows) {
        const text = texts.get(Number(id)) ?? null
        const isSame = typeof cell === 'number' ? Object.is(cell, Number(text)) : asServerText(cell, type) === text
        compared.edges += 1
        if (!isSame) compared.differences += 1
        if (typeof cell === 'number') expect(isSame, `${cell} is not ${text}`).toBe(true)
        else expect(asServerText(cell, type)).toBe(text)

        const same = [...stored].filter(([, one]) => one === stored.get(Number(id))).map(([one]) => BigInt(one))
        const found = await link.query(
          statement(mysqlSql.knex(table).select('id').where(mysqlSql.same(column, cell)).orderBy('id')),
        )
        expect(
          found.rows.map(([one]) => one),
          `guard of ${text?.slice(0, 40)}`,
        ).toEqual(same)

        await link.begin()
        const target = () => mysqlSql.knex(table).where('id', Number(id))
        const away = await link.run(statement(target().where(mysqlSql.same(column, cell)).update({ c: null })))
        const back = await link.run(
          statement(
            target()
              .where(mysqlSql.same(column, null))
              .update({ c: mysqlSql.value(column, cell) }),
          ),
        )
        expect([away.changes, back.changes]).toEqual([1, 1])
        // Writing what is there already finds its row as well (FOUND_ROWS).
        const again = await link.run(
          statement(
            target()
              .where(mysqlSql.same(column, cell))
              .update({ c: mysqlSql.value(column, cell) }),
          ),
        )
        expect(again.changes).toBe(1)
        await link.commit()
      }
      const after = await told(table, storedOf(type))
      compared.differences += [...stored].filter(([id, text]) => after.get(id) !== text).length
      expect(after).toEqual(stored)
      expect(await told(table, textOf(type))).toEqual(texts)
    }

    it(`are at least 60 types and limits (${CASES.length} types, ${CASES.flatMap(([, values]) => values).length} values)`, () => {
      expect(CASES.length).toBeGreaterThanOrEqual(55)
      expect(CASES.flatMap(([, values]) => values).length).toBeGreaterThanOrEqual(150)
    })

    it.each(CASES.map(([type, values], index) => [type, values, index] as const))('%s', async (type, values, index) => {
      const table = `v${index}`
      await holds(table, await makeTable(table, type, values), type)
    })

    it('does not take the wrong float: neighbours are told apart', async () => {
      const column = await makeTable('neighbours', 'float', [
        '0.1',
        '0.10000001',
        '0.100000009',
        '16777216',
        '16777218',
      ])
      await holds('neighbours', column, 'float')
      expect(new Set((await read('neighbours', column)).map(([, cell]) => cell)).size).toBeGreaterThanOrEqual(4)
    })

    it('keeps two columns of one name, and NULL apart from everything', async () => {
      const { columns, rows } = await link.query({ sql: "select 1 a, null a, '' a, 'NULL' a", values: [] })
      expect([columns, rows]).toEqual([['a', 'a', 'a', 'a'], [[1n, null, '', 'NULL']]])
    })

    it('hands out text that is not valid as its bytes, and guards and writes it by them', async () => {
      // A table whose column says utf8mb4 over bytes that are not: as it is after careless copies between servers.
      await server().admin(`create table raw_bytes (id int primary key, c varbinary(20)) engine=MyISAM;
      create table bad_text (id int primary key, c varchar(5) character set utf8mb4) engine=MyISAM;
      insert into raw_bytes values (1, unhex('61ff62')), (2, 'ok'), (3, unhex('EFBFBD')); flush tables`)
      const datadir = (await server().admin('select @@datadir'))[0]?.[0] ?? ''
      const { copyFileSync } = await import('node:fs')
      for (const end of ['MYD', 'MYI'])
        copyFileSync(
          `${datadir}/${server().database}/raw_bytes.${end}`,
          `${datadir}/${server().database}/bad_text.${end}`,
        )
      await server().admin('flush tables')
      const column = { name: 'c', type: 'varchar(5)', kind: 'text' as const }
      const rows = await read('bad_text', column)
      expect(rows).toEqual([
        [1n, new Uint8Array([0x61, 0xff, 0x62])],
        [2n, 'ok'],
        [3n, '\uFFFD'],
      ])
      for (const [id, cell] of rows) {
        const found = await link.query(
          statement(mysqlSql.knex('bad_text').select('id').where(mysqlSql.same(column, cell))),
        )
        expect(found.rows).toEqual([[id]])
      }
      // The server takes no such text, so it cannot be written by mistake.
      await server().admin('create table good_text (id int primary key, c varchar(5) character set utf8mb4)')
      await expect(run(link, 'update good_text set c = 1')).rejects.toThrow()
      await link.begin()
      await expect(run(link, 'insert into good_text values (1, ?)', [new Uint8Array([0xff])])).rejects.toMatchObject({
        errno: 1366,
      })
      await link.rollback()
    })

    it('refuses what cannot be stored as it is', async () => {
      for (const value of ['\ud800', 'x\udc00y', NaN, Infinity])
        await expect(rowsOf(link, 'select ?', [value])).rejects.toMatchObject({ code: 'ROSTER_VALUE' })
    })

    if (isFull)
      it.each([
        ['bigint', fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
        ['bigint unsigned', fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })],
        // MariaDB has no minus zero; adding 0 takes its sign off.
        ['double', fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0)],
        ['float', fc.float({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0)],
        [
          'decimal(40,10)',
          fc
            .bigInt({ min: -(10n ** 39n), max: 10n ** 39n })
            .map((n) => `${n / 10n ** 10n}.${String((n < 0n ? -n : n) % 10n ** 10n).padStart(10, '0')}`),
        ],
        ['varchar(100) collate utf8mb4_general_ci', fc.string({ unit: 'grapheme', maxLength: 25 })],
        ['varchar(100) collate utf8mb4_bin', fc.string({ unit: 'binary', maxLength: 50 })],
        ['varbinary(100)', fc.uint8Array({ maxLength: 100 })],
        [
          'datetime(6)',
          fc
            .date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
            .map((date) => date.toISOString().replace('T', ' ').replace('Z', '123')),
        ],
        ['bit(64)', fc.uint8Array({ minLength: 8, maxLength: 8 })],
      ] as [string, fc.Arbitrary<Exclude<Cell, null>>][])(
        '10,000 random values: %s',
        async (type, arbitrary) => {
          const table = `random_${type.replaceAll(/\W/g, '_')}`
          const column = await makeTable(table, type, ['null'])
          const values = fc.sample(arbitrary, { numRuns: 10_000, seed: 20261122 })
          await link.begin()
          for (let start = 0; start < values.length; start += 500)
            await link.run(
              statement(
                mysqlSql
                  .knex(table)
                  .insert(
                    values
                      .slice(start, start + 500)
                      .map((value, index) => ({ id: start + index + 10, c: mysqlSql.value(column, value) })),
                  ),
              ),
            )
          await link.commit()
          const rows = (await read(table, column)).filter(([, cell]) => cell !== null)
          expect(rows.length).toBe(values.length)
          rows.forEach(([, cell], index) => {
            const value = values[index] as Cell
            if (value instanceof Uint8Array) expect(cell).toEqual(new Uint8Array(value))
            else if (typeof value === 'string' && type.startsWith('decimal'))
              expect(BigInt(String(cell).replace('.', ''))).toBe(BigInt(value.replace('.', '')))
            else expect(Object.is(cell, value), `${String(cell)} is not ${String(value)}`).toBe(true)
          })
          compared.random += rows.length
          // The guard of each finds the row itself, and no row that holds something else.
          for (const [id, cell] of rows.slice(0, 500)) {
            const found = await link.query(
              statement(mysqlSql.knex(table).select('id', mysqlSql.stored(column)).where(mysqlSql.same(column, cell))),
            )
            expect(found.rows.map(([one]) => one)).toContain(id)
            for (const [, other] of found.rows) expect(other).toEqual(cell)
          }
        },
        600_000,
      )
  },
  { own: true },
)
