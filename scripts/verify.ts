// Runs a feature's tests at their full counts: `npm run verify:contract`.
import { buildIfNeeded } from './build.ts'
import { endWithStarter, inProject, runTool } from './project.ts'
import { setUp } from './setup.mjs'

const FEATURES: Record<string, readonly string[]> = {
  contract: ['src/core/conformance', 'src/headless'],
  connections: ['src/core/connections', 'src/core/db', 'src/core/tables'],
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

endWithStarter()
const [feature = ''] = process.argv.slice(2)
if (feature === 'packaging') await verifyPackaging()
const files = FEATURES[feature]
if (!files) {
  console.error(`Name one of: ${[...Object.keys(FEATURES), 'packaging'].join(', ')}.`)
  process.exit(2)
}
const { code } = await runTool('node_modules/vitest/vitest.mjs', ['run', ...files, '--test-timeout=1800000'], {
  show: true,
  env: { ...process.env, VERIFY: 'full' },
})
process.exit(code)
