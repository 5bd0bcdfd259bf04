// What a person can do, in the browser, in the window of the stand-in, and in the real Electron where its binary is found.
// Every test starts a Roster of its own.
import { defineConfig } from '@playwright/test'
import type { DoorName } from './e2e/door.ts'
import { whyNoElectron } from './e2e/say-what-runs.ts'
import { chromiumFlags } from './e2e/standin/flags.ts'

/** Specs of the browser host itself: its link, its token, its command, its tabs. */
const BROWSER_ONLY = ['**/link.spec.ts', '**/start.spec.ts', '**/staged.spec.ts']
/** Specs of the window, in the stand-in and in Electron. */
const WINDOW_ONLY = ['**/desktop*.spec.ts']
/** Specs that drive the stand-in itself. */
const STANDIN_ONLY = ['**/standin/*.spec.ts', '**/window*.spec.ts', '**/shell*.spec.ts']
/** The stand-in's short selection; STANDIN=all runs everything. */
const SHORT = [...WINDOW_ONLY, ...STANDIN_ONLY, '**/first-start.spec.ts', '**/content-policy.spec.ts']

export default defineConfig<{ door: DoorName }>({
  testDir: 'e2e',
  globalSetup: './e2e/say-what-runs.ts',
  outputDir: 'artifacts/e2e',
  timeout: 90_000,
  expect: { timeout: 10_000 },
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  // A test that passes only on the second try has failed.
  retries: 0,
  reporter: [['list'], ['json', { outputFile: 'artifacts/playwright.json' }]],
  use: {
    viewport: { width: 1280, height: 800 },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(process.env.CHROMIUM ? { executablePath: process.env.CHROMIUM } : {}),
      args: chromiumFlags,
    },
  },
  projects: [
    { name: 'browser', testIgnore: [...WINDOW_ONLY, ...STANDIN_ONLY], use: { door: 'browser' } },
    {
      name: 'standin',
      ...(process.env.STANDIN === 'all' ? {} : { testMatch: SHORT }),
      testIgnore: BROWSER_ONLY,
      grepInvert: /@browser/,
      use: { door: 'standin' },
    },
    // Absent rather than skipped where it cannot run: e2e/say-what-runs.ts says so.
    ...(whyNoElectron() === null
      ? [
          {
            name: 'desktop',
            testIgnore: [...BROWSER_ONLY, ...STANDIN_ONLY],
            grepInvert: /@browser|@standin/,
            use: { door: 'desktop' as const },
          },
        ]
      : []),
  ],
})
