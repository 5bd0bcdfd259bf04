// A file that cannot be opened says why, each kind in its own words.
import { fork, spawn, type ChildProcess } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
  copyFileSync,
  existsSync,
} from 'node:fs'
import { randomBytes } from 'node:crypto'
import { dirname, join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createHeadlessHost } from '../../../headless/host.ts'
import type { Host } from '../../host.ts'
import { Refusal } from '../../refusal.ts'
import { inTransaction } from '../transaction.ts'
import { makeFile, makeFolder, never, openForTest, statement, watch } from './sqlite.test-setup.ts'

const some =
  'CREATE TABLE t (v TEXT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 5000) INSERT INTO t SELECT i FROM n;'

const SPILL =
  "PRAGMA cache_size = 2; BEGIN IMMEDIATE; UPDATE t SET v = v || 'a long text that makes pages spill into the file'"
const KILLED_AT_FIRST = 'BEGIN IMMEDIATE; CREATE TABLE t (v)'

function hostFor(folder: string) {
  return watch(createHeadlessHost({ version: 'test', dataFolder: folder }))
}

async function refusalOf(file: string, host: Host = hostFor(makeFolder()), busyTimeout = 200) {
  const error: unknown = await openForTest(host, { file, busyTimeout })
    .facts()
    .catch((reason: unknown) => reason)
  if (!(error instanceof Refusal)) throw new Error('It opened.', { cause: error })
  const { reason, hint } = error.data as { reason: string; hint: string }
  expect(error.code).toBe('DATABASE_UNAVAILABLE')
  expect(hint).not.toBe('')
  return { reason, message: error.message }
}

const cases: [name: string, make: (file: string) => unknown, reason: string, words: RegExp][] = [
  ['a missing file', () => undefined, 'missing', /does not exist/],
  ['a folder', (file) => mkdirSync(file), 'not-a-database', /is a folder/],
  [
    'a text',
    (file) => writeFileSync(file, 'id,email\n1,a@example.org\n'.repeat(100)),
    'not-a-database',
    /is not a SQLite database/,
  ],
  ['one byte', (file) => writeFileSync(file, 'x'), 'not-a-database', /is not a SQLite database/],
  ['noise in whole pages', (file) => writeFileSync(file, randomBytes(8192)), 'encrypted', /looks encrypted/],
  ['noise in one small page', (file) => writeFileSync(file, randomBytes(512)), 'encrypted', /looks encrypted/],
  [
    'noise of another size',
    (file) => writeFileSync(file, randomBytes(8191)),
    'not-a-database',
    /is not a SQLite database/,
  ],
  ['a file that was cut off', (file) => truncateSync(makeFile(file, some), 8192), 'damaged', /is damaged/],
  [
    'a file with a write-ahead log that was cut off',
    (file) => truncateSync(makeFile(file, `PRAGMA journal_mode = WAL; ${some}`), 8192),
    'damaged',
    /cut off after 8,192 of its [\d,]+ bytes/,
  ],
  [
    'a file whose first letter is another one',
    (file) => overwrite(makeFile(file, some), 0, 1),
    'damaged',
    /its first 16 bytes are none of SQLite's/,
  ],
  [
    'a file of a format that is not known',
    (file) => overwrite(makeFile(file, some), 47, 48),
    'damaged',
    /a format that is not known here/,
  ],
  ['a header without pages', (file) => truncateSync(makeFile(file, some), 60), 'damaged', /is damaged/],
  [
    'a file that was emptied beside its write-ahead log',
    (file) => (writeFileSync(file, ''), writeFileSync(`${file}-wal`, randomBytes(4096))),
    'damaged',
    /is empty .*-wal beside it is not/,
  ],
  [
    'a file that was emptied beside the journal of a transaction',
    async (file) => {
      await killedProgram(makeFile(file, some))
      truncateSync(file, 0)
    },
    'damaged',
    /is empty .*-journal beside it is not/,
  ],
  ['a damaged catalogue', (file) => overwrite(makeFile(file, some), 100, 4000), 'damaged', /is damaged/],
]

