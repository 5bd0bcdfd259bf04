// Encodings: reading and writing again never changes a value, and what a codec does not write is foreign to it.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sameCell, type Cell } from './cell.ts'
import { BOOLEANS, booleanSpellings, decode, encode, encodeTyped, isForeign, nowIn, type Codec } from './codecs.ts'
import { exampleOf, type MomentShape } from './moments.ts'

const shapes: fc.Arbitrary<MomentShape> = fc.record({
  of: fc.constantFrom('date', 'datetime', 'time'),
  separator: fc.constantFrom(' ', 'T'),
  hasSeconds: fc.boolean(),
  fraction: fc.record({
    rule: fc.constantFrom('fixed', 'whole-or-fixed', 'trimmed'),
    digits: fc.integer({ min: 0, max: 9 }),
  }),
  zone: fc.constantFrom('none', 'Z', 'offset', 'Z or offset', 'compact', 'hours'),
  storage: fc.constantFrom('text', 'postgres', 'mysql'),
})
const codecs: fc.Arbitrary<Codec> = fc.oneof(
  fc.constantFrom(...booleanSpellings).map((spelling): Codec => ({ kind: 'boolean', spelling })),
  { weight: 4, arbitrary: shapes.map((shape): Codec => ({ kind: 'moment', shape })) },
  fc.constantFrom('integer', 'real').map((storage): Codec => ({ kind: 'number', storage })),
)
const two = (most: number, least = 0) => fc.integer({ min: least, max: most }).map((n) => String(n).padStart(2, '0'))
/** Dates that exist and dates that do not, in every way of writing. */
const dateText = fc
  .tuple(
    fc.integer({ min: 0, max: 9999 }).map((year) => String(year).padStart(4, '0')),
    two(13),
    two(32),
    fc.constantFrom(' ', 'T'),
    two(24),
    two(60),
    fc.option(two(60), { nil: null }),
    fc.option(fc.stringMatching(/^\d{1,9}$/), { nil: '' }),
    fc.constantFrom('', '', 'Z', '+02:00', '-03:30', '+0200', '+00', '-05', '+00:00'),
  )
  .map(([year, month, day, separator, hour, minute, second, fraction, zone]) => {
    const seconds = second === null ? '' : `:${second}${fraction && `.${fraction}`}`
    return { date: `${year}-${month}-${day}`, time: `${hour}:${minute}${seconds}${zone}`, separator }
  })
  .chain(({ date, time, separator }) => fc.constantFrom(date, time, `${date}${separator}${time}`))
