// Looks whether a packed archive holds what it must and nothing else.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { extractFile, listPackage, statFile } from '@electron/asar'

/** Entries that Electron starts or the main process starts by name. */
const ENTRIES = [
  'out/main/desktop.js',
  'out/main/sqlite.js',
  'out/main/migration.js',
  'out/main/hashing.js',
  'out/preload/preload.cjs',
  'out/renderer/index.html',
]
const FOLDERS = ['out', 'node_modules', 'package.json']
const FORBIDDEN =
  /(^|\/)(src|test|tests|e2e|bench|scripts|packaging)\/.*\.tsx?$|\.(map|tsx?|mts|cts|c|cc|cpp|h|hpp|gyp|gypi)$|(^|\/)\.env/

export interface Contents {
  files: string[]
  /** What is wrong, a sentence each; empty when nothing is. */
  wrong: string[]
}

/**
 * `resources` is the folder with app.asar in it; `prebuild` names the native module that must be there ("linux-x64"), and
 * the only one. `lockfile` is the project's package-lock.json: what it marks as development only must not be packed.
 */
export function lookInside(resources: string, prebuild: string, lockfile: string): Contents {
  const archive = join(resources, 'app.asar')
  if (!existsSync(archive)) return { files: [], wrong: [`There is no ${archive}.`] }
  const files = listPackage(archive, { isPack: false })
    .map((path) => path.replaceAll('\\', '/').replace(/^\//, ''))
    .filter((path) => !('files' in statFile(archive, path)))
  const wrong: string[] = []

  for (const entry of ENTRIES) if (!files.includes(entry)) wrong.push(`${entry} is missing.`)
  for (const file of files) {
    if (!FOLDERS.includes(file.split('/')[0] ?? '')) wrong.push(`${file} does not belong into a package.`)
    else if (FORBIDDEN.test(file)) wrong.push(`${file} is needed for development alone.`)
  }

  // Electron reads nothing from an archive whose contents are not those that it was made of.
  for (const file of files) if (!isWhole(archive, file)) wrong.push(`${file} changed while it was packed.`)

  const production = productionPackages(lockfile)
  for (const path of new Set(files.flatMap(packageFolder))) {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    const { version } = readJson(archive, `${path}/package.json`)
    // electron-builder lays packages out anew, so they are known by name and version, not by place.
    if (!production.has(`${name}@${String(version)}`)) wrong.push(`${path} is no production dependency.`)
    if (/^node-(linux|win|darwin)-/.test(name)) wrong.push(`${path} is a second Node.`)
  }

  const native = `node_modules/better-sqlite3/prebuilds/${prebuild}.node`
  const found = files.filter((file) => file.endsWith('.node'))
  if (!found.includes(native)) wrong.push(`${native} is missing.`)
  for (const file of found) {
    if (file !== native) wrong.push(`${file} is for another platform.`)
    const { unpacked } = statFile(archive, file) as { unpacked?: boolean }
    if (unpacked !== true || !existsSync(join(resources, 'app.asar.unpacked', file)))
      wrong.push(`${file} is inside the archive, where the system cannot load it.`)
  }

  const { main } = readJson(archive, 'package.json')
  if (main !== './out/main/desktop.js') wrong.push(`package.json starts ${String(main)}.`)
  return { files, wrong }
}

/** "name@version" of everything that the lockfile does not mark as development only. */
function productionPackages(lockfile: string): Set<string> {
  const { packages } = JSON.parse(readFileSync(lockfile, 'utf8')) as {
    packages: Record<string, { version?: string; dev?: boolean }>
  }
  return new Set(
    Object.entries(packages)
      .filter(([path, { dev }]) => path !== '' && dev !== true)
      .map(([path, { version }]) => `${path.slice(path.lastIndexOf('node_modules/') + 13)}@${String(version)}`),
  )
}

function isWhole(archive: string, file: string): boolean {
  const { integrity } = statFile(archive, file) as { integrity?: { hash: string } }
  return createHash('sha256').update(extractFile(archive, file)).digest('hex') === integrity?.hash
}

function readJson(archive: string, path: string): Record<string, unknown> {
  try {
    return JSON.parse(extractFile(archive, path).toString()) as Record<string, unknown>
  } catch {
    return {}
  }
}

/** The folder of the package that a file belongs to, "node_modules/a/node_modules/@b/c"; none for Roster's own. */
function packageFolder(file: string): string[] {
  const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]
  return found === undefined ? [] : [found]
}
