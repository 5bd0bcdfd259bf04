// Users tables whose text is not in Unicode, as old databases have it: what the column holds is read and edited exactly, and a letter
// that it has no place for is told before anything is sent.
import { expect, it } from 'vitest'
import type { TestServer } from '../../scripts/servers/server.ts'
import { unfitFor } from '../../src/core/db/charset.ts'
import { where } from '../../src/shared/filters.ts'
import { describeOnEachEngine, type Opened } from '../../src/core/tables/engines.test-setup.ts'
import { exercise } from './exercise.ts'
import { quoted } from './raw.ts'

interface Other {
  what: string
  encoding?: string
  setup: string
  /** A letter that the emails can hold, and one that they cannot. */
  held: string
  unfit: string
}

const isWhole = process.env.VERIFY === 'full'
/** Making a database or a table of each takes its time. */
const some = (others: Other[]) => (isWhole ? others : others.slice(0, 1))

const rowsWith = (letter: string) =>
  `insert into users (id, email, note, active) values (1, '${letter}nn@example.com', 'a', 'T'), (2, '${letter.toUpperCase()}NN@example.com', '${letter}', 'F'), (3, 'bob@example.com', null, null)`
const TABLE = `create table users (id integer primary key, email varchar(100), password varchar(200), note varchar(20), active char(1))`

const POSTGRES: Other[] = (
  [
    ['LATIN1', 'ü', '漢'],
    ['WIN1252', 'ž', 'Ж'],
    ['KOI8R', 'ж', 'ü'],
    ['SQL_ASCII', 'ü', ''],
  ] as const
).map(([encoding, held, unfit]) => ({
  ...{ what: `a database in ${encoding}`, encoding, held, unfit, setup: `${TABLE}; ${rowsWith(held)}` },
}))
const MYSQL: Other[] = (
  [
    ['cp1250', 'ž', 'Ж'],
    ['utf8mb3', '漢', '😀'],
    ['latin1', 'ž', 'Ж'],
  ] as const
).map(([charset, held, unfit]) => ({
  ...{ what: `a table in ${charset}`, held, unfit },
  setup: `${TABLE} default charset ${charset}; ${rowsWith(held)}`,
}))

/** All letters of one code unit beyond ASCII. */
const LETTERS = Array.from({ length: 0xffff - 0x80 }, (_, at) => at + 0x80)
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCharCode(code))

const heldBy = (charset: string) => LETTERS.filter((letter) => unfitFor(charset, letter) === null)

const SETS = {
  mysql: [
    ...['latin1', 'latin2', 'latin5', 'latin7', 'koi8r', 'cp1250', 'cp1251'],
    ...['cp1257', 'ascii', 'utf8mb3', 'ucs2'],
  ],
  postgres: [
    ...['LATIN1', 'LATIN2', 'LATIN3', 'LATIN4', 'LATIN5', 'LATIN6', 'LATIN7', 'LATIN8', 'LATIN9', 'LATIN10'],
    ...['ISO_8859_5', 'ISO_8859_6', 'ISO_8859_7', 'ISO_8859_8', 'KOI8R', 'WIN866', 'WIN874', 'WIN1250'],
    ...['WIN1251', 'WIN1252', 'WIN1253', 'WIN1254', 'WIN1256', 'WIN1257', 'WIN1258'],
  ],
}

/** The letters that the server itself stores and hands out again. */
const STORED = {
  async mysql(server: TestServer, charset: string): Promise<string[]> {
    const text = Buffer.from(LETTERS.join('')).toString('hex')
    const [row] = await server.admin(`select hex(convert(convert(_utf8mb4 x'${text}' using ${charset}) using utf8mb4))`)
    const back = [...Buffer.from(row?.[0] ?? '', 'hex').toString('utf8')]
    return LETTERS.filter((letter, at) => back[at] === letter)
  },
  async postgres(server: TestServer, charset: string): Promise<string[]> {
    await server.admin(`create or replace function letter(byte int, name text) returns text language plpgsql as
      'begin return convert_from(set_byte(''\\x00'', 0, byte), name); exception when others then return null; end'`)
    const rows = await server.admin(`select letter(byte, '${charset}') from generate_series(128, 255) byte`)
    const stored = new Set(rows.map(([letter]) => letter))
    return LETTERS.filter((letter) => stored.has(letter))
  },
}

