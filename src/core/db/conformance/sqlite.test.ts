// SQLite's rows of the retry table, as far as a real file can be brought to them, in the phases that SQLite has.
//
// Not here: BUSY_SNAPSHOT, because every transaction of Roster begins with BEGIN IMMEDIATE and takes the newest snapshot (that
// it is run again is in `transaction-servers.test.ts`); LOCKED, because a child has one connection and no open cursor; IOERR,
// NOMEM and BUSY_RECOVERY, which need a failing disk, a failing allocation, or a moment of another program.
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createHeadlessHost } from '../../../headless/host.ts'
import type { Database, Session } from '../database.ts'
import { failureOf } from '../failure-of.ts'
import {
  LONG_QUERY,
  makeFile,
  makeFolder,
  never,
  openForTest,
  readFile,
  statement,
} from '../sqlite/sqlite.test-setup.ts'
import { inTransaction } from '../transaction.ts'

/** Milliseconds that a lock of another program is waited for, 5 s in the application. */
const BUSY = 300

function open(sql = 'CREATE TABLE t (v UNIQUE); INSERT INTO t VALUES (1)') {
  const folder = makeFolder()
  const file = makeFile(join(folder, 'a.db'), sql)
  const host = createHeadlessHost({ version: 'test', dataFolder: folder })
  const openAgain = (more = {}) => openForTest(host, { file, busyTimeout: BUSY, ...more })
  return {
    folder,
    file,
    host,
    openAgain,
    database: openAgain(),
    stored: () => readFile(file, 'SELECT v FROM t').flat(),
  }
}

/** Another program, on a connection of its own. */
function other(file: string, sql: string): Sqlite.Database {
  const program = new Sqlite(file)
  program.exec(sql)
  onTestFinished(() => void program.close())
  return program
}

const insert = (session: Session, value: number) => session.run(statement(`INSERT INTO t VALUES (${value})`))
const read = (database: Database) => database.read(statement('SELECT count(*) FROM t'), never)

/** Runs of the work, how it ended, and how long it took in milliseconds. */
async function attempt(database: Database, work: (session: Session) => Promise<unknown>) {
  const since = performance.now()
  let runs = 0
  const counted = (session: Session) => {
    runs += 1
    return work(session)
  }
  const error: unknown = await inTransaction(database, never, counted).then(
    () => null,
    (reason: unknown) => reason,
  )
  return { runs, error, code: failureOf(error)?.code, ms: performance.now() - since }
}

const failed = (reading: Promise<unknown>) =>
  reading.then(
    () => null,
    (reason: unknown) => reason,
  )

