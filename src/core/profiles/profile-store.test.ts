// The store of profiles on a real disk: first start, damage, other writers.
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { profileSettings, type ProfileSettings } from '../../shared/profiles.ts'
import { openProfileStore } from './profile-store.ts'

let dataFolder: string
let logged: string[]
const host = () => ({ dataFolder, log: (_level: string, message: string) => void logged.push(message) })
const stored = () => join(dataFolder, 'profiles.json')
const setAside = () => readdirSync(dataFolder).filter((name) => name.startsWith('profiles.damaged-'))

beforeEach(() => {
  dataFolder = realpathSync(mkdtempSync(join(tmpdir(), 'roster-profiles-')))
  logged = []
})
afterEach(() => rmSync(dataFolder, { recursive: true, force: true }))

describe('the first start', () => {
  test('makes the sample profile, readable by this person alone', async () => {
    const store = await openProfileStore(host())
    const file = join(dataFolder, 'sample.db')
    expect(store.list()).toEqual({
      profiles: [
        {
          id: 'sample',
          name: 'Sample users (SQLite)',
          dialect: 'sqlite',
          file,
          isSample: true,
          environment: 'none',
          colour: null,
          isReadOnly: false,
          tries: 5,
          delay: 5,
          waitForDatabase: false,
          waitForMigrations: false,
          migrationsFolder: null,
          migrationJournal: 'table',
        },
      ],
      problem: null,
    })
    expect(statSync(stored()).mode & 0o777).toBe(0o600)
  })

  test('is only once: a removed sample does not come back', async () => {
    await (await openProfileStore(host())).remove('sample')
    expect((await openProfileStore(host())).list()).toEqual({ profiles: [], problem: null })
  })
})

test('profiles are kept from one start to the next', async () => {
  const first = await openProfileStore(host())
  const added = await first.add({ name: 'users.db', file: '/data/users.db' })
  await first.rename(added.id, 'Users of the shop')
  const second = await openProfileStore(host())
  expect(second.get(added.id)).toEqual({ ...added, name: 'Users of the shop' })
  expect(readdirSync(dataFolder)).toEqual(['profiles.json'])
})

test('a file has one profile, however often it is added at once', async () => {
  const store = await openProfileStore(host())
  const all = await Promise.all([1, 2, 3].map((n) => store.add({ name: `n${n}`, file: '/data/users.db' })))
  expect(new Set(all.map(({ id }) => id)).size).toBe(1)
  expect(store.list().profiles).toHaveLength(2)
})

test('an unknown profile is refused by its declared error', async () => {
  const store = await openProfileStore(host())
  const refusal = expect.objectContaining({ code: 'PROFILE_NOT_FOUND', data: { profileId: 'gone' } }) as unknown
  expect(() => store.get('gone')).toThrow(refusal)
  await expect(store.rename('gone', 'x')).rejects.toEqual(refusal)
  await expect(store.remove('gone')).rejects.toEqual(refusal)
  // A refused change does not stop the next one.
  await expect(store.rename('sample', 'Mine')).resolves.toMatchObject({ name: 'Mine' })
})

describe('a damaged store', () => {
  test.each([
    ['half of a file', '{"version": 2, "profi'],
    ['an empty file', ''],
    ['another shape', '{"version": 2, "profiles": [{"id": 3}]}'],
    ['an unknown key', '{"version": 2, "profiles": [], "theme": "dark"}'],
    ['version 1 of another shape', '{"version": 1, "profiles": [{"id": 3}]}'],
    ['no version', '{"profiles": []}'],
  ])('%s is set aside whole, reported, and not overwritten', async (_what, text) => {
    writeFileSync(stored(), text)
    const store = await openProfileStore(host())
    const { profiles, problem } = store.list()
    expect(profiles.map(({ id }) => id)).toEqual(['sample'])
    expect(setAside()).toHaveLength(1)
    expect(problem?.setAside).toBe(join(dataFolder, setAside()[0] ?? ''))
    expect(readFileSync(problem?.setAside ?? '', 'utf8')).toBe(text)
    expect(logged).toHaveLength(1)
    // The next start finds a good store.
    expect((await openProfileStore(host())).list().problem).toBeNull()
  })

  test('found during a run: the list it had goes on, and is stored again', async () => {
    const store = await openProfileStore(host())
    const added = await store.add({ name: 'a', file: '/a' })
    writeFileSync(stored(), 'junk')
    expect(store.list().profiles.map(({ id }) => id)).toEqual(['sample', added.id])
    expect(store.list().problem?.message).toContain('goes on with the list it had')
    await store.rename('sample', 'still here')
    expect((await openProfileStore(host())).list().profiles).toHaveLength(2)
    expect(setAside()).toHaveLength(1)
  })
})

