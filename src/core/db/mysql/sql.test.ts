// The dialect's words on a real server: pages by keyset meet every row once in the server's own order, guards and look-ups use
// the index, and nothing that is equal only to a collation is taken for the same.
import type { Knex } from 'knex'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeWithMariadb } from '../../../../scripts/servers/missing.ts'
import type { Cell } from '../../../shared/cell.ts'
import { firstPage, pageAfter, reversed, viewOf, type ViewSql } from '../../tables/view-sql.ts'
import type { TableShape } from '../database.ts'
import type { Link } from '../server/link.ts'
import { describeTable } from './introspect.ts'
import { linkTo, readOf, rowsOf } from './mysql.test-setup.ts'
import { mysqlSql } from './sql.ts'

const statement = (query: Knex.QueryBuilder | Knex.Raw) => {
  const { sql, bindings } = query.toSQL().toNative()
  return { sql, values: bindings as Cell[] }
}

const column = (name: string, type: string) => ({ name, type, kind: 'text' as const })

/** Values with ties, NULLs and whatever a collation or a type orders otherwise than its text. */
const SORTED: [type: string, values: string[]][] = [
  ["enum('z','a','m')", ["'z'", "'a'", "'m'", 'null', "'a'"]],
  ["set('x','b','z')", ["''", "'x'", "'b'", "'x,z'", 'null', "'z'", "'x,b'"]],
  ['varchar(20) collate utf8mb4_general_ci', ["'a'", "'A'", "'á'", "'b '", "'b'", "''", "' '", "'😀'", "'🎉'", 'null']],
  ['varchar(20) collate utf8mb4_unicode_ci', ["'ß'", "'ss'", "'SS'", "'a\\0'", "'a'", 'null', "'é'", "'e\u0301'"]],
  ['varchar(20) character set latin1', ["'é'", "'e'", "'€'", "'z'", 'null']],
  [
    'decimal(30,10)',
    ['1.1', '1.10', '0.1', '-0.1', '12345678901234567890.0000000001', '12345678901234567890.0000000002', 'null'],
  ],
  ['double', ['0.1', '0.30000000000000004', '0.3', '-1e300', '0', 'null', '1e22']],
  ['float', ['0.1', '0.2', '16777217', '16777216', '-0.1', 'null']],
  ['bigint unsigned', ['18446744073709551615', '18446744073709551614', '0', 'null', '9223372036854775807']],
  [
    'datetime(6)',
    ["'2024-01-01 00:00:00.000001'", "'2024-01-01'", "'0000-00-00'", 'null', "'9999-12-31 23:59:59.999999'"],
  ],
  ['time(3)', ["'-838:59:59'", "'00:00:00.001'", "'00:00:00'", "'-00:00:00.001'", 'null', "'838:59:59'"]],
  ['timestamp(2) null', ["'2024-10-27 00:30:00.01'", "'2024-10-27 01:30:00.01'", 'null']],
  ['year', ["'0000'", "'1999'", "'2024'", 'null', "'2024'"]],
  ['bit(9)', ["b'1'", "b'100000000'", "b'11111111'", 'null', "b'0'"]],
  ['varbinary(10)', ["'a'", "'A'", "'a '", "unhex('00')", "''", 'null', "unhex('ff')"]],
  ['text', ["repeat('x', 1500)", "concat(repeat('x', 1500), 'b')", "concat(repeat('x', 1500), 'a')", 'null', "''"]],
  ['uuid', ["'ffffffff-0000-0000-0000-000000000001'", "'00000000-ffff-0000-0000-000000000001'", 'null']],
  ['inet6', ["'::2'", "'::10'", 'null', "'ff::'"]],
]

