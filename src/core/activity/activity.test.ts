// What Roster sent, on each engine: reads, a save with its transaction, failures, what was cancelled, and schema work.
import { createRouterClient } from '@orpc/server'
import { afterEach, expect, it } from 'vitest'
import type { ActivityEntry } from '../../shared/activity.ts'
import type { Api } from '../../shared/contract.ts'
import { router } from '../router.ts'
import { inTransaction } from '../db/transaction.ts'
import { describeOnEachEngine, type Opened } from '../tables/engines.test-setup.ts'
import { MOST_ENTRIES, openActivityLog } from './activity-log.ts'

const never = new AbortController().signal
const TABLE = `create table people (id integer primary key, email varchar(40) not null unique, password varchar(255));
  insert into people values (1, 'a@example.org', 'hash of a'), (2, 'b@example.org', null)`

/** Everything that is told until `isEnough`. */
async function watched(api: Api, profileId: string, isEnough: (entries: ActivityEntry[]) => boolean) {
  const known = new Map<number, ActivityEntry>()
  for await (const news of await api.activity.watch({ profileId })) {
    for (const entry of news) known.set(entry.number, entry)
    if (isEnough([...known.values()])) break
  }
  return [...known.values()].sort((a, b) => a.number - b.number)
}

describeOnEachEngine('activity', (engine) => {
  let opened: Opened
  afterEach(() => opened.close())
  const open = async () => {
    opened = await engine.open(TABLE)
    const { api, profileId, database } = opened
    return { api, profileId, database, view: { profileId, table: 'people', sort: null, filter: null } }
  }
  const entries = (isEnough: (all: ActivityEntry[]) => boolean) => watched(opened.api, opened.profileId, isEnough)

  it('tells a page that was read, how long it took and how many rows it had', async () => {
    const { api, view } = await open()
    await api.tables.page({ view, place: { kind: 'first' }, limit: 100 })
    const all = await entries((each) => each.some(({ sql }) => /limit/i.test(sql)))
    const page = all.findLast(({ sql }) => /from .people./.test(sql) && /limit/i.test(sql))
    expect(page).toMatchObject({ role: 'read', rows: 2, error: null, duration: expect.any(Number) as number })
    expect(all.some(({ sql }) => /pragma|pg_catalog|information_schema|pg_attribute/i.test(sql))).toBe(true)
    expect(JSON.stringify(all)).not.toContain('hash of a')
  })

  it('tells a save with its transaction, and one that failed with the words of the database', async () => {
    const { api, profileId } = await open()
    const save = (email: string) =>
      api.tables.save({
        profileId,
        table: 'people',
        changes: [{ kind: 'update', id: 'x', key: [1n], original: { email: 'a@example.org' }, values: { email } }],
      })
    await expect(save('b@example.org')).rejects.toMatchObject({ code: 'DUPLICATE' })
    await save('c@example.org')
    const all = (await entries((each) => each.some(({ sql }) => sql === 'commit'))).filter(
      ({ role }) => role === 'write',
    )
    const words = all.map(({ sql, error }) => `${/^\w+/.exec(sql)?.[0]}${error === null ? '' : ' failed'}`)
    expect(words.join(', ')).toMatch(/^begin, .*failed.*rollback, begin, .*update.*commit$/)
    const changed = all.findLast(({ sql }) => sql.startsWith('update'))
    expect(changed).toMatchObject({ rows: 1, error: null })
    expect(changed?.values).toContain("'c@example.org'")
    expect(all.find(({ error }) => error !== null)?.error).toMatch(/unique|duplicate/i)
  })

  it('hides what is written to a password column, in rows and in schema work', async () => {
    const { database } = await open()
    await inTransaction(database, never, async (session) => {
      await session.bulk('people', ['id', 'email', 'password'], [[3n, 'c@example.org', 'canary one']])
      const text = engine.pick({ sqlite: ['?', '?'], postgres: ['$1', '$2'], mysql: ['?', '?'] })
      const sql = `update people set password = ${text[0]} where id = ${text[1]}`
      await session.run({ sql, values: ['canary two', 3n] })
      await session.runMany(sql, [
        ['canary three', 1n],
        ['canary four', 2n],
      ])
    })
    const schema = await database.schema(never)
    await schema.knex('people').where({ id: 1 }).update({ password: 'canary five' })
    await schema.knex.raw("update people set password = 'canary six' where id = 2")
    await expect(schema.knex.raw('select * from nowhere')).rejects.toThrow()
    await schema.close()
    const all = await entries((each) => each.some(({ error }) => error !== null))
    expect(JSON.stringify(all)).not.toContain('canary')
    expect(
      all.filter(({ role }) => role === 'schema').map(({ rows, error }) => (error === null ? rows : 'failed')),
    ).toEqual([1, 1, 'failed'])
    const updates = all.find(({ role, sql }) => role === 'write' && sql.startsWith('update'))
    expect(updates).toMatchObject({ times: 3, rows: 3, values: ['*hidden*', '1'] })
    expect(all.find(({ sql }) => sql.startsWith('insert'))?.values).toEqual(['3', "'c@example.org'", '*hidden*'])
  })

  it('says cancelled when a person moved on', async () => {
    const { database } = await open()
    await database.read({ sql: 'select 1', values: [] }, never)
    const abort = new AbortController()
    const slow = engine.pick({
      sqlite: 'with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n',
      postgres: 'select pg_sleep(60)',
      mysql: 'select sleep(60)',
    })
    const reading = database.read({ sql: slow, values: [] }, abort.signal)
    await entries((each) => each.some(({ sql, duration }) => sql === slow && duration === null))
    abort.abort()
    await expect(reading).rejects.toThrow()
    const all = await entries((each) => each.some(({ sql, error }) => sql === slow && error !== null))
    expect(all.find(({ sql }) => sql === slow)).toMatchObject({ error: 'cancelled', rows: null })
  })

  it('tells every page that looks, and nothing of a profile that was removed', async () => {
    const { api, profileId, core } = { ...(await open()), core: opened.core }
    const other: Api = createRouterClient(router, { context: { core } })
    const both = Promise.all([
      watched(api, profileId, (each) => each.some(({ sql }) => /42/.test(sql))),
      watched(other, profileId, (each) => each.some(({ sql }) => /42/.test(sql))),
    ])
    await core.databases.of(profileId).read({ sql: 'select 42', values: [] }, never)
    expect((await both).map((each) => each.some(({ sql }) => sql === 'select 42'))).toEqual([true, true])
    await api.profiles.remove({ profileId })
    await expect(watched(api, profileId, () => true)).rejects.toMatchObject({ code: 'PROFILE_NOT_FOUND' })
  })
})

it('keeps the last 500, folds what is the same, and holds on to no long text', async () => {
  const log = openActivityLog(() => 0)
  const statements = log.statements('p')
  const long = 'x'.repeat(10_000_000)
  for (let number = 0; number < 1_000; number += 1) statements.sent('read', `select ${number}`, [long]).answered(1)
  for (let times = 0; times < 1_000; times += 1) statements.sent('write', 'update t', [times]).answered(2)
  const open = statements.sent('write', 'update t', ['open'])
  const told = new Map<number, ActivityEntry>()
  const end = new AbortController()
  const watching = log.watch(
    'p',
    (entries) => {
      expect(entries.length).toBeLessThanOrEqual(100)
      for (const entry of entries) told.set(entry.number, entry)
      if (told.size === MOST_ENTRIES) end.abort()
    },
    end.signal,
  )
  await watching
  open.answered(2)
  const [last, before] = [...told.values()]
  expect(Math.min(...told.keys())).toBe(501)
  expect(last).toMatchObject({ times: 1_001, rows: null, duration: null, values: ["'open'"] })
  expect(before).toMatchObject({ sql: 'select 999', times: 1 })
  expect(before?.values[0]?.length).toBe(100)
})
