// What a foreign value can be repaired to: what its owner reads, what it says, or NULL; and what would be lost is said.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Cell } from '../../../shared/cell.ts'
import { booleanSpellings, decode, isForeign, type Codec } from '../../../shared/codecs.ts'
import type { MomentShape } from '../../../shared/moments.ts'
import type { OwnerName, Writer } from '../../../shared/owners.ts'
import { readingOf } from '../../owners/reading.ts'
import { foreignKind, type ForeignColumn } from './foreign-kind.ts'
import { foreignKinds, likeness } from './foreign-kinds.ts'

const shape: MomentShape = {
  ...{ of: 'datetime', separator: ' ', hasSeconds: true, fraction: { rule: 'fixed', digits: 6 } },
  ...{ zone: 'none', storage: 'text' },
}
const shapes = {
  sqlalchemy: shape,
  pydal: { ...shape, fraction: { rule: 'fixed', digits: 0 } },
  gorm: { ...shape, fraction: { rule: 'trimmed', digits: 9 }, zone: 'offset' },
} satisfies Record<string, MomentShape>

interface More {
  name?: OwnerName
  isNullable?: boolean
  isGenerated?: boolean
}

function columnOf(type: string, codec: Codec, writer: Writer, more: More = {}): ForeignColumn {
  const { name = writer === 'unknown' || writer === 'django' ? 'unknown' : writer } = more
  const { isNullable = true, isGenerated = false } = more
  const kind = KINDS.find(([start]) => type.toLowerCase().startsWith(start))?.[1] ?? 'datetime'
  return {
    column: {
      ...{ name: 'it', type, isNullable, isGenerated, default: null, keyPosition: 0, isAutomatic: false },
      ...{ maxLength: null, isIndexed: false, kind },
    },
    ...{ codec, dialect: 'sqlite', owner: { name, writer } },
  }
}

const KINDS = [
  ['char', 'text'],
  ['bool', 'boolean'],
  ['numeric', 'decimal'],
] as const

const dates = (writer: keyof typeof shapes, more: More = {}) =>
  columnOf(writer === 'pydal' ? 'TIMESTAMP' : 'DATETIME', { kind: 'moment', shape: shapes[writer] }, writer, more)
const letters = (more: More = {}) => columnOf('CHAR(1)', { kind: 'boolean', spelling: 'T/F' }, 'pydal', more)
const numbers = columnOf('BOOLEAN', { kind: 'boolean', spelling: 'integer' }, 'sqlalchemy')

const repairsOf = (cell: Exclude<Cell, null>, of: ForeignColumn) =>
  foreignKind(cell, of).repairs.map(({ to, value, loses }) => (loses === null ? [to, value] : [to, value, loses]))

const lost = (what: string) => expect.stringMatching(what) as string

