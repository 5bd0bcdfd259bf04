// "Written otherwise" asked of real databases says of every value what `isForeign` says of it, for every codec there is.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Cell } from '../../shared/cell.ts'
import { BOOLEANS, booleanSpellings, isForeign, type Codec } from '../../shared/codecs.ts'
import { where, type Writing } from '../../shared/filters.ts'
import type { MomentShape } from '../../shared/moments.ts'
import { sqlDialects } from '../db/sql-dialects.ts'
import { toStatement } from '../db/query.ts'
import { describeOnEachEngine, type Opened } from '../tables/engines.test-setup.ts'
import { filterOf } from './filter-sql.ts'

const IS_FULL = process.env.VERIFY === 'full'
const seed = 20261123

const DATES = [
  '2024-02-29',
  '2023-02-29',
  '2023-02-28',
  '1900-02-29',
  '2000-02-29',
  '2024-04-30',
  '2024-04-31',
  '2024-12-31',
]
const STRANGE = [
  '0000-00-00',
  '0000-01-01',
  '0001-01-01',
  '9999-12-31',
  '10000-01-01',
  '2024-13-01',
  '2024-00-10',
  '2024-1-05',
]
const TIMES = [
  '00:00',
  '23:59',
  '24:00',
  '09:30:00',
  '09:30:59',
  '09:30:60',
  '9:30:00',
  '09:60:00',
  '-09:30:00',
  '100:00:00',
]
const FRACTIONS = [
  '',
  '.',
  '.0',
  '.1',
  '.10',
  '.123',
  '.120',
  '.000',
  '.000000',
  '.123456',
  '.123450',
  '.100000',
  '.123456789',
]
const ZONES = [
  '',
  'Z',
  'z',
  '+00:00',
  '-00:00',
  '+02:00',
  '-15:59',
  '+16:00',
  '+05:30',
  '+0200',
  '+0000',
  '-0000',
  '+02',
  '-00',
  '-00:30',
  '+02:75',
  '+5:30',
  '+00',
]
const OTHERS = [
  ...[
    '',
    ' ',
    'T',
    'F',
    't',
    'f',
    'Y',
    'N',
    'y',
    'n',
    '1',
    '0',
    'true',
    'false',
    'TRUE',
    'True',
    'False',
    'yes',
    'no',
    'T ',
  ],
  ...[
    'now',
    'infinity',
    '-infinity',
    '2024-01-15 BC',
    ' 2024-01-15',
    '2024-01-15 ',
    '2024-01-15\n',
    '２０２４-01-15',
    '1705314030',
  ],
  ...[
    '2024-01-15t10:20:30',
    '2024-01-15  10:20:30',
    '2024/01/15',
    'a'.repeat(32),
    'A'.repeat(32),
    '0'.repeat(31),
    `${'0'.repeat(32)}\n`,
    'g'.repeat(32),
  ],
]
const pick = <T>(...values: T[]) => fc.constantFrom(...values)
const some = fc.oneof(
  fc
    .tuple(pick(...DATES, ...STRANGE), pick(' ', 'T', '_'), pick(...TIMES), pick(...FRACTIONS), pick(...ZONES))
    .map(([date, between, time, fraction, zone]) => `${date}${between}${time}${fraction}${zone}`),
  fc.tuple(pick(...TIMES), pick(...FRACTIONS), pick(...ZONES)).map((parts) => parts.join('')),
  pick(...DATES, ...STRANGE, ...OTHERS),
)
/** Each by itself in a common place, and many more put together. */
const VALUES = [
  ...new Set([
    ...[...DATES, ...STRANGE, ...OTHERS],
    ...FRACTIONS.flatMap((fraction) => ZONES.map((zone) => `2024-01-15 10:20:30${fraction}${zone}`)),
    ...FRACTIONS.flatMap((fraction) => ZONES.map((zone) => `2024-01-15T10:20:30${fraction}${zone}`)),
    ...ZONES.flatMap((zone) => [`2024-01-15 10:20${zone}`, `10:20:30${zone}`]),
    ...DATES.map((date) => `${date} 10:20:30.000000`),
    ...TIMES.flatMap((time) => [time, `2024-01-15 ${time}`, `2024-01-15 ${time}.123456`]),
    ...fc.sample(some, { numRuns: IS_FULL ? 20_000 : 100, seed }),
  ]),
]

