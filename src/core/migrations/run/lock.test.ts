// The lock of a run on real servers: one at a time, who has it, what frees it, and what makes it worthless.
import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { startProxy } from '../../../../scripts/servers/fault-proxy.ts'
import { describeWithMariadb, describeWithPostgres } from '../../../../scripts/servers/missing.ts'
import type { TestServer } from '../../../../scripts/servers/server.ts'
import type { Hold } from './holder.test-setup.ts'
import { tokenOf } from './knex-lock.ts'
import { readLock, takeLock } from './lock.ts'
import { adoptStep, markStep, renameInLedger, repairLock } from './mark.ts'
import { readHistory } from './history.ts'
import { databaseOn, makes, never, run, scene, sends, stateOf, statesOf, step, type Scene } from './run.test-setup.ts'
import { openSchemaSession } from './schema-session.ts'

let at: Scene
const first = makes('001-first.ts', 'first_table')
const second = makes('002-second.ts', 'second_table')
const locks = async () => (await at.other('select is_locked from knex_migrations_lock')).map(([lock]) => Number(lock))

async function session(signal = never) {
  const opened = await openSchemaSession(at.database, signal)
  onTestFinished(() => opened.close())
  return opened
}

const journalOf = () => at.project([first]).journal
const take = (one: Awaited<ReturnType<typeof session>>, limit?: number, waits: string[] = []) =>
  takeLock(one, {
    journal: journalOf(),
    signal: never,
    onWaiting: (words) => waits.push(words),
    ...(limit !== undefined && { limit }),
  })

/** Resolves when the process has the lock. */
async function holder(server: TestServer, sql = ''): Promise<ChildProcess> {
  const { kind, host, port, user, password, database } = server
  const child = fork(fileURLToPath(new URL('holder.test-setup.ts', import.meta.url)))
  onTestFinished(() => void child.kill('SIGKILL'))
  const told = new Promise((resolve) => child.once('message', resolve))
  child.send({ server: { kind, host, port, user, password, database }, sql } satisfies Hold)
  expect(await told).toBe('held')
  return child
}

