// Programs of Debian packages without installing them: unpacked beside the templates, so that no service of theirs is started.
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runProgram } from '../project.ts'
import { templateFolder } from './template.ts'

/**
 * The folder that holds the package's files as they would lie under `/`. Downloaded once for each machine, user and version;
 * a user who is not root needs package lists that are there. Rejects with apt's own words.
 */
export function unpackPackage(name: string): Promise<string> {
  return withLists(async () => {
    const [version = ''] = await versionsOf([name])
    return unpackInto(`${name}-${version.replaceAll(/[^\w.+~-]+/g, '_')}`, [name])
  })
}

/** The same for several packages, in one folder, which `label` names. */
export function unpackTogether(label: string, names: readonly string[]): Promise<string> {
  return withLists(async () => {
    const versions = await versionsOf(names)
    const sign = createHash('sha256')
      .update(JSON.stringify([names, versions]))
      .digest('hex')
      .slice(0, 16)
    return unpackInto(`${label}-${sign}`, names)
  })
}

async function withLists(work: () => Promise<string>): Promise<string> {
  try {
    return await work()
  } catch (error) {
    // Not known, or no longer offered in the version that old lists name.
    if (process.getuid?.() !== 0) throw error
    await runProgram('apt-get', ['-o', 'DPkg::Lock::Timeout=300', '-qq', 'update'], { env: environment() })
    return work()
  }
}

/** In the order of the names. */
async function versionsOf(names: readonly string[]): Promise<string[]> {
  const { output: policy } = await runProgram('apt-cache', ['policy', ...names], { env: environment() })
  const known = new Map(
    [...policy.matchAll(/^(\S+):\n\s+Installed: .*\n\s+Candidate: (?!\(none\))(\S+)/gm)].map(([, name, version]) => [
      name?.replace(/:\w+$/, ''),
      version ?? '',
    ]),
  )
  return names.map((name) => {
    const version = known.get(name)
    if (version === undefined) throw new Error(`The Debian package ${name} is not known here. As root: apt-get update`)
    return version
  })
}

async function unpackInto(place: string, names: readonly string[]): Promise<string> {
  const folder = join(templateFolder(), place)
  if (existsSync(folder)) return folder
  const own = mkdtempSync(`${folder}.${process.pid}-`)
  try {
    const { output } = await runProgram('apt-get', ['download', ...names], { cwd: own, env: environment() })
    const packages = readdirSync(own).filter((each) => each.endsWith('.deb'))
    if (packages.length < names.length)
      throw new Error(`${names.join(', ')} could not be downloaded. apt-get said: ${lastLine(output)}`)
    const files = join(own, 'files')
    mkdirSync(files)
    for (const file of packages) {
      const told = await runProgram('dpkg-deb', ['-x', join(own, file), files], { env: environment() })
      if (told.code !== 0) throw new Error(`${file} could not be unpacked: ${lastLine(told.output)}`)
    }
    // The account of a server goes through it.
    chmodSync(files, 0o755)
    putInPlace(files, folder)
    return folder
  } finally {
    rmSync(own, { recursive: true, force: true })
  }
}

const environment = () => ({ ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' })

const lastLine = (text: string) => text.trim().split('\n').at(-1) ?? ''

/** Another process may have been faster. */
function putInPlace(own: string, folder: string): void {
  try {
    renameSync(own, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
  }
}
