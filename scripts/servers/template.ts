// Data folders are prepared once per machine, user and version, and copied for each server: making one takes a second,
// copying it some 50 ms.
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Account } from './account.ts'
import type { Admin, Engine, Found } from './engine.ts'

/** Changes whenever what prepare() makes does, so that an older template is not used. */
const FORMAT = 1
const ADMIN = 'roster'

/** Written last, and readable to its owner alone: the password is the same in every copy. */
interface Manifest {
  password: string
  files: number
  bytes: number
}

/** Roster's folder for templates, in the temp folder and ours alone to write. */
export function templateFolder(): string {
  const uid = process.getuid?.() ?? 0
  const folder = join(tmpdir(), `roster-servers-${uid}`)
  // Whatever the umask is, the server's account must get through.
  if (mkdirSync(folder, { recursive: true })) chmodSync(folder, 0o755)
  const at = lstatSync(folder)
  if (!at.isDirectory() || (process.getuid && at.uid !== uid) || (at.mode & 0o022) !== 0)
    throw new Error(
      `${folder} belongs to someone else, so no server can be started from it. Set TMPDIR to another folder.`,
    )
  return folder
}

/** Fills `into/data` and tells the admin's password. Prepares the template first where it is missing or damaged. */
export async function copyTemplate(engine: Engine, found: Found, into: string): Promise<Admin> {
  const name = `${engine.name}-${found.version.replaceAll(/[^\w.-]+/g, '_')}-${found.account.uid ?? 'own'}-${FORMAT}`
  const template = join(templateFolder(), name)
  for (let tries = 0; tries < 3; tries += 1) {
    const manifest = readManifest(template)
    if (manifest && copies(template, into, found.account, manifest)) return { user: ADMIN, password: manifest.password }
    if (manifest) discard(template)
    await prepare(engine, found, template)
  }
  throw new Error(`${template} could not be prepared: it was incomplete three times.`)
}

function readManifest(template: string): Manifest | null {
  try {
    return JSON.parse(readFileSync(join(template, 'manifest.json'), 'utf8')) as Manifest
  } catch {
    return null
  }
}

/** Temp folders are swept file by file on some systems, so the copy is counted before it is used. */
function copies(template: string, into: string, account: Account, manifest: Manifest): boolean {
  try {
    execFileSync('cp', ['-R', '-p', join(template, 'data'), into], { ...account, stdio: 'pipe' })
    const { files, bytes } = measure(join(into, 'data'))
    if (files === manifest.files && bytes === manifest.bytes) return true
  } catch {
    // Swept, or replaced by another process meanwhile.
  }
  rmSync(join(into, 'data'), { recursive: true, force: true })
  return false
}

function measure(folder: string): { files: number; bytes: number } {
  const sum = { files: 0, bytes: 0 }
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isDirectory()) continue
    sum.files += 1
    sum.bytes += lstatSync(join(entry.parentPath, entry.name)).size
  }
  return sum
}

/** Several processes may prepare at once, each in a folder of its own; the first one to finish gives the template. */
async function prepare(engine: Engine, found: Found, template: string): Promise<void> {
  sweep()
  const own = mkdtempSync(`${template}.${process.pid}-`)
  try {
    giveTo(found.account, own)
    const password = randomBytes(12).toString('base64url')
    const data = join(own, 'data')
    await engine.prepare(found, { folder: own, data, port: 0 }, { user: ADMIN, password })
    for (const name of readdirSync(own)) if (name !== 'data') rmSync(join(own, name), { recursive: true })
    const manifest: Manifest = { password, ...measure(data) }
    writeFileSync(join(own, 'manifest.json'), JSON.stringify(manifest), { mode: 0o600 })
    putInPlace(own, template)
  } finally {
    rmSync(own, { recursive: true, force: true })
  }
}

function putInPlace(own: string, template: string): void {
  // One whose manifest was swept is in the way; one that has it was made by a faster process.
  if (existsSync(template) && !readManifest(template)) discard(template)
  try {
    renameSync(own, template)
  } catch (error) {
    if (!readManifest(template)) throw error
  }
}

function discard(template: string): void {
  const aside = `${template}.${process.pid}-${randomBytes(4).toString('hex')}`
  try {
    renameSync(template, aside)
  } catch {
    return
  }
  rmSync(aside, { recursive: true, force: true })
}

/** Removes what processes that were killed while preparing have left. */
function sweep(): void {
  for (const name of readdirSync(templateFolder())) {
    const [, pid] = /\.(\d+)-\w+$/.exec(name) ?? []
    if (pid && !isRunning(Number(pid))) rmSync(join(templateFolder(), name), { recursive: true, force: true })
  }
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

export function giveTo(account: Account, path: string): void {
  if (account.uid !== undefined && account.gid !== undefined) chownSync(path, account.uid, account.gid)
}