describe('booleans', () => {
  it.each<[Exclude<Cell, null>, ForeignColumn, unknown[]]>([
    ['1', letters(), [['as-read', 'F'], ['as-meant', 'T'], ['null', null]]],
    ['0', letters(), [['as-read', 'F'], ['null', null]]],
    ['t', letters(), [['as-read', 'T'], ['null', null]]],
    ['Y', letters({ isNullable: false }), [['as-read', 'F'], ['as-meant', 'T']]],
    ['?', letters(), [['as-read', 'F'], ['null', null]]],
    ['', letters(), [['as-read', 'F'], ['null', null]]],
    ['1', letters({ isGenerated: true }), []],
    ['F', numbers, [['as-read', 1n], ['as-meant', 0n], ['null', null]]],
    ['no', numbers, [['as-read', 1n], ['as-meant', 0n], ['null', null]]],
    [2n, numbers, [['as-read', 1n], ['null', null]]],
    [new Uint8Array([0]), numbers, [['as-read', 1n], ['as-meant', 0n], ['null', null]]],
    ['Y', columnOf('numeric', { kind: 'boolean', spelling: 'integer' }, 'gorm'), [['as-meant', 1n], ['null', null]]],
    // 'no' would be true to SQLAlchemy.
    [0n, columnOf('BOOLEAN', { kind: 'boolean', spelling: 'yes/no' }, 'sqlalchemy'), [['null', null]]],
    [1n, columnOf('BOOLEAN', { kind: 'boolean', spelling: 'yes/no' }, 'sqlalchemy'), [['as-read', 'yes'], ['null', null]]],
    ['1', columnOf('CHAR(1)', { kind: 'boolean', spelling: 'T/F' }, 'unknown'), [['as-meant', 'T'], ['null', null]]],
  ])('%s', (cell, of, repairs) => expect(repairsOf(cell, of)).toEqual(repairs)) // prettier-ignore

  it('in words', () => {
    const { words, readAs, repairs } = foreignKind('1', letters())
    expect([words, readAs, repairs.map((each) => each.words)]).toEqual([
      "the text '1'",
      'PyDAL reads it as false',
      ['F, as PyDAL reads it today', 'T, as it was probably meant', 'NULL, no value'],
    ])
    expect(foreignKind('Y', columnOf('numeric', { kind: 'boolean', spelling: 'integer' }, 'gorm')).readAs).toBe(
      'every query of GORM that meets it fails',
    )
  })
})

describe('dates', () => {
  const day = '2024-01-15 10:20:30'
  it.each<[Exclude<Cell, null>, ForeignColumn, unknown[]]>([
    ['2024-01-15T10:20:30', dates('pydal'), [['as-read', day], ['null', null]]],
    ['2024-01-15T10:20:30', dates('sqlalchemy'), [['as-read', `${day}.000000`], ['null', null]]],
    ['2024-01-15', dates('pydal'), [['as-read', '2024-01-15 00:00:00'], ['null', null]]],
    [`${day}.123`, dates('sqlalchemy'), [['as-read', `${day}.123000`], ['null', null]]],
    // What SQLAlchemy reads has six digits: it loses nothing, what is written does.
    [`${day}.123456789`, dates('sqlalchemy'), [['as-read', `${day}.123456`], ['null', null]]],
    [`${day}.123456`, dates('pydal'), [['as-meant', day, lost('^the digits after the second$')], ['null', null]]],
    [`${day}.000000`, dates('pydal'), [['as-read', day], ['null', null]]],
    // A column without a zone: UTC where the owner says so, its digits where nobody does, nothing of another zone.
    ['2024-01-15T10:20:30Z', dates('pydal'), [['as-meant', day, lost('^the time zone$')], ['null', null]]],
    ['2024-01-15T10:20:30Z', dates('pydal', { name: 'py4web' }), [['as-meant', day], ['null', null]]],
    ['2024-01-15T10:20:30Z', dates('pydal', { name: 'web2py' }), [['null', null]]],
    [`${day}+02:00`, dates('pydal', { name: 'py4web' }), [['as-meant', '2024-01-15 08:20:30'], ['null', null]]],
    [`${day}+02:00`, dates('sqlalchemy', { name: 'flask-security' }), [['as-meant', '2024-01-15 08:20:30.000000'], ['null', null]]],
    [`${day}+02:00`, dates('sqlalchemy'), [['null', null]]],
    [`${day}+02:00`, { ...dates('pydal'), column: { ...dates('pydal').column, type: 'DATETIME' } }, [['as-read', '2024-01-15 12:20:30'], ['null', null]]],
    [day, dates('gorm'), [['as-read', `${day}+00:00`], ['null', null]]],
    ['2024-01-15T10:20:30Z', dates('gorm'), [['as-read', `${day}+00:00`], ['null', null]]],
    [1705314030n, dates('gorm'), [['as-read', `${day}+00:00`], ['null', null]]],
    [1705314030n, dates('sqlalchemy'), [['null', null]]],
    ['', dates('pydal'), [['as-read', null]]],
    ['', dates('pydal', { isNullable: false }), []],
    ['', dates('gorm'), [['as-read', '0001-01-01 00:00:00+00:00'], ['null', null]]],
    ['2024-02-30 10:20:30', dates('sqlalchemy'), [['null', null]]],
    ['soon', dates('sqlalchemy', { isNullable: false }), []],
  ])('%s', (cell, of, repairs) => expect(repairsOf(cell, of)).toEqual(repairs)) // prettier-ignore

  it('say why there is no repair, and what one would lose', () => {
    expect(foreignKind(`${day}+02:00`, dates('sqlalchemy')).note).toBe(
      'It names a time zone, this column keeps none, and whether its times are of that zone is not known.',
    )
    expect(foreignKind('2024-01-15T10:20:30Z', dates('pydal')).note).toBe('This column has no place for the time zone.')
    expect(foreignKind(1705314030n, dates('sqlalchemy')).note).toBe(
      'What this number counts (seconds, milliseconds, days) is not known, so that no date can be made of it.',
    )
    expect(foreignKind('2024-01-15T10:20:30', dates('sqlalchemy')).readAs).toBe(
      'SQLAlchemy reads the date that is written; every query of SQLAlchemy 1.4 that meets it fails',
    )
  })
})

