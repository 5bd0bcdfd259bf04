// Unit and database tests: x.test.ts beside x.ts. End-to-end tests are Playwright's (playwright.config.ts).
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts', 'migrations/**/*.test.ts', 'verify/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Most tests wait for servers and processes: a third of them on two cores costs nothing and takes a sixth of the time away.
    maxWorkers: 3,
    reporters: ['default', ['json', { outputFile: 'artifacts/vitest.json' }]],
  },
})
