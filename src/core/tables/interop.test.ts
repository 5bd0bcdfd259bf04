// A table that SQLAlchemy wrote: every row is read exactly, and an edit changes one cell and nothing else.
import BetterSqlite3 from 'better-sqlite3'
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Cell, ShownCell } from '../../shared/cell.ts'
import { testDatabase, type TestDatabase } from './database.test-setup.ts'

const fixtures = join(import.meta.dirname, '../../../e2e/fixtures')

interface Expected {
  id: string
  email: string
  password: string | null
  active: boolean | null
  fs_uniquifier: string | null
  confirmed_at: string | null
}

const expected = readFileSync(join(fixtures, 'sqlalchemy-sqlite.expected.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Expected)

let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase((file) => copyFileSync(join(fixtures, 'sqlalchemy-sqlite.db'), file))
})
afterAll(() => database.close())

/** As SQLAlchemy reads what is stored: ISO with T, and a boolean. */
function asExpected([id, email, , active, fs, confirmed]: readonly ShownCell[]) {
  return {
    id: typeof id === 'bigint' ? String(id) : id,
    email,
    active: active === null ? null : active === 1n,
    fs_uniquifier: fs,
    confirmed_at: typeof confirmed === 'string' ? confirmed.replace(' ', 'T').replace(/\.000000$/, '') : confirmed,
  }
}

async function allRows() {
  const view = { profileId: database.profileId, table: 'auth_user', sort: null, filter: null }
  const page = await database.api.tables.page({ view, place: { kind: 'first' }, limit: 1000 })
  expect(page.hasMore).toBe(false)
  return page
}

it('reads every row as its writer does', async () => {
  const page = await allRows()
  expect(page.columns).toEqual(['id', 'email', 'password', 'active', 'fs_uniquifier', 'confirmed_at'])
  expect(page.rows.map(asExpected)).toEqual(
    expected.map(({ id, email, active, fs_uniquifier, confirmed_at }) => ({
      id,
      email,
      active,
      fs_uniquifier,
      confirmed_at,
    })),
  )
})

it('reads every password exactly in the host, and never sends one', async () => {
  const shown = (await allRows()).rows.map((row) => row[2])
  expect(shown.filter((cell) => cell !== null).every((cell) => typeof cell === 'object' && 'secret' in cell)).toBe(true)
  expect(shown.filter((cell) => cell === null)).toHaveLength(
    expected.filter(({ password }) => password === null).length,
  )
  const stored = new BetterSqlite3(database.file, { readonly: true })
    .prepare('select password from auth_user order by id')
    .pluck()
    .all()
  expect(stored).toEqual(expected.map(({ password }) => password))
})

it('changes exactly the cell that was edited', async () => {
  const everything =
    'select *, typeof(id), typeof(email), typeof(active), typeof(confirmed_at) from auth_user order by id'
  const before = database.other.prepare(everything).raw().all() as Cell[][]
  const page = await allRows()
  const row = page.rows.findIndex((cells) => cells[1] === 'jurgen@example.de')
  await database.api.tables.save({
    profileId: database.profileId,
    table: 'auth_user',
    changes: [
      {
        kind: 'update',
        id: 'a',
        key: page.keys[row] ?? [],
        original: { email: 'jurgen@example.de' },
        values: { email: 'juergen@example.de' },
      },
    ],
  })
  const after = database.other.prepare(everything).raw().all() as Cell[][]
  const differing = after.flatMap((cells, r) =>
    cells.flatMap((cell, c) => (Object.is(cell, before[r]?.[c]) ? [] : [[r, c, cell]])),
  )
  expect(differing).toEqual([[row, 1, 'juergen@example.de']])
})
