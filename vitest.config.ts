// Unit and database tests: x.test.ts beside x.ts. End-to-end tests are Playwright's (playwright.config.ts).
import { configDefaults, defineConfig } from 'vitest/config'

/**
 * Files whose time goes by while servers are frozen, cut off, restarted or locked. They need no core of their own: `npm test` runs
 * them one after the other beside all others (`TESTS=waiting`, `TESTS=working`). Without that, all run together.
 */
const WAITING = [
  'src/core/db/server/server-real.test.ts',
  'src/core/connections/servers.test.ts',
  'src/core/connections/reconnect.test.ts',
  'src/core/db/transaction-servers.test.ts',
  'src/core/db/server/pool.test.ts',
  'src/core/migrations/run/lock.test.ts',
  'scripts/servers/server.test.ts',
]

const part = process.env.TESTS
const all = ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts', 'migrations/**/*.test.ts', 'verify/**/*.test.ts']

export default defineConfig({
  test: {
    include: part === 'waiting' ? WAITING : all,
    exclude: [...configDefaults.exclude, ...(part === 'working' ? WAITING : [])],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    maxWorkers: part === 'waiting' ? 1 : 2,
    reporters: ['default', ['json', { outputFile: `artifacts/vitest${part ? `-${part}` : ''}.json` }]],
  },
})
