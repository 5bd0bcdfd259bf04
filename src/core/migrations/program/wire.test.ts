// Responses of the real drivers, copied to another process and back into what knex and steps read.
import { describe, expect, test } from 'vitest'
import { describeWithMariadb, describeWithPostgres } from '../../../../scripts/servers/missing.ts'
import { ResultUsed } from '../step.ts'
import { placed, withBuffers } from './bindings.ts'
import { driverSink, serverConfig, sqliteSink, type DriverSink } from './program.test-setup.ts'
import { fromFailure, fromWire, toFailure, toWire } from './wire.ts'

/** As a host copies messages that has no Buffer of its own (Electron's). */
async function copied(
  dialect: 'postgres' | 'mysql' | 'sqlite',
  sink: DriverSink,
  sql: string,
  bindings: unknown[] = [],
) {
  const answer = await sink.send({ sql, bindings })
  if (answer.kind !== 'response') throw new Error('withheld')
  return { own: answer.response, copy: fromWire(dialect, structuredClone(toWire(dialect, answer.response))) }
}

const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown

describe('SQLite', () => {
  test('rows with bytes, and changes', async () => {
    const sink = await sqliteSink()
    const { own, copy } = await copied('sqlite', sink, "select x'00ff' as b, 1.5 as f, null as n, 'x' as t")
    expect(copy).toEqual(own)
    expect(Buffer.isBuffer((copy as [{ b: unknown }])[0].b)).toBe(true)
    const made = await copied('sqlite', sink, 'create table a (b)')
    expect(made.copy).toEqual(made.own)
  })
})

describeWithPostgres('PostgreSQL', (server) => {
  const open = () => driverSink(serverConfig('postgres', server(), server().database))

  test('rows of every kind; intervals can be written again', async () => {
    const sink = await open()
    const sql = `select 9007199254740993::int8 as i, 1.50::numeric as n, '\\x00ff'::bytea as b, '2026-01-02 03:04:05Z'::timestamptz as t,
      '{"a":[1]}'::jsonb as j, array['a', null] as l, array['\\x01'::bytea] as lb, null::text as u, true as o`
    const { own, copy } = (await copied('postgres', sink, sql)) as Record<
      string,
      { rows: Record<string, unknown>[]; command: string; rowCount: number }
    >
    expect(copy?.rows).toEqual(own?.rows.map((row) => ({ ...row })))
    expect([copy?.command, copy?.rowCount]).toEqual(['SELECT', 1])
    expect(Buffer.isBuffer((copy?.rows[0]?.lb as unknown[])[0])).toBe(true)

    const text = '1 year 2 mons -3 days 04:05:06.5'
    const read = (await copied('postgres', sink, `select interval '${text}' as v, interval '0' as z`)).copy as {
      rows: { v: unknown; z: unknown }[]
    }
    const { v, z } = read.rows[0] ?? {}
    const sql2 = `select $1::interval = interval '${text}' as v, $2::interval = interval '0' as z`
    const { copy: same } = await copied('postgres', sink, sql2, placed('postgres', [v, z]))
    expect((same as { rows: unknown[] }).rows).toEqual([{ v: true, z: true }])
  })

  test('several results in one', async () => {
    const { own, copy } = await copied(
      'postgres',
      await open(),
      'select 1 as a; create temp table x (b int); select 2 as c, 3 as d',
    )
    const results = copy as { command: string; rows: unknown[] }[]
    expect(results.map(({ command }) => command)).toEqual(['SELECT', 'CREATE', 'SELECT'])
    expect(results.map(({ rows }) => rows)).toEqual(plain((own as { rows: unknown[] }[]).map(({ rows }) => rows)))
  })

  test('errors keep what the server tells', async () => {
    const sink = await open()
    const error = await sink.send({ sql: 'select * from gone', bindings: [] }).then(
      () => null,
      (thrown: unknown) => thrown,
    )
    const copy = fromFailure(structuredClone(toFailure(error, 3)))
    expect(copy).toMatchObject({
      message: 'relation "gone" does not exist',
      code: '42P01',
      position: '15',
      severity: 'ERROR',
    })
  })
})

describeWithMariadb('MariaDB', (server) => {
  const open = () => driverSink(serverConfig('mysql', server(), server().database))

  test('rows, headers, and what a procedure answers', async () => {
    const sink = await open()
    const rows = (await copied(
      'mysql',
      sink,
      "select 1 as a, x'00ff' as b, cast('2026-01-02 03:04:05' as datetime) as t, null as n",
    )) as { own: [unknown[]]; copy: [unknown[], { name: string }[]] }
    expect(rows.copy[0]).toEqual(rows.own[0].map((row) => ({ ...(row as object) })))
    expect(rows.copy[1].map(({ name }) => name)).toEqual(['a', 'b', 't', 'n'])

    await sink.send({ sql: 'create or replace table wire (id int auto_increment primary key, a int)', bindings: [] })
    const inserted = (await copied('mysql', sink, 'insert into wire (a) values (1), (2)')).copy as [unknown]
    expect(inserted[0]).toMatchObject({ affectedRows: 2, insertId: 1 })

    await sink.send({ sql: 'create or replace procedure two() begin select 1 as a; select 2 as b; end', bindings: [] })
    const called = (await copied('mysql', sink, 'call two()')).copy as [unknown[]]
    expect(called[0]).toMatchObject([[{ a: 1 }], [{ b: 2 }], { affectedRows: 0 }])
  })
})

test('bytes that a step binds are Node’s own again', () => {
  const bound = structuredClone([Buffer.from([1]), [Buffer.from([2])], { a: Buffer.from([3]) }, new Date(4), null, 5n])
  expect(Buffer.isBuffer(bound[0])).toBe(false)
  expect(withBuffers(bound)).toEqual([
    Buffer.from([1]),
    [Buffer.from([2])],
    { a: Buffer.from([3]) },
    new Date(4),
    null,
    5n,
  ])
})

test('PostgreSQL’s values are what the driver would make of them', () => {
  const own = { toPostgres: (prepare: (value: unknown) => unknown) => prepare({ a: 1 }) }
  expect(placed('postgres', [{ b: 1 }, [{ c: 1 }, [2]], own, undefined, 3n, new Uint8Array([4])])).toEqual([
    '{"b":1}',
    ['{"c":1}', [2]],
    '{"a":1}',
    undefined,
    3n,
    Buffer.from([4]),
  ])
})

test('anything may be thrown', () => {
  const circle: { self?: unknown } = {}
  circle.self = circle
  expect(toFailure('words', null).message).toBe('words')
  expect(toFailure({ a: 1 }, null).message).toBe('The step threw {"a":1}.')
  expect(toFailure(undefined, null).message).toBe('The step threw undefined.')
  expect(toFailure(circle, null).message).toBe('The step threw something that has no text.')
  expect(fromFailure(toFailure(new ResultUsed('used'), null))).toBeInstanceOf(ResultUsed)
})
