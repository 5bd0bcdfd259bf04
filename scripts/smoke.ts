// Whether Roster starts on this machine at all: `npm start` in the browser host, its page, its end. For systems on which the
// whole suite does not run; the window is tried by the Playwright project "desktop".
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { inProject } from './project.ts'

/** Milliseconds. The first start builds. */
const START_LIMIT = 180_000
const END_LIMIT = 10_000

const dataFolder = mkdtempSync(join(tmpdir(), 'roster-smoke-'))
const roster = spawn(
  process.execPath,
  [inProject('scripts/run.mjs'), 'scripts/start.ts', '--browser', '--no-open', '--data-dir', dataFolder],
  { stdio: ['ignore', 'pipe', 'inherit'] },
)
const ended = once(roster, 'exit') as Promise<[number | null, NodeJS.Signals | null]>

function fail(why: string): never {
  console.error(why)
  roster.kill('SIGKILL')
  return process.exit(1)
}

async function within<T>(limit: number, work: Promise<T>, what: string): Promise<T> {
  const late = Symbol('late')
  const first = await Promise.race([work, wait(limit, late)])
  return first === late ? fail(`${what} took more than ${limit / 1000} s.`) : first
}

function linkOf(): Promise<URL> {
  return new Promise((resolve) => {
    let output = ''
    let isServing = false
    roster.stdout.on('data', (text: Buffer) => {
      process.stdout.write(text)
      output += text.toString()
      const found = /http:\/\/127\.0\.0\.1:\d+\/#token=\S+/.exec(output)
      if (!found) return
      isServing = true
      resolve(new URL(found[0]))
    })
    void ended.then(([code]) => {
      if (!isServing) fail(`npm start ended with ${code ?? 'a signal'} before it served anything.`)
    })
  })
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => (socket.destroy(), resolve(true)))
    socket.once('error', () => resolve(false))
  })
}

async function untilClosed(port: number): Promise<void> {
  while (await listens(port)) await wait(50)
}

const link = await within(START_LIMIT, linkOf(), 'Starting')
const page = await fetch(new URL('/', link))
const text = await page.text()
if (page.status !== 200 || !text.includes('<title>Roster')) fail(`The page was answered with ${page.status}:\n${text}`)
const began = Date.now()
roster.kill('SIGTERM')
const [code] = await within(END_LIMIT, ended, 'Ending')
// Windows knows no SIGTERM: there the starter is just gone, and the host notices.
if (process.platform !== 'win32' && code !== 0) fail(`npm start ended with ${code ?? 'a signal'}.`)
await within(END_LIMIT, untilClosed(Number(link.port)), 'Closing the port')
rmSync(dataFolder, { recursive: true, force: true, maxRetries: 10 })
console.log(`Roster served its page, and ended ${Date.now() - began} ms after it was told to.`)
process.exit(0)