const cells: fc.Arbitrary<Cell> = fc.oneof(
  { weight: 6, arbitrary: dateText },
  fc.constantFrom(...booleanSpellings.flatMap((each): Cell[] => [...BOOLEANS[each]])),
  fc.string(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.double(),
  fc.uint8Array({ maxLength: 3 }),
  fc.constantFrom(null, '', 'infinity', '-infinity', '0000-00-00 00:00:00', '2024-02-30 00:00:00', 1705314030n),
)

describe('what is stored', () => {
  test('is the same, to the last digit, after reading and writing it in its encoding', () => {
    let read = 0
    fc.assert(
      fc.property(codecs, cells, (codec, cell) => {
        const meaning = decode(cell, codec)
        if (meaning.kind === 'foreign' || meaning.kind === 'null') return
        read += 1
        const written = encode(meaning, codec)
        expect('value' in written && sameCell(written.value, cell)).toBe(true)
      }),
      { numRuns: 5000 },
    )
    // Most pairs of a random codec and a random value do not fit; enough must.
    expect(read).toBeGreaterThan(50)
  })

  test('is foreign unless the codec writes exactly that', () => {
    fc.assert(
      fc.property(codecs, dateText, cells, (codec, typed, cell) => {
        const written = encodeTyped(typed, codec)
        if ('value' in written) expect(decode(written.value, codec).kind).not.toBe('foreign')
        if (cell === null || codec.kind === 'number' || !('value' in written)) return
        const isRead = decode(cell, codec).kind !== 'foreign'
        const again = typeof cell === 'string' && codec.kind === 'moment' ? encodeTyped(cell, codec) : null
        if (again && isRead) expect(again).toEqual({ value: cell })
        if (again && 'value' in again && again.value !== cell) expect(isRead).toBe(false)
      }),
      { numRuns: 5000 },
    )
  })

  test.each(booleanSpellings)('as %s reads nothing but its own two values', (spelling) => {
    const codec: Codec = { kind: 'boolean', spelling }
    const [yes, no] = BOOLEANS[spelling]
    expect(decode(yes, codec)).toEqual({ kind: 'boolean', value: true })
    expect(decode(no, codec)).toEqual({ kind: 'boolean', value: false })
    const others = booleanSpellings.flatMap((each): Cell[] => [...BOOLEANS[each]])
    for (const cell of [...others, '', 'X', 2n, 0.5, new Uint8Array([2]), new Uint8Array([0, 1])] as Cell[]) {
      if (sameCell(cell, yes) || sameCell(cell, no)) continue
      expect(decode(cell, codec).kind).toBe('foreign')
    }
  })
})

const sqlalchemy: MomentShape = {
  of: 'datetime',
  separator: ' ',
  hasSeconds: true,
  fraction: { rule: 'fixed', digits: 6 },
  zone: 'none',
  storage: 'text',
}
const of = (shape: Partial<MomentShape>): Codec => ({ kind: 'moment', shape: { ...sqlalchemy, ...shape } })
const pydal = of({ fraction: { rule: 'fixed', digits: 0 } })
const gorm = of({ fraction: { rule: 'trimmed', digits: 9 }, zone: 'offset' })
const timestamptz = of({ fraction: { rule: 'trimmed', digits: 6 }, zone: 'hours', storage: 'postgres' })
const mysql = of({ fraction: { rule: 'fixed', digits: 3 }, storage: 'mysql' })

describe('a typed date', () => {
  test.each([
    ['2024-02-29 01:02', of({}), '2024-02-29 01:02:00.000000'],
    ['2024-02-29T01:02:03.5', of({}), '2024-02-29 01:02:03.500000'],
    ['2024-02-29', pydal, '2024-02-29 00:00:00'],
    ['2024-02-29 01:02:03.000', pydal, '2024-02-29 01:02:03'],
    ['2024-03-31 02:30:00', pydal, '2024-03-31 02:30:00'],
    ['2024-02-29 01:02:03', gorm, '2024-02-29 01:02:03+00:00'],
    ['2024-02-29 01:02:03.120', gorm, '2024-02-29 01:02:03.12+00:00'],
    ['2024-02-29 01:02:03+02:00', gorm, '2024-02-29 01:02:03+02:00'],
    [
      '2024-02-29 01:02:03',
      of({ separator: 'T', fraction: { rule: 'fixed', digits: 3 }, zone: 'Z' }),
      '2024-02-29T01:02:03.000Z',
    ],
    ['2024-03-01 01:30+02:00', timestamptz, '2024-02-29 23:30:00+00'],
    ['2023-12-31 23:30-01:00', timestamptz, '2024-01-01 00:30:00+00'],
    ['0001-01-01 00:30+01:00', timestamptz, '0001-12-31 23:30:00+00 BC'],
    ['infinity', timestamptz, 'infinity'],
    ['2024-02-29 01:02:03.5', mysql, '2024-02-29 01:02:03.500'],
    ['-20:00:00', of({ of: 'time', fraction: { rule: 'fixed', digits: 0 }, storage: 'mysql' }), '-20:00:00'],
  ])('%s is written as its column is: %j', (typed, codec, value) => {
    expect(encodeTyped(typed, codec)).toEqual({ value })
  })

  test('keeps the zone of its row where none is typed', () => {
    expect(encodeTyped('2024-02-29 01:02:03', gorm, '2020-01-01 00:00:00+05:30')).toEqual({
      value: '2024-02-29 01:02:03+05:30',
    })
  })

  test.each([
    ['2024-02-30', pydal],
    ['2023-02-29 00:00:00', pydal],
    ['1900-02-29 00:00:00', pydal],
    ['2024-13-01', pydal],
    ['0000-01-01', pydal],
    ['2024-01-01 24:00:00', pydal],
    ['2024-01-01 00:00:60', pydal],
    ['1.2.2024', pydal],
    ['now', pydal],
    ['', pydal],
    ['2024-01-01 00:00:00.5', pydal],
    ['2024-01-01 00:00:00Z', pydal],
    ['10000-01-01', pydal],
    ['0044-03-15 BC', pydal],
    ['2024-01-01 00:00:00.1234567', of({})],
    ['2024-01-01 00:00:00.1234567', timestamptz],
    ['infinity', pydal],
    ['0000-00-00 00:00:00', mysql],
    ['2024-01-01 10:00', of({ of: 'date' })],
    ['25:00', of({ of: 'time' })],
    ['24:00:00', of({ of: 'time' })],
    ['24:00:01', of({ of: 'time', storage: 'postgres' })],
    ['2024-01-01', of({ of: 'time' })],
  ])('%s is refused, with an example that is accepted: %j', (typed, codec) => {
    const refused = encodeTyped(typed, codec)
    expect(refused).toHaveProperty('error')
    const example = 'error' in refused ? (refused.error.split('Accepted here: ')[1] ?? '') : ''
    expect(encodeTyped(example, codec)).toHaveProperty('value')
  })

  test('in every shape, the example of the shape is accepted', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        expect(encodeTyped(exampleOf(shape), { kind: 'moment', shape })).toHaveProperty('value')
      }),
    )
  })
})

