// Runs a feature's tests at their full counts, and keeps the report: `npm run verify:connections`.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { buildIfNeeded } from './build.ts'
import { endWithStarter, inProject, runTool } from './project.ts'
import { setUp } from './setup.mjs'

const FEATURES: Record<string, readonly string[]> = {
  contract: ['src/core/conformance', 'src/headless'],
  connections: [
    'src/core/connections',
    'src/core/db',
    'src/core/tables',
    'src/core/migrations/two-roles',
    'src/core/migrations/run',
    'src/core/profiles',
    'src/headless/canaries',
  ],
  migrations: ['src/core/migrations'],
  galera: ['verify/galera', 'src/core/db/galera'],
  interop: [
    'verify/interop',
    'src/core/owners',
    'src/core/users',
    'src/core/compare',
    'src/core/encodings',
    'src/core/tables/foreign',
  ],
  grid: ['verify/grid', 'src/core/tables', 'src/renderer/tables', 'src/renderer/grid'],
}

/** What packs has packages and tests of its own. */
async function verifyPackaging(): Promise<never> {
  setUp(inProject('packaging'), 'what packing needs')
  await buildIfNeeded()
  const types = await runTool('node_modules/typescript/bin/tsc', ['-p', 'packaging'], { show: true })
  const lint = await runTool('node_modules/eslint/bin/eslint.js', ['--max-warnings=0', 'packaging'], { show: true })
  const tests = await runTool('node_modules/vitest/vitest.mjs', ['run', '--config', 'packaging/vitest.config.ts'], {
    show: true,
  })
  return process.exit(types.code || lint.code || tests.code)
}

/** What vitest's JSON reporter says of a run, as far as it is kept. */
interface Result {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  startTime: number
}

/** Writes how the run went, with the lines of figures that the tests printed ("FIGURE …"). */
function keepReport(feature: string, seconds: number, figures: string[]): void {
  const result = JSON.parse(readFileSync(inProject('artifacts/vitest.json'), 'utf8')) as Result
  const report = {
    date: new Date(result.startTime).toISOString(),
    command: `npm run verify:${feature}`,
    ...{ cpus: cpus().length, cpu: cpus()[0]?.model.trim(), platform: `${process.platform} ${process.arch}` },
    ...{ node: process.version, seconds },
    ...{ passed: result.numPassedTests, failed: result.numFailedTests, skipped: result.numPendingTests },
    figures,
  }
  mkdirSync(inProject('bench/results'), { recursive: true })
  writeFileSync(inProject(`bench/results/verify-${feature}.json`), `${JSON.stringify(report, null, 2)}\n`)
}

endWithStarter()
const [feature = ''] = process.argv.slice(2)
if (feature === 'packaging') await verifyPackaging()
const files = FEATURES[feature]
if (!files) {
  console.error(`Name one of: ${[...Object.keys(FEATURES), 'packaging'].join(', ')}.`)
  process.exit(2)
}
const began = Date.now()
const args = ['run', ...files, '--test-timeout=1800000', '--hook-timeout=120000']
// A cluster of three on a machine that is busy with two others loses its majority by itself.
if (feature === 'galera') args.push('--no-file-parallelism')
const { code, output } = await runTool('node_modules/vitest/vitest.mjs', args, {
  show: true,
  collect: true,
  env: { ...process.env, VERIFY: 'full' },
})
const figures = [...output.matchAll(/FIGURE (.+)/g)].map(([, words = '']) => words.trim())
keepReport(feature, Math.round((Date.now() - began) / 1000), figures)
process.exit(code)
