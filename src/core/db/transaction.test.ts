// The transaction runner against a real SQLite file: all or nothing, and never "saved" when it was not.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createHeadlessHost } from '../../headless/host.ts'
import type { Cell } from '../../shared/cell.ts'
import type { Session } from './database.ts'
import {
  LONG_QUERY,
  makeFile,
  makeFolder,
  never,
  openForTest,
  readFile,
  statement,
  watch,
} from './sqlite/sqlite.test-setup.ts'
import { inTransaction } from './transaction.ts'

function open(sql = 'CREATE TABLE t (v UNIQUE)') {
  const folder = makeFolder()
  const file = makeFile(join(folder, 'a.db'), sql)
  const host = watch(createHeadlessHost({ version: 'test', dataFolder: folder }))
  const database = openForTest(host, { file })
  return { file, host, database, stored: () => readFile(file, 'SELECT v FROM t ORDER BY v').map(([v]) => v) }
}

const insert = (value: Cell) => statement('INSERT INTO t VALUES (?)', value)

test('commits when the work resolves, with its result, and counts what was changed', async () => {
  const { database, stored } = open()
  const result = await inTransaction(database, never, async (session) => {
    expect(await session.run(insert(1n))).toEqual({ changes: 1, lastKey: 1n })
    expect(await session.run(statement('UPDATE t SET v = v + 1 WHERE v > 5'))).toEqual({ changes: 0, lastKey: null })
    expect(await session.bulk('t', ['v'], [[2n], [3n]])).toBe(2)
    expect(await session.bulk('t', ['v'], [])).toBe(0)
    expect(await session.run(statement('DELETE FROM t WHERE v = 3'))).toEqual({ changes: 1, lastKey: null })
    return 'result'
  })
  expect(result).toBe('result')
  expect(stored()).toEqual([1n, 2n])
})

test('rolls back when the work throws', async () => {
  const { database, stored } = open()
  const failing = inTransaction(database, never, async (session) => {
    await session.run(insert(1n))
    throw new Error('No further.')
  })
  await expect(failing).rejects.toThrow('No further.')
  await inTransaction(database, never, (session) => session.run(insert(2n)))
  expect(stored()).toEqual([2n])
})

test('after a failed statement nothing more is changed or saved, even when the work caught the error', async () => {
  const { database, stored } = open('CREATE TABLE t (v UNIQUE); INSERT INTO t VALUES (1)')
  let holders: Cell[][] = []
  const failing = inTransaction(database, never, async (session) => {
    await session.run(insert(2n))
    await session.run(insert(1n)).catch(() => undefined)
    await expect(session.run(insert(3n))).rejects.toThrow('UNIQUE')
    await expect(session.bulk('t', ['v'], [[4n]])).rejects.toThrow('UNIQUE')
    holders = (await session.query(statement('SELECT v FROM t WHERE v = 1'))).rows
  })
  await expect(failing).rejects.toMatchObject({ data: { code: 'SQLITE_CONSTRAINT_UNIQUE' } })
  expect(holders, 'reading stays possible').toEqual([[1n]])
  expect(stored()).toEqual([1n])
})

test('a transaction that SQLite has ended by itself saves nothing of what follows', async () => {
  const { database, stored } = open('CREATE TABLE t (v UNIQUE); INSERT INTO t VALUES (1)')
  const failing = inTransaction(database, never, async (session) => {
    await session.run(insert(2n))
    await session.run(statement('INSERT OR ROLLBACK INTO t VALUES (1)'))
  })
  await expect(failing).rejects.toThrow('UNIQUE')
  // The connection itself refuses, too: without a transaction every statement would be saved at once.
  const connection = await database.takeForTransaction(never)
  await expect(connection.run(insert(9n))).rejects.toThrow('ended the transaction')
  await expect(connection.commit()).rejects.toThrow('ended the transaction')
  connection.release(false)
  expect(stored()).toEqual([1n])
})

