// Through Roster to the database and back, on each engine: what is written in an encoding reads as it was meant, what is not
// touched stays to the byte and means the same to its owner, and a column of several encodings takes no guess.
import fc from 'fast-check'
import { afterEach, expect, it } from 'vitest'
import { sameCell, type Cell } from '../../shared/cell.ts'
import { BOOLEANS, booleanSpellings, decode, encode, inWords, type Codec, type Meaning } from '../../shared/codecs.ts'
import { writeMoment, type Moment, type MomentShape } from '../../shared/moments.ts'
import type { Writer } from '../../shared/owners.ts'
import type { Change } from '../../shared/tables.ts'
import { readingOf } from '../owners/reading.ts'
import { describeOnEachEngine, type Opened } from './engines.test-setup.ts'

const isFull = process.env.VERIFY === 'full'
const seed = 20261123

const shape: MomentShape = {
  ...{ of: 'datetime', separator: ' ', hasSeconds: true, fraction: { rule: 'fixed', digits: 6 } },
  ...{ zone: 'none', storage: 'text' },
}
const of = (more: Partial<MomentShape>): Codec => ({ kind: 'moment', shape: { ...shape, ...more } })
/** As SQLAlchemy, PyDAL, GORM, JavaScript and others write text. */
const texts: Codec[] = [
  of({}),
  of({ fraction: { rule: 'fixed', digits: 0 } }),
  of({ fraction: { rule: 'trimmed', digits: 9 }, zone: 'offset' }),
  of({ separator: 'T', fraction: { rule: 'fixed', digits: 3 }, zone: 'Z' }),
  of({ fraction: { rule: 'whole-or-fixed', digits: 6 } }),
  of({ separator: 'T', fraction: { rule: 'fixed', digits: 0 }, zone: 'compact' }),
  of({ hasSeconds: false, fraction: { rule: 'fixed', digits: 0 } }),
  of({ of: 'date' }),
]

const two = (most: number, least = 0) => fc.integer({ min: least, max: most }).map((n) => String(n).padStart(2, '0'))
/** Any moment that exists, gaps of daylight saving and days before 1970 among them. */
const moments: fc.Arbitrary<Moment> = fc
  .tuple(
    fc.oneof(fc.integer({ min: 1, max: 9999 }), fc.constantFrom(1, 1969, 2011, 2024, 9999)),
    two(12, 1),
    two(28, 1),
    two(23),
    two(59),
    two(59),
    fc.oneof(fc.constant(''), fc.stringMatching(/^\d{1,9}$/)),
    fc.constantFrom(null, 0, 120, -210, 345),
  )
  .map(([year, month, day, hour, minute, second, fraction, offset]) => ({
    date: { year: String(year).padStart(4, '0'), month, day, isBc: false },
    time: { hour, minute, second, fraction },
    offset,
  }))

/** A moment that the codec can write whole. */
function cut(moment: Moment, { of, hasSeconds, fraction, zone, storage }: MomentShape): Moment {
  const { date, time } = moment
  const kept = hasSeconds ? (time?.fraction ?? '').slice(0, fraction.digits) : ''
  // MySQL takes no date before the year 1000 for certain.
  const year = storage === 'mysql' && date && date.year < '1000' ? `1${date.year.slice(1)}` : (date?.year ?? '')
  return {
    date: date && { ...date, year },
    time: of === 'date' || !time ? null : { ...time, second: hasSeconds ? time.second : null, fraction: kept },
    offset: of === 'date' || zone === 'none' ? null : zone === 'Z' || storage !== 'text' ? 0 : (moment.offset ?? 0),
  }
}

function meaningsOf(codec: Codec): fc.Arbitrary<Meaning> {
  if (codec.kind !== 'moment') return fc.boolean().map((value) => ({ kind: 'boolean', value }))
  return moments
    .map((moment): Meaning => ({ kind: 'moment', moment: cut(moment, codec.shape) }))
    .filter((meaning) => 'value' in encode(meaning, codec))
}

function written(meaning: Meaning, codec: Codec): Cell {
  const made = encode(meaning, codec)
  if ('error' in made) throw new Error(made.error)
  return made.value
}

const sqlText = (cell: Cell) => (typeof cell === 'string' ? `'${cell.replaceAll("'", "''")}'` : String(cell))