describeOnEachEngine('other character sets', (engine) => {
  const { dialect } = engine
  if (dialect === 'sqlite') return it.skip('are not in a file')

  it.each(SETS[dialect])('the letters of %s are the server’s own', async (charset) => {
    const server = engine.server?.()
    if (!server) throw new Error('There is no server.')
    expect(heldBy(charset)).toEqual(await STORED[dialect](server, charset))
  })

  it.each(some(dialect === 'postgres' ? POSTGRES : MYSQL).map((other) => [other.what, other] as const))(
    '%s',
    async (_what, other) => {
      const { encoding, setup, held, unfit } = other
      const opened: Opened = await engine.open(setup, encoding === undefined ? {} : { encoding })
      try {
        const { api, profileId } = opened
        const at = { profileId, table: 'users' }
        const view = { ...at, sort: null, filter: null }
        const sql = quoted(engine.dialect, 'users')
        if (isWhole || dialect === 'mysql') {
          const { refused } = await exercise({ engine, opened, table: 'users', sql })
          expect(refused.filter((why) => !/is already used by/.test(why))).toEqual([])
        }

        const { users } = await api.users.alike({ ...at, email: `${held}nn@example.com`, key: [1n] })
        // SQL_ASCII knows no letters beyond ASCII, and of the euro there is one case.
        expect(users.map(({ key }) => key)).toEqual([[2n]])
        const countOf = async (filter: ReturnType<typeof where>) =>
          (await api.tables.count({ view: { ...view, filter } })).count
        expect(await countOf(where(null, { test: 'contains', text: held }))).toBeGreaterThan(0)
        if (unfit === '') return
        for (const column of ['email', null]) {
          expect(await countOf(where(column, { test: 'contains', text: unfit }))).toBe(0)
          expect(await countOf(where(column, { test: 'starts', text: unfit }))).toBe(0)
        }
        expect(await countOf(where(null, { test: 'equals', value: unfit }))).toBe(0)
        await expect(countOf(where('email', { test: 'equals', value: unfit }))).rejects.toThrow(
          `“${unfit}” is not in the column's character set ${encoding ?? ''}`,
        )
        await api.users.alike({ ...at, email: `${unfit}nn@example.com`, key: null })

        const change = {
          ...{ kind: 'update' as const, id: 'u', key: [3n], original: { note: null } },
          values: { note: `${held}${unfit}` },
        }
        const { problems } = await api.tables.check({ ...at, changes: [change] })
        expect(problems).toMatchObject([{ changeId: 'u', column: 'note', kind: 'type' }])
        expect(problems[0]?.words).toContain(`note cannot hold this text: “${unfit}” is not in`)
        const before = await opened.sql(`select * from ${sql} order by id`)
        await expect(api.tables.save({ ...at, changes: [change] })).rejects.toMatchObject({ code: 'VALUE_REFUSED' })
        expect(await opened.sql(`select * from ${sql} order by id`)).toEqual(before)
      } finally {
        await opened.close()
      }
    },
  )

  it('a set whose letters only the server knows', async () => {
    const [charset, encoding] = dialect === 'mysql' ? ['greek', undefined] : ['', 'EUC_JP']
    const letter = dialect === 'mysql' ? 'ώ' : '漢'
    const setup = `${TABLE}${charset && ` default charset ${charset}`}; insert into users (id, email) values (1, '${letter}@example.com'), (2, '${letter}@Example.com')`
    const opened = await engine.open(setup, encoding === undefined ? {} : { encoding })
    try {
      const at = { profileId: opened.profileId, table: 'users' }
      const { users } = await opened.api.users.alike({ ...at, email: `${letter}@example.com`, key: [1n] })
      expect(users.map(({ key }) => key)).toEqual([[2n]])
    } finally {
      await opened.close()
    }
  })

  it.skipIf(dialect !== 'postgres')(
    'text that is not in the encoding of its database is told with what to do',
    async () => {
      const setup = `${TABLE}; insert into users (id, email) values (1, 'ann@example.com'), (2, convert_from('\\x4afc7267', 'SQL_ASCII'))`
      const opened = await engine.open(setup, { encoding: 'SQL_ASCII' })
      try {
        const at = { profileId: opened.profileId, table: 'users' }
        const first = { view: { ...at, sort: null, filter: null }, place: { kind: 'first' as const }, limit: 10 }
        await expect(opened.api.tables.page(first)).rejects.toThrow(
          /no UTF-8, .*SQL_ASCII.*UPDATE … SET name = convert_from/s,
        )
        // As the words say.
        await opened.sql(
          `set client_encoding = SQL_ASCII; update users set email = convert_from(convert(convert_to(email, 'SQL_ASCII'), 'LATIN1', 'UTF8'), 'SQL_ASCII') where id = 2`,
        )
        const page = await opened.api.tables.page(first)
        expect(page.rows.map(([, email]) => email)).toEqual(['ann@example.com', 'Jürg'])
      } finally {
        await opened.close()
      }
    },
  )
})
