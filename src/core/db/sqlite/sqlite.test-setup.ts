// What the tests of this folder share: a folder of their own, and a host that remembers the processes it started.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import type { Host } from '../../host.ts'
import type { Database, Statement } from '../database.ts'
import { openSqlite, type SqliteOptions } from './connect.ts'

export const never = new AbortController().signal

/** About 10 s of work inside one step of SQLite, where nothing can interrupt it. */
export const LONG_QUERY =
  'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100000000) SELECT count(*) FROM n'

export function statement(sql: string, ...values: Statement['values']): Statement {
  return { sql, values }
}

/** Removed when the test is over. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'roster-sqlite-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Makes a file through SQLite itself, as another program would. */
export function makeFile(file: string, sql: string): string {
  const database = new Sqlite(file)
  database.exec(sql)
  database.close()
  return file
}

export function readFile(file: string, sql: string): unknown[][] {
  const database = new Sqlite(file, { readonly: true })
  try {
    return database.prepare(sql).raw().safeIntegers().all() as unknown[][]
  } finally {
    database.close()
  }
}

export interface WatchedHost extends Host {
  /** Every process that was started, by id, in order. */
  pids: number[]
  running(): number[]
}

export function watch(host: Host): WatchedHost {
  const pids: number[] = []
  return {
    ...host,
    pids,
    running: () => pids.filter(isRunning),
    spawn(entry) {
      const process = host.spawn(entry)
      if (process.pid !== undefined) pids.push(process.pid)
      return process
    },
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Closed when the test is over. */
export function openForTest(host: Host, options: Partial<SqliteOptions> & { file: string }): Database {
  const database = openSqlite(host, { create: false, ...options })
  onTestFinished(() => database.close())
  return database
}

/** Waits until `isTrue`, at most `limit` milliseconds; throws otherwise. */
export async function eventually(isTrue: () => boolean, limit = 5_000): Promise<void> {
  const end = Date.now() + limit
  while (!isTrue()) {
    if (Date.now() > end) throw new Error(`Not true within ${limit} ms.`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
