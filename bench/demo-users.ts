// Adding demo users through Roster against the same rows through better-sqlite3 in this process, in turn, on the same schema.
// The bar: at most 3 times the driver's time for a million. Only the driver's inserts are timed, not making its rows up;
// Roster's time is from the call to `done`, with its child process, its progress and its rows.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import Sqlite from 'better-sqlite3'
import { createCore } from '../src/core/core.ts'
import { router } from '../src/core/router.ts'
import { DEMO_COLUMNS, demoRows } from '../src/core/users/demo-users.ts'
import { createHeadlessHost } from '../src/headless/host.ts'

const BAR = 3
const ROUNDS: readonly (readonly [count: 10_000 | 1_000_000, rounds: number])[] = [
  [10_000, 5],
  [1_000_000, 2],
]
const folder = mkdtempSync(join(tmpdir(), 'roster-bench-'))

/** Milliseconds, and the longest gap between two turns of the event loop meanwhile. */
interface Timed {
  ms: number
  gap: number
}

async function withMigratedFile<T>(name: string, use: (api: Client, file: string) => Promise<T>): Promise<T> {
  const dataFolder = join(folder, name)
  const core = await createCore(createHeadlessHost({ version: 'bench', dataFolder }))
  try {
    const api = createRouterClient(router, { context: { core } })
    for await (const event of await api.migrations.run({ profileId: 'sample', action: { kind: 'all' } })) {
      if (event.kind === 'finished' && event.outcome !== 'done') throw new Error(event.message)
    }
    return await use(api, join(dataFolder, 'sample.db'))
  } finally {
    await core.close()
    rmSync(dataFolder, { recursive: true, force: true })
  }
}

type Client = ReturnType<typeof createRouterClient<typeof router, Record<never, never>>>

function throughRoster(count: 10_000 | 1_000_000): Promise<Timed> {
  return withMigratedFile('roster', async (api, file) => {
    let gap = 0
    let before = performance.now()
    const timer = setInterval(() => {
      const now = performance.now()
      gap = Math.max(gap, now - before)
      before = now
    }, 2)
    const began = performance.now()
    for await (const state of await api.users.addDemo({ profileId: 'sample', count })) void state
    const ms = performance.now() - began
    clearInterval(timer)
    check(file, count)
    return { ms, gap }
  })
}

function throughDriver(count: number): Promise<Timed> {
  return withMigratedFile('driver', (_api, file) => {
    const database = new Sqlite(file)
    const insert = database.prepare(
      `insert into auth_user (${DEMO_COLUMNS.join(', ')}) values (${DEMO_COLUMNS.map(() => '?').join(', ')})`,
    )
    let ms = 0
    const timed = (work: () => void) => {
      const began = performance.now()
      work()
      ms += performance.now() - began
    }
    timed(() => database.exec('begin immediate'))
    for (let from = 0; from < count; from += 10_000) {
      const rows = demoRows(from, Math.min(from + 10_000, count))
      timed(() => {
        for (const row of rows) insert.run(row)
      })
    }
    timed(() => database.exec('commit'))
    database.close()
    check(file, count)
    return Promise.resolve({ ms, gap: ms })
  })
}

function check(file: string, count: number): void {
  const database = new Sqlite(file)
  const found = database.prepare('select count(*) from auth_user').pluck().get()
  database.close()
  if (found !== count) throw new Error(`${String(found)} rows instead of ${count}.`)
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2
}

const results = []
try {
  for (const [count, rounds] of ROUNDS) {
    const roster: Timed[] = []
    const driver: Timed[] = []
    for (let round = 0; round < rounds; round++) {
      roster.push(await throughRoster(count))
      driver.push(await throughDriver(count))
    }
    const result = {
      count,
      rosterMs: roster.map(({ ms }) => Math.round(ms)),
      driverMs: driver.map(({ ms }) => Math.round(ms)),
      ratio: Number((median(roster.map(({ ms }) => ms)) / median(driver.map(({ ms }) => ms))).toFixed(2)),
      longestEventLoopGapMs: Number(Math.max(...roster.map(({ gap }) => gap)).toFixed(1)),
    }
    results.push(result)
    console.log(
      `${count} users: Roster ${result.rosterMs.join(', ')} ms; driver ${result.driverMs.join(', ')} ms; ratio ${result.ratio}; longest event-loop gap ${result.longestEventLoopGapMs} ms`,
    )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

const open = new Sqlite(':memory:')
const sqlite = open.prepare('select sqlite_version()').pluck().get()
open.close()
const report = {
  date: new Date().toISOString(),
  machine: { cpus: cpus().length, platform: process.platform, node: process.version, sqlite },
  bar: BAR,
  results,
}
mkdirSync(new URL('./results/', import.meta.url), { recursive: true })
writeFileSync(new URL('./results/demo-users.json', import.meta.url), `${JSON.stringify(report, null, 2)}\n`)
const million = results.find(({ count }) => count === 1_000_000)
if (!million || million.ratio > BAR) {
  console.error(`Above the bar of ${BAR}.`)
  process.exitCode = 1
}