test('a COMMIT that fails is a failure, and the next transaction starts clean', async () => {
  const { database, file } = open(`
    CREATE TABLE t (v); CREATE TABLE p (id INTEGER PRIMARY KEY);
    CREATE TABLE c (p INT REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED);`)
  const failing = inTransaction(database, never, async (session) => {
    await session.run(insert(1n))
    await session.run(statement('INSERT INTO c VALUES (99)'))
  })
  const error: unknown = await failing.catch((reason: unknown) => reason)
  expect(database.constraint(error)?.kind).toBe('foreign-key')
  await inTransaction(database, never, (session) => session.run(insert(2n)))
  expect(readFile(file, 'SELECT v, (SELECT count(*) FROM c) FROM t')).toEqual([[2n, 0n]])
})

test('one transaction at a time, in order; a waiting one can be given up', async () => {
  const { database, stored } = open()
  const order: number[] = []
  const cancel = new AbortController()
  const all = [1, 2, 3, 4].map((number) =>
    inTransaction(database, number === 3 ? cancel.signal : never, async (session) => {
      order.push(number)
      await session.run(insert(BigInt(number)))
      await new Promise((resolve) => setTimeout(resolve, 20))
      order.push(number)
    }),
  )
  const results = Promise.allSettled(all)
  cancel.abort()
  expect((await results).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
  expect(order).toEqual([1, 1, 2, 2, 4, 4])
  expect(stored()).toEqual([1n, 2n, 4n])
})

test('a session that is used after the end changes nothing', async () => {
  const { database, stored } = open()
  let late: Session | undefined
  await inTransaction(database, never, async (session) => {
    late = session
    await session.run(insert(1n))
  })
  await expect(late?.run(insert(2n))).rejects.toThrow('used too late')
  expect(stored()).toEqual([1n])
})

test('an abort between two statements rolls back and keeps the process', async () => {
  const { database, host, stored } = open()
  await database.facts()
  const before = host.running()
  const cancel = new AbortController()
  const stopped = inTransaction(database, cancel.signal, async (session) => {
    await session.run(insert(1n))
    cancel.abort()
    await session.run(insert(2n))
  })
  expect(await stopped.catch((reason: unknown) => reason)).toBe(cancel.signal.reason)
  await inTransaction(database, never, (session) => session.run(insert(3n)))
  expect(stored()).toEqual([3n])
  expect(before.every((pid) => host.running().includes(pid))).toBe(true)
})

test('an abort during bulk work stops it, and no late part falls into the next transaction', async () => {
  const { database, stored } = open('PRAGMA journal_mode = WAL; CREATE TABLE t (v)')
  const rows = Array.from({ length: 300_000 }, (_, index): Cell[] => [BigInt(index)])
  const cancel = new AbortController()
  const stopped = inTransaction(database, cancel.signal, (session) => session.bulk('t', ['v'], rows))
  setTimeout(() => cancel.abort(), 300)
  await expect(stopped).rejects.toThrow()
  await inTransaction(database, never, async (session) => {
    await session.run(insert(-1n))
    await new Promise((resolve) => setTimeout(resolve, 100))
  })
  expect(stored()).toEqual([-1n])
})

test('a process that dies before COMMIT: nothing was saved, and it is not called unknown', async () => {
  const { database, host, stored } = open()
  const failing = inTransaction(database, never, async (session) => {
    await session.run(insert(1n))
    const asked = session.query(statement(LONG_QUERY))
    setTimeout(() => host.running().forEach((pid) => process.kill(pid, 'SIGKILL')), 200)
    await asked
  })
  await expect(failing).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE', data: { reason: 'process-ended' } })
  await inTransaction(database, never, (session) => session.run(insert(2n)))
  expect(stored()).toEqual([2n])
})

test('a process that is lost during COMMIT makes the outcome unknown', async () => {
  const { database, host, stored } = open()
  await database.facts()
  const [writer = 0] = host.pids
  const failing = inTransaction(database, never, async (session) => {
    await session.run(insert(1n))
    // Stopped, it takes the COMMIT but does not answer.
    process.kill(writer, 'SIGSTOP')
    setTimeout(() => process.kill(writer, 'SIGKILL'), 200)
  })
  await expect(failing).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' })
  await inTransaction(database, never, (session) => session.run(insert(2n)))
  expect(stored()).toContain(2n)
})
