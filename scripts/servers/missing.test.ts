// Where no server can be had: one line and skipped tests for a person, failed tests where machines decide.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { inProject, runTool } from '../project.ts'
import { startPostgres } from './postgres.ts'

mkdirSync(inProject('artifacts'), { recursive: true })
const folder = mkdtempSync(join(inProject('artifacts'), 'missing-'))
const report = join(folder, 'report.json')
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs a small test file of its own, on a machine as the settings make it. */
async function run(describeWith: string, env: NodeJS.ProcessEnv, needs = '{}') {
  const test = `import { expect, it } from 'vitest'
    import { ${describeWith} } from '${inProject('scripts/servers/missing.ts')}'
    ${describeWith}('a thing', (server) => {
      it('works', async () => expect(await server().admin('SELECT 1')).toEqual([['1']]))
    }, ${needs})`
  writeFileSync(join(folder, 'a.test.ts'), test)
  writeFileSync(join(folder, 'own.config.ts'), 'export default {}')
  const { output } = await runTool(
    'node_modules/vitest/vitest.mjs',
    [
      'run',
      '--root',
      folder,
      '--config',
      join(folder, 'own.config.ts'),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    { env: { ...process.env, CI: '', ...env } },
  )
  const counts = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number>
  return { output, counts: [counts.numPassedTests, counts.numFailedTests, counts.numPendingTests] }
}

it('skips with one line for a person', async () => {
  const { output, counts } = await run('describeWithMariadb', { MARIADBD: '/nowhere/mariadbd' })
  expect(counts).toEqual([0, 0, 1])
  expect(output.match(/Skipped "a thing": MariaDB is not there\. Install it .*\n/g)).toHaveLength(1)
})

it('fails where CI is set', async () => {
  const { output, counts } = await run('describeWithMariadb', { MARIADBD: '/nowhere/mariadbd', CI: 'true' })
  expect(counts[0]).toBe(0)
  expect(counts[1]).toBe(1)
  expect(output).toContain('MariaDB is not there')
})

it('does the same where there is no sshd', async () => {
  const { output, counts } = await run('describeWithSshd', { SSHD: '/nowhere/sshd' })
  expect(counts).toEqual([0, 0, 1])
  expect(output.match(/Skipped "a thing": sshd is not there: SSHD names \/nowhere\/sshd\.\n/g)).toHaveLength(1)
  const decided = await run('describeWithSshd', { SSHD: '/nowhere/sshd', CI: 'true' })
  expect(decided.counts).toEqual([0, 1, 0])
})

it('uses a given server in a database of its own, and skips there what needs an own server, also in CI', async () => {
  await using given = await startPostgres({ settings: { max_connections: '20' } })
  const databases = () => given.admin('SELECT datname FROM pg_database ORDER BY 1')
  const before = await databases()
  const env = { ROSTER_TEST_POSTGRES: given.url, CI: 'true' }
  expect((await run('describeWithPostgres', env)).counts).toEqual([1, 0, 0])
  const skipped = await run('describeWithPostgres', env, '{ own: true }')
  expect(skipped.counts).toEqual([0, 0, 1])
  expect(skipped.output).toContain('Skipped "a thing": the server that ROSTER_TEST_POSTGRES gives is not ours')
  expect(await databases()).toEqual(before)
  expect(given.log()).toMatch(/statement|connection authorized: user=roster database=roster_[0-9a-f]{8}/)
})
