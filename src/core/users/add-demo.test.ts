// Adding demo users on a real file: what arrives, what is refused, and that stopping leaves nothing behind.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createHeadlessHost } from '../../headless/host.ts'
import { CLUSTER_MOST_CHANGES } from '../../shared/cluster.ts'
import type { DemoState } from '../../shared/users.ts'
import { createCore, type Core } from '../core.ts'
import type { Database, Session } from '../db/database.ts'
import { router } from '../router.ts'
import { addDemoUsers } from './add-demo.ts'
import { demoRows } from './demo-users.ts'

let folder: string
let file: string
let core: Core

beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'roster-demo-')))
  core = await createCore(createHeadlessHost({ version: 'test', dataFolder: folder }))
  file = join(folder, 'sample.db')
})
afterEach(async () => {
  await core.close()
  rmSync(folder, { recursive: true, force: true })
})

const client = () => createRouterClient(router, { context: { core } })

async function migrate(): Promise<void> {
  for await (const event of await client().migrations.run({ profileId: 'sample', action: { kind: 'all' } })) {
    if (event.kind === 'finished') expect(event.outcome).toBe('done')
  }
}

async function add(
  count: 100 | 10_000 | 1_000_000,
  signal?: AbortSignal,
  onState: (state: DemoState) => void = () => undefined,
) {
  const states: DemoState[] = []
  for await (const state of await client().users.addDemo({ profileId: 'sample', count }, signal ? { signal } : {})) {
    states.push(state)
    onState(state)
  }
  return states
}

function inFile<T>(look: (database: Sqlite.Database) => T): T {
  const database = new Sqlite(file)
  try {
    return look(database)
  } finally {
    database.close()
  }
}
const count = () => inFile((database) => database.prepare('select count(*) from auth_user').pluck().get())

test('every row arrives exactly as it was made up', async () => {
  await migrate()
  const states = await add(10_000)
  expect(states.at(-1)).toMatchObject({ added: 10_000, total: 10_000, state: 'done' })
  expect(states.map(({ state }) => state).filter((state, index, all) => state !== all[index - 1])).toEqual([
    'adding',
    'committing',
    'done',
  ])
  const stored = inFile((database) =>
    database
      .prepare('select email, password, active, fs_uniquifier, confirmed_at from auth_user order by id')
      .safeIntegers()
      .raw()
      .all(),
  )
  expect(stored).toEqual(demoRows(0, 10_000))
  const types = inFile((database) =>
    database.prepare('select distinct typeof(active) from auth_user order by 1').pluck().all(),
  )
  expect(types).toEqual(['integer', 'null'])
})

test('on a cluster no transaction has more rows than it should, and what is stored stays', async () => {
  await migrate()
  const database = core.databases.of('sample')
  /** Rows of each transaction that was committed. */
  const sizes: number[] = []
  const clustered = Object.create(database, {
    facts: { value: async () => ({ ...(await database.facts()), cluster: { name: 'shop', node: 'db1' } }) },
    takeForTransaction: {
      async value(signal: AbortSignal) {
        const connection = await database.takeForTransaction(signal)
        let rows = 0
        return Object.create(connection, {
          bulk: { value: (...all: Parameters<Session['bulk']>) => ((rows += all[2].length), connection.bulk(...all)) },
          commit: { value: () => connection.commit().then(() => sizes.push(rows)) },
        }) as typeof connection
      },
    },
  }) as Database
  const states: DemoState[] = []
  await addDemoUsers(clustered, 10_000, (state) => states.push(state), new AbortController().signal)
  expect(sizes).toEqual([CLUSTER_MOST_CHANGES, CLUSTER_MOST_CHANGES])
  expect(states.at(-1)).toMatchObject({ added: 10_000, stored: 10_000, state: 'done' })
  expect(states.some(({ stored, state }) => stored === 5_000 && state === 'adding')).toBe(true)
  expect(inFile((file) => file.prepare('select email from auth_user order by id').pluck().all())).toEqual(
    demoRows(0, 10_000).map(([email]) => email),
  )

  inFile((file) => file.exec('delete from auth_user'))
  const abort = new AbortController()
  const adding = addDemoUsers(clustered, 1_000_000, ({ stored }) => stored === 5_000 && abort.abort(), abort.signal)
  await expect(adding).rejects.toThrow()
  expect(count()).toBe(5_000)
})

describe('what is refused', () => {
  test('a table that holds a row', async () => {
    await migrate()
    inFile((database) => database.exec("insert into auth_user (email) values ('here@example.com')"))
    await expect(add(100)).rejects.toMatchObject({ code: 'NOT_EMPTY', defined: true, data: { table: 'auth_user' } })
    expect(count()).toBe(1)
  })

  test('a database without the table', async () => {
    await expect(add(100)).rejects.toMatchObject({ code: 'TABLE_NOT_FOUND', defined: true })
  })

  test('a table whose columns are another tool’s', async () => {
    await client().profiles.open({ profileId: 'sample' })
    inFile((database) =>
      database.exec(
        'create table auth_user (id integer primary key, email varchar(255), password varchar(255), active char(1), confirmed_at datetime)',
      ),
    )
    await expect(add(100)).rejects.toMatchObject({
      code: 'TABLE_DIFFERS',
      data: { columns: ['active', 'fs_uniquifier'] },
    })
    expect(count()).toBe(0)
  })
})

test('an error on the way leaves nothing behind, and comes in the database’s words', async () => {
  await migrate()
  const email = String(demoRows(7000, 7001)[0]?.[0])
  inFile((database) =>
    database.exec(
      `create trigger stop before insert on auth_user when new.email = '${email}' begin select raise(abort, 'not this one'); end`,
    ),
  )
  await expect(add(10_000)).rejects.toMatchObject({ code: 'QUERY_FAILED', message: 'not this one' })
  expect(count()).toBe(0)
})

describe('a million', () => {
  test('cancelled on the way: nothing is left, it ends at once, and it can be added again', async () => {
    await migrate()
    const abort = new AbortController()
    let at = 0
    const adding = add(1_000_000, abort.signal, ({ added }) => {
      if (added < 20_000 || at) return
      at = performance.now()
      abort.abort()
    })
    await expect(adding).rejects.toThrow()
    expect(performance.now() - at).toBeLessThan(1000)
    expect(at).toBeGreaterThan(0)
    expect((await add(100)).at(-1)).toMatchObject({ state: 'done' })
    expect(count()).toBe(100)
  })

  // Counted in processor time of this thread, as a busy machine may hold up any process; bench/demo-users.ts has the clock's.
  test('tells at most ten times a second, and never holds up the event loop for 50 ms', async () => {
    await migrate()
    const used = () => {
      const { user, system } = process.threadCpuUsage()
      return (user + system) / 1000
    }
    let longest = 0
    let before = used()
    const timer = setInterval(() => {
      const now = used()
      longest = Math.max(longest, now - before)
      before = now
    }, 2)
    const times: number[] = []
    const abort = new AbortController()
    // The first seconds are like the rest.
    await add(1_000_000, abort.signal, () => {
      times.push(performance.now())
      if (times.length === 25) abort.abort()
    }).catch(() => undefined)
    clearInterval(timer)
    expect(times).toHaveLength(25)
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0))
    // One state may come late and the next in time; the mean cannot cheat.
    expect(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length).toBeGreaterThanOrEqual(95)
    expect(longest).toBeLessThan(50)
  })
})
