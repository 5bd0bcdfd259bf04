// Thousands of changes in one save: each has its own count, and the one that is not as it was seen, or is refused, is named.
import { ORPCError } from '@orpc/server'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Cell } from '../../shared/cell.ts'
import type { Change, Conflict } from '../../shared/tables.ts'
import { inTransaction } from '../db/transaction.ts'
import { placeOfFailure } from '../db/failed-at.ts'
import { describeOnEachEngine, type Opened } from './engines.test-setup.ts'

const COUNT = process.env.VERIFY === 'full' ? 10_000 : 950

describeOnEachEngine('thousands of changes', (engine) => {
  let opened: Opened
  beforeAll(async () => {
    const id = engine.pick({ sqlite: 'integer', postgres: 'serial', mysql: 'int auto_increment' })
    opened = await engine.open(
      `create table item (id ${id} primary key, v varchar(20) unique, n integer not null default 7)`,
    )
    if (engine.dialect !== 'postgres') return
    await opened.sql(`create function later() returns trigger language plpgsql as
      'begin update item set n = 99 where id = new.id and new.n = 8; return null; end';
      create constraint trigger later after update of n on item deferrable initially deferred for each row execute function later();`)
  })
  afterAll(() => opened.close())
  beforeEach(async () => {
    await opened.sql('delete from item')
    for (let from = 1; from <= COUNT; from += 1_000) {
      const rows = Array.from(
        { length: Math.min(1_000, COUNT - from + 1) },
        (_, i) => `(${from + i}, 'v${from + i}', 1)`,
      )
      await opened.sql(`insert into item values ${rows.join()}`)
    }
    if (engine.dialect === 'postgres') await opened.sql(`select setval('item_id_seq', ${COUNT})`)
  })

  const save = (changes: Change[]) => opened.api.tables.save({ profileId: opened.profileId, table: 'item', changes })
  const update = (id: number, values: Record<string, Cell>): Change => ({
    ...{ kind: 'update', id: `u${id}`, key: [BigInt(id)] },
    ...{
      original: Object.fromEntries(Object.keys(values).map((name) => [name, name === 'v' ? `v${id}` : 1n])),
      values,
    },
  })
  const all = (make: (id: number) => Change) => Array.from({ length: COUNT }, (_, i) => make(i + 1))
  const refusal = async (changes: Change[]) => {
    const error: unknown = await save(changes).then(
      () => null,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(ORPCError)
    return error as ORPCError<string, unknown>
  }
  const counted = async (where: string) =>
    Number((await opened.sql(`select count(*) from item where ${where}`))[0]?.[0])

  it('are saved and read back, row by row in the order they were given', async () => {
    const changes = all((id) =>
      id % 3 === 0
        ? { kind: 'delete', id: `d${id}`, key: [BigInt(id)], original: { v: `v${id}` } }
        : update(id, { v: `w${id}` }),
    )
    changes.splice(5, 0, { kind: 'insert', id: 'n', values: { v: 'v3' } })
    const { rows } = await save(changes)
    expect(rows.slice(0, 7).map((row) => row?.cells.slice(1))).toEqual([
      ['w1', 1n],
      ['w2', 1n],
      undefined,
      ['w4', 1n],
      ['w5', 1n],
      ['v3', 7n],
      undefined,
    ])
    expect(rows).toHaveLength(COUNT + 1)
    expect(await counted("v like 'w%'")).toBe(COUNT - Math.floor(COUNT / 3))
  })

  it('change nothing when some rows are not as they were seen, and every one of those is named', async () => {
    await opened.sql("update item set v = 'theirs' where id = 777")
    await opened.sql(`delete from item where id = ${COUNT}`)
    const error = await refusal(all((id) => update(id, { v: `w${id}` })))
    expect(error.code).toBe('CONFLICT')
    const { conflicts } = error.data as { conflicts: Conflict[] }
    expect(conflicts.map(({ changeId, isGone }) => [changeId, isGone])).toEqual([
      ['u777', false],
      [`u${COUNT}`, true],
    ])
    expect(await counted("v like 'w%'")).toBe(0)
  })

  it('change nothing when one is refused, and that one is named', async () => {
    await opened.sql("insert into item values (50000, 'taken', 1)")
    const error = await refusal(all((id) => update(id, { v: id === 901 ? 'taken' : `w${id}` })))
    expect(error.code).toBe('DUPLICATE')
    expect(error.data).toMatchObject({ changeId: 'u901', holder: { key: [50_000n] } })
    expect(await counted("v like 'w%'")).toBe(0)
  })

  it('are told one by one by the session: what each changed, what it answered, and which failed', async () => {
    const never = new AbortController().signal
    const mark = (place: number) => (engine.dialect === 'postgres' ? `$${place}` : '?')
    const sql = `update item set n = ${mark(1)} where id = ${mark(2)}`
    const rows = Array.from({ length: 600 }, (_, i): Cell[] => [5n, BigInt(i % 2 === 0 ? i + 1 : 1_000_000 + i)])
    const ran = await inTransaction(opened.database, never, (session) => session.runMany(sql, rows))
    expect(ran.map(({ changes }) => changes)).toEqual(rows.map((_, i) => (i % 2 === 0 ? 1 : 0)))
    const insert = `insert into item (v) values (${mark(1)})${engine.dialect === 'mysql' ? '' : ' returning id'}`
    const added = await inTransaction(opened.database, never, (session) => session.runMany(insert, [['x1'], ['x2']]))
    const keys = added.map(({ lastKey, rows: [row] }) => row?.[0] ?? lastKey)
    expect(await opened.sql("select id from item where v like 'x%' order by id")).toEqual(
      keys.map((key) => [String(key)]),
    )
    const failing = Array.from({ length: 600 }, (_, i): Cell[] => [i === 555 ? null : 6n, BigInt(i + 1)])
    const error: unknown = await inTransaction(opened.database, never, (session) =>
      session.runMany(sql, failing),
    ).catch((reason: unknown) => reason)
    expect(placeOfFailure(error)).toBe(555)
    expect(await counted('n = 6')).toBe(0)
  })

  it.runIf(engine.dialect === 'postgres')('show what a trigger has made of a row at COMMIT', async () => {
    const { rows } = await save([update(1, { n: 8n }), update(2, { n: 9n })])
    expect(rows.map((row) => row?.cells)).toEqual([
      [1n, 'v1', 99n],
      [2n, 'v2', 9n],
    ])
  })
})