const DIGITS = IS_FULL ? [0, 3, 6, 9] : [0, 6, 9]
const shapes: MomentShape[] = (['none', 'Z', 'offset', 'Z or offset', 'compact', 'hours'] as const).flatMap((zone) =>
  (['fixed', 'whole-or-fixed', 'trimmed'] as const).flatMap((rule) =>
    DIGITS.map((digits) => ({ rule, digits })).map((fraction) => ({
      ...{
        of: 'datetime' as const,
        separator: ' ' as const,
        hasSeconds: true,
        fraction,
        zone,
        storage: 'text' as const,
      },
    })),
  ),
)
const moments: Codec[] = [
  ...shapes,
  ...shapes.filter(({ fraction }) => fraction.digits === 6).map((shape) => ({ ...shape, separator: 'T' as const })),
  ...shapes
    .filter(({ fraction }) => fraction.digits === 6 && fraction.rule !== 'fixed')
    .map((shape) => ({ ...shape, of: 'time' as const })),
  ...shapes
    .filter(({ fraction }) => fraction.digits === 0 && fraction.rule === 'fixed')
    .map((shape) => ({ ...shape, hasSeconds: false })),
  { ...(shapes[0] as MomentShape), of: 'date' as const },
].map((shape) => ({ kind: 'moment', shape }))
const codecs: Codec[] = [
  ...moments,
  ...booleanSpellings.filter((each) => each !== 'boolean').map((spelling) => ({ kind: 'boolean', spelling }) as const),
]

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`

/** The ids of rows whose `v` is written otherwise, as the grid's filter finds them. */
async function foreignIds({ database }: Opened, table: string, to: Writing): Promise<number[]> {
  const signal = new AbortController().signal
  const shape = await database.describe(table, signal)
  if (!shape) throw new Error(`${table} is there.`)
  const dialect = sqlDialects[database.dialect]
  const condition = filterOf({ dialect, shape, isAlongOrder: false }, where('v', { test: 'foreign', to }))
  const query = dialect.knex(dialect.table(table)).select('id').where(condition).orderBy('id')
  const { rows } = await database.read(toStatement(query), signal)
  return rows.map(([id]) => Number(id))
}

const idsOf = <T>(values: readonly T[], test: (value: T) => boolean) =>
  values.flatMap((value, index) => (test(value) ? [index + 1] : []))

describeOnEachEngine('what is written otherwise', (engine) => {
  it('is what isForeign names, for every shape of dates and every spelling of booleans', async () => {
    const types = { sqlite: 'text', postgres: 'varchar(80)', mysql: 'varchar(80) character set utf8mb4' }
    const rows = VALUES.map((value, index) => `(${index + 1}, ${quoted(value)})`)
    const opened = await engine.open(`create table t (id integer primary key, v ${engine.pick(types)})`)
    try {
      await opened.sql(`insert into t (id, v) values ${rows.join(', ')}, (${rows.length + 1}, null)`)
      const stored = [...VALUES, null]
      // A server's column of text holds nothing but text.
      const isOfText = (codec: Codec) => codec.kind !== 'boolean' || typeof BOOLEANS[codec.spelling][0] === 'string'
      for (const codec of codecs.filter((each) => engine.dialect === 'sqlite' || isOfText(each))) {
        const expected = idsOf<Cell>(stored, (value) => isForeign(value, codec))
        expect(await foreignIds(opened, 't', codec), JSON.stringify(codec)).toEqual(expected)
        if (codec.kind === 'moment' && codec.shape.of !== 'time') {
          expect(expected.length, 'some are written so').toBeLessThan(VALUES.length)
        }
      }
      const isHex = (value: string | null) => value !== null && !/^[0-9a-fA-F]{32}$/.test(value)
      expect(await foreignIds(opened, 't', { kind: 'hex', digits: 32 })).toEqual(idsOf(stored, isHex))
    } finally {
      await opened.close()
    }
  })

  it('tells storage classes, NUL and bytes apart', async () => {
    if (engine.dialect !== 'sqlite') return
    const literals = [
      '1',
      '0',
      '2',
      '1.0',
      "'1'",
      "'0'",
      "x'01'",
      "x'54'",
      "'T'",
      'null',
      '1e300',
      "'2024-01-15 10:20:30'",
    ]
    const nul = "cast(x'323032342d30312d31352031303a32303a33300041' as text)"
    const bytes = "cast(x'ff' as text)"
    const setup = [...literals, nul, bytes].map((literal) => `insert into t (v) values (${literal});`).join('')
    const opened = await engine.open(`create table t (id integer primary key, v); ${setup}`)
    try {
      const { rows } = await opened.database.read(
        { sql: 'select v from t order by id', values: [] },
        new AbortController().signal,
      )
      const stored = rows.map(([value = null]) => value)
      for (const codec of [
        ...codecs,
        { kind: 'number', storage: 'integer' } as const,
        { kind: 'number', storage: 'real' } as const,
      ]) {
        const expected = idsOf(stored, (value) => isForeign(value, codec))
        expect(await foreignIds(opened, 't', codec), JSON.stringify(codec)).toEqual(expected)
      }
    } finally {
      await opened.close()
    }
  })
})
