// Whatever two writers' spellings are: what is copied and saved means the same afterwards, and what is not was told.
import BetterSqlite3 from 'better-sqlite3'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Cell } from '../../shared/cell.ts'
import { BOOLEANS, type BooleanSpelling } from '../../shared/codecs.ts'
import { momentOf, writeMoment, type MomentShape } from '../../shared/moments.ts'
import { at, Bench, type Compared } from './compare.test-setup.ts'

const runs = { numRuns: process.env.VERIFY === 'full' ? 150 : 4, seed: 41 }
/** Rows of one run; so many that the spelling of the column can be told. */
const ROWS = 60

let bench: Bench
beforeAll(async () => {
  bench = await Bench.start()
})
afterAll(() => bench.end())

interface Writer {
  spelling: BooleanSpelling
  shape: MomentShape
}

const spelling = fc.constantFrom<BooleanSpelling>('integer', 'T/F', 'Y/N', '1/0', 'true/false')
const shape: fc.Arbitrary<MomentShape> = fc
  .record({
    digits: fc.constantFrom(0, 3, 6, 9),
    rule: fc.constantFrom('fixed' as const, 'trimmed' as const),
    separator: fc.constantFrom(' ' as const, 'T' as const),
    zone: fc.constantFrom('none' as const, 'none' as const, 'offset' as const, 'Z' as const),
  })
  .map(({ digits, rule, separator, zone }) => ({
    ...{ of: 'datetime' as const, separator, hasSeconds: true, zone, storage: 'text' as const },
    fraction: { rule: digits === 0 ? ('fixed' as const) : rule, digits },
  }))
const writer: fc.Arbitrary<Writer> = fc.record({ spelling, shape })

const two = (value: number) => String(value).padStart(2, '0')

/** A moment as this writer could have written it; seldom in a zone of its own. */
const momentIn = ({ shape: { fraction, zone } }: Writer): fc.Arbitrary<string> =>
  fc
    .record({
      year: fc.constantFrom(1, 1969, 1970, 2024, 9999),
      month: fc.integer({ min: 1, max: 12 }),
      day: fc.integer({ min: 1, max: 28 }),
      hour: fc.integer({ min: 0, max: 23 }),
      second: fc.integer({ min: 0, max: 59 }),
      fraction: fc.integer({ min: 0, max: 999_999_999 }),
      offset: fc.constantFrom('+00:00', '+00:00', '+02:00', '-03:30'),
    })
    .map((parts) => {
      const digits = String(parts.fraction).padStart(9, '0').slice(0, fraction.digits)
      const day = `${String(parts.year).padStart(4, '0')}-${two(parts.month)}-${two(parts.day)}`
      // The first and the last hours have no place in other zones.
      const hour = parts.year === 1 || parts.year === 9999 ? 12 : parts.hour
      const clock = `${two(hour)}:30:${two(parts.second)}${digits && `.${digits}`}`
      return `${day} ${clock}${zone === 'none' ? '' : parts.offset}`
    })

const rowsOf = (of: Writer) =>
  fc.array(
    fc.record({
      active: fc.constantFrom(true, false, null),
      confirmed: fc.option(momentIn(of), { freq: 5 }),
      note: fc.option(fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.replaceAll('\ud800', ''))),
    }),
    { minLength: ROWS, maxLength: ROWS },
  )

function cellsOf(of: Writer, row: { active: boolean | null; confirmed: string | null; note: string | null }): Cell[] {
  const moment = row.confirmed === null ? null : momentOf(row.confirmed)
  const written = moment && writeMoment(moment, of.shape)
  if (written && 'error' in written) throw new Error(`${row.confirmed}: ${written.error}`)
  return [
    row.active === null ? null : BOOLEANS[of.spelling][row.active ? 0 : 1],
    written ? written.value : null,
    row.note,
  ]
}

let count = 0

async function fileOf(of: Writer, rows: readonly Cell[][], name: string): Promise<Compared> {
  count += 1
  const type = of.spelling === 'integer' ? 'boolean' : 'varchar(5)'
  const made = await bench.file(`${name}${count}`, {
    setup: `create table auth_user (id integer primary key, email varchar(255) not null unique, password varchar(255),
      active ${type}, confirmed_at datetime, note text)`,
  })
  const file = new BetterSqlite3(made.path)
  const insert = file.prepare('insert into auth_user (email, active, confirmed_at, note) values (?, ?, ?, ?)')
  file.transaction(() => rows.forEach((cells, index) => insert.run(`${name}${index}@x.org`, ...cells)))()
  file.close()
  return made
}

const scenario = fc.tuple(writer, writer).chain(([one, other]) =>
  fc.record({
    one: fc.constant(one),
    other: fc.constant(other),
    source: rowsOf(one),
    // Of the target's own users its spelling is told.
    own: rowsOf(other),
  }),
)

it('copied, saved and compared again: the same, but for what was told', async () => {
  let held = 0
  await fc.assert(
    fc.asyncProperty(scenario, async ({ one, other, source, own }) => {
      const from = await fileOf(
        one,
        source.map((row) => cellsOf(one, row)),
        'from',
      )
      const to = await fileOf(
        other,
        own.map((row) => cellsOf(other, row)),
        'own',
      )
      const keys = source.map((_, index) => [BigInt(index + 1)])
      const { changes, left } = await bench.copy(from, to, keys)
      await bench.api.tables.save({ ...at(to), changes })
      const { differs, onlyLeft } = await bench.compare(from, to)
      const told = left.join('\n')
      const values = new Map(
        changes.flatMap((change) => (change.kind === 'insert' ? [[change.values.email, change.values] as const] : [])),
      )
      expect(onlyLeft).toEqual([])
      for (const pair of differs) {
        for (const column of pair.differs) {
          // It was left to the database's default, and a sentence says so.
          expect(values.get(pair.email)).not.toHaveProperty(column)
          expect(told).toContain(`${column} of `)
        }
      }
      held += source.length - differs.length
      // Copying again would write nothing but what could not be written before.
      const again = await bench.copy(from, to, keys)
      expect(again.changes).toEqual([])
      expect(again.left.filter((words) => words.includes('left out')).length).toBe(
        left.filter((words) => words.includes('left out')).length,
      )
    }),
    runs,
  )
  expect(held).toBeGreaterThan(ROWS)
}, 240_000)
