// Runs a feature's tests at their full counts: `npm run verify:contract`.
import { endWithStarter, runTool } from './project.ts'

const FEATURES: Record<string, readonly string[]> = {
  contract: ['src/core/conformance', 'src/headless'],
}

endWithStarter()
const [feature = ''] = process.argv.slice(2)
const files = FEATURES[feature]
if (!files) {
  console.error(`Name one of: ${Object.keys(FEATURES).join(', ')}.`)
  process.exit(2)
}
const { code } = await runTool('node_modules/vitest/vitest.mjs', ['run', ...files, '--test-timeout=1800000'], {
  show: true,
  env: { ...process.env, VERIFY: 'full' },
})
process.exit(code)
