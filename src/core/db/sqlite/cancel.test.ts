// Cancelling ends a query that nothing can interrupt, the file stays whole, and the next query is served at once.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createHeadlessHost } from '../../../headless/host.ts'
import { inTransaction } from '../transaction.ts'
import {
  eventually,
  LONG_QUERY,
  makeFile,
  makeFolder,
  never,
  openForTest,
  readFile,
  statement,
  watch,
} from './sqlite.test-setup.ts'

const modes = [
  ['a rollback journal', ''],
  ['a write-ahead log', 'PRAGMA journal_mode = WAL;'],
] as const

function open(sql: string) {
  const folder = makeFolder()
  const file = makeFile(join(folder, 'a.db'), sql)
  const host = watch(createHeadlessHost({ version: 'test', dataFolder: folder }))
  return { file, host, database: openForTest(host, { file }) }
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

test('a query of ten seconds is stopped, and the next is answered in under 200 ms', async () => {
  const { database, host, file } = open('CREATE TABLE t (v); INSERT INTO t VALUES (1)')
  await database.read(statement('SELECT v FROM t'), never)
  await wait(300) // The spare has had time to start.
  const cancel = new AbortController()
  const long = database.read(statement(LONG_QUERY), cancel.signal)
  long.catch(() => undefined)
  await wait(300)
  const reader = host.pids[1]
  expect(host.running(), 'a writer, a reader and a spare').toHaveLength(3)

  const aborted = performance.now()
  cancel.abort()
  await expect(long).rejects.toBe(cancel.signal.reason)
  expect(performance.now() - aborted, 'the caller is free at once').toBeLessThan(20)
  expect((await database.read(statement('SELECT v FROM t'), never)).rows).toEqual([[1n]])
  expect(performance.now() - aborted).toBeLessThan(200)
  await eventually(() => !host.running().includes(reader ?? 0), 500)
  expect(readFile(file, 'PRAGMA integrity_check')).toEqual([['ok']])
})

test('a query that ends by itself just after the abort keeps its process', async () => {
  const { database, host } = open('CREATE TABLE t (v)')
  await database.read(statement('SELECT 1'), never)
  const before = host.running()
  for (let round = 0; round < 20; round++) {
    const cancel = new AbortController()
    const reading = database.read(statement('SELECT count(*) FROM t'), cancel.signal)
    cancel.abort()
    await expect(reading).rejects.toBe(cancel.signal.reason)
  }
  await wait(100)
  expect(before.every((pid) => host.running().includes(pid))).toBe(true)
  expect(host.running().length).toBeLessThanOrEqual(before.length + 1)
})

test('waiting for a free reader can be given up, and harms nobody', async () => {
  const { database } = open('CREATE TABLE t (v)')
  const cancel = new AbortController()
  const busy = [1, 2, 3].map(() => database.read(statement(LONG_QUERY), cancel.signal))
  const ended = Promise.allSettled(busy)
  await wait(400)
  const impatient = new AbortController()
  const waiting = database.read(statement('SELECT 1'), impatient.signal)
  waiting.catch(() => undefined)
  await wait(50)
  impatient.abort()
  await expect(waiting).rejects.toBe(impatient.signal.reason)
  const patient = database.read(statement('SELECT 2'), never)
  cancel.abort()
  expect((await patient).rows).toEqual([[2n]])
  await ended
})

test.each(modes)(
  '%s: a big UPDATE that is stopped leaves the old values, and the next one works',
  async (_, pragmas) => {
    const { database, file } = open(`${pragmas}
    CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER, pad TEXT);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 400000)
    INSERT INTO t SELECT i, 1, printf('%0200d', i) FROM n;`)
    const cancel = new AbortController()
    const saving = inTransaction(database, cancel.signal, (session) =>
      // Slow on purpose, row by row: several seconds.
      session.run(statement("UPDATE t SET v = v + 1, pad = pad || 'x' || substr(hex(randomblob(4000)), 1, 1)")),
    )
    saving.catch(() => undefined)
    await wait(700)
    cancel.abort()
    await expect(saving).rejects.toBe(cancel.signal.reason)
    const sum = statement('SELECT count(*), sum(v), sum(length(pad)) FROM t')
    expect((await database.read(sum, never)).rows).toEqual([[400_000n, 400_000n, 80_000_000n]])
    await inTransaction(database, never, (session) => session.run(statement('UPDATE t SET v = 7 WHERE id = 1')))
    expect((await database.read(statement('SELECT v FROM t WHERE id = 1'), never)).rows).toEqual([[7n]])
    expect(readFile(file, 'PRAGMA integrity_check')).toEqual([['ok']])
  },
)

test('a process that dies is an error of its own call, and of no other', async () => {
  const { database, host } = open('CREATE TABLE t (v); INSERT INTO t VALUES (1)')
  await database.facts()
  const long = database.read(statement(LONG_QUERY), never)
  long.catch(() => undefined)
  await wait(400)
  for (const pid of host.running()) process.kill(pid, 'SIGKILL')
  await expect(long).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE', data: { reason: 'process-ended' } })
  await eventually(() => host.running().length === 0)
  expect((await database.read(statement('SELECT v FROM t'), never)).rows).toEqual([[1n]])
  await inTransaction(database, never, (session) => session.run(statement('UPDATE t SET v = 2')))
  expect((await database.read(statement('SELECT v FROM t'), never)).rows).toEqual([[2n]])
})
