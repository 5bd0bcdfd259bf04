// Roster on real servers against the raw driver doing the same work, pair by pair in one run: `npm run bench -- servers`.
// The servers are those of the tests, which sync nothing to the disk: with a real disk behind it a commit takes longer for
// both, and the ratio of a save is nearer to one.
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { startMariadb } from '../scripts/servers/mariadb.ts'
import { startPostgres } from '../scripts/servers/postgres.ts'
import type { TestServer } from '../scripts/servers/server.ts'
import { serverDialects } from '../src/core/db/server/server-dialects.ts'
import { inTransaction } from '../src/core/db/transaction.ts'
import { readPage } from '../src/core/tables/page.ts'
import { saveChanges } from '../src/core/tables/save.ts'
import { viewOf } from '../src/core/tables/view-sql.ts'
import { DEMO_COLUMNS, demoRows } from '../src/core/users/demo-users.ts'
import { openWithUsers, WRITING, type Opened } from './servers/opened.ts'
import { compare, type Compared } from './servers/pairs.ts'
import { connectRaw, openRawDriver, type ManyRows, type RawDriver } from './servers/raw-driver.ts'

const USERS = 200_000
const ROWS = 200
const BULK = 100_000
const never = new AbortController().signal

interface Measured extends Compared {
  engine: string
  what: string
  /** The highest ratio that is accepted; null where nothing is asked. */
  bar: number | null
}

/** The rows stand around the middle of the table by email; each round has another page. */
async function pages({ database, dialect, shape }: Opened, raw: RawDriver): Promise<Compared> {
  const view = viewOf(shape, { column: 'email', direction: 'asc' }, null)
  const first = await readPage(database, dialect, view, { kind: 'rank', rank: USERS / 4 }, ROWS, never)
  const cursors = [first.last]
  while (cursors.length < 220) {
    const cursor = cursors.at(-1) ?? []
    cursors.push((await readPage(database, dialect, view, { kind: 'after', cursor }, ROWS, never)).last)
  }
  const cursorOf = (round: number) => cursors[(round * 7) % cursors.length] ?? []
  const roster = (round: number) =>
    readPage(database, dialect, view, { kind: 'after', cursor: cursorOf(round) }, ROWS, never)
  const driver = (round: number) => raw.page(String(cursorOf(round)[0]), ROWS + 1)
  for (const round of [0, 100]) {
    const [page, keys] = [await roster(round), await driver(round)]
    if (page.keys.map(([id]) => String(id)).join() !== keys.slice(0, ROWS).join()) throw new Error('Not the same rows.')
  }
  return compare(200, 20, { roster, driver })
}

async function connections({ login, name }: Opened, server: TestServer): Promise<Compared> {
  const open: (() => Promise<void>)[] = []
  const roster = async () => {
    const options = { signal: never, onPhase: () => undefined }
    const link = await serverDialects[server.kind].connect(login, options)
    open.push(() => link.end())
  }
  const driver = async () => void open.push(await connectRaw(server, name))
  return compare(100, 5, { roster, driver }, () => Promise.all(open.splice(0).map((end) => end())))
}

/** Each round changes a row that no other has changed. */
async function saves(opened: Opened, server: TestServer, raw: RawDriver): Promise<Compared> {
  const { yes, no } = WRITING[server.kind]
  const ids = (await server.admin('select id from auth_user where active order by id limit 500', opened.name)).map(
    ([id]) => Number(id),
  )
  const idOf = (round: number, place: 0 | 1) => ids[round * 2 + place] ?? 0
  const roster = (round: number) => {
    const change = { kind: 'update' as const, id: `${round}`, original: { active: yes }, values: { active: no } }
    return saveChanges(opened.scope, [{ ...change, key: [BigInt(idOf(round, 0))] }], never)
  }
  const compared = await compare(200, 20, { roster, driver: (round) => raw.save(idOf(round, 1), no) })
  const [left] = await server.admin(
    `select count(*) from auth_user where active and id <= ${idOf(219, 1)}`,
    opened.name,
  )
  if (left?.[0] !== '0') throw new Error(`${String(left?.[0])} rows were not changed.`)
  return compared
}

