// Lists a folder for the served file picker: only inside the host's roots, and never through a link that leads out.
import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Folder, FolderEntry } from '../../shared/app.ts'
import type { FileAccess } from '../file-access.ts'
import type { Host } from '../host.ts'
import { Refusal } from '../refusal.ts'
import { beginsAsSqlite } from '../sqlite-header.ts'

/** Entries listed at most. */
const ENTRY_LIMIT = 2000
/** Entries looked at together: enough to hide the disk's delay, few enough to leave file handles to others. */
const AT_ONCE = 32

/**
 * Folders first, then files, each in the order of their names; hidden ones after all others. Left out are links that lead
 * out of the roots or nowhere, and everything that is neither a folder nor a regular file. Throws FOLDER_REFUSED.
 */
export async function listFolder(
  host: Pick<Host, 'fileRoots'>,
  files: FileAccess,
  path: string | undefined,
  signal: AbortSignal,
): Promise<Folder> {
  const roots = host.fileRoots ?? []
  const wanted = path ?? roots[0]?.path
  if (wanted === undefined) throw refuse('', 'Files are chosen in the system’s own dialog here.')
  const folder = await files.resolve(wanted).catch((error: unknown) => {
    throw error instanceof Refusal ? refuse(wanted, error.message, error) : error
  })
  const found = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw refuse(wanted, whyNot(wanted, error), error)
  })
  const sorted = found.sort(byPlace)
  const entries = await describeAll(folder, sorted.slice(0, ENTRY_LIMIT), files, signal)
  const above = dirname(folder)
  return {
    path: folder,
    parent: above !== folder && files.isInside(above) ? above : null,
    roots: roots.map(({ name, path }) => ({ name, path })),
    // Links are known as folders or files only once they were followed.
    entries: entries.sort((a, b) =>
      compare(place(a.name, a.kind === 'folder'), a.name, place(b.name, b.kind === 'folder'), b.name),
    ),
    isCut: sorted.length > ENTRY_LIMIT,
  }
}

async function describeAll(
  folder: string,
  found: Dirent[],
  files: FileAccess,
  signal: AbortSignal,
): Promise<FolderEntry[]> {
  const entries: FolderEntry[] = []
  for (let start = 0; start < found.length; start += AT_ONCE) {
    signal.throwIfAborted()
    const some = await Promise.all(found.slice(start, start + AT_ONCE).map((entry) => describe(folder, entry, files)))
    entries.push(...some.filter((entry) => entry !== null))
  }
  return entries
}

/** Null for what is not listed. An entry that vanishes or cannot be looked at meanwhile is not listed either. */
async function describe(folder: string, entry: Dirent, files: FileAccess): Promise<FolderEntry | null> {
  const path = join(folder, entry.name)
  try {
    const real = entry.isSymbolicLink() ? await realpath(path) : path
    if (!files.isInside(real)) return null
    const facts = await stat(real)
    const shown = { name: entry.name, path, modifiedAt: facts.mtimeMs }
    if (facts.isDirectory()) return { ...shown, kind: 'folder', size: 0, isSqlite: false }
    if (facts.isFile()) return { ...shown, kind: 'file', size: facts.size, isSqlite: await beginsAsSqlite(real) }
    return null
  } catch {
    return null
  }
}

function byPlace(a: Dirent, b: Dirent): number {
  return compare(place(a.name, a.isDirectory()), a.name, place(b.name, b.isDirectory()), b.name)
}

function place(name: string, isFolder: boolean): number {
  return (name.startsWith('.') ? 2 : 0) + (isFolder ? 0 : 1)
}

const names = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

function compare(placeA: number, nameA: string, placeB: number, nameB: string): number {
  return placeA - placeB || names.compare(nameA, nameB) || (nameA < nameB ? -1 : 1)
}

function whyNot(path: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOTDIR') return `${path} is a file, not a folder.`
  if (code === 'ENOENT') return `There is no folder ${path}.`
  if (code === 'EACCES' || code === 'EPERM') return `The folder ${path} cannot be read: this user has no permission.`
  return `The folder ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`
}

function refuse(path: string, message: string, cause?: unknown): Refusal {
  return new Refusal('FOLDER_REFUSED', message, { path }, cause)
}
