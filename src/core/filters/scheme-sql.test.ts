// The database tells the scheme of every hash as `schemeOf` does, and a secret column is asked for nothing else.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isSecret } from '../../shared/cell.ts'
import { WEAK, where, type Filter, type Test } from '../../shared/filters.ts'
import { SCHEME_NAMES } from '../../shared/scheme-names.ts'
import { SCHEME_FORMS, schemeOf, weaknessOf } from '../password-schemes.ts'
import { describeOnEachEngine, type Opened } from '../tables/engines.test-setup.ts'

const FILE = join(import.meta.dirname, '../../../e2e/fixtures/passwords.json')
const pairs = JSON.parse(readFileSync(FILE, 'utf8')) as { hash: string }[]
/** Beside every hash of the fixture: none, empty, cut off, weak by its cost, of letters that are no hash, and in clear. */
const HASHES = [
  ...[null, '', '!', '*', ' ', 'secret', 'a'.repeat(32), 'A1'.repeat(20), `!${'aB3'.repeat(13)}x`, '100% sure_'],
  ...['$2b$05$F/WNX58fG5fApdCuxsWt1OMOZgnoaIMoU/ObHEUXGQqM.y.zICBI6', '$argon2id$v=19$m=65536', '$2b$12$short'],
  ...['pbkdf2:sha256:1000$aaaa$0f', `pbkdf2:sha256:600000$aaaa$${'0f'.repeat(32)}`, 'Straße', '🦉 owl'],
  ...pairs.map(({ hash }) => hash),
]
const quoted = (text: string | null) => (text === null ? 'null' : `'${text.replaceAll("'", "''")}'`)

it('has a name for people for every form', () => {
  expect([...SCHEME_NAMES].sort()).toEqual([...SCHEME_FORMS.map(({ name }) => name), 'unknown'].sort())
})

