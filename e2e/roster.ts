// A Roster of its own for each test: its own data folder, its own process (browser host, stand-in or Electron), and its page.
import { test as base, expect, type Page } from '@playwright/test'
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Desktop, StartOptions } from './desktop.ts'
import { startElectron } from './desktop-electron.ts'
import { startStandin } from './desktop-standin.ts'
import { windows, type DoorName } from './door.ts'

const project = join(import.meta.dirname, '..')

export class Roster {
  readonly folder = mkdtempSync(join(tmpdir(), 'roster-e2e-'))
  readonly sample = join(this.folder, 'data', 'sample.db')
  private host: ChildProcess | null = null
  private port = 0

  /** Starts the host, on the same port as before when it ran already, and returns a fresh link. */
  async start(): Promise<string> {
    const host = spawn(
      process.execPath,
      [
        join(project, 'out/main/headless.js'),
        ...['--data-dir', join(this.folder, 'data'), '--root', this.folder, '--port', String(this.port)],
      ],
      { cwd: this.folder, stdio: ['ignore', 'pipe', 'inherit'] },
    )
    this.host = host
    const link = await new Promise<string>((resolve, reject) => {
      let output = ''
      host.stdout.on('data', (text: Buffer) => {
        output += text.toString()
        const found = /http:\/\/127\.0\.0\.1:(\d+)\/#token=\S+/.exec(output)
        if (!found) return
        this.port = Number(found[1])
        resolve(found[0])
      })
      host.on('exit', (code) => reject(new Error(`the host ended with ${code}: ${output}`)))
    })
    return link
  }

  /** Ends the host the hard way, as a crash would. */
  kill(): Promise<void> {
    return this.end('SIGKILL')
  }

  stop(): Promise<void> {
    return this.end('SIGTERM')
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const host = this.host
    this.host = null
    if (!host || host.exitCode !== null || host.signalCode !== null) return
    const ended = new Promise((resolve) => host.once('exit', resolve))
    host.kill(signal)
    await ended
  }

  async remove(): Promise<void> {
    await this.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

interface Fixtures {
  /** Set by the Playwright project. */
  door: DoorName
  /** The folder, and in the browser door the host. */
  roster: Roster
  /** Starts the window's program; what a test does not end itself is ended after it. Not in the browser door. */
  startDesktop: (options?: Partial<StartOptions>) => Promise<Desktop>
  /** The program behind a page that `opened` or `app` gave. */
  desktopOf: (page: Page) => Desktop
  /** The page, open at the sample; what it logs is the test's own business. */
  opened: Page
  /** The same page; fails the test when the page logs an error or breaks its content policy. */
  app: Page
}

export const test = base.extend<Fixtures>({
  door: ['browser', { option: true }],
  roster: async ({}, use) => {
    const roster = new Roster()
    await use(roster)
    await roster.remove()
  },
  startDesktop: async ({ door, roster }, use) => {
    const started: Desktop[] = []
    await use(async (options = {}) => {
      if (door === 'browser') throw new Error('The browser door has no window.')
      const all = { dataFolder: join(roster.folder, 'data'), ...options }
      const desktop = door === 'standin' ? await startStandin(all) : await startElectron(all)
      started.push(desktop)
      windows.set(await desktop.page(), desktop)
      return desktop
    })
    for (const desktop of started) await desktop.stop()
  },
  desktopOf: async ({}, use) => {
    await use((page) => {
      const desktop = windows.get(page)
      if (!desktop) throw new Error('This page belongs to no window.')
      return desktop
    })
  },
  opened: async ({ door, roster, startDesktop, page: browserPage }, use) => {
    const page = door === 'browser' ? browserPage : await (await startDesktop()).page()
    if (door === 'browser') await page.goto(await roster.start())
    await expect(page.getByRole('navigation')).toBeVisible()
    await use(page)
    const info = test.info()
    if (info.status !== info.expectedStatus) await sayWhatWasSeen(page, join(roster.folder, 'data/roster.log'))
  },
  app: async ({ opened: page }, use) => {
    const problems: string[] = []
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('console', (message) => {
      // A host that a test stopped on purpose refuses connections; the browser logs each try.
      if (message.type() === 'error' && !/ERR_CONNECTION_REFUSED|WebSocket connection/.test(message.text())) {
        problems.push(message.text())
      }
    })
    // What was logged while the page was opened counts too.
    for (const message of await page.consoleMessages()) {
      if (message.type() === 'error') problems.push(message.text())
    }
    problems.push(...(await page.pageErrors()).map(({ message }) => message))
    await use(page)
    expect(problems).toEqual([])
  },
})

/** Where a failure can only be read afterwards, its pictures are gone: what the page and the host said last is printed. */
async function sayWhatWasSeen(page: Page, log: string): Promise<void> {
  const seen = await page
    .locator('body')
    .ariaSnapshot({ timeout: 2_000 })
    .catch((error: unknown) => String(error))
  const logged = existsSync(log) ? readFileSync(log, 'utf8') : 'no log'
  const lines = [...seen.split('\n').slice(0, 80), '--- the log', ...logged.split('\n').slice(-15)]
  console.log(lines.map((line) => line.slice(0, 200)).join('\n'))
}

/** Where a picture goes: the window's beside the browser's, under the name of the door. */
export function shot(name: string): { path: string } {
  const { name: door } = test.info().project
  return { path: `artifacts/screens/${door === 'browser' ? '' : `${door}-`}${name}.png` }
}

/** Runs all migrations from the sample's first screen. */
export async function migrate(page: Page): Promise<void> {
  await page.getByRole('link', { name: /^Migrations/ }).click()
  await page.getByRole('button', { name: 'Run all' }).click()
  await expect(page.getByRole('status').getByText(/Applied 3 steps/)).toBeVisible()
}

export async function addDemoUsers(page: Page, count: '100' | '10,000'): Promise<void> {
  await page.getByRole('link', { name: 'auth_user' }).click()
  await page.getByText(count, { exact: true }).click()
  await page.getByRole('button', { name: 'Add demo users' }).click()
  await expect(page.getByText(new RegExp(`${count} rows`)).first()).toBeVisible({ timeout: 30_000 })
}

/** The cell of a row that shows `row`'s text, in the column of that name. */
export async function cellOf(page: Page, rowText: string, column: string) {
  const header = page.getByRole('columnheader', { name: new RegExp(`^${column}\\b`) })
  const index = await header.getAttribute('aria-colindex')
  return page.getByRole('row').filter({ hasText: rowText }).locator(`[role=gridcell][aria-colindex="${index}"]`)
}

export { expect }