function onServer(server: () => TestServer, SLEEP: string, UNLOCK: string) {
  beforeEach(async () => {
    at = await scene(server())
  })
  afterEach(() => at.end())

  it('is had by one, and the other is told who that is and when its time is over', async () => {
    const one = await session()
    const held = await take(one)
    await held.check()
    const waits: string[] = []
    const began = performance.now()
    await expect(take(await session(), 1_500, waits)).rejects.toThrow(
      /^Another run is under way \((process|connection) \d+.*It was waited for 2 s\. Nothing was run\.$/,
    )
    expect(performance.now() - began).toBeGreaterThan(1_400)
    expect(waits.length).toBeGreaterThan(1)
    expect(waits[0]).toContain(one.id.split(' ')[0])
    expect(await at.database.schemaLook(never, (look) => readLock(look, at.project([first])))).toMatchObject({
      kind: 'run',
      canRepair: false,
    })
    await held.release()
    await (await take(await session())).release()
  })

  it('names the person and the step of a run that is under way, and a second run waits for it', async () => {
    const slow = step('001-first.ts', sends('create table first_table (id int)', SLEEP))
    const running = run(at.project([slow]), 'all')
    const other = databaseOn(server())
    onTestFinished(() => other.close())
    const waits: string[] = []
    await new Promise((resolve) => setTimeout(resolve, 400))
    const lock = (await stateOf(at.project([slow]))).lock
    expect(lock).toMatchObject({ kind: 'run' })
    expect(lock?.message).toMatch(/^ada@test is running 001-first.ts, since \d{4}-/)
    const end = await run({ ...at.project([slow, second]), database: other }, 'all', {
      onEvent: (event) => void (event.kind === 'waiting' && waits.push(event.message)),
    })
    expect(waits[0]).toMatch(/^ada@test is running 001-first.ts/)
    expect(end.message).toMatch(/^Another program has run or undone steps meanwhile/)
    expect(await running).toMatchObject({ outcome: 'done' })
  }, 30_000)

  it('waiting can be cancelled', async () => {
    await take(await session())
    const abort = new AbortController()
    const end = await run(at.project([first]), 'all', {
      signal: abort.signal,
      onEvent: (event) => void (event.kind === 'waiting' && abort.abort()),
    })
    expect(end).toMatchObject({ outcome: 'cancelled', message: 'Cancelled. Nothing was changed.' })
  })

  it('of a process that is killed is free within 5 s', async () => {
    const child = await holder(server())
    child.kill('SIGKILL')
    const began = performance.now()
    await take(await session(), 5_000)
    console.log(`${at.database.dialect}: free ${Math.round(performance.now() - began)} ms after SIGKILL`)
  }, 20_000)

  it('that was lost is noticed before the next statement, which is not sent', async () => {
    const loses = step('002-second.ts', sends(UNLOCK, 'create table second_table (id int)'), sends(), {
      wantsTransaction: false,
    })
    const project = at.project([first, loses])
    const end = await run(project, 'all')
    expect(end).toMatchObject({ outcome: 'failed', failedStep: '002-second.ts' })
    expect(end.message).toMatch(/The lock of this run is not held by it any more/)
    expect(await at.database.describe('second_table', never)).toBeNull()
  })

  it('ten runs at once apply each step once', async () => {
    const others = Array.from({ length: 9 }, () => databaseOn(server()))
    onTestFinished(async () => void (await Promise.all(others.map((one) => one.close()))))
    const project = at.project([first, second])
    const ends = await Promise.all([at.database, ...others].map((database) => run({ ...project, database }, 'all')))
    expect(ends.filter(({ outcome }) => outcome === 'done')).toHaveLength(1)
    for (const end of ends.filter(({ outcome }) => outcome !== 'done')) {
      expect(end.message).toMatch(/Another program has run or undone steps meanwhile|Every step is applied already/)
    }
    expect(await at.other('select name from knex_migrations order by id')).toEqual([
      ['001-first.ts'],
      ['002-second.ts'],
    ])
    expect(await locks()).toEqual([0])
  }, 60_000)
}

/** What needs no server of its own. */
function decisions(server: () => TestServer | null) {
  beforeEach(async () => {
    at = await scene(server())
    await run(at.project([first]), 'all')
  })
  afterEach(() => at.end())

  it('a lock of knex that a run of Roster left behind is freed by the next run; knex’s own is not', async () => {
    const [entry] = await at.database.schemaLook(never, (look) => journalOf().entries(look))
    if (!entry) throw new Error('The run left no entry.')
    await at.other(`update knex_migrations_lock set is_locked = ${tokenOf(entry)}`)
    expect((await stateOf(at.project([first, second]))).lock).toBeNull()
    expect(await run(at.project([first, second]), 'all')).toMatchObject({ outcome: 'done' })
    expect(await locks()).toEqual([0])
    await at.other('update knex_migrations_lock set is_locked = 1')
    expect(await run(at.project([first, second]), 'rollback')).toMatchObject({ outcome: 'failed' })
    expect(await locks()).toEqual([1])
  })

  it.each([
    'insert into knex_migrations_lock (is_locked) values (0)',
    'update knex_migrations_lock set is_locked = 1',
    'delete from knex_migrations_lock',
  ])('is repaired after: %s', async (sql) => {
    await at.other(sql)
    await repairLock(at.project([first]), never)
    expect(await locks()).toEqual([0])
    expect((await readHistory(at.project([first]), never))[0]).toMatchObject({
      outcome: 'lock-repaired',
      person: 'ada@test',
    })
    expect(await run(at.project([first, second]), 'all')).toMatchObject({ outcome: 'done' })
  })

  it('adopts a step: its row is written, and it is not run', async () => {
    await at.other('create table second_table (id int, more int)')
    await adoptStep(at.project([first, second]), '002-second.ts', never)
    expect(await statesOf(at.project([first, second]))).toEqual(['001-first.ts applied 1', '002-second.ts applied 2'])
    expect((await stateOf(at.project([first, second]))).steps[1]).toMatchObject({
      appliedBy: 'adopted',
      person: 'ada@test',
    })
    await expect(adoptStep(at.project([first, second]), '002-second.ts', never)).rejects.toThrow(/is applied already/)
    await expect(adoptStep(at.project([first]), '002-second.ts', never)).rejects.toThrow(/is not in the folder/)
  })

  it('gives a renamed step the name that its file has', async () => {
    const renamed = { ...first, name: '001-other.ts' }
    expect(await statesOf(at.project([renamed]))).toEqual(['001-other.ts renamed 1'])
    await renameInLedger(at.project([renamed]), '001-other.ts', never)
    expect(await statesOf(at.project([renamed]))).toEqual(['001-other.ts applied 1'])
    expect((await stateOf(at.project([renamed]))).steps[0]).toMatchObject({ appliedBy: 'renamed', person: 'ada@test' })
    expect((await readHistory(at.project([renamed]), never))[0]).toMatchObject({ outcome: 'renamed', batch: 1 })
    await expect(renameInLedger(at.project([renamed]), '001-other.ts', never)).rejects.toThrow(
      /under that name already/,
    )
  })

  it('decides nothing while knex has its lock', async () => {
    await at.other('update knex_migrations_lock set is_locked = 1')
    await expect(adoptStep(at.project([first, second]), '002-second.ts', never)).rejects.toThrow(
      /knex_migrations_lock is locked/,
    )
    await expect(markStep(at.project([first]), '001-first.ts', 'applied', never)).rejects.toThrow(
      /did not end in the middle/,
    )
    expect(await statesOf(at.project([first, second]))).toEqual(['001-first.ts applied 1', '002-second.ts pending -'])
  })
}

describe('decisions on SQLite', () => decisions(() => null))
describeWithPostgres('on PostgreSQL', (server) => {
  describe('the lock', () => onServer(server, 'select pg_sleep(2)', 'select pg_advisory_unlock_all()'))
  describe('decisions', () => decisions(server))

  describe('more', () => {
    beforeEach(async () => {
      at = await scene(server())
    })
    afterEach(() => at.end())

    it('of a process that is killed while its statement works is free within 5 s, and the statement ends', async () => {
      const child = await holder(server(), 'select pg_sleep(60)')
      await new Promise((resolve) => setTimeout(resolve, 500))
      child.kill('SIGKILL')
      const began = performance.now()
      await take(await session(), 5_000)
      console.log(`postgres: free ${Math.round(performance.now() - began)} ms after SIGKILL in a statement`)
    }, 20_000)

    it('is refused behind a pooler, which is named', async () => {
      // As PgBouncer does: the number that it tells is its own.
      await using proxy = await startProxy(server(), {
        onServerBytes: (bytes) => {
          const key = bytes.indexOf(Buffer.from([0x4b, 0, 0, 0, 12]))
          if (key !== -1) bytes.writeInt32BE(1_234_567, key + 5)
          return undefined
        },
      })
      const pooled = databaseOn({ ...server(), port: proxy.port })
      const end = await run({ ...at.project([first]), database: pooled }, 'all')
      expect(end).toMatchObject({ outcome: 'failed', failedStep: null })
      expect(end.message).toMatch(
        /^A connection pooler \(PgBouncer or one like it\) is between Roster and PostgreSQL: the connection was answered by process 1234567/,
      )
      expect(await at.database.tables(never)).toEqual([])
      await pooled.close()
    })
  })
})
describeWithMariadb('on MariaDB', (server) => {
  describe('the lock', () => onServer(server, 'select sleep(2)', 'select release_all_locks()'))
  describe('decisions', () => decisions(server))
})