test('the end of a day is a time of it to PostgreSQL', () => {
  const time = of({ of: 'time', storage: 'postgres', hasSeconds: true })
  expect(encodeTyped('24:00:00', time)).toMatchObject({ value: expect.stringMatching(/^24:00:00/) as string })
})

test('a typed boolean is read in any spelling and written in the own one', () => {
  const letters: Codec = { kind: 'boolean', spelling: 'T/F' }
  for (const typed of ['true', 'T', '1', 'yes', 'Y', 't ']) expect(encodeTyped(typed, letters)).toEqual({ value: 'T' })
  for (const typed of ['false', 'F', '0', 'No', 'f']) expect(encodeTyped(typed, letters)).toEqual({ value: 'F' })
  for (const typed of ['', '2', 'maybe', 'TF']) expect(encodeTyped(typed, letters)).toHaveProperty('error')
  expect(encodeTyped('true', { kind: 'boolean', spelling: 'integer' })).toEqual({ value: 1n })
  // As copying the cell gives it.
  expect(encodeTyped('0x00', { kind: 'boolean', spelling: 'bit' })).toEqual({ value: new Uint8Array([0]) })
})

test('this moment is written in the shape of the column, cut and never rounded', () => {
  const now = '2026-11-22T23:59:59.987Z'
  expect(nowIn(of({}), now)).toBe('2026-11-22 23:59:59.987000')
  expect(nowIn(pydal, now)).toBe('2026-11-22 23:59:59')
  expect(nowIn(gorm, now)).toBe('2026-11-22 23:59:59.987+00:00')
  expect(nowIn(of({ of: 'date' }), now)).toBe('2026-11-22')
  expect(nowIn(of({ hasSeconds: false, fraction: { rule: 'fixed', digits: 0 } }), now)).toBe('2026-11-22 23:59')
  expect(nowIn({ kind: 'number', storage: 'integer' }, now)).toBeNull()
  fc.assert(
    fc.property(shapes, (shape) => {
      const codec: Codec = { kind: 'moment', shape }
      expect(decode(nowIn(codec, now), codec).kind).toBe('moment')
    }),
  )
})

test("a server's own type holds nothing foreign, whatever dates it knows that are not typed", () => {
  expect(isForeign('0000-00-00 00:00:00.000', mysql)).toBe(false)
  expect(isForeign('5874897-12-31', of({ of: 'date', storage: 'postgres' }))).toBe(false)
  expect(isForeign('2024-01-01', pydal)).toBe(true)
})

test('a number in a column of dates stays a number and is never guessed', () => {
  const epoch: Codec = { kind: 'number', storage: 'integer' }
  expect(encodeTyped('1705314031', epoch)).toEqual({ value: 1705314031n })
  expect(encodeTyped('2024-01-01', epoch)).toHaveProperty('error')
  expect(decode('1705314031', epoch).kind).toBe('foreign')
})