/** Dates in many spellings, words for booleans, and junk. */
const cells = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('2024-01-15', '2024-02-29', '2023-02-29', '1969-12-31', '9999-12-31', '0001-01-01'),
      fc.constantFrom(' ', 'T', ''),
      fc.constantFrom('10:20:30', '23:59:59', '00:00', '02:30:00', ''),
      fc.constantFrom('', '.5', '.120', '.123', '.123456', '.123456789', '.000000'),
      fc.constantFrom('', 'Z', '+00:00', '+02:00', '-03:30', '+0200', '-05'),
    )
    .map((parts) => parts.join('')),
  fc.constantFrom<Exclude<Cell, null>>('T', 'F', '1', '0', 't', 'yes', '', 'now', 0n, 1n, 2n, 1705314030n, 0.5),
  fc.constantFrom(new Uint8Array([0]), new Uint8Array([1]), new Uint8Array([7, 7])),
)
const columns = fc.oneof(
  fc.constantFrom<keyof typeof shapes>('sqlalchemy', 'pydal', 'gorm').chain((writer) =>
    fc.constantFrom(...Object.values(shapes), { ...shape, of: 'date' as const }).map((each) => ({
      ...dates(writer),
      codec: { kind: 'moment' as const, shape: each },
    })),
  ),
  fc
    .tuple(
      fc.constantFrom('CHAR(1)', 'BOOLEAN', 'numeric'),
      fc.constantFrom(...booleanSpellings.filter((each) => each !== 'boolean')),
      fc.constantFrom<Writer>('sqlalchemy', 'pydal', 'gorm', 'django', 'unknown'),
    )
    .map(([type, spelling, writer]) => columnOf(type, { kind: 'boolean', spelling }, writer)),
)

it('whatever is offered is written as the column is, and as-read is read as before', () => {
  let [seen, same] = [0, 0]
  fc.assert(
    fc.property(cells, columns, (cell, of) => {
      if (!isForeign(cell, of.codec)) return
      const read = (value: Cell) => readingOf(of.owner.writer, { ...of.column, ...of }, value).sense
      for (const { to, value } of foreignKind(cell, of).repairs) {
        seen += 1
        expect(isForeign(value, of.codec)).toBe(false)
        if (to !== 'as-read') continue
        same += 1
        expect(textOf(read(value))).toBe(textOf(read(cell)))
      }
    }),
    { numRuns: process.env.VERIFY === 'full' ? 20_000 : 1500, seed: 20261123 },
  )
  expect(seen).toBeGreaterThan(200)
  expect(same).toBeGreaterThan(50)
})

