// Builds Roster into out/, when its sources changed since the last build.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { endWithStarter, inProject, runTool } from './project.ts'

const stamp = inProject('out', '.built-from')

/** Ends the process with the compiler's words when the build fails. */
export async function buildIfNeeded(): Promise<void> {
  const sources = fingerprint()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return
  const began = Date.now()
  const { code, output } = await runTool('node_modules/electron-vite/bin/electron-vite.js', ['build'])
  if (code !== 0) {
    console.error(`${output}\nThe build failed.`)
    process.exit(1)
  }
  writeFileSync(stamp, sources)
  console.log(`Built in ${((Date.now() - began) / 1000).toFixed(1)} s.`)
}

/** Content, not times: a fresh clone has no useful times. */
function fingerprint(): string {
  const hash = createHash('sha256')
  for (const file of ['package-lock.json', 'electron.vite.config.ts', ...filesOf('src'), ...filesOf('migrations')]) {
    hash.update(file).update(readFileSync(inProject(file)))
  }
  return hash.digest('hex')
}

function filesOf(folder: string): string[] {
  return readdirSync(inProject(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(inProject('').length))
    .sort()
}

if (import.meta.main) {
  endWithStarter()
  await buildIfNeeded()
}
