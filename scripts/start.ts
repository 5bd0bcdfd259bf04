// Opens Roster: the desktop window where Electron and a display are there, otherwise the browser host.
import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'
import open from 'open'
import { buildIfNeeded } from './build.ts'
import { earlierFailure, electronProgram, fetchElectron, hasDisplay } from './electron.ts'
import { endWithStarter, inProject } from './project.ts'

const HELP = `npm start -- [options]

  --desktop        open the desktop window; fetch Electron again even if that failed before
  --browser        use the browser host even where a window could open
  --port N         port of the browser host (default: a free one)
  --no-open        do not open the default browser
  --data-dir DIR   where profiles, the sample and the log are kept
  --root DIR       one more folder that the browser host's file picker shows (repeatable)`

const options = {
  desktop: { type: 'boolean' },
  browser: { type: 'boolean' },
  port: { type: 'string' },
  'no-open': { type: 'boolean' },
  'data-dir': { type: 'string' },
  root: { type: 'string', multiple: true },
  help: { type: 'boolean' },
} as const

function readOptions() {
  try {
    return parseArgs({ args: process.argv.slice(2), options }).values
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`)
    return process.exit(2)
  }
}

type Options = ReturnType<typeof readOptions>

/** The window's program, or one line that says why the browser host is used instead. */
async function chooseDoor(chosen: Options): Promise<{ program: string } | { why: string }> {
  if (chosen.browser) return { why: 'Opening in the browser, as asked.' }
  if (!hasDisplay()) return { why: 'No display here, so Roster opens in the browser.' }
  const program = electronProgram()
  if (program) return { program }
  const earlier = chosen.desktop ? null : earlierFailure()
  const again = 'npm start -- --desktop tries again.'
  if (earlier)
    return { why: `Electron could not be fetched before (${earlier}), so Roster opens in the browser. ${again}` }
  const fetched = await fetchElectron()
  if ('program' in fetched) return fetched
  return { why: `Electron could not be fetched (${fetched.failure}), so Roster opens in the browser. ${again}` }
}

function hostArguments(chosen: Options): string[] {
  return [
    ...(chosen.port ? ['--port', chosen.port] : []),
    ...(chosen['data-dir'] ? ['--data-dir', chosen['data-dir']] : []),
    ...(chosen.root ?? []).flatMap((root) => ['--root', root]),
  ]
}

function openWindow(program: string, chosen: Options): void {
  const data = chosen['data-dir'] ? ['--data-dir', chosen['data-dir']] : []
  run(spawn(program, [inProject('.'), ...data], { stdio: 'inherit' }), 'Electron')
}

/** The host prints its link; where there is a display, the default browser opens it. */
function openBrowserHost(chosen: Options): void {
  const host = spawn(process.execPath, [inProject('out/main/headless.js'), ...hostArguments(chosen)], {
    stdio: ['inherit', 'pipe', 'inherit', 'ipc'],
  })
  let hasOpened = chosen['no-open'] === true || !hasDisplay()
  host.stdout?.on('data', (text: Buffer) => {
    process.stdout.write(text)
    const link = /http:\/\/127\.0\.0\.1:\d+\/#token=\S+/.exec(text.toString())?.[0]
    if (!link || hasOpened) return
    hasOpened = true
    // A machine without a browser still has the link in the terminal.
    open(link).catch(() => undefined)
  })
  run(host, 'The browser host')
}

function run(child: ReturnType<typeof spawn>, name: string): void {
  // Ctrl+C reaches the child by itself; it ends in its own time, and this process with it.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('error', (error) => {
    console.error(`${name} could not be started: ${error.message}`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
}

endWithStarter()
const chosen = readOptions()
if (chosen.help) {
  console.log(HELP)
} else {
  await buildIfNeeded()
  const door = await chooseDoor(chosen)
  if ('program' in door) openWindow(door.program, chosen)
  else {
    console.log(door.why)
    openBrowserHost(chosen)
  }
}
