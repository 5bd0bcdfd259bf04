// What each writer makes of booleans and dates on each engine is recognised, and changed in its own spelling alone.
import { afterEach, describe, expect, it } from 'vitest'
import type { Cell } from '../../shared/cell.ts'
import { BOOLEANS, encodeTyped, inWords, type Codec } from '../../shared/codecs.ts'
import type { Change } from '../../shared/tables.ts'
import { describeOnEachEngine, type Opened } from './engines.test-setup.ts'

const users = (columns: string, ...rows: string[]) =>
  [`create table auth_user (${columns});`, ...rows.map((row) => `insert into auth_user values (${row});`)].join('\n')

describeOnEachEngine('how columns are written', (engine) => {
  const { dialect } = engine
  let opened: Opened | null = null
  afterEach(async () => {
    await opened?.close()
    opened = null
  })

  async function begin(setup: string): Promise<Opened> {
    opened = await engine.open(setup)
    return opened
  }

  async function columnsOf({ api, profileId }: Opened) {
    const { columns } = await api.tables.describe({ profileId, table: 'auth_user' })
    return new Map(columns.map((column) => [column.name, column]))
  }

  async function pageOf({ api, profileId }: Opened) {
    const view = { profileId, table: 'auth_user', sort: null, filter: null }
    return api.tables.page({ view, place: { kind: 'first' }, limit: 1000 })
  }

  const save = ({ api, profileId }: Opened, change: Change) =>
    api.tables.save({ profileId, table: 'auth_user', changes: [change] })

  /** Types a text into a cell of the row with this id, as the grid would, and saves it. */
  async function type(at: Opened, id: bigint, name: string, text: string): Promise<void> {
    const { codec } = (await columnsOf(at)).get(name)!
    const page = await pageOf(at)
    const place = page.columns.indexOf(name)
    const row = page.rows[page.keys.findIndex(([key]) => key === id)]!
    const present = row[place] as Cell
    const typed = encodeTyped(text, codec as Codec, present)
    if ('error' in typed) throw new Error(typed.error)
    await save(at, {
      kind: 'update',
      id: 'a',
      key: [id],
      original: { [name]: present },
      values: { [name]: typed.value },
    })
  }

  const writers = engine.pick({
    sqlite: [
      {
        writer: 'SQLAlchemy',
        setup: users(
          'id INTEGER NOT NULL, active BOOLEAN, confirmed_at DATETIME, PRIMARY KEY (id)',
          "1, 1, '2024-12-31 23:59:59.999999'",
          "2, 0, '2024-03-31 02:30:00.000000'",
        ),
        stored: [
          ['1', '0', '2024-02-29 10:00:00.500000'],
          ['2', '0', '2024-03-31 02:30:00.000000'],
        ],
        typed: '2024-02-29T10:00:00.5',
      },
    ],
    postgres: [
      {
        writer: 'SQLAlchemy',
        setup: users(
          'id SERIAL NOT NULL, active BOOLEAN, confirmed_at TIMESTAMP WITHOUT TIME ZONE, PRIMARY KEY (id)',
          "1, true, '2024-12-31 23:59:59.999999'",
          "2, false, 'infinity'",
        ),
        stored: [
          ['1', 'f', '2024-02-29 10:00:00.5'],
          ['2', 'f', 'infinity'],
        ],
        typed: '2024-02-29T10:00:00.5',
      },
      {
        writer: 'PyDAL',
        setup: users(
          '"id" SERIAL PRIMARY KEY, "active" CHAR(1), "confirmed_at" TIMESTAMP',
          "1, 'T', '2024-12-31 23:59:59'",
          "2, 'F', '2024-03-31 02:30:00'",
        ),
        stored: [
          ['1', 'F', '2024-02-29 10:00:00'],
          ['2', 'F', '2024-03-31 02:30:00'],
        ],
        typed: '2024-02-29 10:00',
      },
      {
        writer: 'GORM',
        setup: users(
          '"id" bigserial, "active" boolean DEFAULT true, "confirmed_at" timestamptz, PRIMARY KEY ("id")',
          "1, true, '2024-12-31 23:59:59.999999+00'",
          "2, false, '0001-12-31 23:06:32+00 BC'",
        ),
        stored: [
          ['1', 'f', '2024-02-29 08:00:00+00'],
          ['2', 'f', '0001-12-31 23:06:32+00 BC'],
        ],
        typed: '2024-02-29 10:00+02:00',
      },
      {
        writer: 'a bit and a number',
        setup: users(
          'id bigint primary key, active bit(1), confirmed_at timestamp(0)',
          "1, '1', '2024-12-31 23:59:59'",
          "2, '0', null",
        ),
        stored: [
          ['1', '0', '2024-02-29 10:00:00'],
          ['2', '0', null],
        ],
        typed: '2024-02-29 10:00',
      },
    ],
    mysql: [
      {
        writer: 'SQLAlchemy',
        setup: users(
          'id INTEGER NOT NULL AUTO_INCREMENT, active BOOL, confirmed_at DATETIME, PRIMARY KEY (id)',
          "1, 1, '2024-12-31 23:59:59'",
          "2, 0, '2024-03-31 02:30:00'",
        ),
        stored: [
          ['1', '0', '2024-02-29 10:00:00'],
          ['2', '0', '2024-03-31 02:30:00'],
        ],
        typed: '2024-02-29T10:00',
      },
      {
        writer: 'PyDAL',
        setup:
          'create table auth_user (`id` INT AUTO_INCREMENT NOT NULL, `active` CHAR(1), `confirmed_at` DATETIME, PRIMARY KEY (`id`)) ENGINE=InnoDB CHARACTER SET utf8;' +
          "insert into auth_user values (1, 'T', '2024-12-31 23:59:59'), (2, 'F', null);",
        stored: [
          ['1', 'F', '2024-02-29 10:00:00'],
          ['2', 'F', null],
        ],
        typed: '2024-02-29 10:00',
      },
      {
        writer: 'GORM',
        setup:
          "set session sql_mode = '';" +
          users(
            '`id` bigint unsigned AUTO_INCREMENT, `active` boolean DEFAULT true, `confirmed_at` datetime(3) NULL, PRIMARY KEY (`id`)',
            "1, 1, '2024-12-31 23:59:59.999'",
            "2, 0, '0000-00-00 00:00:00.000'",
          ),
        stored: [
          ['1', '0', '2024-02-29 10:00:00.120'],
          ['2', '0', '0000-00-00 00:00:00.000'],
        ],
        typed: '2024-02-29 10:00:00.12',
      },
      {
        writer: 'a bit',
        setup: users(
          'id bigint primary key, active bit(1), confirmed_at datetime(6)',
          "1, b'1', '2024-12-31 23:59:59.000001'",
        ),
        stored: [['1', '\u0000', '2024-02-29 10:00:00.120000']],
        typed: '2024-02-29 10:00:00.12',
      },
    ],
  })

  it.each(writers)('$writer: a change of one row touches its cells alone', async ({ setup, stored, typed }) => {
    const at = await begin(setup)
    const { codec } = (await columnsOf(at)).get('active')!
    expect(codec?.kind).toBe('boolean')
    await type(at, 1n, 'active', 'false')
    await type(at, 1n, 'confirmed_at', typed)
    const rows = await at.sql('select id, active, confirmed_at from auth_user order by id')
    // The test's own connection tells PostgreSQL's booleans in its words.
    expect(rows.map((row) => row.map((cell) => (cell === 'false' ? 'f' : cell)))).toEqual(stored)
    if (codec?.kind === 'boolean') {
      const [, no] = BOOLEANS[codec.spelling]
      const page = await pageOf(at)
      expect(page.rows[0]?.[page.columns.indexOf('active')]).toEqual(no)
    }
  })

  it('refuses a foreign value in a row, in words, and writes nothing', async () => {
    const at = await begin(
      users('id integer primary key, active char(1)', "1, 'T'", "2, 'F'") +
        (dialect === 'sqlite' ? '' : "insert into auth_user values (3, 'T');"),
    )
    await columnsOf(at)
    await at.sql("update auth_user set active = '1' where id = 2")
    const change: Change = { kind: 'update', id: 'a', key: [2n], original: { active: '1' }, values: { active: 'T' } }
    await expect(save(at, change)).rejects.toMatchObject({
      code: 'VALUE_REFUSED',
      message: expect.stringContaining("active of this row holds '1'") as string,
    })
    await expect(
      save(at, { ...change, key: [1n], original: { active: 'T' }, values: { active: '0' } }),
    ).rejects.toMatchObject({ code: 'VALUE_REFUSED' })
    const rows = await at.sql('select active from auth_user where id < 3 order by id')
    expect(rows).toEqual([['T'], ['1']])
  })

  describe('in a table of 20,000 rows, values far from both ends are looked at', () => {
    const numbers = engine.pick({
      sqlite:
        'with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000) insert into auth_user select',
      postgres: 'insert into auth_user select',
      mysql: 'insert into auth_user select',
    })
    const from = engine.pick({
      sqlite: 'from n',
      postgres: 'from generate_series(1, 20000) as n(i)',
      mysql: 'from (select seq as i from seq_1_to_20000) as n',
    })
    const padded = engine.pick({
      sqlite: "printf('%05d', i)",
      postgres: "lpad(i::text, 5, '0')",
      mysql: "lpad(i, 5, '0')",
    })
    const letter = "case when i between 2000 and 18000 then 'Y' else 'T' end"
    const all: [name: string, columns: string, key: string][] = [
      ['whole numbers', 'id bigint primary key, active char(1)', 'i * 1000'],
      ['text', 'id varchar(20) primary key, active char(1)', padded],
      ['two columns', 'a bigint, b bigint, active char(1), primary key (a, b)', 'i, i'],
    ]
    const uuid = "(lpad(to_hex(i::bigint * 200000), 8, '0') || repeat('0', 24))::uuid"
    if (dialect === 'postgres') all.push(['uuids', 'id uuid primary key, active char(1)', uuid])
    it.each(all)('by a key of %s', async (_, columns, key) => {
      const at = await begin(`create table auth_user (${columns}); ${numbers} ${key}, ${letter} ${from};`)
      const { encoding } = (await columnsOf(at)).get('active')!
      expect(encoding?.basis).toBe('mixed')
    })
  })

  if (dialect === 'postgres') {
    it('finds what a domain stands on, also in an empty table', async () => {
      const domain = 'create domain flag as boolean; create table auth_user (id integer primary key, active flag)'
      const { codec } = (await columnsOf(await begin(domain))).get('active')!
      expect(codec).toEqual({ kind: 'boolean', spelling: 'boolean' })
    })
  }

  it('finds text dates on every engine by their values', async () => {
    const at = await begin(
      users(
        'id integer primary key, created_at varchar(40)',
        "1, '2024-01-01T00:00:00.123Z'",
        "2, '2024-01-01T00:00:00.000Z'",
      ),
    )
    const { codec } = (await columnsOf(at)).get('created_at')!
    expect(codec && inWords(codec)).toBe('text like 2024-01-31T09:30:00.123Z')
  })
})