describeOnEachEngine('encodings are kept', (engine) => {
  let opened: Opened | null = null
  afterEach(async () => {
    await opened?.close()
    opened = null
  })

  const columnsOf = async ({ api, profileId }: Opened, table: string) =>
    (await api.tables.describe({ profileId, table })).columns
  const rowsOf = async ({ api, profileId }: Opened, table: string) => {
    const view = { profileId, table, sort: null, filter: null }
    const page = await api.tables.page({ view, place: { kind: 'first' }, limit: 500 })
    return page.rows.map((row) => new Map(page.columns.map((name, index) => [name, row[index] as Cell])))
  }

  it('write, then read, is the identity in each of them', async () => {
    const spellings = booleanSpellings.filter((each) => typeof BOOLEANS[each][0] === 'string' && each !== 'boolean')
    const booleans = engine.pick({
      sqlite: [...spellings, 'integer' as const],
      postgres: spellings,
      mysql: spellings.filter((each) => each !== 'TRUE/FALSE'),
    })
    const kinds: { codec: Codec; type: string }[] = [
      ...booleans.map((spelling) => ({
        codec: { kind: 'boolean', spelling } as const,
        // Without collation by case, true and TRUE are one to MySQL; what is stored is not.
        type: spelling === 'integer' ? 'boolean' : 'varchar(40)',
      })),
      ...texts.map((codec) => ({ codec, type: engine.dialect === 'sqlite' ? 'datetime' : 'varchar(40)' })),
      ...engine.pick<{ codec: Codec; type: string }[]>({
        sqlite: [],
        postgres: [
          { type: 'boolean', codec: { kind: 'boolean', spelling: 'boolean' } },
          { type: 'timestamp', codec: of({ fraction: { rule: 'trimmed', digits: 6 }, storage: 'postgres' }) },
          {
            type: 'timestamptz',
            codec: of({ fraction: { rule: 'trimmed', digits: 6 }, zone: 'hours', storage: 'postgres' }),
          },
          { type: 'date', codec: of({ of: 'date', storage: 'postgres' }) },
        ],
        mysql: [
          { type: 'tinyint(1)', codec: { kind: 'boolean', spelling: 'integer' } },
          { type: 'bit(1)', codec: { kind: 'boolean', spelling: 'bit' } },
          { type: 'datetime(3)', codec: of({ fraction: { rule: 'fixed', digits: 3 }, storage: 'mysql' }) },
          { type: 'date', codec: of({ of: 'date', storage: 'mysql' }) },
        ],
      }),
    ]
    const seeds = (codec: Codec): Cell[] => {
      if (codec.kind === 'boolean') return [...BOOLEANS[codec.spelling]]
      return fc.sample(meaningsOf(codec), { numRuns: 40, seed }).map((meaning) => written(meaning, codec))
    }
    const isOwn = ({ codec }: (typeof kinds)[number]) => codec.kind === 'moment' && codec.shape.storage !== 'text'
    const setup = kinds.map(({ codec, type }, index) => {
      const table = `create table t${index} (id integer primary key, is_active ${type});`
      const literals = typeof seeds(codec)[0] === 'object' || isOwn({ codec, type }) ? [] : seeds(codec)
      const rows = literals.map((cell, row) => `(${row + 1000}, ${sqlText(cell)})`)
      return rows.length === 0 ? table : `${table} insert into t${index} values ${rows.join(', ')};`
    })
    opened = await engine.open(setup.join('\n'))
    const { api, profileId } = opened
    for (const [index, { codec }] of kinds.entries()) {
      const table = `t${index}`
      const column = (await columnsOf(opened, table)).find(({ name }) => name === 'is_active')
      const found = column?.codec ?? null
      expect(found && inWords(found), table).toBe(inWords(codec))
      const meanings = fc.sample(meaningsOf(codec), { numRuns: isFull ? 400 : 12, seed: seed + index })
      const changes = meanings.map((meaning, row): Change => ({
        ...{ kind: 'insert', id: `n${row}`, values: { id: BigInt(row), is_active: written(meaning, codec) } },
      }))
      await api.tables.save({ profileId, table, changes })
      const rows = new Map((await rowsOf(opened, table)).map((row) => [row.get('id'), row.get('is_active') ?? null]))
      meanings.forEach((meaning, row) => {
        const cell = rows.get(BigInt(row)) ?? null
        expect(sameCell(cell, written(meaning, codec)), `${inWords(codec)}: ${String(cell)}`).toBe(true)
        expect(written(decode(cell, codec), codec)).toEqual(cell)
        expect(textOf(decode(cell, codec))).toBe(textOf(meaning))
      })
    }
  }, 60_000)

  it('of random rows the owner makes the same before and after an edit beside them', async () => {
    const isFile = engine.dialect === 'sqlite'
    const owners: { table: string; writer: Writer; active: string; seen: string; codecs: [Codec, Codec] }[] = [
      {
        ...{
          table: 'alchemy',
          writer: 'sqlalchemy',
          active: 'boolean',
          seen: engine.dialect === 'postgres' ? 'timestamp' : 'datetime',
        },
        codecs: [{ kind: 'boolean', spelling: engine.dialect === 'postgres' ? 'boolean' : 'integer' }, of({})],
      },
      {
        ...{
          table: 'pydal',
          writer: 'pydal',
          active: 'char(1)',
          seen: engine.dialect === 'mysql' ? 'datetime' : 'timestamp',
        },
        codecs: [{ kind: 'boolean', spelling: 'T/F' }, of({ fraction: { rule: 'fixed', digits: 0 } })],
      },
      {
        ...{
          table: 'gorm',
          writer: 'gorm',
          active: isFile ? 'numeric' : 'boolean',
          seen: isFile ? 'datetime' : engine.dialect === 'postgres' ? 'timestamptz' : 'datetime(3)',
        },
        codecs: [
          { kind: 'boolean', spelling: engine.dialect === 'postgres' ? 'boolean' : 'integer' },
          of({ fraction: { rule: 'trimmed', digits: 9 }, zone: 'offset' }),
        ],
      },
    ]
    const count = isFull ? 400 : 40
    const junk = fc.constantFrom(
      "'F'",
      "'no'",
      "''",
      '2',
      "'2024-02-30 10:00:00'",
      "'now'",
      '1705314030',
      "x'00'",
      '0.5',
    )
    const own = (codec: Codec): fc.Arbitrary<string> =>
      meaningsOf(codec).map((meaning) => {
        const cell = written(meaning, codec)
        return typeof cell === 'bigint' && engine.dialect === 'postgres'
          ? cell === 1n
            ? 'true'
            : 'false'
          : sqlText(cell)
      })
    const cellsOf = (codec: Codec, type: string) => {
      if (isFile) return fc.oneof({ weight: 6, arbitrary: own(codec) }, junk, fc.constant('null'))
      if (type === 'char(1)') return fc.constantFrom("'T'", "'F'", "'1'", "'t'", "'Y'", 'null')
      if (codec.kind === 'boolean') return fc.constantFrom('true', 'false', 'null')
      return moments.map((moment) => {
        const at = writeMoment(cut(moment, { ...shape, storage: 'mysql', fraction: { rule: 'fixed', digits: 0 } }), {
          ...shape,
          fraction: { rule: 'fixed', digits: 0 },
        })
        return 'value' in at ? `'${at.value}'` : 'null'
      })
    }
    const setup = owners.map(({ table, active, seen, codecs: [flag, date] }, index) => {
      const rows = fc.sample(fc.tuple(cellsOf(flag, active), cellsOf(date, seen)), {
        numRuns: count,
        seed: seed + index,
      })
      const values = rows.map(([a, b], row) => `(${row}, 'note ${row}', ${a}, ${b})`)
      return `create table ${table} (id integer primary key, note varchar(80), active ${active}, seen_at ${seen});
        insert into ${table} values ${values.join(', ')};`
    })
    opened = await engine.open(setup.join('\n'))
    const { api, profileId } = opened
    const bytes = engine.pick({
      sqlite: 'id, typeof(active), hex(active), typeof(seen_at), hex(seen_at)',
      postgres: "id, encode(convert_to(active::text, 'UTF8'), 'hex'), seen_at::text",
      mysql: 'id, hex(active), hex(cast(seen_at as char)), seen_at',
    })
    for (const { table, writer, codecs } of owners) {
      const raw = () => (opened as Opened).sql(`select ${bytes} from ${table} order by id`)
      const columns = await columnsOf(opened, table)
      const readings = async () =>
        (await rowsOf(opened as Opened, table)).map((row) =>
          ['active', 'seen_at'].map((name, index) => {
            const column = columns.find((each) => each.name === name)
            // Of a column in several ways the owner still reads in its own.
            const codec = column?.codec ?? codecs[index]
            if (!column || !codec) throw new Error(`${name} is there.`)
            return readingOf(writer, { ...column, codec, dialect: engine.dialect }, row.get(name) ?? null)
          }),
        )
      const [before, sense] = [await raw(), await readings()]
      expect(sense.flat().some(({ how }) => how !== 'unknown' && how !== 'null')).toBe(true)
      const edited = fc.sample(fc.tuple(fc.boolean(), fc.string({ unit: 'grapheme-ascii', maxLength: 20 })), {
        numRuns: count,
        seed,
      })
      const changes = edited.flatMap(([isEdited, text], row): Change[] =>
        isEdited && text !== `note ${row}`
          ? [
              {
                kind: 'update',
                id: String(row),
                key: [BigInt(row)],
                original: { note: `note ${row}` },
                values: { note: text },
              },
            ]
          : [],
      )
      expect(changes.length).toBeGreaterThan(5)
      await api.tables.save({ profileId, table, changes })
      expect(await raw()).toEqual(before)
      expect(await readings()).toEqual(sense)
      const notes = new Map((await rowsOf(opened, table)).map((row) => [row.get('id'), row.get('note')]))
      for (const change of changes)
        if (change.kind === 'update') expect(notes.get(change.key[0] ?? null)).toBe(change.values.note)
    }
  }, 60_000)

  it('a column of several is written only as its own row is, and not at all in a new row', async () => {
    opened = await engine.open(`create table auth_user (id integer primary key, email varchar(512), active char(1));
      insert into auth_user values (1, 'a', 'T'), (2, 'b', 'F'), (3, 'c', 'Y'), (4, 'd', 'N'), (5, 'e', null), (6, 'f', '?');`)
    const { api, profileId } = opened
    const sql = (text: string) => (opened as Opened).sql(text)
    const table = 'auth_user'
    expect((await columnsOf(opened, table)).find(({ name }) => name === 'active')).toMatchObject({
      codec: null,
      encoding: { basis: 'mixed' },
    })
    const save = (...changes: Change[]) => api.tables.save({ profileId, table, changes })
    const update = (id: number, was: Cell, is: Cell, repairs?: string[]): Change => ({
      ...{ kind: 'update', id: 'u', key: [BigInt(id)], original: { active: was }, values: { active: is } },
      ...(repairs && { repairs }),
    })
    const before = await sql('select id, active from auth_user order by id')
    const refused = {
      code: 'VALUE_REFUSED',
      message: expect.stringMatching(/Choose how active is written first/) as string,
    }
    for (const change of [
      update(1, 'T', 'N'),
      update(3, 'Y', 'F'),
      update(5, null, 'T'),
      update(6, '?', 'T'),
      // No way around: a repair writes what the column's encoding says, and it has none.
      update(1, 'T', 'Y', ['active']),
      { kind: 'insert', id: 'i', values: { id: 9n, email: 'i', active: 'T' } } as const,
    ]) {
      await expect(save(change)).rejects.toMatchObject(refused)
    }
    // One of many refused: none is written.
    await expect(save(update(1, 'T', 'F'), { ...update(3, 'Y', 'F'), id: 'v' })).rejects.toMatchObject(refused)
    expect(await sql('select id, active from auth_user order by id')).toEqual(before)
    await save(update(1, 'T', 'F'), { ...update(3, 'Y', 'N'), id: 'v' }, { ...update(6, '?', null), id: 'w' })
    await save({ kind: 'insert', id: 'i', values: { id: 9n, email: 'i' } })
    expect(await sql('select active from auth_user order by id')).toEqual([
      ['F'],
      ['F'],
      ['N'],
      ['N'],
      [null],
      [null],
      [null],
    ])

    await api.tables.chooseEncoding({
      profileId,
      table,
      column: 'active',
      choice: { codec: { kind: 'boolean', spelling: 'T/F' } },
    })
    await save({ kind: 'insert', id: 'j', values: { id: 10n, email: 'j', active: 'T' } })
    await expect(save({ kind: 'insert', id: 'k', values: { id: 11n, email: 'k', active: 'Y' } })).rejects.toMatchObject(
      { code: 'VALUE_REFUSED' },
    )
    await expect(save(update(4, 'N', 'F'))).rejects.toMatchObject({ code: 'VALUE_REFUSED' })
    await save(update(4, 'N', 'F', ['active']))
    expect(await sql('select active from auth_user where id = 4')).toEqual([['F']])
  })
})

/** What a moment says, without how it is written. */
function textOf(meaning: Meaning): string {
  if (meaning.kind !== 'moment')
    return JSON.stringify(meaning, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
  const { date, time, offset } = meaning.moment
  return JSON.stringify([
    date,
    time && [time.hour, time.minute, time.second ?? '00', time.fraction.replace(/0+$/, '')],
    offset,
  ])
}
