// Installs what the lockfile names, when it is not there or the lockfile changed. Plain JavaScript: it runs on whatever
// Node the machine has, before the project's own Node is there.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const project = dirname(dirname(fileURLToPath(import.meta.url)))

/** The Node that runs Roster: better-sqlite3 13 needs 22 or later and crashes on 20. */
const OLDEST_NODE = 24

/**
 * Installs the packages of a folder if needed, says so, and ends the process with words when that fails. `what` names them:
 * "packages" are the project's own.
 */
export function setUp(folder = project, what = 'packages') {
  const stamp = join(folder, 'node_modules', '.roster-lock')
  const lock = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  const why = existsSync(stamp) ? 'The list of packages changed' : 'First start'
  console.log(`${why}: installing ${what} from the npm registry. This takes about half a minute.`)
  const began = Date.now()
  // `npm_execpath` is the npm that is running this script; a bare `npm` would need a shell on Windows.
  const npm = process.env.npm_execpath
  const [command, first] = npm ? [process.execPath, [npm]] : ['npm', []]
  const { status, error } = spawnSync(command, [...first, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: !npm && process.platform === 'win32',
  })
  if (status !== 0) {
    console.error(
      `The packages could not be installed${error ? ` (${error.message})` : ''}. Check the network and start again.`,
    )
    process.exit(1)
  }
  writeFileSync(stamp, lock)
  console.log(`Packages installed in ${Math.round((Date.now() - began) / 1000)} s.`)
}

/** The project's Node from npm; the machine's own where npm has none for this platform and it is new enough. */
export function nodeProgram() {
  const folder = join(project, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin')
  const own = join(folder, process.platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(own)) return own
  if (Number(process.versions.node.split('.')[0]) >= OLDEST_NODE) return process.execPath
  console.error(
    `Roster needs Node ${OLDEST_NODE}; npm has none for ${process.platform} ${process.arch}, and this is ${process.version}. ` +
      `Install Node ${OLDEST_NODE} or later and start again.`,
  )
  return process.exit(1)
}
