// Users that are alike are found on each engine, by their keys, and what is different is told.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeOnEachEngine, type Opened } from '../tables/engines.test-setup.ts'
import { alikeUsers, differenceInWords } from './alike.ts'
import { foldings, isAlike } from './email-forms.ts'

const NFD = 'jose\u0301@example.com'

describeOnEachEngine('users that are alike', (engine) => {
  let opened: Opened
  let tables = 0
  // One for all: each has a table of its own.
  beforeAll(async () => {
    opened = await engine.open('select 1')
  }, 60_000)
  afterAll(() => opened.close())

  const text = engine.pick({
    sqlite: 'varchar(255)',
    postgres: 'varchar(255)',
    mysql: 'varchar(255) collate utf8mb4_bin',
  })
  const begin = async (rows: readonly string[], type = text) => {
    const values = rows.map((email, index) => `(${index + 1}, '${email}', null)`).join(', ')
    const table = `users_${(tables += 1)}`
    const columns = `id integer not null primary key, email ${type}, password varchar(255)`
    await opened.sql(`create table ${table} (${columns}); insert into ${table} values ${values};`)
    return table
  }
  const alike = async (table: string, email: string, id: bigint | null) => {
    const { api, profileId } = opened
    const { users } = await api.users.alike({ profileId, table, email, key: id === null ? null : [id] })
    return users.map(({ key, words }) => [String(key[0]), words]).sort()
  }

  it('by case, blanks and Unicode form, the row itself left out', async () => {
    const at = await begin([
      'ann@example.com',
      'Ann@Example.com',
      ' ann@example.com',
      'anna@example.com',
      'jos\u00e9@example.com',
      NFD,
    ])
    expect(await alike(at, 'ann@example.com', 1n)).toEqual([
      ['2', 'upper and lower case'],
      ['3', 'blanks around it'],
    ])
    expect(await alike(at, NFD, 6n)).toEqual([['5', 'other code points that look the same']])
    expect(await alike(at, 'ANN@example.com', null)).toHaveLength(3)
    expect(await alike(at, 'nobody@example.com', null)).toEqual([])
  })

  it('by letters beyond ASCII in both cases and forms, and by blanks that are no spaces', async () => {
    const at = await begin([
      ...['\u00e9mile@example.com', '\u00c9mile@example.com', 'E\u0301mile@Example.com', '\u00c9MILE@EXAMPLE.COM'],
      ...['emile@example.com', '\tbob@example.com', 'bob@example.com\r\n', '\u00a0Bob@example.com', 'bo b@example.com'],
    ])
    expect(await alike(at, '\u00e9mile@example.com', 1n)).toEqual([
      ['2', 'upper and lower case'],
      ['3', 'other code points that look the same, upper and lower case'],
      ['4', 'upper and lower case'],
    ])
    const around = ['6', '7', '8']
    expect((await alike(at, 'bob@example.com', null)).map(([id]) => id)).toEqual(around)
    expect((await alike(at, '\tbob@example.com', 6n)).map(([id]) => id)).toEqual(['7', '8'])
  })

  it('by the key, where a collation takes many emails for the same', async () => {
    const emoji = Array.from({ length: 60 }, (_, index) => `${String.fromCodePoint(0x1f600 + index)}@x`)
    const same = engine.pick({ sqlite: 0, postgres: 0, mysql: 50 })
    const type = engine.pick({
      ...{ sqlite: 'varchar(255)', postgres: 'varchar(255)' },
      mysql: 'varchar(255) character set utf8mb4 collate utf8mb4_general_ci',
    })
    const at = await begin([...emoji, ` ${emoji[0] ?? ''}`], type)
    const found = await alike(at, emoji[0] ?? '', 1n)
    // The one that is the same but for a blank is told among all that the collation takes for the same.
    expect(found).toContainEqual(['61', 'blanks around it'])
    expect(found).not.toContainEqual(['1', expect.anything()])
    expect(found).toHaveLength(Math.max(1, same))
  })

  it('what is no text of the column is alike to nothing', async () => {
    const at = await begin(['ann@example.com'])
    expect(await alike(at, '\0', null)).toEqual([])
    expect(await alike(at, "' or 1=1 --", null)).toEqual([])
  })

  it('by an index alone where searching all rows takes too long, which is said', async () => {
    const table = await begin(['ann@example.com', 'ANN@EXAMPLE.COM', 'aNN@example.com'])
    const signal = new AbortController().signal
    const { database } = opened
    const shape = await database.describe(table, signal)
    if (!shape) throw new Error('There is no table.')
    const ask = (waits: AbortSignal, limit: AbortSignal) =>
      alikeUsers({ database, shape, email: 'email' }, 'ann@example.com', [1n], waits, limit)
    const { users, isWhole } = await ask(signal, AbortSignal.abort())
    expect([users.map(({ key }) => key), isWhole]).toEqual([[[2n]], false])
    expect(await ask(signal, signal)).toMatchObject({ users: [{}, {}], isWhole: true })
    // Nobody waits any more: that is no search that took too long.
    await expect(ask(AbortSignal.abort(), AbortSignal.abort())).rejects.toThrow()
  })

  it('by nothing in a table without a key: its rows cannot be named', async () => {
    const pair = "('ann@example.com', null), ('Ann@example.com', null)"
    await opened.sql(`create table keyless (email ${text}, password varchar(255)); insert into keyless values ${pair};`)
    const { api, profileId } = opened
    const ask = { profileId, table: 'keyless', email: 'ann@example.com', key: null }
    expect(await api.users.alike(ask)).toEqual({ users: [], isWhole: true })
  })
})

it('says what is different', () => {
  expect(differenceInWords('A@b', 'a@b ')).toBe('blanks around it, upper and lower case')
  expect(differenceInWords('😀@x', '🎉@x')).toBe('other letters, which the database takes for the same')
  expect(differenceInWords('\u00e9@x', 'e\u0301@x')).toBe('other code points that look the same')
})

it('asks for every spelling of an email that is alike', () => {
  const letters = fc.constantFrom(...'aEéÉèßЖж@. ', 'e\u0301', 'I', '1')
  const email = fc.array(letters, { maxLength: 8 }).map((parts) => parts.join(''))
  /** As SQLite folds: ASCII alone. */
  const low = (each: string) => each.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
  fc.assert(
    fc.property(email, fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }), (one, ups) => {
      const cased = [...one].map((letter, at) => (ups[at] && letter !== 'ß' ? letter.toUpperCase() : letter)).join('')
      const isFew = [...one.normalize('NFC')].filter((letter) => letter > '\x7f').length <= 5
      if (!isFew) return
      for (const form of ['NFC', 'NFD'] as const) {
        const other = cased.normalize(form)
        expect(isAlike(one, other)).toBe(true)
        expect(foldings(one)).toContain(low(other.trim()))
      }
    }),
    { numRuns: process.env.VERIFY === 'full' ? 20_000 : 200, seed: 8 },
  )
})
