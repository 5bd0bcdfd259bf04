// Everything that must pass: checks, unit and database tests, and what a person can do in a real browser. The last line
// says how many passed, failed and were skipped.
import { readFileSync, rmSync } from 'node:fs'
import { buildIfNeeded } from './build.ts'
import { check } from './check.ts'
import { chromium } from './chromium.ts'
import { endWithStarter, inProject, runTool } from './project.ts'
import { givenUrl } from './servers/given.ts'
import { installMariadb } from './servers/install-mariadb.ts'

interface Count {
  passed: number
  failed: number
  skipped: number
}

/** A runner that ended badly without a failed test (a crash, a file that does not load) counts as one failure. */
function count(code: number, read: () => Count): Count {
  try {
    const counted = read()
    return code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(inProject(file), 'utf8')) as T
}

async function unitTests(): Promise<Count[]> {
  // PostgreSQL comes with the packages. Tests whose server is missing say so themselves, and fail where CI is set.
  if (!givenUrl('mysql')) await installMariadb()
  const [working, waiting] = await Promise.all([vitest('working', true), vitest('waiting', false)])
  return [working, waiting]
}

/** One of the two parts of vitest.config.ts; what is not shown as it comes is printed at the end. */
async function vitest(part: 'working' | 'waiting', show: boolean): Promise<Count> {
  const file = `artifacts/vitest-${part}.json`
  rmSync(inProject(file), { force: true })
  const env = { ...process.env, TESTS: part }
  const { code, output } = await runTool('node_modules/vitest/vitest.mjs', ['run'], { show, env })
  if (!show) console.log(output)
  return count(code, () => {
    const result = readJson<{ numPassedTests: number; numFailedTests: number; numPendingTests: number }>(file)
    return { passed: result.numPassedTests, failed: result.numFailedTests, skipped: result.numPendingTests }
  })
}

async function endToEndTests(): Promise<Count> {
  const browser = await chromium()
  if ('missing' in browser) {
    console.log(browser.missing)
    // Where machines decide, a suite that cannot run has failed.
    return process.env.CI ? { passed: 0, failed: 1, skipped: 0 } : { passed: 0, failed: 0, skipped: 1 }
  }
  await buildIfNeeded()
  rmSync(inProject('artifacts/playwright.json'), { force: true })
  const env = { ...process.env, CHROMIUM: browser.program }
  const { code } = await runTool('node_modules/@playwright/test/cli.js', ['test'], { show: true, env })
  return count(code, () => {
    const { stats } = readJson<{ stats: { expected: number; unexpected: number; flaky: number; skipped: number } }>(
      'artifacts/playwright.json',
    )
    return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped }
  })
}

endWithStarter()
const checks = await check()
const parts: Count[] = [{ ...checks, skipped: 0 }, ...(await unitTests()), await endToEndTests()]
const sum = (part: keyof Count) => parts.reduce((total, counted) => total + counted[part], 0)
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`)
process.exit(sum('failed') > 0 ? 1 : 0)
