// Rows as SQL text: run by the engine itself, they give the rows back, whatever is in them; and the choices of an enum.
import { afterEach, expect, it } from 'vitest'
import type { Cell } from '../../shared/cell.ts'
import { describeOnEachEngine, type Opened } from './engines.test-setup.ts'

describeOnEachEngine('rows as SQL', (engine) => {
  let opened: Opened | undefined
  afterEach(async () => {
    await opened?.close()
    opened = undefined
  })

  const bytes = engine.pick({ sqlite: 'blob', postgres: 'bytea', mysql: 'longblob' })
  const real = engine.pick({ sqlite: 'real', postgres: 'double precision', mysql: 'double' })
  const columns = `id bigint primary key, "a b?" text, n bigint, r ${real}, d decimal(20, 5), raw ${bytes}`
  const quoted = (text: string) => (engine.dialect === 'mysql' ? text.replaceAll('"', '`') : text)
  const setup = quoted(`create table items (${columns}); create table copy (${columns});`)

  /** What a page of the table holds. */
  async function rowsOf({ api, profileId }: Opened, table: string) {
    const view = { profileId, table, sort: null, filter: null }
    const page = await api.tables.page({ view, place: { kind: 'first' }, limit: 10 })
    return page.rows as Cell[][]
  }

  it('the INSERTs make the same rows, and the UPDATEs change them', async () => {
    opened = await engine.open(setup)
    const { api, profileId } = opened
    const sql = (text: string) => opened?.sql(text)
    const small = engine.pick<Cell>({ sqlite: 0.1, postgres: '0.1', mysql: 0.1 })
    const exact = engine.pick<Cell>({ sqlite: 12.5, postgres: '12.50000', mysql: '12.50000' })
    const names = ['id', 'a b?', 'n', 'r', 'd', 'raw']
    const made: Cell[][] = [
      [1n, `it's "a" \\ ? $1\n\ttab`, 9223372036854775807n, small, exact, new Uint8Array([0, 255, 39])],
      [2n, '', -9223372036854775807n, null, null, new Uint8Array()],
      [3n, null, null, null, null, null],
    ]
    const rows = made.map((cells) => ({
      key: [cells[0] ?? null],
      values: Object.fromEntries(names.map((name, index) => [name, cells[index] ?? null])),
    }))
    const inserts = await api.tables.rowsSql({ profileId, table: 'items', form: 'insert', rows })
    for (const part of inserts.parts) await sql(part)
    expect(await rowsOf(opened, 'items')).toEqual(made)

    await sql(quoted(`insert into copy (id) values (1), (2), (3)`))
    const updates = await api.tables.rowsSql({ profileId, table: 'copy', form: 'update', rows })
    for (const part of updates.parts) await sql(part)
    expect(await rowsOf(opened, 'copy')).toEqual(made)
  })

  it('a row that is not stored has no UPDATE, and an IN list holds the values alone', async () => {
    opened = await engine.open(setup)
    const { api, profileId } = opened
    const rows = [{ key: null, values: { 'a b?': "o'k" } }]
    expect(await api.tables.rowsSql({ profileId, table: 'items', form: 'update', rows })).toEqual({ parts: [''] })
    const list = await api.tables.rowsSql({ profileId, table: 'items', form: 'in', rows })
    expect(list.parts).toEqual([engine.pick({ sqlite: "'o''k'", postgres: "'o''k'", mysql: "'o\\'k'" })])
  })

  it('refuses a password column and one that is not there', async () => {
    opened = await engine.open('create table users (id bigint primary key, password text)')
    const { api, profileId } = opened
    const ask = (name: string) =>
      api.tables.rowsSql({ profileId, table: 'users', form: 'insert', rows: [{ key: null, values: { [name]: 'x' } }] })
    await expect(ask('password')).rejects.toThrow('holds password hashes')
    await expect(ask('gone')).rejects.toThrow('no column gone')
  })

  it.skipIf(engine.dialect !== 'postgres')(
    'the choices of an enum are told in its own order, also behind a domain',
    async () => {
      opened = await engine.open(`
      create type mood as enum ('sad', 'it''s ok, "fine"', 'Happy'); create domain feeling as mood;
      create table people (id int primary key, now mood, later feeling, name text)`)
      const { columns } = await opened.api.tables.describe({ profileId: opened.profileId, table: 'people' })
      const choices = ['sad', `it's ok, "fine"`, 'Happy']
      expect(columns.map((column) => column.choices)).toEqual([undefined, choices, choices, undefined])
    },
  )
})