describeWithMariadb('the words of MariaDB', (server) => {
  let link: Link
  beforeAll(async () => {
    await server().admin(`alter database \`${server().database}\` character set utf8mb4`)
    link = await linkTo(server())
  })
  afterAll(() => link.end())

  const shapeOf = async (table: string) => (await describeTable(readOf(link), table)) as TableShape

  /** All rows, page by page: their keys. */
  async function walk(view: ViewSql, size: number): Promise<Cell[]> {
    const keys: Cell[] = []
    let next = firstPage(mysqlSql, view, size)
    for (;;) {
      const { rows } = await link.query(next)
      keys.push(...rows.map((row) => row.at(-1) ?? null))
      const last = rows.at(-1)
      if (!last || rows.length < size) return keys
      // The place: the values of the order, which stand before the key at the end of a row.
      const place = last.slice(-1 - view.order.length, -1)
      next = pageAfter(mysqlSql, view, place, size)
      expect(keys.length).toBeLessThan(1000)
    }
  }

  describe('page through every row once, in the order of the server', () => {
    it.each(SORTED.map(([type, values], index) => [type, values, index] as const))(
      '%s',
      async (type, values, index) => {
        const table = `sorted${index}`
        await server()
          .admin(`create table ${table} (id int primary key auto_increment, c ${type} ${/null/.test(type) ? '' : 'null'});
        set time_zone = '+00:00', sql_mode = ''; insert into ${table} (c) values (${[...values, ...values, ...values].join('), (')})`)
        const shape = await shapeOf(table)
        for (const direction of ['asc', 'desc'] as const)
          for (const size of [1, 2, 3, 7]) {
            const view = viewOf(shape, { column: 'c', direction }, null)
            const expected = await rowsOf(link, `select id from ${table} order by c ${direction}, id ${direction}`)
            expect(await walk(view, size)).toEqual(expected.map(([id]) => id))
            expect(await walk(reversed(view), size)).toEqual(expected.map(([id]) => id).reverse())
          }
      },
    )
  })

  it('finds a row by its key over the index, though equal is not the same', async () => {
    await server().admin(`create table by_text (k varchar(50) primary key, n int);
      insert into by_text select concat('user', seq), seq from seq_1_to_5000;
      insert into by_text values ('Ada', 1), ('x😀', 2), ('blank ', 3);
      create table by_decimal (k decimal(30,10) primary key); insert into by_decimal select seq + 0.0000000001 from seq_1_to_5000;
      create table by_number (k bigint unsigned primary key);
      insert into by_number select 9007199254740993 + seq from seq_1_to_5000;
      create table by_time (k datetime(6) primary key);
      insert into by_time select '2024-01-01' + interval seq * 1000001 microsecond from seq_1_to_5000;
      create table by_enum (k enum('b','a') primary key); insert into by_enum values ('a'), ('b'); analyze table by_text, by_decimal, by_number, by_time`)
    const cases: [table: string, value: Cell, isThere: boolean][] = [
      ['by_text', 'Ada', true],
      ['by_text', 'ada', false],
      ['by_text', 'x😀', true],
      ['by_text', 'x🎉', false],
      ['by_text', 'blank ', true],
      ['by_text', 'blank', false],
      ['by_text', 'user77', true],
      ['by_decimal', '7.0000000002', false],
      ['by_decimal', '7.0000000001', true],
      ['by_number', 9007199254740994n, true],
      ['by_number', 9007199254740993n, false],
      ['by_time', '2024-01-01 00:00:01.000001', true],
      ['by_time', '2024-01-01 00:00:01.000002', false],
      ['by_enum', 'a', true],
    ]
    for (const [table, value, isThere] of cases) {
      const shape = await shapeOf(table)
      const k = shape.columns[0] as TableShape['columns'][number]
      const query = mysqlSql
        .knex(table)
        .select('k')
        .where(mysqlSql.knex.raw('?? = ?', ['k', mysqlSql.value(k, value)]))
        .where(mysqlSql.same(k, value))
      const { rows } = await link.query(statement(query))
      expect(rows, `${table} ${String(value)}`).toEqual(isThere ? [[value]] : [])
      if (table === 'by_enum') continue
      const { sql, values } = statement(query)
      const { columns, rows: plan } = await link.query({ sql: `explain ${sql}`, values })
      const told = Object.fromEntries(columns.map((name, at) => [name, plan[0]?.[at]]))
      // "Impossible WHERE" is what the server says when it has looked the key up already and found nothing.
      if (!String(told.Extra).includes('Impossible WHERE'))
        expect([table, told.key, told.rows]).toEqual([table, 'PRIMARY', '1'])
    }
  })

  it('compares decimals as decimals', async () => {
    await server().admin(
      `create table d (c decimal(40,0)); insert into d values (12345678901234567890123), (12345678901234567890124)`,
    )
    const c = column('c', 'decimal(40,0)')
    for (const value of ['12345678901234567890123', '+012345678901234567890123.0'])
      expect((await link.query(statement(mysqlSql.knex('d').select('c').where(mysqlSql.same(c, value))))).rows).toEqual(
        [['12345678901234567890123']],
      )
  })

  it('cuts long cells to so many bytes, and tells how long they are', async () => {
    await server()
      .admin(`create table cut (t text, l varchar(3000) character set latin1, b blob, j json, n int, f float);
      insert into cut values (repeat('😀', 600), repeat('€', 2000), repeat('x', 3000), concat('["', repeat('é', 2000), '"]'), 7, 0.1),
      ('short', 'short', 'short', '[]', null, null), (null, null, null, null, null, null)`)
    const { columns } = await shapeOf('cut')
    const { rows } = await link.query(
      statement(
        mysqlSql
          .knex('cut')
          .select(
            columns.flatMap((one) => [mysqlSql.beginning(one, 2048), mysqlSql.excess(one, 2048), mysqlSql.length(one)]),
          ),
      ),
    )
    const [long = [], short, empty] = rows
    const sizes = long.map((cell) =>
      typeof cell === 'string' ? Buffer.byteLength(cell) : cell instanceof Uint8Array ? cell.length : cell,
    )
    expect(sizes).toEqual([
      2048,
      2400n,
      2400n,
      1536,
      6000n,
      6000n,
      2048,
      3000n,
      3000n,
      1022,
      4004n,
      4004n,
      7n,
      null,
      1n,
      0.10000000149011612,
      null,
      3n,
    ])
    expect(short?.slice(0, 3)).toEqual(['short', null, 5n])
    expect(empty?.slice(0, 3)).toEqual([null, null, null])
  })

  it('finds text by a part of it, whatever signs are in it', async () => {
    await server().admin(`create table part (id int primary key, t varchar(100), e enum('Ab','c'), b blob);
      insert into part values (1, 'Ada@Example.com', 'Ab', 'xAx'), (2, '100% a_b !', 'c', null), (3, '😀 party', null, ''), (4, 'back\\\\slash ''q''', null, null), (5, null, null, null)`)
    const find = async (name: string, type: string, text: string) =>
      (
        await link.query(
          statement(
            mysqlSql
              .knex('part')
              .select('id')
              .where(mysqlSql.contains(column(name, type), text))
              .orderBy('id'),
          ),
        )
      ).rows.map(([id]) => id)
    expect(await find('t', 'varchar(100)', 'ada@')).toEqual([1n])
    expect(await find('t', 'varchar(100)', 'EXAMPLE')).toEqual([1n])
    expect(await find('t', 'varchar(100)', '%')).toEqual([2n])
    expect(await find('t', 'varchar(100)', 'a_b')).toEqual([2n])
    expect(await find('t', 'varchar(100)', '!')).toEqual([2n])
    expect(await find('t', 'varchar(100)', '🎉')).toEqual([])
    expect(await find('t', 'varchar(100)', '😀')).toEqual([3n])
    expect(await find('t', 'varchar(100)', 'back\\s')).toEqual([4n])
    expect(await find('t', 'varchar(100)', "'Q'")).toEqual([4n])
    expect(await find('t', 'varchar(100)', '?')).toEqual([])
    expect(await find('e', "enum('Ab','c')", 'ab')).toEqual([1n])
    expect(await find('b', 'blob', 'xa')).toEqual([1n])
  })
})

describe('names of tables', () => {
  it('are one part, unless two are in quotes', () => {
    const sql = (name: string) => mysqlSql.knex(mysqlSql.table(name)).toSQL().sql
    expect(sql('users')).toBe('select * from `users`')
    expect(sql('`other`.`or``ders`')).toBe('select * from `other`.`or``ders`')
    expect(sql('`other`.`a')).not.toContain('`other`.')
  })
})
