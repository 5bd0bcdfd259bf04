// Readers and the writer of a rollback-journal file take turns: fairly, and without ever meeting BUSY.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createHeadlessHost } from '../../../headless/host.ts'
import { inTransaction } from '../transaction.ts'
import { takeTurns } from './turns.ts'
import { makeFile, makeFolder, never, openForTest, statement } from './sqlite.test-setup.ts'

test('the lock is fair: who comes later waits behind a writer, and one that gave up blocks nobody', async () => {
  const turns = takeTurns()
  const order: string[] = []
  const note = (name: string) => (release: () => void) => {
    order.push(name)
    return release
  }
  const first = await turns.shared(never).then(note('reader 1'))
  const writing = turns.exclusive(never).then(note('writer'))
  const cancel = new AbortController()
  const given = turns.exclusive(cancel.signal)
  const second = turns.shared(never).then(note('reader 2'))
  cancel.abort()
  await expect(given).rejects.toBe(cancel.signal.reason)
  expect(order).toEqual(['reader 1'])
  first()
  first() // A second release changes nothing.
  const release = await writing
  expect(order).toEqual(['reader 1', 'writer'])
  release()
  await second
  expect(order).toEqual(['reader 1', 'writer', 'reader 2'])
  await expect(turns.shared(cancel.signal)).rejects.toBe(cancel.signal.reason)
})

test('under load on a rollback-journal file every read sees a whole transaction, and nobody is refused', async () => {
  const folder = makeFolder()
  const file = makeFile(join(folder, 'a.db'), 'CREATE TABLE t (a INTEGER, b INTEGER); INSERT INTO t VALUES (0, 0);')
  const host = createHeadlessHost({ version: 'test', dataFolder: folder })
  // Without any patience of SQLite's own, whoever meets a lock fails.
  const database = openForTest(host, { file, busyTimeout: 0 })
  const writes = Array.from({ length: 60 }, () =>
    inTransaction(database, never, async (session) => {
      await session.run(statement('UPDATE t SET a = a + 1'))
      await session.run(statement('UPDATE t SET b = b + 1'))
    }),
  )
  const reads = Array.from({ length: 300 }, () => database.read(statement('SELECT a, b FROM t'), never))
  await Promise.all(writes)
  for (const { rows } of await Promise.all(reads)) expect(rows[0]?.[0]).toBe(rows[0]?.[1])
  expect((await database.read(statement('SELECT a FROM t'), never)).rows).toEqual([[60n]])
})

test('with a write-ahead log a read does not wait for a transaction', async () => {
  const folder = makeFolder()
  const file = makeFile(
    join(folder, 'a.db'),
    'PRAGMA journal_mode = WAL; CREATE TABLE t (a); INSERT INTO t VALUES (1);',
  )
  const database = openForTest(createHeadlessHost({ version: 'test', dataFolder: folder }), { file })
  await inTransaction(database, never, async (session) => {
    await session.run(statement('UPDATE t SET a = 2'))
    expect((await database.read(statement('SELECT a FROM t'), never)).rows).toEqual([[1n]])
    expect((await session.query(statement('SELECT a FROM t'))).rows).toEqual([[2n]])
  })
})