async function bulk({ database, name }: Opened, server: TestServer, insert: ManyRows): Promise<Compared> {
  const rows = demoRows(0, BULK, WRITING[server.kind])
  const roster = () => inTransaction(database, never, (session) => session.bulk('bench_bulk', DEMO_COLUMNS, rows))
  const driver = () => insert('bench_bulk', DEMO_COLUMNS, rows)
  return compare(5, 1, { roster, driver }, async () => {
    const [found] = await server.admin('select count(*) from bench_bulk', name)
    if (found?.[0] !== String(BULK)) throw new Error(`${String(found?.[0])} rows instead of ${BULK}.`)
    await server.admin('truncate table bench_bulk', name)
  })
}

async function measure(engine: string, server: TestServer): Promise<Measured[]> {
  const opened = await openWithUsers(server, USERS)
  const raw = await openRawDriver(server, opened.name)
  const measured: Measured[] = []
  const note = (what: string, bar: number | null, compared: Compared) => {
    measured.push({ engine, what, bar, ...compared })
    console.log(line(measured.at(-1) as Measured))
  }
  try {
    note(`a page of ${ROWS} rows by email`, 3, await pages(opened, raw))
    note('opening a connection', null, await connections(opened, server))
    note('saving one guarded update', null, await saves(opened, server, raw))
    note(`inserting ${BULK} rows`, 2, await bulk(opened, server, raw.insert))
    if (raw.copy) note(`inserting ${BULK} rows, driver by COPY`, null, await bulk(opened, server, raw.copy))
    const one = () => opened.database.read({ sql: 'select 1', values: [] }, never)
    note('an idle connection and select 1', 5, await compare(1000, 100, { roster: one, driver: () => raw.selectOne() }))
  } finally {
    await raw.end()
    await opened.close()
  }
  return measured
}

const number = (ms: number) => ms.toFixed(ms < 100 ? 2 : 0).padStart(9)
const line = ({ engine, what, roster, driver, ratio }: Measured) =>
  `${engine.padEnd(11)}${what.padEnd(38)}${[roster.median, roster.p95, driver.median, driver.p95].map(number).join('')}${ratio.toFixed(2).padStart(7)}`

console.log(
  `${'milliseconds'.padEnd(49)}${['Roster', 'p95', 'driver', 'p95'].map((word) => word.padStart(9)).join('')}${'ratio'.padStart(7)}`,
)
const results: Measured[] = []
const versions: Record<string, string> = {}
for (const [engine, start] of [
  // The table fits into the server's memory, so that it is not the disk that is measured.
  ['PostgreSQL', () => startPostgres({ settings: { shared_buffers: '256MB' } })],
  ['MariaDB', () => startMariadb({ settings: { 'innodb-buffer-pool-size': '256M' } })],
] as const) {
  const server = await start()
  try {
    versions[engine] = server.version
    results.push(...(await measure(engine, server)))
  } finally {
    await server.end()
  }
}
console.log(
  'LOAD DATA, the fast way of MariaDB, is not compared: Roster has it turned off, because it reads local files.',
)
const report = {
  date: new Date().toISOString(),
  machine: { cpus: cpus().length, cpu: cpus()[0]?.model.trim(), platform: `${process.platform} ${process.arch}` },
  ...{ node: process.version, versions, unit: 'ms', users: USERS, results },
}
mkdirSync(new URL('./results/', import.meta.url), { recursive: true })
writeFileSync(new URL('./results/servers.json', import.meta.url), `${JSON.stringify(report, null, 2)}\n`)
for (const missed of results.filter(({ bar, ratio }) => bar !== null && ratio > bar)) {
  console.error(`${missed.engine}, ${missed.what}: ${missed.ratio} is above ${String(missed.bar)}.`)
  process.exitCode = 1
}
