// The words of PostgreSQL for cutting, searching and finding rows by their key, on a real server.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithPostgres } from '../../../../scripts/servers/missing.ts'
import type { Cell } from '../../../shared/cell.ts'
import { plainName, restoreNames } from '../identifiers.ts'
import type { Link } from '../server/link.ts'
import type { SqlColumn } from '../sql-dialect.ts'
import { bareType } from './column-kind.ts'
import { describeTable } from './introspect.ts'
import { failureOf, linkTo, readOf, rowsOf } from './postgres.test-setup.ts'
import { postgresSql } from './sql.ts'

interface Query {
  toSQL(): { toNative(): { sql: string; bindings: readonly unknown[] } }
}
const compiled = (query: Query) => {
  const { sql, bindings } = query.toSQL().toNative()
  return { sql: restoreNames(sql), values: bindings as Cell[] }
}
const from = (table: string) => postgresSql.knex(postgresSql.table(table))

describeWithPostgres("PostgreSQL's words", (server) => {
  let link: Link
  const columnsOf = async (table: string): Promise<SqlColumn[]> =>
    ((await describeTable(readOf(link), table))?.columns ?? []).map((one) => ({ ...one, name: plainName(one.name) }))
  const ask = async (query: Query) => (await link.query(compiled(query))).rows

  beforeAll(async () => {
    await server().admin(`
      create domain blob_of_ours as bytea;
      create collation blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
      create schema "a.b";
      create table long (id int primary key, t text, v varchar, c char(5000), b bytea, d blob_of_ours, j json, l text[],
        n numeric, i int);
      insert into long values (1, repeat('é', 3000), repeat('x', 5000), 'y', decode(repeat('ff', 5000), 'hex'),
        decode(repeat('00', 3000), 'hex'), to_json(repeat('j', 5000)), array_fill('z'::text, array[2000]),
        repeat('7', 5000)::numeric, 5);
      insert into long (id, t, v, c, b, d, j, l, n) values (2, 'é', '', 'y', '', '\\x00', '1', '{}', 1.0);
      insert into long (id) values (3);
      create table "a.b"."c ""d"" as e?" ("x.y[1]" int primary key, " *" text);
      insert into "a.b"."c ""d"" as e?" values (1, 'a');
      create table blind_ones (k text collate blind primary key, n int);
      insert into blind_ones values ('a', 1), ('ß', 3);
      create table found (t text, j jsonb, m text collate blind, i int);
      insert into found values ('50%_Off\\', '{"A": 1}', 'Müller', 42), ('é', '[]', 'x', 7)`)
    link = await linkTo(server())
  })
  afterAll(() => link.end())

  it('cuts long values in the server, and tells their whole length', async () => {
    const columns = await columnsOf('long')
    const limit = 2048
    const [long, short, empty] = await ask(
      from('long')
        .select(columns.flatMap((column) => [postgresSql.beginning(column, limit), postgresSql.excess(column, limit)]))
        .orderBy('id'),
    )
    const cells = (row: Cell[] | undefined) =>
      Object.fromEntries(columns.map(({ name }, index) => [name, [row?.[2 * index], row?.[2 * index + 1]]]))
    expect(cells(long)).toEqual({
      id: [1n, null],
      t: ['é'.repeat(512), 6000n],
      v: ['x'.repeat(512), 5000n],
      c: [`y${' '.repeat(511)}`, 5000n],
      b: [new Uint8Array(2048).fill(255), 5000n],
      d: [new Uint8Array(2048), 3000n],
      j: [`"${'j'.repeat(511)}`, 5002n],
      l: [`{${'z,'.repeat(255)}z`, 4001n],
      n: ['7'.repeat(512), 5000n],
      i: [5n, null],
    })
    expect(cells(short)).toMatchObject({
      t: ['é', null],
      v: ['', null],
      b: [new Uint8Array(), null],
      d: [new Uint8Array(1), null],
      l: ['{}', null],
      n: ['1.0', null],
      i: [null, null],
    })
    expect(Object.values(cells(empty)).slice(1)).toEqual(columns.slice(1).map(() => [null, null]))
    const lengths = await ask(
      from('long')
        .select(columns.map((one) => postgresSql.length(one)))
        .orderBy('id'),
    )
    expect(lengths).toEqual([
      [1n, 6000n, 5000n, 5000n, 5000n, 3000n, 5002n, 4001n, 5000n, 1n],
      [1n, 2n, 0n, 5000n, 0n, 1n, 1n, 2n, 3n, null],
      [1n, ...Array.from({ length: 9 }, () => null)],
    ])
  })

  it('finds text without regard to the case of ASCII letters, and takes % and _ as they are', async () => {
    const [t, j, m, i] = (await columnsOf('found')) as [SqlColumn, SqlColumn, SqlColumn, SqlColumn]
    const finds = async (column: SqlColumn, text: string) =>
      Number((await ask(from('found').where(postgresSql.contains(column, text)).count()))[0]?.[0])
    expect([await finds(t, '%_oFF\\'), await finds(t, '0%_'), await finds(t, '5__O')]).toEqual([1, 1, 0])
    expect([await finds(t, 'É'), await finds(t, 'é')]).toEqual([0, 1])
    expect([await finds(j, '"a": 1'), await finds(m, 'mü'), await finds(m, 'MÜ'), await finds(i, '4')]).toEqual([
      1, 1, 0, 1,
    ])
  })

  it('names tables and columns whatever they are called', async () => {
    const table = '"a.b"."c ""d"" as e?"'
    const [key, text] = (await columnsOf(table)) as [SqlColumn, SqlColumn]
    const query = from(table)
      .where(postgresSql.same(key, 1n))
      .select([postgresSql.stored(key), postgresSql.stored(text)])
    expect(await ask(query)).toEqual([[1n, 'a']])
    const update = from(table)
      .where(postgresSql.same(text, 'a'))
      .update({ [text.name]: postgresSql.value(text, 'b') })
    await link.begin()
    expect(await link.run(compiled(update))).toMatchObject({ changes: 1 })
    const inserted = from(table)
      .insert({ [key.name]: postgresSql.value(key, 2n) })
      .returning([key.name])
    expect(await ask(inserted)).toEqual([[2n]])
    await link.rollback()
  })

  it('tells letters apart that the collation of the column does not, and finds the row over the index', async () => {
    const [k] = (await columnsOf('blind_ones')) as [SqlColumn]
    const byKey = (value: Cell) =>
      from('blind_ones')
        .where(postgresSql.knex.raw('?? = ?', [k.name, value as string]))
        .where(postgresSql.same(k, value))
        .select('n')
    expect(await ask(byKey('a'))).toEqual([[1n]])
    expect(await ask(byKey('A'))).toEqual([])
    await server().admin(
      `insert into blind_ones select 'x' || n, n from generate_series(10, 20000) n; analyze blind_ones`,
    )
    const { sql, values } = compiled(byKey('x77'))
    const plan = (await rowsOf(link, `explain ${sql}`, values)).join('\n')
    expect(plan).toMatch(/Index Scan using blind_ones_pkey/)
  })

  it('knows which types have no order', async () => {
    await server().admin(`create domain odd_place as point; create type ranked as enum ('b', 'a');
      create table every (a json, b xml, c point, d box, e polygon, f circle, g line, h path, i lseg, j odd_place, k xid,
        l json[], m int, n text[], o jsonb, p ranked, q interval, r inet, s timestamp(3)[], t numeric(5,2)[], u tsrange,
        v bit(3), w uuid, x timestamptz, y "char", z name)`)
    for (const column of await columnsOf('every')) {
      const failure = await failureOf(link.query({ sql: `select 1 from every order by ${column.name}`, values: [] }))
      const isPossible = failure.message === 'It did not fail.'
      expect([column.name, postgresSql.isOrdered(column)]).toEqual([column.name, isPossible])
    }
  })

  it('reads the name of a type without its length', () => {
    const names = [
      'numeric(10,2)',
      'timestamp(3) without time zone',
      'character varying(20)[]',
      '"char"',
      '"Od(d"',
      'text[]',
    ]
    expect(names.map(bareType)).toEqual([
      ...['numeric', 'timestamp without time zone', 'character varying', '"char"', '"Od(d"', 'text'],
    ])
  })
})
