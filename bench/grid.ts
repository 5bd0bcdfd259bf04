// The grid over millions of rows, Roster beside the raw driver, beside OFFSET and beside static rows, in one run:
// `npm run bench:grid`, `npm run bench:grid -- --rows 10000000 --engine postgres`.
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { buildIfNeeded } from '../scripts/build.ts'
import { endWithStarter } from '../scripts/project.ts'
import { ENGINES, type Engine } from './grid/big-table.ts'
import { header, isMissed, lineOf, type Figure } from './grid/figures.ts'
import { measureFilters } from './grid/filtering.ts'
import { measureHops } from './grid/hops.ts'
import { attempt, nameOf, type Connected, type Measuring, type Table } from './grid/measured.ts'
import { measureOpeningCalls } from './grid/opening-calls.ts'
import { measurePages } from './grid/pages.ts'
import { measureOpening } from './grid/page-opening.ts'
import { measureScrolling } from './grid/page-scrolling.ts'
import { openRaw } from './grid/raw-driver.ts'
import { connectClient, startHost } from './grid/roster-host.ts'
import { measureJumpsMeanwhile, measureSurveys } from './grid/surveys.ts'
import { tableOf } from './grid/tables.ts'

const HELP = `npm run bench:grid -- [options]

  --rows N            rows of the table (default 1,000,000)
  --engine E          ${ENGINES.join(', ')}; repeatable (default: all)
  --at E=ADDRESS      a table that is there already (bench/grid/make.ts makes one): a file, or the address of a database
  --only PART         calls, opening, scrolling; repeatable (default: all); the result is not kept then
  --no-build          take out/ as it is`

const PARTS = ['calls', 'opening', 'scrolling'] as const
const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    engine: { type: 'string', multiple: true },
    at: { type: 'string', multiple: true, default: [] },
    only: { type: 'string', multiple: true },
    'no-build': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const rows = Number(values.rows)
const engines = values.engine ?? ENGINES
const parts = values.only ?? PARTS
const isKnown = <T extends string>(all: readonly T[], one: string): one is T => (all as readonly string[]).includes(one)
if (
  values.help ||
  !Number.isInteger(rows) ||
  rows < 10_000 ||
  !engines.every((one) => isKnown(ENGINES, one)) ||
  !parts.every((one) => isKnown(PARTS, one))
) {
  console.log(HELP)
  process.exit(values.help ? 0 : 2)
}
const given = new Map(values.at.map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]))
const figures: Figure[] = []
const versions: Record<string, string> = {}
/** Processes that wanted to run (the average of a minute), before and after each engine: how far figures can be trusted. */
const loads: Record<string, number[]> = {}
const load = () => Number((loadavg()[0] ?? NaN).toFixed(1))

function note(figure: Figure): void {
  figures.push(figure)
  console.log(lineOf(figure))
}

/** Each with a host of its own: what one has found out is not known to the next. */
async function onFreshHost(measuring: Measuring, work: (connected: Connected) => Promise<void>): Promise<void> {
  const host = await startHost(measuring.engine, measuring.target)
  try {
    const client = await connectClient(host)
    await work({ ...measuring, host, client })
    await client.end()
  } finally {
    await host.end()
  }
}

async function measureCalls(measuring: Measuring): Promise<void> {
  await onFreshHost(measuring, async (connected) => {
    await attempt(measuring, 'opening', 'opening', () => measureOpeningCalls(connected))
    await measureSurveys(connected)
    await measurePages(connected)
    await measureFilters(connected)
  })
  await attempt(measuring, 'survey', 'hops', () => measureHops(measuring))
  for (const column of ['id', 'email', 'confirmed_at']) {
    const sort = { column, direction: 'asc' } as const
    await onFreshHost(measuring, (connected) =>
      attempt(measuring, 'survey', `${nameOf(sort)}: jump while it is surveyed`, () =>
        measureJumpsMeanwhile(connected, sort),
      ),
    )
  }
}

async function measure(table: Table): Promise<void> {
  const raw = await openRaw(table.engine, table.target)
  versions[table.engine] = raw.version
  loads[table.engine] = [load()]
  try {
    console.log(`\n${table.engine} ${raw.version}, ${table.rows} rows\n${header()}`)
    const measuring = { ...table, raw, note }
    if (parts.includes('calls')) await measureCalls(measuring)
    if (parts.includes('opening')) await attempt(measuring, 'opening', 'page', () => measureOpening(measuring))
    if (parts.includes('scrolling')) await measureScrolling(measuring)
    loads[table.engine]?.push(load())
  } finally {
    await raw.end()
  }
}

endWithStarter()
// Ending so, folders are removed; servers, hosts and browsers notice that their starter is gone.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130))
if (!values['no-build']) await buildIfNeeded()
for (const engine of engines as Engine[]) {
  const table = await tableOf(engine, rows, given.get(engine))
  try {
    await measure(table)
  } finally {
    await table.end()
  }
}

const missed = figures.filter(isMissed)
console.log(`\n${figures.filter(({ bar }) => bar !== null).length} targets, ${missed.length} missed.`)
for (const one of missed) console.log(`${one.engine.padEnd(9)}${lineOf(one)}`)
if (parts.length === PARTS.length) {
  const report = {
    date: new Date().toISOString(),
    machine: {
      ...{ cpus: cpus().length, cpu: cpus()[0]?.model.trim(), memoryGB: Math.round(totalmem() / 1e9) },
      platform: `${process.platform} ${process.arch}`,
    },
    ...{ node: process.version, versions, rows, loads, figures },
  }
  const file = rows === 1_000_000 ? 'grid.json' : `grid-${rows}.json`
  mkdirSync(new URL('./results/', import.meta.url), { recursive: true })
  writeFileSync(new URL(`./results/${file}`, import.meta.url), `${JSON.stringify(report, null, 2)}\n`)
}
if (missed.length > 0) process.exitCode = 1
