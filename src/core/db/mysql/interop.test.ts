// A table that SQLAlchemy wrote on MariaDB: every row reads exactly as its writer reads it, and an edit changes one cell.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { describeWithMariadb } from '../../../../scripts/servers/missing.ts'
import type { Cell } from '../../../shared/cell.ts'
import { describeTable } from './introspect.ts'
import { linkTo, readOf, rowsOf } from './mysql.test-setup.ts'
import { mysqlSql } from './sql.ts'

const fixtures = join(import.meta.dirname, '../../../../e2e/fixtures')

interface Expected {
  id: string
  email: string
  password: string | null
  active: boolean | null
  fs_uniquifier: string | null
  confirmed_at: string | null
}

const expected = readFileSync(join(fixtures, 'sqlalchemy-mariadb.expected.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Expected)

/** Of the cells, as their writer reads them: true and false for 1 and 0, dates in the form of ISO 8601. */
const asWriter = ([id, email, password, active, fs, confirmed]: Cell[]): Expected => ({
  id: String(id),
  email: email as string,
  password: password as string | null,
  active: active === null ? null : active === 1n,
  fs_uniquifier: fs as string | null,
  confirmed_at: typeof confirmed === 'string' ? confirmed.replace(' ', 'T').replace(/\.000000$/, '') : null,
})

describeWithMariadb('a table that SQLAlchemy wrote', (server) => {
  it('reads as its writer does, and an edit changes one cell', async () => {
    // The first line is MariaDB's mark for its own client.
    const dump = readFileSync(join(fixtures, 'sqlalchemy-mariadb.sql'), 'utf8').replace(/^\/\*M!.*\n/, '')
    await server().admin(`alter database \`${server().database}\` character set utf8mb4; ${dump}`)
    const link = await linkTo(server())
    const all = () =>
      rowsOf(link, 'select id, email, password, active, fs_uniquifier, confirmed_at from auth_user order by id')
    const rows = await all()
    expect(rows.map(asWriter)).toEqual(
      expected.map(({ id, email, password, active, fs_uniquifier, confirmed_at }) => ({
        id,
        email,
        password,
        active,
        fs_uniquifier,
        confirmed_at,
      })),
    )

    const shape = await describeTable(readOf(link), 'auth_user')
    const columns = shape?.columns ?? []
    expect(columns.map(({ kind }) => kind)).toEqual(['integer', 'text', 'text', 'boolean', 'text', 'datetime'])
    // Every row is found by everything that it holds, and by nothing less.
    await link.begin()
    for (const row of rows) {
      const query = mysqlSql.knex('auth_user')
      columns.forEach((column, index) => void query.where(mysqlSql.same(column, row[index] ?? null)))
      const { sql, bindings } = query
        .update({ active: mysqlSql.value(columns[3] as (typeof columns)[number], 1n) })
        .toSQL()
        .toNative()
      expect((await link.run({ sql, values: bindings as Cell[] })).changes).toBe(1)
    }
    await link.commit()
    expect(await all()).toEqual(rows.map((row) => row.map((cell, index) => (index === 3 ? 1n : cell))))
    await link.end()
  })
})
