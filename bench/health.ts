// The health of a table of a million demo users, against one statement that counts the whole table with the same tests:
// `npm run bench -- health`. Both run through Roster's own session.
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { startMariadb } from '../scripts/servers/mariadb.ts'
import { startPostgres } from '../scripts/servers/postgres.ts'
import type { Statement } from '../src/core/db/database.ts'
import { toStatement } from '../src/core/db/query.ts'
import { encodingsOf } from '../src/core/encodings/encodings.ts'
import type { SaveScope } from '../src/core/tables/save.ts'
import { factsOf, type Subject } from '../src/core/users/health/facts.ts'
import { tellHealth } from '../src/core/users/health/health.ts'
import { countsOf } from '../src/core/users/health/part-sql.ts'
import type { Health } from '../src/shared/health.ts'
import { openFileWithUsers } from './save/opened-file.ts'
import { openWithUsers } from './servers/opened.ts'

const USERS = 1_000_000
const ROUNDS = 3
const never = new AbortController().signal

async function subjectOf({ database, dialect, shape }: SaveScope): Promise<Subject> {
  const encodings = await encodingsOf(database, dialect, shape, never)
  const user = {
    ...{ email: 'email', username: null, password: 'password', active: 'active', gate: null },
    ...{ confirmedAt: 'confirmed_at', uniquifier: 'fs_uniquifier', deletedAt: null, createdAt: null },
  }
  return { engine: database.dialect, shape, user, codecOf: (name) => encodings.get(name)?.codec ?? null }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return Math.round(performance.now() - began)
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

async function measure(engine: string, scope: SaveScope) {
  const { database, dialect } = scope
  const subject = await subjectOf(scope)
  const read = (statement: Statement) => database.read(statement, never)
  const plain = toStatement(dialect.knex('auth_user').count())
  const tests = countsOf(
    { dialect, subject },
    [],
    factsOf(subject).map(({ filter }) => filter),
  )
  const found = {
    count: [] as number[],
    tests: [] as number[],
    pass: [] as number[],
    whole: [] as number[],
    gap: [] as number[],
  }
  for (let round = 0; round <= ROUNDS; round++) {
    const count = await timed(() => read(plain))
    const same = await timed(() => read(tests))
    const began = performance.now()
    let [pass, gap, before] = [0, 0, began]
    let last: Health | undefined
    await tellHealth(
      { database, dialect, subject },
      (state) => {
        const now = performance.now()
        if (pass === 0) gap = Math.max(gap, now - before)
        before = now
        if (pass === 0 && state.facts.some((fact) => fact.isDone)) pass = now - began
        last = state
      },
      never,
    )
    const whole = performance.now() - began
    if (last?.read !== USERS) throw new Error(`${last?.read} rows were passed instead of ${USERS}.`)
    // The first round warms.
    if (round === 0) continue
    found.count.push(count)
    found.tests.push(same)
    found.pass.push(Math.round(pass))
    found.whole.push(Math.round(whole))
    found.gap.push(Math.round(gap))
  }
  const ms = Object.fromEntries(Object.entries(found).map(([name, values]) => [name, median(values)]))
  const result = { engine, ms, ratio: Number((median(found.pass) / median(found.tests)).toFixed(2)), rounds: found }
  console.log(
    `${engine.padEnd(11)} count(*) ${ms.count} ms; with the same tests ${ms.tests} ms; health's pass ${ms.pass} ms (${result.ratio}), with duplicates ${ms.whole} ms; longest wait for progress ${ms.gap} ms`,
  )
  return result
}

const results = []
const file = await openFileWithUsers(USERS)
try {
  results.push(await measure('SQLite', file.scope))
} finally {
  await file.close()
}
for (const [engine, start] of [
  ['PostgreSQL', () => startPostgres({ settings: { shared_buffers: '256MB' } })],
  ['MariaDB', () => startMariadb({ settings: { 'innodb-buffer-pool-size': '512M' } })],
] as const) {
  const server = await start()
  try {
    const opened = await openWithUsers(server, USERS)
    try {
      results.push(await measure(engine, opened.scope))
    } finally {
      await opened.close()
    }
  } finally {
    await server.end()
  }
}
const report = {
  date: new Date().toISOString(),
  machine: { cpus: cpus().length, cpu: cpus()[0]?.model.trim(), platform: `${process.platform} ${process.arch}` },
  ...{ node: process.version, unit: 'ms', users: USERS, results },
}
mkdirSync(new URL('./results/', import.meta.url), { recursive: true })
writeFileSync(new URL('./results/health.json', import.meta.url), `${JSON.stringify(report, null, 2)}\n`)
