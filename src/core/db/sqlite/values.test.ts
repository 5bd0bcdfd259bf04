// Every value that SQLite can hold comes back as it is, and what it cannot hold is refused.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Cell } from '../../../shared/cell.ts'
import { sameCell } from '../../../shared/cell.ts'
import { createHeadlessHost } from '../../../headless/host.ts'
import { inTransaction } from '../transaction.ts'
import { makeFile, makeFolder, never, openForTest, readFile, statement } from './sqlite.test-setup.ts'

function open(sql: string, name = 'values.db') {
  const folder = makeFolder()
  const file = makeFile(join(folder, name), sql)
  return { file, database: openForTest(createHeadlessHost({ version: 'test', dataFolder: folder }), { file }) }
}

const values: [name: string, value: Cell, storage: string][] = [
  ['NULL', null, 'null'],
  ['empty text', '', 'text'],
  ['text with NUL', 'a\0b\0', 'text'],
  ['emoji', '👩‍👩‍👧‍👦 ä ß 漢字', 'text'],
  ['a byte order mark', '\uFEFFx', 'text'],
  ['a real U+FFFD', 'x\uFFFDy', 'text'],
  ['text that looks like a number', '007', 'text'],
  ['a date', '2024-01-15 10:20:30.123456', 'text'],
  ['long text', 'é'.repeat(300_000), 'text'],
  ['the least integer', -(2n ** 63n), 'integer'],
  ['the greatest integer', 2n ** 63n - 1n, 'integer'],
  ['an integer beyond 2^53', 9007199254740993n, 'integer'],
  ['integer 5', 5n, 'integer'],
  ['real 5.0', 5, 'real'],
  ['negative zero', -0, 'real'],
  ['a tiny real', 5e-324, 'real'],
  ['a great real', 1.7976931348623157e308, 'real'],
  ['infinity', Infinity, 'real'],
  ['minus infinity', -Infinity, 'real'],
  ['no bytes', new Uint8Array(), 'blob'],
  ['all bytes', Uint8Array.from({ length: 256 }, (_, index) => index), 'blob'],
  ['many bytes', new Uint8Array(400_000).fill(0xfe), 'blob'],
]

test('values are stored and read back without loss, one by one and in bulk', async () => {
  const { database } = open('CREATE TABLE t (id INTEGER PRIMARY KEY, v)')
  await inTransaction(database, never, async (session) => {
    for (const [, value] of values) await session.run(statement('INSERT INTO t (v) VALUES (?)', value))
    await session.bulk(
      't',
      ['v'],
      values.map(([, value]) => [value]),
    )
  })
  const { rows } = await database.read(statement('SELECT v, typeof(v) FROM t ORDER BY id'), never)
  expect(rows).toHaveLength(values.length * 2)
  rows.forEach(([value, storage], index) => {
    const [name, expected, expectedStorage] = values[index % values.length] ?? ['?', null, '?']
    expect.soft(storage, name).toBe(expectedStorage)
    expect.soft(sameCell(value, expected), name).toBe(true)
    if (value instanceof Uint8Array) {
      expect(value.constructor).toBe(Uint8Array)
      // Bytes do not drag the message along that they came in.
      expect(value.buffer.byteLength).toBe(value.byteLength)
    }
  })
})

test('two columns of the same name stay two, and big answers arrive whole and in order', async () => {
  const { database } = open('CREATE TABLE t (a)')
  const twins = await database.read(statement('SELECT 1 AS a, 2 AS a'), never)
  expect(twins).toEqual({ columns: ['a', 'a'], rows: [[1n, 2n]] })
  const many = await database.read(
    statement(
      "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT 20000) SELECT i, printf('%0100d', i) FROM n",
    ),
    never,
  )
  expect(many.rows).toHaveLength(20_000)
  expect(many.rows.every(([number, text], index) => number === BigInt(index) && Number(text) === index)).toBe(true)
  const none = await database.read(statement('SELECT a FROM t'), never)
  expect(none).toEqual({ columns: ['a'], rows: [] })
})

test.each([
  ['half a surrogate pair', 'x\uD83D'],
  ['NaN', NaN],
  ['an integer beyond 64 bits', 2n ** 63n],
  ['a boolean', true as unknown as Cell],
  ['a date object', new Date(0) as unknown as Cell],
])('%s is refused, not bent', async (_, value) => {
  const { database } = open('CREATE TABLE t (v)')
  const saving = inTransaction(database, never, (session) => session.run(statement('INSERT INTO t VALUES (?)', value)))
  const error: unknown = await saving.catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'QUERY_FAILED', data: { code: 'ROSTER_VALUE' } })
  expect(database.constraint(error)?.kind).toBe('type')
  expect((await database.read(statement('SELECT count(*) FROM t'), never)).rows).toEqual([[0n]])
})

test('text that is not valid UTF-8 is delivered as its bytes', async () => {
  const { database, file } = open(`
    CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT, w TEXT);
    INSERT INTO t (v, w) VALUES
      (CAST(x'61ff62' AS TEXT), 'fine'), ('x' || char(0xFFFD), CAST(x'eda080' AS TEXT)), (CAST(x'c080' AS TEXT), NULL), ('ok', x'ff');`)
  const sql = 'SELECT id, v, w FROM t WHERE id < ? ORDER BY id DESC -- every row'
  const { columns, rows } = await database.read(statement(sql, 100n), never)
  expect(columns).toEqual(['id', 'v', 'w'])
  expect(rows).toEqual([
    [4n, 'ok', Uint8Array.of(0xff)],
    [3n, Uint8Array.of(0xc0, 0x80), null],
    [2n, 'x\uFFFD', Uint8Array.of(0xed, 0xa0, 0x80)],
    [1n, Uint8Array.of(0x61, 0xff, 0x62), 'fine'],
  ])
  // The driver by itself bends it: this is what the protection is for.
  expect(readFile(file, 'SELECT v FROM t WHERE id = 1')).toEqual([['a\uFFFDb']])
  // Inside a transaction too, beside what the same transaction has written.
  const seen = await inTransaction(database, never, async (session) => {
    await session.run(statement("UPDATE t SET w = 'new' WHERE id = 1"))
    return session.query(statement('SELECT v, w FROM t WHERE id = 1'))
  })
  expect(seen.rows).toEqual([[Uint8Array.of(0x61, 0xff, 0x62), 'new']])
})

test('an answer that cannot be read twice is an error rather than a bent value', async () => {
  const { database } = open("CREATE TABLE t (v TEXT); INSERT INTO t VALUES (CAST(x'ff' AS TEXT))")
  const changing = inTransaction(database, never, (session) =>
    session.query(statement('UPDATE t SET v = v RETURNING v')),
  )
  await expect(changing).rejects.toMatchObject({ code: 'QUERY_FAILED', data: { code: 'ROSTER_TEXT' } })
})

test.each(['UTF-16le', 'UTF-16be'])('%s: text comes back, and half a pair as its bytes', async (encoding) => {
  const half = encoding === 'UTF-16le' ? "x'3dd84100'" : "x'd83d0041'"
  const { database } = open(
    `PRAGMA encoding = '${encoding}'; CREATE TABLE t (v TEXT); INSERT INTO t VALUES ('añ😀'), (CAST(${half} AS TEXT))`,
  )
  expect((await database.facts()).encoding).toBe(encoding)
  const { rows } = await database.read(statement('SELECT v FROM t ORDER BY rowid'), never)
  expect(rows[0]).toEqual(['añ😀'])
  expect(rows[1]?.[0]).toBeInstanceOf(Uint8Array)
})
