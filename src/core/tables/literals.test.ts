// Literals that are pasted into the engine's own shell store exactly the values that they were made of.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Cell } from '../../shared/cell.ts'
import { columnOf } from '../db/query.ts'
import { sqlDialects } from '../db/sql-dialects.ts'
import { describeOnEachEngine, type Opened } from './engines.test-setup.ts'

const ROWS = process.env.VERIFY === 'full' ? 5000 : 300

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }).filter((each) => each.isWellFormed() && !each.includes('\0')),
  fc.constantFrom('', "'", '\\', "\\'", '5', '?', '$1', 'NULL', 'a\nb', "''", '%', '🦉', '-- ', '\\\\x'),
)
const bytes = fc.uint8Array({ maxLength: 12 })
const whole = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
// The smallest numbers are another matter: engines read their last digit in ways of their own.
const real = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .filter((value) => value === 0 || Math.abs(value) > 1e-290)

describeOnEachEngine('literals', (engine) => {
  const { dialect } = engine
  const columns = engine.pick<[name: string, type: string, values: fc.Arbitrary<Cell>][]>({
    sqlite: [
      [
        'any',
        '',
        fc.oneof(text, bytes, whole, real, fc.constantFrom<Cell>(null, 5n, 5, '5', -0, Infinity, 'a\0b', '\0')),
      ],
    ],
    postgres: [
      ['t', 'text', text],
      ['b', 'bytea', bytes],
      ['n', 'bigint', whole],
      ['r', 'double precision', real.map(String)],
      ['d', 'numeric', fc.constantFrom('1.50', '-0.001', 'NaN', '12345678901234567890.12345')],
      ['f', 'boolean', fc.constantFrom<Cell>('t', 'f', null)],
    ],
    mysql: [
      ['t', 'varchar(100) character set utf8mb4', text],
      ['b', 'varbinary(20)', bytes],
      ['n', 'bigint', whole],
      ['r', 'double', real.filter((value) => !Object.is(value, -0))],
      ['d', 'decimal(40,5)', fc.constantFrom('1.50000', '-0.00100', '12345678901234567890.12345')],
      ['f', 'bit(10)', fc.constantFrom<Cell>(Uint8Array.of(2, 1), Uint8Array.of(0, 0), null)],
    ],
  })
  let opened: Opened
  beforeAll(async () => {
    const list = columns.map(([name, type]) => `${name === 'any' ? '"any"' : name} ${type}`)
    opened = await engine.open(`create table item (id integer primary key, ${list.join(', ')})`)
  })
  afterAll(() => opened.close())

  it('come back as the same stored values', async () => {
    const words = sqlDialects[dialect]
    const never = new AbortController().signal
    const shape = (await opened.database.describe('item', never))!
    const values = fc.sample(fc.tuple(...columns.map(([, , each]) => each)), { numRuns: ROWS, seed: 20261122 })
    const rows = values.map((cells, id) => {
      const literals = cells.map((cell, index) => words.literal(columnOf(shape, columns[index]?.[0] ?? ''), cell))
      return `(${[id, ...literals].join(', ')})`
    })
    // Also where a backslash in plain quotes is read as the beginning of another letter.
    if (dialect === 'postgres') {
      const [[name = ''] = []] = await opened.sql('select current_database()')
      await opened.sql(`alter database ${name} set standard_conforming_strings = off`)
    }
    await opened.sql(`insert into item values ${rows.join(',\n')}`)
    const { rows: stored } = await opened.database.read({ sql: 'select * from item order by id', values: [] }, never)
    const asStored = (cell: Cell, index: number): Cell => {
      // What the server writes for a number is its own spelling of it.
      const isReal = columns[index]?.[0] === 'r' && cell !== null
      return isReal ? Number(cell) + 0 : cell
    }
    expect(stored.map(([, ...cells]) => cells.map(asStored))).toStrictEqual(values.map((cells) => cells.map(asStored)))
  })
})
