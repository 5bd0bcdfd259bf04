// Schema work: knex with its own decoding in a process of its own, whose transactions say truly whether they were saved.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createHeadlessHost } from '../../../headless/host.ts'
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

function open(sql = '') {
  const folder = makeFolder()
  const file = makeFile(join(folder, 'a.db'), `CREATE TABLE seed (v);${sql}`)
  const host = watch(createHeadlessHost({ version: 'test', dataFolder: folder }))
  return { file, host, database: openForTest(host, { file }) }
}

test('knex reads and writes as with its own driver, and tells of every statement', async () => {
  const { database } = open()
  const heard: string[] = []
  const work = await database.schema(never, (sql) => heard.push(sql))
  const { knex } = work
  await knex.schema.createTable('t', (t) => {
    t.increments('id')
    t.string('name', 20).notNullable().unique()
    t.boolean('active').defaultTo(true)
    t.binary('bytes')
  })
  expect(await knex('t').insert({ name: 'a', bytes: Buffer.from([1, 2]) })).toEqual([1])
  expect(
    await knex('t')
      .insert([{ name: 'b' }, { name: 'c', active: false }])
      .returning(['id', 'name']),
  ).toEqual([
    { id: 2, name: 'b' },
    { id: 3, name: 'c' },
  ])
  expect(await knex('t').where({ id: 1 }).first()).toEqual({ id: 1, name: 'a', active: 1, bytes: Buffer.from([1, 2]) })
  expect(await knex('t').where('id', '>', 1).update({ active: true })).toBe(2)
  expect(await knex('t').where({ id: 3 }).del()).toBe(1)
  expect(await knex('t').count({ n: '*' }).first()).toEqual({ n: 2 })
  expect(await knex.schema.hasColumn('t', 'name')).toBe(true)
  await knex.schema.alterTable('t', (t) => t.dropColumn('bytes'))
  expect(await knex('t').orderBy('id').pluck('name')).toEqual(['a', 'b'])
  await expect(knex('t').insert({ name: 'a' })).rejects.toMatchObject({
    code: 'QUERY_FAILED',
    data: { code: 'SQLITE_CONSTRAINT_UNIQUE' },
  })
  expect(heard[0]).toMatch(/^create table `t`/)
  expect(heard).toContain('insert into `t` (`bytes`, `name`) values (?, ?)')
  await work.close()
  expect((await database.describe('t', never))?.columns.map(({ name }) => name)).toEqual(['id', 'name', 'active'])
})

test.each(modes)('%s: a transaction is kept whole or not at all', async (_, pragmas) => {
  const { database, file } = open(pragmas)
  const work = await database.schema(never)
  await work.knex.transaction((trx) => trx.schema.createTable('kept', (t) => t.text('v')))
  const failing = work.knex.transaction(async (trx) => {
    await trx.schema.createTable('gone', (t) => t.text('v'))
    await trx('kept').insert({ v: 'x' })
    throw new Error('No further.')
  })
  await expect(failing).rejects.toThrow('No further.')
  const nested = work.knex.transaction(async (trx) => {
    await trx('kept').insert({ v: 'outer' })
    await trx
      .transaction(async (inner) => {
        await inner('kept').insert({ v: 'inner' })
        throw new Error('Only this.')
      })
      .catch(() => undefined)
  })
  await nested
  await work.close()
  expect(readFile(file, 'SELECT v FROM kept')).toEqual([['outer']])
  expect((await database.tables(never)).map(({ name }) => name)).toEqual(['kept', 'seed'])
})

test('a COMMIT that fails is a failure, and the connection is out of the transaction', async () => {
  const { database, file } = open(`
    CREATE TABLE p (id INTEGER PRIMARY KEY);
    CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED);`)
  const work = await database.schema(never)
  const { knex } = work
  // A deferred foreign key lets COMMIT itself fail, once they are switched on.
  await knex.raw('PRAGMA foreign_keys = ON')
  const failing = knex.transaction(async (trx) => {
    await trx('c').insert({ id: 1, p: 99 })
    return 'said to be saved'
  })
  await expect(failing).rejects.toMatchObject({ code: 'QUERY_FAILED' })
  // Outside of any transaction: this is saved at once, and the next one can begin.
  await knex('p').insert({ id: 1 })
  expect(readFile(file, 'SELECT (SELECT count(*) FROM p), (SELECT count(*) FROM c)')).toEqual([[1n, 0n]])
  await knex.transaction((trx) => trx('c').insert({ id: 2, p: 1 }))
  await work.close()
  expect(readFile(file, 'SELECT id FROM c')).toEqual([[2n]])
})

