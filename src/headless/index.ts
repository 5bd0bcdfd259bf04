// The browser door as a program: says where Roster is, and stays until it is told to end.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readArguments } from './arguments.ts'
import { startHeadless, type Headless } from './start.ts'

export { startHeadless, type Headless, type StartOptions } from './start.ts'

/** Built, this file is out/main/headless.js; from source, the page lies where the build puts it. */
const beside = (built: string, source: string) =>
  fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? source : built, import.meta.url))

async function main(): Promise<void> {
  const { version } = JSON.parse(readFileSync(beside('../../package.json', '../../package.json'), 'utf8')) as {
    version: string
  }
  const headless = await startHeadless({
    ...readArguments(process.argv.slice(2)),
    version,
    rendererFolder: beside('../renderer', '../../out/renderer'),
  })
  stayUntilTold(headless)
  process.stdout.write(`Roster is ready at ${headless.freshLink()}\n`)
}

function stayUntilTold(headless: Headless): void {
  let isEnding = false
  const end = () => {
    if (isEnding) return
    isEnding = true
    void headless.close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  // Ctrl+C may come with a SIGTERM from whoever started this host; only a second Ctrl+C is a wish not to wait.
  let interrupts = 0
  process.on('SIGINT', () => {
    interrupts += 1
    if (interrupts === 1) return end()
    headless.endNow()
    process.exit(130)
  })
  process.on('SIGTERM', end)
  // Forked, and the one who did it is gone: nobody could end this host any more.
  process.on('disconnect', end)
  // The terminal may be gone as well, and writing to it must not end the host in the middle of closing.
  process.stdout.on('error', () => undefined)
  if (process.stdin.isTTY) {
    process.stdin.on('data', () => process.stdout.write(`A fresh link: ${headless.freshLink()}\n`))
  }
}

if (import.meta.main) {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  })
}