/** An instant by its UTC, a time without a zone by its digits. */
function textOf(sense: ReturnType<typeof readingOf>['sense']): string {
  if (sense.kind !== 'moment') return JSON.stringify(sense)
  const { date, time, offset } = sense.moment
  const { hour = '00', minute = '00', second = '00', fraction = '' } = time ?? {}
  const digits = fraction.replace(/0+$/, '').padEnd(9, '0')
  const day = `${date?.year}-${date?.month}-${date?.day}`
  if (offset === null) return `${day} ${hour}:${minute}:${second ?? '00'}.${digits}`
  return `${Date.parse(`${day}T${hour}:${minute}:${second ?? '00'}Z`) - offset * 60_000} ${digits}`
}

it('a value and its group agree: what stands in one group has the same repairs', () => {
  const groups = new Map<string, string>()
  fc.assert(
    fc.property(cells, columns, (cell, of) => {
      if (!isForeign(cell, of.codec) || decode(cell, of.codec).kind !== 'foreign') return
      const { id, repairs, note } = foreignKind(cell, of)
      const told = JSON.stringify([repairs.map(({ to, loses }) => [to, loses]), note])
      const address = `${JSON.stringify([of.codec, of.owner, of.column.type])} ${id}`
      expect(groups.get(address) ?? told).toBe(told)
      groups.set(address, told)
    }),
    { numRuns: process.env.VERIFY === 'full' ? 20_000 : 1500, seed: 20261123 },
  )
})

/** Any date in any spelling; most of them differ from one another in digits alone. */
const two = (most: number) => fc.integer({ min: 0, max: most }).map((value) => String(value).padStart(2, '0'))
const dated = fc
  .tuple(
    fc.constantFrom('1971', '1999', '2024', '2099', '0001', '9999', '1969'),
    fc.tuple(two(13), two(32)).map(([month, day]) => `-${month}-${day}`),
    fc.constantFrom(' ', ' ', 'T', 'T', ''),
    fc.oneof(
      fc.tuple(two(25), two(60), two(61)).map((parts) => parts.join(':')),
      fc.tuple(two(23), two(59)).map((parts) => parts.join(':')),
      fc.constantFrom('00:00:00', '00:00', '24:00:00', ''),
    ),
    fc.oneof(
      fc.constant(''),
      fc.tuple(fc.integer({ min: 0, max: 9_999_999_999 }), fc.integer({ min: 1, max: 11 })).map(([digits, length]) => {
        const text = String(digits).padStart(length, '0')
        return `.${text.slice(0, length)}`
      }),
      fc.constantFrom('.000', '.100', '.000000', '.120000', '.000000001', '.'),
    ),
    fc.constantFrom('', '', 'Z', '+00:00', '-00:00', '+02:00', '-1200', '+14', '+23:59', '-99:00'),
  )
  .map((parts) => parts.join(''))

it('what is remembered of one value holds for all that are like it', () => {
  const remembered = new Map<string, ReturnType<typeof foreignKinds>>()
  const likes = new Set<string>()
  let [again, dates] = [0, 0]
  fc.assert(
    fc.property(fc.oneof({ weight: 3, arbitrary: dated }, cells), columns, (cell, of) => {
      const address = JSON.stringify([of.codec, of.owner, of.column.type])
      const kindOf = remembered.get(address) ?? foreignKinds(of)
      remembered.set(address, kindOf)
      const like = `${address} ${likeness(cell, of.codec) ?? ''}`
      if (likes.has(like)) again += 1
      if (likes.has(like) && !like.includes(String(cell))) dates += 1
      likes.add(like)
      const told = kindOf(cell)
      const own = isForeign(cell, of.codec) ? foreignKind(cell, of) : null
      expect([told?.id, told?.readAs, told?.note]).toEqual([own?.id, own?.readAs, own?.note])
      expect(told?.repairs.map(({ to, loses }) => [to, loses])).toEqual(
        own?.repairs.map(({ to, loses }) => [to, loses]),
      )
    }),
    { numRuns: process.env.VERIFY === 'full' ? 200_000 : 8000, seed: 20261123 },
  )
  expect([again > 500, dates > 300]).toEqual([true, true])
})