describe('a store of another version', () => {
  test('the first is read, with defaults for what it did not have, and stored as the present one', async () => {
    const first = { id: 'a', name: 'Shop', dialect: 'sqlite', file: '/shop.db', isSample: false }
    writeFileSync(stored(), JSON.stringify({ version: 1, profiles: [first] }))
    const store = await openProfileStore(host())
    expect(store.list()).toMatchObject({ profiles: [{ ...first, environment: 'none', tries: 5 }], problem: null })
    await store.rename('a', 'The shop')
    expect(JSON.parse(readFileSync(stored(), 'utf8'))).toMatchObject({ version: 2, profiles: [{ name: 'The shop' }] })
    expect(setAside()).toEqual([])
  })

  test('the present one from before a profile had a folder of migrations is read, and gets it', async () => {
    const before = { id: 'a', name: 'Shop', dialect: 'sqlite', file: '/shop.db', isSample: false, tries: 3 }
    writeFileSync(stored(), JSON.stringify({ version: 2, profiles: [before] }))
    const store = await openProfileStore(host())
    expect(store.list()).toMatchObject({
      profiles: [{ ...before, migrationsFolder: null, migrationJournal: 'table' }],
      problem: null,
    })
    expect(await store.useFolder('a', '/srv/steps')).toMatchObject({ ...before, migrationsFolder: '/srv/steps' })
    expect((await openProfileStore(host())).get('a')).toMatchObject({ ...before, migrationsFolder: '/srv/steps' })
    expect(await store.duplicate('a')).toMatchObject({ migrationsFolder: '/srv/steps' })
    expect((await store.useFolder('a', null)).migrationsFolder).toBeNull()
    await expect(store.useFolder('gone', null)).rejects.toMatchObject({ code: 'PROFILE_NOT_FOUND' })
    expect(setAside()).toEqual([])
  })

  test('a later one is left as it is: nothing is stored over it', async () => {
    const text = '{"version": 3, "profiles": [{"of": "the future"}]}'
    writeFileSync(stored(), text)
    const store = await openProfileStore(host())
    expect(store.list()).toMatchObject({ profiles: [{ id: 'sample' }], problem: { setAside: null } })
    expect(store.list().problem?.message).toContain('newer version')
    await expect(store.add({ name: 'a', file: '/a' })).rejects.toMatchObject({ code: 'NOT_STORED' })
    await expect(store.rename('sample', 'x')).rejects.toMatchObject({ code: 'NOT_STORED' })
    expect(readFileSync(stored(), 'utf8')).toBe(text)
    expect(readdirSync(dataFolder)).toEqual(['profiles.json'])
  })
})

const server: ProfileSettings = profileSettings.parse({
  dialect: 'postgres',
  name: 'Shop',
  host: 'db1',
  port: 5432,
  database: 'shop',
  user: 'joe',
  secret: { kind: 'ask' },
})

test('profiles are made, changed, copied and put in order', async () => {
  const store = await openProfileStore(host())
  const made = await store.create(server)
  expect(made).toMatchObject({ ...server, isSample: false })
  expect(await store.update(made.id, { ...server, name: 'Shop 2', tries: 9 })).toMatchObject({ id: made.id, tries: 9 })
  const copy = await store.duplicate(made.id)
  expect(copy).toEqual({ ...store.get(made.id), id: copy.id, name: 'Shop 2 (copy)' })
  expect((await store.duplicate(copy.id)).name).toBe('Shop 2 (copy 2)')
  expect((await store.duplicate('sample')).isSample).toBe(false)
  const names = async () => (await openProfileStore(host())).list().profiles.map(({ name }) => name)
  expect(await names()).toEqual([
    'Sample users (SQLite)',
    'Sample users (SQLite) (copy)',
    'Shop 2',
    'Shop 2 (copy)',
    'Shop 2 (copy 2)',
  ])
  await store.reorder([copy.id, 'unknown', made.id])
  expect((await names()).slice(0, 3)).toEqual(['Shop 2 (copy)', 'Shop 2', 'Sample users (SQLite)'])
})

test('two programs on one data folder keep each other’s profiles', async () => {
  const one = await openProfileStore(host())
  const two = await openProfileStore(host())
  const a = await one.add({ name: 'a', file: '/a' })
  const b = await two.add({ name: 'b', file: '/b' })
  await one.rename(a.id, 'A')
  expect(one.get(b.id).name).toBe('b')
  expect(two.list().profiles.map(({ name }) => name)).toEqual(['Sample users (SQLite)', 'A', 'b'])
})