function overwrite(file: string, from: number, to: number) {
  const code = `const fs = require('fs'); const f = fs.openSync(${JSON.stringify(file)}, 'r+'); fs.writeSync(f, Buffer.alloc(${to - from}, 0xa5), 0, ${to - from}, ${from})`
  return new Promise((done) => spawn(process.execPath, ['-e', code]).on('exit', done))
}

test.each(cases)('%s', async (_, make, reason, words) => {
  const file = join(makeFolder(), 'a.db')
  await make(file)
  const before = around(file)
  const host = hostFor(makeFolder())
  expect(await refusalOf(file, host)).toEqual({ reason, message: expect.stringMatching(words) as string })
  expect(around(file), 'looking changes nothing').toEqual(before)
})

/** The file and what stands beside it, to the byte. */
const around = (file: string) =>
  readdirSync(dirname(file)).map((name) => {
    const path = join(dirname(file), name)
    return [name, statSync(path).isFile() ? readFileSync(path).toString('base64') : null]
  })

test.each([
  ['by SQLite', ''],
  ['also where the first program to write it was killed', KILLED_AT_FIRST],
])('a file of 0 bytes %s is a database without tables, and nothing is written into it', async (_, sql) => {
  const file = join(makeFolder(), 'a.db')
  writeFileSync(file, '')
  if (sql !== '') await killedProgram(file, sql)
  const database = openForTest(hostFor(makeFolder()), { file })
  const facts = await database.facts()
  expect(facts.details[0]).toEqual({ name: 'File', value: 'empty, 0 bytes' })
  expect(facts.readOnly).toBeNull()
  expect(await database.tables(never)).toEqual([])
  expect((await database.read(statement('SELECT count(*) FROM sqlite_schema'), never)).rows).toEqual([[0n]])
  expect(statSync(file).size).toBe(0)
  // Another program fills it meanwhile.
  makeFile(file, some)
  expect((await database.read(statement('SELECT count(*) FROM t'), never)).rows).toEqual([[5000n]])
  expect((await database.facts()).details[0]).toEqual({ name: 'Journal', value: 'delete' })
})

test('damage that is met later is an error of that query', async () => {
  const file = makeFile(join(makeFolder(), 'a.db'), some)
  await overwrite(file, 8192, statSync(file).size)
  const database = openForTest(hostFor(makeFolder()), { file })
  await database.facts()
  await expect(database.read(statement('SELECT sum(v) FROM t'), never)).rejects.toMatchObject({
    code: 'DATABASE_UNAVAILABLE',
    data: { reason: 'damaged' },
  })
  expect((await database.read(statement('SELECT 1'), never)).rows).toEqual([[1n]])
})

test('a missing file opens once it is there, and without a process left behind before', async () => {
  const file = join(makeFolder(), 'a.db')
  const host = hostFor(makeFolder())
  const database = openForTest(host, { file })
  await expect(database.facts()).rejects.toMatchObject({ data: { reason: 'missing' } })
  await expect(database.read(statement('SELECT 1'), never)).rejects.toMatchObject({ data: { reason: 'missing' } })
  makeFile(file, some)
  expect((await database.read(statement('SELECT count(*) FROM t'), never)).rows).toEqual([[5000n]])
})

/** Another program that is killed inside of a transaction, so that its journal is left. */
async function killedProgram(file: string, sql = SPILL): Promise<void> {
  const other = await otherProgram(file, sql)
  other.kill('SIGKILL')
  await new Promise((gone) => other.once('exit', gone))
  expect(existsSync(`${file}-journal`)).toBe(true)
}

/** Another program that runs `sql` on the file and then keeps its connection until it is told to end. */
async function otherProgram(file: string, sql: string): Promise<ChildProcess> {
  const code = `
    const Sqlite = require(${JSON.stringify(resolve('node_modules/better-sqlite3'))})
    const database = new Sqlite(${JSON.stringify(file)})
    database.exec(${JSON.stringify(sql)})
    console.log('ready')
    setInterval(() => database.open, 1000)`
  const other = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void other.kill('SIGKILL'))
  await new Promise((ready) => other.stdout.once('data', ready))
  return other
}