const family = `
  CREATE TABLE p (id INTEGER PRIMARY KEY, v TEXT);
  CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES p (id) ON DELETE CASCADE);
  INSERT INTO p VALUES (1, 'a'), (2, 'b'); INSERT INTO c VALUES (1, 1), (2, 2);`

test('a table that is rebuilt keeps the rows of the tables that point to it', async () => {
  const { database, file } = open(family)
  const work = await database.schema(never)
  await work.knex.transaction(async (trx) => {
    await trx.schema.alterTable('p', (t) => t.string('v', 10).notNullable().alter())
    await trx.schema.alterTable('p', (t) => t.dropColumn('v'))
  })
  await work.close()
  expect(readFile(file, 'SELECT count(*) FROM c')).toEqual([[2n]])
})

test('a transaction that would leave orphans is refused with the table and their number; old orphans are not its fault', async () => {
  const { database, file } = open(`${family} PRAGMA foreign_keys = OFF; INSERT INTO c VALUES (3, 77);`)
  const work = await database.schema(never)
  const { knex } = work
  const orphaning = knex.transaction((trx) => trx('p').del())
  await expect(orphaning).rejects.toThrow('2 rows of "c" would point to rows of "p" that are not there')
  expect(readFile(file, 'SELECT count(*) FROM p')).toEqual([[2n]])
  await knex.transaction((trx) => trx('p').insert({ id: 3, v: 'c' }))
  await work.close()
  expect(readFile(file, 'SELECT (SELECT count(*) FROM p), (SELECT count(*) FROM c)')).toEqual([[3n, 3n]])
})

test('a transaction that SQLite has ended by itself takes nothing more, and is not called saved', async () => {
  const { database, file } = open('CREATE TABLE t (v UNIQUE)')
  const work = await database.schema(never)
  const failing = work.knex.transaction(async (trx) => {
    await trx('t').insert({ v: 1 })
    await trx.raw('INSERT OR ROLLBACK INTO t VALUES (1)').catch(() => undefined)
    await trx('t')
      .insert({ v: 2 })
      .catch(() => undefined)
  })
  await expect(failing).rejects.toThrow('The database has ended the transaction')
  await work.knex.transaction((trx) => trx('t').insert({ v: 3 }))
  await work.close()
  expect(readFile(file, 'SELECT v FROM t')).toEqual([[3]])
})

test.each(modes)('%s: aborting ends what runs, nothing of it stays, and the file is free again', async (_, pragmas) => {
  const { database, host } = open(`${pragmas} CREATE TABLE t (v); INSERT INTO t VALUES (1);`)
  await database.read(statement('SELECT 1'), never)
  const cancel = new AbortController()
  const work = await database.schema(cancel.signal)
  const before = host.running().length
  const running = work.knex.transaction(async (trx) => {
    await trx('t').insert({ v: 2 })
    await trx.raw(LONG_QUERY)
  })
  running.catch(() => undefined)
  await new Promise((resolve) => setTimeout(resolve, 300))
  const start = performance.now()
  cancel.abort()
  await expect(running).rejects.toThrow()
  await work.close()
  expect((await database.read(statement('SELECT v FROM t'), never)).rows).toEqual([[1n]])
  expect(performance.now() - start).toBeLessThan(500)
  await eventually(() => host.running().length <= before)
  const again = await database.schema(never)
  await again.knex('t').insert({ v: 3 })
  await again.close()
})

test('on a rollback-journal file readers wait for schema work; with a log they do not', async () => {
  for (const [, pragmas] of modes) {
    const { database } = open(`${pragmas} CREATE TABLE t (v); INSERT INTO t VALUES (1);`)
    const work = await database.schema(never)
    let isRead = false
    const reading = database.read(statement('SELECT v FROM t'), never).then(({ rows }) => {
      isRead = true
      return rows
    })
    if (pragmas === '') {
      await new Promise((resolve) => setTimeout(resolve, 400))
      expect(isRead).toBe(false)
    } else expect(await reading).toEqual([[1n]])
    await work.close()
    expect(await reading).toEqual([[1n]])
  }
})

test('a process that dies during schema work is an error, and no second connection takes over unseen', async () => {
  const { database, host } = open()
  const work = await database.schema(never)
  await work.knex.raw('SELECT 1')
  for (const pid of host.running()) process.kill(pid, 'SIGKILL')
  await eventually(() => host.running().length === 0)
  await expect(work.knex.raw('SELECT 1')).rejects.toMatchObject({ data: { reason: 'process-ended' } })
  await work.close()
  expect((await database.read(statement('SELECT 1'), never)).rows).toEqual([[1n]])
})
