// Text that is not valid in the encoding of a SQLite file: it is told as bytes, can be replaced and deleted, and is never put
// back as bytes. Keys that hold NULL are not made.
import BetterSqlite3 from 'better-sqlite3'
import { afterEach, expect, it } from 'vitest'
import type { Cell } from '../../shared/cell.ts'
import type { Change, PagePlace } from '../../shared/tables.ts'
import { openFile, type Opened } from './engines.test-setup.ts'

let opened: Opened
afterEach(() => opened.close())

/** By the driver alone: class and bytes. */
function stored(): unknown[] {
  const file = new BetterSqlite3(opened.name, { readonly: true })
  const rows = file.prepare("select id, typeof(v) || ' ' || hex(cast(v as blob)) from t order by id").raw().all()
  file.close()
  return rows
}
const save = (...changes: Change[]) => opened.api.tables.save({ profileId: opened.profileId, table: 't', changes })
const revert = (saveId: string | null) =>
  opened.api.tables.revert({ profileId: opened.profileId, saveId: saveId ?? '' })
const update = (id: Cell, from: Cell, to: Cell): Change => ({
  ...{ kind: 'update', id: String(id), key: [id], original: { v: from }, values: { v: to } },
})
const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'))

it.each([
  ['UTF-8', '61FF62'],
  ['UTF-16le', '3DD84100'],
  ['UTF-16be', 'D83D0041'],
])('%s: is replaced and deleted where it is as it was seen, and told not to come back', async (encoding, hex) => {
  opened = await openFile(`pragma encoding = '${encoding}'; create table t (id integer primary key, v text);
    insert into t values (1, cast(x'${hex}' as text)), (2, cast(x'${hex}' as text)), (3, x'${hex}'), (4, 'ok')`)
  const saved = await save(update(1n, bytes(hex), 'fine'), {
    ...{ kind: 'delete', id: 'd', key: [2n], original: { v: bytes(hex) } },
  })
  expect(stored()).toEqual([
    [1, expect.stringMatching(/^text /)],
    [3, `blob ${hex}`],
    [4, expect.stringMatching(/^text /)],
  ])
  await expect(revert(saved.id)).rejects.toThrow('replaced text that is not valid')
  // The very same bytes as bytes come back as bytes.
  const replaced = await save(update(3n, bytes(hex), 'fine'))
  await revert(replaced.id)
  expect(stored()[1]).toEqual([3, `blob ${hex}`])
  // A text that somebody has written since is not replaced.
  await expect(save(update(4n, bytes(hex), 'mine'))).rejects.toMatchObject({ code: 'CONFLICT' })
})

it('bytes that are a valid text are no text: the guard tells them apart', async () => {
  opened = await openFile("create table t (id integer primary key, v text); insert into t values (1, 'abc')")
  await expect(save(update(1n, bytes('616263'), 'mine'))).rejects.toMatchObject({ code: 'CONFLICT' })
})

it('a long one that was deleted does not come back as bytes', async () => {
  opened = await openFile(`create table t (id integer primary key, v text);
    insert into t values (1, cast(replace(hex(zeroblob(3000)), '00', x'ff') as text))`)
  const { id } = await save({ kind: 'delete', id: 'd', key: [1n], original: {} })
  expect(stored()).toEqual([])
  await expect(revert(id)).rejects.toThrow('replaced text that is not valid')
})

it.each(['UTF-8', 'UTF-16le'])('%s: no row is left out or met twice where a page ends at one', async (encoding) => {
  const broken = (text: string) =>
    encoding === 'UTF-8' ? `cast(x'${text}ff' as text)` : `cast(x'${text}003dd84100' as text)`
  const blob = encoding === 'UTF-8' ? "x'61ff'" : "x'61003dd84100'"
  opened = await openFile(`pragma encoding = '${encoding}'; create table t (id integer primary key, v text);
    create table k (v text collate nocase primary key, n integer);
    insert into t (v) values ('a'), (${broken('61')}), ('b'), (${broken('62')}), (${broken('62')}), ('c'), (${blob}), ('d'), (null), ('5');
    insert into k select v, max(id) from t where v is not null group by v, typeof(v)`)
  const asText = (rows: unknown) =>
    JSON.stringify(rows, (_, cell: unknown) => (typeof cell === 'bigint' ? `${cell}` : cell))
  for (const table of ['t', 'k'])
    for (const direction of ['asc', 'desc'] as const) {
      const view = { profileId: opened.profileId, table, sort: { column: 'v', direction }, filter: null }
      const page = (place: PagePlace) => opened.api.tables.page({ view, place, limit: 1 })
      const all = (await opened.api.tables.page({ view, place: { kind: 'first' }, limit: 100 })).rows
      const walked: unknown[] = []
      let next = await page({ kind: 'first' })
      for (; walked.length < 20; next = await page({ kind: 'after', cursor: next.last ?? [] })) {
        walked.push(...next.rows)
        if (!next.hasMore) break
      }
      expect(asText(walked), `${table} ${direction}`).toBe(asText(all))
      const ranked = await Promise.all(all.map((_, rank) => page({ kind: 'rank', rank })))
      expect(asText(ranked.flatMap(({ rows }) => rows))).toBe(asText(all))
      const back = await page({ kind: 'before', cursor: next.first ?? [] })
      expect(asText(back.rows)).toBe(asText(all.slice(-2, -1)))
    }
})

it('no row is given a key that holds NULL', async () => {
  opened = await openFile("create table t (id text primary key, v text); insert into t values ('a', 'x')")
  const words = /a row that holds NULL there could not be named/
  const emptied: Change = { kind: 'update', id: 'u', key: ['a'], original: { id: 'a' }, values: { id: null } }
  await expect(save(emptied)).rejects.toThrow(words)
  await expect(save({ kind: 'insert', id: 'i', values: { id: null, v: 'y' } })).rejects.toThrow(words)
  await expect(save({ kind: 'insert', id: 'i', values: { v: 'y' } })).rejects.toThrow(words)
  expect(stored()).toEqual([['a', 'text 78']])
  await save({ kind: 'insert', id: 'i', values: { id: 'b', v: 'y' } })
  expect(stored()).toHaveLength(2)
})