describe('sqlite', () => {
  test('BUSY at BEGIN: waited for in the child, then a person is asked, and the work never ran', async () => {
    const { file, database, stored } = open()
    await read(database)
    const program = other(file, 'BEGIN IMMEDIATE')
    const { runs, error, code, ms } = await attempt(database, (session) => insert(session, 2))
    expect(error).toMatchObject({ code: 'DATABASE_UNAVAILABLE', data: { reason: 'locked' } })
    expect(code).toBe('SQLITE_BUSY')
    expect(runs).toBe(0)
    expect(ms).toBeGreaterThan(BUSY - 20)
    program.exec('COMMIT')
    expect(await attempt(database, (session) => insert(session, 3))).toMatchObject({ runs: 1, error: null })
    expect(stored()).toEqual([1n, 3n])
  })

  test('BUSY that ends in time is not seen', async () => {
    const { file, openAgain, stored } = open()
    const database = openAgain({ busyTimeout: 5_000 })
    await read(database)
    const program = other(file, 'BEGIN IMMEDIATE')
    setTimeout(() => program.exec('COMMIT'), 200)
    expect(await attempt(database, (session) => insert(session, 2))).toMatchObject({ runs: 1, error: null })
    expect(stored()).toEqual([1n, 2n])
  })

  test('BUSY at a read: waited for, then told', async () => {
    const { file, database } = open()
    await read(database)
    const program = other(file, 'BEGIN EXCLUSIVE')
    const since = performance.now()
    expect(await failed(read(database))).toMatchObject({ data: { reason: 'locked' } })
    expect(performance.now() - since).toBeGreaterThan(BUSY - 20)
    program.exec('COMMIT')
    expect((await read(database)).rows).toEqual([[1n]])
  })

  test('BUSY at COMMIT: rolled back, told, run once', async () => {
    const { file, database, stored } = open()
    await read(database)
    const program = other(file, 'BEGIN; SELECT * FROM t')
    const { runs, code } = await attempt(database, (session) => insert(session, 2))
    expect({ runs, code }).toEqual({ runs: 1, code: 'SQLITE_BUSY' })
    program.exec('COMMIT')
    expect(await attempt(database, (session) => insert(session, 3))).toMatchObject({ error: null })
    expect(stored()).toEqual([1n, 3n])
  })

  test('FULL: SQLite has ended the transaction by itself; nothing of it is saved, nor of what follows', async () => {
    const { database, stored } = open()
    let after: unknown
    const found = await attempt(database, async (session) => {
      await insert(session, 2)
      await session.query(statement('PRAGMA max_page_count = 4'))
      await session.run(statement('INSERT INTO t VALUES (randomblob(2000000))')).catch(() => undefined)
      after = await failed(insert(session, 3))
    })
    expect(found).toMatchObject({ runs: 1, code: 'SQLITE_FULL', error: { data: { reason: 'disk-full' } } })
    expect(after).toMatchObject({ data: { reason: 'disk-full' } })
    expect(stored()).toEqual([1n])
  })

  test.each([
    ['at the statement', 'INSERT INTO t VALUES (1)', 'SQLITE_CONSTRAINT_UNIQUE'],
    ['at COMMIT', 'INSERT INTO c VALUES (99)', 'SQLITE_CONSTRAINT_FOREIGNKEY'],
  ])('CONSTRAINT %s: told at once, nothing is saved', async (_where, sql, code) => {
    const { database, stored } = open(`
      CREATE TABLE t (v UNIQUE); INSERT INTO t VALUES (1); CREATE TABLE p (id INTEGER PRIMARY KEY);
      CREATE TABLE c (p INT REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED);`)
    const found = await attempt(database, async (session) => {
      await insert(session, 2)
      await session.run(statement(sql))
    })
    expect(found).toMatchObject({ runs: 1, code, error: { code: 'QUERY_FAILED' } })
    expect(stored()).toEqual([1n])
  })

  test('CORRUPT: told at once, to readers and to writers', async () => {
    const { file, openAgain } = open(
      'CREATE TABLE t (v); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 9000) INSERT INTO t SELECT i FROM n',
    )
    const bytes = new Sqlite(file).serialize()
    bytes.fill(0xa5, 4096 * 2)
    writeFileSync(file, bytes)
    const database = openAgain()
    expect(await failed(read(database))).toMatchObject({ data: { reason: 'damaged' } })
    expect(await attempt(database, (session) => session.run(statement('UPDATE t SET v = 1')))).toMatchObject({
      ...{ runs: 1, code: 'SQLITE_CORRUPT' },
      error: { data: { reason: 'damaged' } },
    })
  })

  test('NOTADB: told at once', async () => {
    const { folder, host } = open()
    const file = join(folder, 'b.db')
    writeFileSync(file, 'These are words, and no database. '.repeat(100))
    const database = openForTest(host, { file, busyTimeout: BUSY })
    expect(await failed(database.facts())).toMatchObject({ data: { reason: 'not-a-database' } })
    expect(await attempt(database, () => Promise.resolve())).toMatchObject({ runs: 0 })
  })

  test('CANTOPEN: a missing folder is told at once', async () => {
    const { folder, host } = open()
    const database = openForTest(host, { file: join(folder, 'absent', 'b.db'), busyTimeout: BUSY })
    expect(await failed(database.facts())).toMatchObject({ code: 'DATABASE_UNAVAILABLE', data: { reason: 'missing' } })
  })

  test('READONLY: told at once, and the work never runs', async () => {
    const { openAgain, stored } = open()
    const database = openAgain({ readOnly: true })
    expect(await attempt(database, (session) => insert(session, 2))).toMatchObject({
      ...{ runs: 0, error: { code: 'READ_ONLY' } },
    })
    expect(stored()).toEqual([1n])
  })

  test('a file that was replaced while it was open takes nothing; the next use has the new one', async () => {
    const { folder, file, database, stored } = open()
    await read(database)
    renameSync(file, join(folder, 'old.db'))
    makeFile(file, 'CREATE TABLE t (v UNIQUE); INSERT INTO t VALUES (7)')
    expect(await attempt(database, (session) => insert(session, 2))).toMatchObject({ runs: 0, code: 'ROSTER_MOVED' })
    expect(readFile(join(folder, 'old.db'), 'SELECT v FROM t')).toEqual([[1n]])
    expect(await attempt(database, (session) => insert(session, 8))).toMatchObject({ runs: 1, error: null })
    expect(stored()).toEqual([7n, 8n])
    rmSync(join(folder, 'old.db'))
  })

  test('INTERRUPT: a statement that is given up ends with its transaction', async () => {
    const { database, stored } = open()
    const cancel = new AbortController()
    let runs = 0
    const stopped = inTransaction(database, cancel.signal, async (session) => {
      runs += 1
      await insert(session, 2)
      setTimeout(() => cancel.abort(), 50)
      await session.query(statement(LONG_QUERY))
    })
    expect(await failed(stopped)).toBe(cancel.signal.reason)
    expect(runs).toBe(1)
    expect(await attempt(database, (session) => insert(session, 3))).toMatchObject({ error: null })
    expect(stored()).toEqual([1n, 3n])
  })

  test('SCHEMA: what was prepared before another program changed the table is prepared again', async () => {
    const { file, database } = open('CREATE TABLE t (v)')
    const add = (value: bigint) => attempt(database, (session) => session.bulk('t', ['v'], [[value]]))
    expect(await add(1n)).toMatchObject({ runs: 1, error: null })
    other(file, 'ALTER TABLE t ADD w DEFAULT 5')
    expect(await add(2n)).toMatchObject({ runs: 1, error: null })
    expect((await database.read(statement('SELECT * FROM t'), never)).rows).toEqual([
      [1n, 5n],
      [2n, 5n],
    ])
  })
})