test('a lock that another program holds is waited for, and then named', async () => {
  const file = makeFile(join(makeFolder(), 'a.db'), some)
  const other = await otherProgram(file, 'PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  const start = performance.now()
  expect(await refusalOf(file, undefined, 300)).toEqual({
    reason: 'locked',
    message: expect.stringMatching(/another program/) as string,
  })
  expect(performance.now() - start).toBeGreaterThan(300)

  const patient = openForTest(hostFor(makeFolder()), { file, busyTimeout: 5_000 })
  const opening = patient.facts()
  setTimeout(() => other.kill('SIGKILL'), 500)
  expect((await opening).readOnly).toBeNull()
})

test('another program that writes is no reason not to read; saving says that it is locked', async () => {
  const file = makeFile(join(makeFolder(), 'a.db'), some)
  await otherProgram(file, 'BEGIN IMMEDIATE')
  const database = openForTest(hostFor(makeFolder()), { file, busyTimeout: 100 })
  expect((await database.facts()).readOnly).toBeNull()
  expect((await database.read(statement('SELECT count(*) FROM t'), never)).rows).toEqual([[5000n]])
  const saving = inTransaction(database, never, (session) => session.run(statement('DELETE FROM t')))
  await expect(saving).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE', data: { reason: 'locked' } })
})

test('a transaction that another program left behind when it was killed is rolled back, also for readers', async () => {
  const file = makeFile(join(makeFolder(), 'a.db'), some)
  const database = openForTest(hostFor(makeFolder()), { file })
  await database.read(statement('SELECT count(*) FROM t'), never)
  await killedProgram(file)
  expect((await database.read(statement('SELECT sum(length(v)) FROM t'), never)).rows).toEqual([[18_893n]])
  expect((await database.read(statement('PRAGMA integrity_check'), never)).rows).toEqual([['ok']])
})

test('a file that is replaced or deleted while it is open is noticed, and opened anew', async () => {
  const folder = makeFolder()
  const file = makeFile(join(folder, 'a.db'), `PRAGMA journal_mode = WAL; ${some}`)
  const database = openForTest(hostFor(makeFolder()), { file })
  await database.read(statement('SELECT 1'), never)
  renameSync(makeFile(join(folder, 'b.db'), "CREATE TABLE t (v); INSERT INTO t VALUES ('new')"), file)
  await expect(database.read(statement('SELECT v FROM t'), never)).rejects.toMatchObject({
    data: { reason: 'missing' },
  })
  expect((await database.read(statement('SELECT v FROM t'), never)).rows).toEqual([['new']])
  expect((await database.facts()).details).toContainEqual({ name: 'Journal', value: 'delete' })
  renameSync(file, join(folder, 'away.db'))
  const saving = inTransaction(database, never, (session) => session.run(statement('DELETE FROM t')))
  await expect(saving).rejects.toMatchObject({ data: { reason: 'missing' } })
  await expect(database.facts()).rejects.toMatchObject({ data: { reason: 'missing' } })
})

test('a view may not reach for what a file has no business with, and nothing loads an extension', async () => {
  const file = makeFile(
    join(makeFolder(), 'a.db'),
    'CREATE VIEW v AS SELECT * FROM pragma_database_list; CREATE TABLE t (v);',
  )
  const database = openForTest(hostFor(makeFolder()), { file })
  await expect(database.read(statement('SELECT * FROM v'), never)).rejects.toThrow('unsafe use of virtual table')
  await expect(database.read(statement("SELECT load_extension('x')"), never)).rejects.toThrow('not authorized')
})

test('a reader cannot write, attach another file, or make itself a writer', async () => {
  const folder = makeFolder()
  const file = makeFile(join(folder, 'a.db'), some)
  const database = openForTest(hostFor(makeFolder()), { file })
  for (const sql of [
    "INSERT INTO t VALUES ('x') RETURNING v",
    'DELETE FROM t',
    `ATTACH '${join(folder, 'other.db')}' AS other`,
    `VACUUM INTO '${join(folder, 'other.db')}'`,
    'PRAGMA query_only = OFF',
    'PRAGMA journal_mode = WAL',
  ]) {
    const refused = database.read(statement(sql), never)
    await expect(refused, sql).rejects.toMatchObject({ data: { code: 'ROSTER_NOT_A_QUERY' } })
  }
  expect(existsSync(join(folder, 'other.db'))).toBe(false)
})

/**
 * Permissions do not hold root back, so as root the child runs as another user. Where that user cannot even read the
 * project, the tests say that they were left out.
 */
const isRoot = process.getuid?.() === 0
const childFile = resolve('src/core/db/sqlite/child.ts')

function strangerHost(): Host {
  const host = hostFor(makeFolder())
  if (!isRoot) return host
  return {
    ...host,
    spawn() {
      const child = fork(childFile, [], {
        serialization: 'advanced',
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        execArgv: [],
        uid: 65_534,
        gid: 65_534,
      })
      return {
        pid: child.pid,
        send: (message) => void child.send(message as object, () => undefined),
        onMessage: (listener) => void child.on('message', listener),
        onExit: (listener) => void child.once('exit', listener),
        kill: () => void child.kill('SIGKILL'),
      }
    },
  }
}

const canBeStranger =
  process.platform !== 'win32' &&
  (!isRoot ||
    (await new Promise<boolean>((done) => {
      const trial = spawn(process.execPath, ['-e', `require('fs').readFileSync(${JSON.stringify(childFile)})`], {
        uid: 65_534,
        gid: 65_534,
        stdio: 'ignore',
      })
      trial.on('exit', (code) => done(code === 0)).on('error', () => done(false))
    })))

test.skipIf(!canBeStranger)('a file that may not be written opens read-only, and says why', async () => {
  const folder = makeFolder()
  chmodSync(folder, 0o777)
  const file = makeFile(join(folder, 'a.db'), some)
  chmodSync(file, 0o444)
  const database = openForTest(strangerHost(), { file })
  expect((await database.facts()).readOnly).toMatch(/^The file cannot be written: permission is denied/)
  expect((await database.read(statement('SELECT count(*) FROM t'), never)).rows).toEqual([[5000n]])
  const saving = inTransaction(database, never, (session) => session.run(statement('DELETE FROM t')))
  await expect(saving).rejects.toMatchObject({
    code: 'READ_ONLY',
    data: { why: expect.stringMatching(/permission/) as string },
  })
  await expect(database.schema(never)).rejects.toMatchObject({ code: 'READ_ONLY' })
})

test.skipIf(!canBeStranger)(
  'a folder that may not be written makes the file read-only; with a write-ahead log it cannot be read',
  async () => {
    const folder = makeFolder()
    const file = makeFile(join(folder, 'a.db'), some)
    const logged = makeFile(join(folder, 'wal.db'), `PRAGMA journal_mode = WAL; ${some}`)
    chmodSync(file, 0o666)
    chmodSync(folder, 0o555)
    onTestFinished(() => chmodSync(folder, 0o755))
    const database = openForTest(strangerHost(), { file })
    expect((await database.facts()).readOnly).toMatch(/^Changes need a journal file beside the database/)
    expect((await database.read(statement('SELECT count(*) FROM t'), never)).rows).toEqual([[5000n]])
    expect(await refusalOf(logged, strangerHost())).toEqual({
      reason: 'not-readable',
      message: expect.stringMatching(/write-ahead logging/) as string,
    })
  },
)

test.skipIf(!canBeStranger)('a file that may not be read says so', async () => {
  const folder = makeFolder()
  chmodSync(folder, 0o777)
  const file = makeFile(join(folder, 'a.db'), some)
  chmodSync(file, 0o000)
  expect(await refusalOf(file, strangerHost())).toEqual({
    reason: 'not-readable',
    message: expect.stringMatching(/permission is denied/) as string,
  })
})

test('names with blanks, quotes and other letters work; a name that ends in a blank is refused rather than mistaken', async () => {
  const folder = makeFolder()
  const file = makeFile(join(folder, "it's a “näme” %20 ?mode=ro #1.db"), some)
  const database = openForTest(hostFor(makeFolder()), { file })
  expect((await database.read(statement('SELECT count(*) FROM t'), never)).rows).toEqual([[5000n]])
  copyFileSync(file, join(folder, 'blank.db '))
  // Trimmed, the name is that of another file.
  copyFileSync(file, join(folder, 'blank.db'))
  expect(await refusalOf(join(folder, 'blank.db '))).toMatchObject({ reason: 'not-readable' })
})
