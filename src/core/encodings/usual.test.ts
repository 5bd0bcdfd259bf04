// Where a table holds no value yet, its owner decides how the first is written; where it does, the values decide.
import BetterSqlite3 from 'better-sqlite3'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { encodeTyped, nowIn, type Codec } from '../../shared/codecs.ts'
import { openFile, type Opened } from '../tables/engines.test-setup.ts'

const fixtures = join(import.meta.dirname, '../../../e2e/fixtures')

let opened: Opened | null = null
afterEach(async () => {
  await opened?.close()
  opened = null
})

async function begin(): Promise<{ file: BetterSqlite3.Database; columns: () => Promise<Map<string, Codec | null>> }> {
  opened = await openFile('')
  const { api, profileId, name } = opened
  return {
    file: new BetterSqlite3(name),
    async columns() {
      const { columns } = await api.tables.describe({ profileId, table: 'auth_user' })
      return new Map(columns.map((column) => [column.name, column.codec]))
    },
  }
}

/** How the column writes a moment that is typed, and one that Roster sets. */
function written(codec: Codec | null | undefined): [typed: unknown, now: unknown] {
  if (!codec) throw new Error('The column has no codec.')
  return [encodeTyped('2024-01-15 10:20:30', codec), nowIn(codec, '2024-01-15T10:20:30.120Z')]
}

const moments: [set: string, column: string, typed: string, now: string][] = [
  ['sqlalchemy', 'confirmed_at', '2024-01-15 10:20:30.000000', '2024-01-15 10:20:30.120000'],
  ['alembic', 'confirmed_at', '2024-01-15 10:20:30.000000', '2024-01-15 10:20:30.120000'],
  ['flask-security', 'update_datetime', '2024-01-15 10:20:30.000000', '2024-01-15 10:20:30.120000'],
  ['pydal', 'confirmed_at', '2024-01-15 10:20:30', '2024-01-15 10:20:30'],
  ['py4web', 'last_password_change', '2024-01-15 10:20:30', '2024-01-15 10:20:30'],
  ['gorm', 'updated_at', '2024-01-15 10:20:30+00:00', '2024-01-15 10:20:30.12+00:00'],
]

describe('an empty table', () => {
  it.each(moments)('of %s: %s', async (set, column, typed, now) => {
    const { file, columns } = await begin()
    copyFileSync(join(fixtures, `${set}-sqlite.db`), file.name)
    file.exec('pragma foreign_keys = off; delete from auth_user')
    const found = await columns()
    expect(written(found.get(column))).toEqual([{ value: typed }, now])
    const active = found.get('active')
    if (found.has('active')) {
      expect(active).toEqual({ kind: 'boolean', spelling: set === 'pydal' ? 'T/F' : 'integer' })
    }
    file.close()
  })

  it('of Django', async () => {
    const { file, columns } = await begin()
    file.exec(`CREATE TABLE "auth_user" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "password" varchar(128) NOT NULL,
      "email" varchar(254) NOT NULL, "is_staff" bool NOT NULL, "is_active" bool NOT NULL, "is_superuser" bool NOT NULL,
      "date_joined" datetime NOT NULL)`)
    expect(written((await columns()).get('date_joined'))).toEqual([
      { value: '2024-01-15 10:20:30' },
      '2024-01-15 10:20:30.120000',
    ])
    file.close()
  })

  it('of nobody who is known: as SQLAlchemy writes, and no letter is a boolean', async () => {
    const { file, columns } = await begin()
    file.exec('CREATE TABLE auth_user (id integer primary key, email text, code char(1), seen datetime, paid numeric)')
    const found = await columns()
    expect(written(found.get('seen'))[0]).toEqual({ value: '2024-01-15 10:20:30.000000' })
    expect([found.get('code'), found.get('paid')]).toEqual([null, null])
    file.close()
  })
})

describe('values that show a part of the owner’s rule', () => {
  const django = `CREATE TABLE "auth_user" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "email" varchar(254) NOT NULL,
    "is_staff" bool NOT NULL, "is_active" bool NOT NULL, "is_superuser" bool NOT NULL, "date_joined" datetime NOT NULL);`
  const row = (moment: string) =>
    `insert into auth_user (email, is_staff, is_active, is_superuser, date_joined) values ('a', 0, 1, 0, '${moment}');`

  it.each<[string, string[], typed: string]>([
    ['six digits', ['2024-01-15 10:20:30.123456', '2024-01-15 10:20:31.654320'], '2024-01-15 10:20:30'],
    ['whole seconds', ['2024-01-15 10:20:30', '2024-01-15 10:20:31'], '2024-01-15 10:20:30'],
    ['six zeros, which Django does not write', ['2024-01-15 10:20:30.000000'], '2024-01-15 10:20:30.000000'],
    ['three digits, which Django does not write', ['2024-01-15 10:20:30.123'], '2024-01-15 10:20:30.000'],
  ])('%s', async (_what, values, typed) => {
    const { file, columns } = await begin()
    file.exec(django + values.map(row).join(''))
    const codec = (await columns()).get('date_joined')
    expect(written(codec)[0]).toEqual({ value: typed })
    file.close()
  })
})

describe('values that say something else than the owner would', () => {
  it('are what a new one is written as', async () => {
    const { file, columns } = await begin()
    copyFileSync(join(fixtures, 'pydal-sqlite.db'), file.name)
    file.exec(`update auth_user set confirmed_at = '2024-01-15 10:20:30.500000'; update auth_user set active = 'Y'`)
    const found = await columns()
    expect(written(found.get('confirmed_at'))[0]).toEqual({ value: '2024-01-15 10:20:30.000000' })
    expect(found.get('active')).toEqual({ kind: 'boolean', spelling: 'Y/N' })
    file.close()
  })

  it('of a numeric boolean of GORM are foreign, and keep it a boolean', async () => {
    const { file, columns } = await begin()
    copyFileSync(join(fixtures, 'gorm-sqlite.db'), file.name)
    file.exec(
      'alter table auth_user rename column active to newsletter; update auth_user set newsletter = 2 where id = 1',
    )
    expect((await columns()).get('newsletter')).toEqual({ kind: 'boolean', spelling: 'integer' })
    file.close()
  })
})
