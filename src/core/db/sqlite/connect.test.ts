// Many callers at once, and nothing left behind: processes are few, end when idle, and are gone after closing.
import { join } from 'node:path'
import { expect, test, onTestFinished } from 'vitest'
import { createHeadlessHost } from '../../../headless/host.ts'
import { inTransaction } from '../transaction.ts'
import {
  eventually,
  LONG_QUERY,
  makeFile,
  makeFolder,
  never,
  openForTest,
  statement,
  watch,
} from './sqlite.test-setup.ts'

function open(options: { readerIdle?: number } = {}) {
  const folder = makeFolder()
  const file = makeFile(join(folder, 'a.db'), 'PRAGMA journal_mode = WAL; CREATE TABLE t (v); INSERT INTO t VALUES (1)')
  const host = watch(createHeadlessHost({ version: 'test', dataFolder: folder }))
  return { host, database: openForTest(host, { file, ...options }) }
}

test('nothing is started before the first use', async () => {
  const { host, database } = open()
  expect(host.pids).toEqual([])
  await database.close()
  await expect(database.facts()).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
  expect(host.pids).toEqual([])
})

test('200 reads at once are answered by a writer, three readers and a spare', async () => {
  const { host, database } = open()
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, index) => database.read(statement('SELECT ? + v FROM t', BigInt(index)), never)),
  )
  expect(answers.map(({ rows }) => rows[0]?.[0])).toEqual(Array.from({ length: 200 }, (_, index) => BigInt(index + 1)))
  expect(host.pids.length).toBeLessThanOrEqual(5)
})

test('opening is done once for many callers, and readers that nobody uses end', async () => {
  const { host, database } = open({ readerIdle: 100 })
  await Promise.all(Array.from({ length: 20 }, () => database.facts()))
  expect(host.pids).toHaveLength(2)
  await Promise.all([1, 2, 3].map(() => database.read(statement('SELECT 1'), never)))
  await eventually(() => host.running().length === 2)
  expect((await database.read(statement('SELECT v FROM t'), never)).rows).toEqual([[1n]])
})

test('closing leaves no process, not even one that is busy, and fails what was still asked', async () => {
  const { host, database } = open()
  await database.facts()
  const long = Array.from({ length: 12 }, () => database.read(statement(LONG_QUERY), never))
  const saving = inTransaction(database, never, (session) => session.query(statement(LONG_QUERY)))
  const ended = Promise.allSettled([...long, saving])
  await new Promise((resolve) => setTimeout(resolve, 300))
  const start = performance.now()
  await database.close()
  expect(performance.now() - start).toBeLessThan(500)
  expect(host.running()).toEqual([])
  for (const result of await ended) {
    expect(result).toMatchObject({ status: 'rejected', reason: { code: 'DATABASE_UNAVAILABLE' } })
  }
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(host.running(), 'nothing starts afterwards').toEqual([])
})

test('a child ends when its parent is gone, and not on Ctrl+C', async () => {
  const { spawn } = await import('node:child_process')
  const folder = makeFolder()
  const file = makeFile(join(folder, 'a.db'), 'CREATE TABLE t (v)')
  const code = `
    import { createHeadlessHost } from ${JSON.stringify(new URL('../../../headless/host.ts', import.meta.url).href)}
    import { openSqlite } from ${JSON.stringify(new URL('./connect.ts', import.meta.url).href)}
    const host = createHeadlessHost({ version: 'test', dataFolder: ${JSON.stringify(folder)} })
    const pids = []
    const watched = { ...host, spawn: (entry) => { const child = host.spawn(entry); pids.push(child.pid); return child } }
    const database = openSqlite(watched, { file: ${JSON.stringify(file)}, create: false })
    await database.read({ sql: 'SELECT 1', values: [] }, new AbortController().signal)
    console.log(JSON.stringify(pids))`
  const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  // Left behind, it would hold the output of the whole run open.
  onTestFinished(() => void parent.kill('SIGKILL'))
  const pids = await new Promise<number[]>((resolve) => {
    parent.stdout.once('data', (text: Buffer) => resolve(JSON.parse(text.toString()) as number[]))
  })
  expect(pids.length).toBeGreaterThanOrEqual(2)
  const isRunning = (pid: number) => {
    try {
      return process.kill(pid, 0)
    } catch {
      return false
    }
  }
  // The last one is the spare: it may still be starting, when it does not know the signal yet.
  const working = pids.slice(0, -1)
  for (const pid of working) process.kill(pid, 'SIGINT')
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(working.every(isRunning)).toBe(true)
  parent.kill('SIGKILL')
  await eventually(() => !pids.some(isRunning))
})
