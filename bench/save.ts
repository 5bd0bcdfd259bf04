// Saving thousands of staged changes, against the driver alone running the same statements in one transaction, pair by pair in
// one run: `npm run bench -- save`. The driver neither looks at what it has written nor reads the rows back; Roster does both.
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { startMariadb } from '../scripts/servers/mariadb.ts'
import { startPostgres } from '../scripts/servers/postgres.ts'
import { planOf } from '../src/core/tables/save-plan.ts'
import { batchesOf, type Step } from '../src/core/tables/save-steps.ts'
import { saveChanges, type SaveScope } from '../src/core/tables/save.ts'
import type { Cell } from '../src/shared/cell.ts'
import type { Change } from '../src/shared/tables.ts'
import { openFileWithUsers } from './save/opened-file.ts'
import { rawFile, rawServer, type Many, type RawSaver } from './save/raw-save.ts'
import { openWithUsers } from './servers/opened.ts'
import { compare, type Compared } from './servers/pairs.ts'

const CHANGES = 10_000
const ROUNDS = 5
const WARM = 1
const USERS = CHANGES * 2 * (ROUNDS + WARM) * 2
/** The highest ratio that is accepted. */
const BAR = 1.5
const never = new AbortController().signal

interface Measured extends Compared {
  engine: string
  what: string
}

/** The rows of the table, `count` of them from the key behind `after`. */
async function rowsOf({ database, dialect, shape }: SaveScope, after: number, count: number): Promise<Cell[][]> {
  const table = dialect.knex('auth_user').where('id', '>', after).orderBy('id').limit(count)
  const { sql, bindings } = table
    .select(shape.columns.map(({ name }) => name))
    .toSQL()
    .toNative()
  return (await database.read({ sql, values: bindings as Cell[] }, never)).rows
}

function manyOf({ dialect, shape }: SaveScope, steps: readonly Step[]): Many[] {
  return Array.from(batchesOf(dialect, shape, steps), ({ sql, rows }) => ({ sql, rows: [...rows] }))
}

type Make = (row: Record<string, Cell>, id: string) => Change

const edit: Make = (row, id) => ({
  ...{ kind: 'update', id, key: [row.id ?? null] },
  ...{ original: { email: row.email ?? null }, values: { email: `new.${String(row.email)}` } },
})
const remove: Make = ({ password: _, ...row }, id) => ({ kind: 'delete', id, key: [row.id ?? null], original: row })
const add: Make = ({ id: _, password: _password, ...row }, id) => ({
  ...{ kind: 'insert', id },
  values: { ...row, email: `added.${id}@example.com`, fs_uniquifier: id.padStart(64, '0') },
})

async function measure(engine: string, scope: SaveScope, raw: RawSaver): Promise<Measured[]> {
  const names = scope.shape.columns.map(({ name }) => name)
  const measured: Measured[] = []
  const read = (statement: Parameters<typeof scope.database.read>[0]) => scope.database.read(statement, never)
  let last = 0
  let added = 0
  const changesOf = async (make: Make): Promise<Change[]> => {
    const rows = await rowsOf(scope, make === add ? 0 : last, CHANGES)
    if (rows.length < CHANGES) throw new Error('The table has too few rows.')
    if (make !== add) last = Number(rows.at(-1)?.[names.indexOf('id')])
    return rows.map((row) =>
      make(Object.fromEntries(names.map((name, i) => [name, row[i] ?? null])), String((added += 1))),
    )
  }
  for (const [what, make] of [
    [`${CHANGES} edits of the email`, edit],
    [`${CHANGES} new rows`, add],
    [`${CHANGES} deletes`, remove],
  ] as const) {
    // Made before the clock runs: each round has rows of its own.
    const staged: { roster: Change[]; driver: Many[] }[] = []
    for (let round = 0; round < ROUNDS + WARM; round++) {
      const steps = await planOf({ ...scope, name: scope.database.dialect, read, signal: never }, await changesOf(make))
      staged.push({ roster: await changesOf(make), driver: manyOf(scope, steps) })
    }
    const of = (round: number) => staged[round] as (typeof staged)[0]
    const compared = await compare(ROUNDS, WARM, {
      roster: async (round) => {
        const { rows } = await saveChanges(scope, of(round).roster, never)
        if (make !== remove && rows.includes(null)) throw new Error('A row was not read back.')
      },
      driver: async (round) => {
        const changed = await raw.save(of(round).driver)
        if (changed !== CHANGES) throw new Error(`${changed} rows were changed instead of ${CHANGES}.`)
      },
    })
    measured.push({ engine, what, ...compared })
    console.log(line(measured.at(-1) as Measured))
  }
  return measured
}

const number = (ms: number) => ms.toFixed(0).padStart(9)
const line = ({ engine, what, roster, driver, ratio }: Measured) =>
  `${engine.padEnd(11)}${what.padEnd(28)}${[roster.median, roster.p95, driver.median, driver.p95].map(number).join('')}${ratio.toFixed(2).padStart(7)}`

console.log(
  `${'milliseconds'.padEnd(39)}${['Roster', 'p95', 'driver', 'p95'].map((word) => word.padStart(9)).join('')}${'ratio'.padStart(7)}`,
)
const results: Measured[] = []
const versions: Record<string, string> = {}

const file = await openFileWithUsers(USERS)
try {
  versions.SQLite = (await file.scope.database.facts()).version
  const raw = rawFile(file.file)
  results.push(...(await measure('SQLite', file.scope, raw)))
  await raw.end()
} finally {
  await file.close()
}
for (const [engine, start] of [
  ['PostgreSQL', () => startPostgres({ settings: { shared_buffers: '256MB' } })],
  ['MariaDB', () => startMariadb({ settings: { 'innodb-buffer-pool-size': '256M' } })],
] as const) {
  const server = await start()
  try {
    versions[engine] = server.version
    const opened = await openWithUsers(server, USERS)
    const { scope, name } = opened
    const raw = await rawServer(server, name)
    try {
      results.push(...(await measure(engine, scope, raw)))
    } finally {
      await raw.end()
      await opened.close()
    }
  } finally {
    await server.end()
  }
}
const report = {
  date: new Date().toISOString(),
  machine: { cpus: cpus().length, cpu: cpus()[0]?.model.trim(), platform: `${process.platform} ${process.arch}` },
  ...{ node: process.version, versions, unit: 'ms', users: USERS, bar: BAR, results },
}
mkdirSync(new URL('./results/', import.meta.url), { recursive: true })
writeFileSync(new URL('./results/save.json', import.meta.url), `${JSON.stringify(report, null, 2)}\n`)
for (const { engine, what, ratio } of results.filter((one) => one.ratio > BAR)) {
  console.error(`${engine}, ${what}: ${ratio} is above ${BAR}.`)
  process.exitCode = 1
}