describeOnEachEngine('schemes of password hashes', (engine) => {
  let opened: Opened
  beforeAll(async () => {
    const text = engine.pick({
      sqlite: 'VARCHAR(255)',
      postgres: 'varchar(255)',
      mysql: 'varchar(255) charset utf8mb4',
    })
    const escaped = (literal: string) => (engine.dialect === 'mysql' ? literal.replaceAll('\\', '\\\\') : literal)
    const rows = HASHES.map((hash, index) => `(${index + 1}, 'a', ${escaped(quoted(hash))})`)
    opened = await engine.open(`create table auth_user (id integer primary key, email ${text}, password ${text});
      insert into auth_user values ${rows.join(', ')}`)
  })
  afterAll(() => opened.close())

  const view = (filter: Filter) => ({ profileId: opened.profileId, table: 'auth_user', sort: null, filter })
  async function ids(test: Test, isNot = false): Promise<number[]> {
    const page = { view: view(where('password', test, isNot)), place: { kind: 'first' as const }, limit: 1000 }
    const { rows } = await opened.api.tables.page(page)
    return rows.map(([id]) => Number(id))
  }
  const idsOf = (holds: (hash: string | null) => boolean) =>
    HASHES.flatMap((hash, index) => (holds(hash) ? [index + 1] : []))

  it('are found by each name, by several, and by their negation', async () => {
    const names = [...new Set(HASHES.map((hash) => (hash === null ? 'empty' : schemeOf(hash))))]
    expect(names.length).toBeGreaterThan(12)
    for (const name of names) {
      const expected = idsOf((hash) => hash !== null && schemeOf(hash) === name)
      expect(await ids({ test: 'scheme', schemes: [name] }), name).toEqual(expected)
    }
    const two: string[] = ['unknown', 'bcrypt']
    const isOfTwo = (hash: string | null) => hash !== null && two.includes(schemeOf(hash))
    expect(await ids({ test: 'scheme', schemes: two })).toEqual(idsOf(isOfTwo))
    expect(await ids({ test: 'scheme', schemes: two }, true)).toEqual(idsOf((hash) => !isOfTwo(hash)))
  })

  it('are found in a column of bytes as the grid shows them', async () => {
    const bytes = engine.pick({ sqlite: 'blob', postgres: 'bytea', mysql: 'varbinary(255)' })
    const hex = (text: string) => Buffer.from(text).toString('hex')
    const literal = (text: string) =>
      engine.pick({ sqlite: `x'${hex(text)}'`, postgres: `'\\x${hex(text)}'`, mysql: `x'${hex(text)}'` })
    const ascii = HASHES.filter((hash) => hash !== null && /^[ -~]+$/.test(hash)).map((hash) => hash as string)
    await opened.sql(`create table bytes (id integer primary key, password ${bytes})`)
    await opened.sql(
      `insert into bytes values ${ascii.map((hash, index) => `(${index + 1}, ${literal(hash)})`).join(', ')}`,
    )
    const found = async (filter: Filter | null) => {
      const asked = { ...view(filter ?? where('id', { test: 'null' }, true)), table: 'bytes' }
      return (await opened.api.tables.page({ view: asked, place: { kind: 'first' }, limit: 1000 })).rows
    }
    const shown = await found(null)
    const names = new Set(shown.map(([, cell]) => (isSecret(cell) ? cell.secret : '')))
    expect(names.size).toBeGreaterThan(12)
    for (const name of names) {
      const expected = shown.filter(([, cell]) => isSecret(cell) && cell.secret === name)
      expect(await found(where('password', { test: 'scheme', schemes: [name] })), name).toEqual(expected)
    }
  })

  it('are found where they are weak', async () => {
    const isWeak = (hash: string | null) => hash !== null && hash !== '' && weaknessOf(hash) !== null
    expect(idsOf(isWeak).length).toBeGreaterThan(20)
    expect(await ids({ test: 'scheme', schemes: [WEAK] })).toEqual(idsOf(isWeak))
    const both = { test: 'scheme' as const, schemes: [WEAK, 'argon2id', 'argon2id'] }
    expect(await ids(both)).toEqual(idsOf((hash) => isWeak(hash) || schemeOf(hash ?? '') === 'argon2id'))
  })

  it('can be asked for beside NULL and empty, and nothing else can', async () => {
    expect(await ids({ test: 'null' })).toEqual(idsOf((hash) => hash === null))
    expect(await ids({ test: 'empty' })).toEqual(idsOf((hash) => hash === ''))
    const refused: Test[] = [
      { test: 'equals', value: 'secret' },
      { test: 'starts', text: '$2b' },
      { test: 'contains', text: 's' },
      { test: 'one-of', values: ['secret', null] },
      { test: 'range', from: { value: '$', isIncluded: true }, to: null },
      { test: 'foreign', to: { kind: 'hex', digits: 32 } },
    ]
    for (const test of refused) {
      await expect(ids(test), test.test).rejects.toMatchObject({ code: 'QUERY_FAILED', data: { code: 'SECRET' } })
    }
    const ofEmail = { view: view(where('email', { test: 'scheme', schemes: ['bcrypt'] })) }
    await expect(opened.api.tables.count(ofEmail)).rejects.toMatchObject({ data: { code: 'NO_TEST' } })
  })

  it('are asked for in SQL that can be run as it is shown', async () => {
    const filters: Filter[] = [
      where('password', { test: 'scheme', schemes: [WEAK, 'unknown'] }),
      where('password', { test: 'scheme', schemes: ['bcrypt'] }, true),
      where('email', { test: 'foreign', to: { kind: 'hex', digits: 32 } }),
    ]
    for (const filter of filters) {
      const { sql } = await opened.api.tables.filterSql({ view: view(filter) })
      const { count } = await opened.api.tables.count({ view: view(filter) })
      const [[shown] = []] = await opened.sql(`select count(*) from auth_user ${sql}`)
      expect(Number(shown)).toBe(count)
    }
  })
})
