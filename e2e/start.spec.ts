// The command itself: however `npm start` is ended, no process of it is left.
import { expect, test } from '@playwright/test'
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const project = join(import.meta.dirname, '..')

interface Started {
  npm: ChildProcess
  link: string
  /** Every process below npm, npm included. */
  family: number[]
}

async function start(dataFolder: string): Promise<Started> {
  // A group of its own, as a terminal makes one: Ctrl+C goes to all of it.
  const npm = spawn('npm', ['start', '--', '--browser', '--no-open', '--data-dir', dataFolder], {
    cwd: project,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const link = await new Promise<string>((resolve, reject) => {
    let output = ''
    npm.stdout.on('data', (text: Buffer) => {
      output += text.toString()
      const found = /http:\/\/127\.0\.0\.1:\d+\/#token=\S+/.exec(output)
      if (found) resolve(found[0])
    })
    npm.on('exit', (code) => reject(new Error(`npm ended with ${code}: ${output}`)))
  })
  return { npm, link, family: familyOf(npm.pid ?? 0) }
}

function familyOf(first: number): number[] {
  const all = execFileSync('ps', ['-A', '-o', 'pid=,ppid=']).toString().trim().split('\n')
  const parents = all.map((line) => line.trim().split(/\s+/).map(Number) as [number, number])
  const family = [first]
  for (const member of family) family.push(...parents.filter(([, parent]) => parent === member).map(([pid]) => pid))
  return family
}

function alive(pids: number[]): number[] {
  return pids.filter((pid) => {
    try {
      process.kill(pid, 0)
      return true
    } catch {
      return false
    }
  })
}

const endings: readonly [how: string, end: (started: Started) => void][] = [
  ['Ctrl+C', ({ npm }) => process.kill(-(npm.pid ?? 0), 'SIGINT')],
  ['SIGTERM to npm', ({ npm }) => npm.kill('SIGTERM')],
  ['SIGKILL of npm and its shell', ({ family }) => family.slice(0, 2).forEach((pid) => process.kill(pid, 'SIGKILL'))],
]

test.describe('npm start leaves nothing behind', () => {
  test.skip(process.platform === 'win32', 'Process groups and signals are POSIX.')

  for (const [how, end] of endings) {
    test(`after ${how}`, async ({ page }) => {
      const dataFolder = mkdtempSync(join(tmpdir(), 'roster-start-'))
      const started = await start(dataFolder)
      try {
        await page.goto(started.link)
        await expect(page.getByRole('navigation')).toBeVisible()
        // With the database open there are child processes of the host too.
        await expect(page.getByText(/SQLite \d/).first()).toBeVisible()
        const family = familyOf(started.npm.pid ?? 0)
        expect(family.length).toBeGreaterThan(started.family.length)
        end({ ...started, family })
        await expect.poll(() => alive(family), { timeout: 8_000 }).toEqual([])
      } finally {
        alive(familyOf(started.npm.pid ?? 0)).forEach((pid) => process.kill(pid, 'SIGKILL'))
        rmSync(dataFolder, { recursive: true, force: true })
      }
    })
  }
})
