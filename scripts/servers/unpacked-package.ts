// Programs of Debian packages without installing them: unpacked beside the templates, so that no service of theirs is started.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runProgram } from '../project.ts'
import { templateFolder } from './template.ts'

/**
 * The folder that holds the package's files as they would lie under `/`. Downloaded once for each machine, user and version;
 * a user who is not root needs package lists that are there. Rejects with apt's own words.
 */
export async function unpackPackage(name: string): Promise<string> {
  try {
    return await unpacked(name)
  } catch (error) {
    // Not known, or no longer offered in the version that old lists name.
    if (process.getuid?.() !== 0) throw error
    await runProgram('apt-get', ['-o', 'DPkg::Lock::Timeout=300', '-qq', 'update'], { env: environment() })
    return unpacked(name)
  }
}

async function unpacked(name: string): Promise<string> {
  const { output: policy } = await runProgram('apt-cache', ['policy', name], { env: environment() })
  const version = /Candidate: (?!\(none\))(\S+)/.exec(policy)?.[1]
  if (version === undefined) throw new Error(`The Debian package ${name} is not known here. As root: apt-get update`)
  const folder = join(templateFolder(), `${name}-${version.replaceAll(/[^\w.+~-]+/g, '_')}`)
  if (existsSync(folder)) return folder
  const own = mkdtempSync(`${folder}.${process.pid}-`)
  try {
    const { output } = await runProgram('apt-get', ['download', name], { cwd: own, env: environment() })
    const file = readdirSync(own).find((each) => each.endsWith('.deb'))
    if (!file) throw new Error(`The package ${name} could not be downloaded. apt-get said: ${lastLine(output)}`)
    const files = join(own, 'files')
    mkdirSync(files)
    const told = await runProgram('dpkg-deb', ['-x', join(own, file), files], { env: environment() })
    if (readdirSync(files).length === 0) throw new Error(`${file} could not be unpacked: ${lastLine(told.output)}`)
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
