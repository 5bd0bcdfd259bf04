// Follows what modules load by relative path, without running them, so that a changed helper asks for trust again.
import { realpath, stat } from 'node:fs/promises'
import { dirname, extname, join, resolve, sep } from 'node:path'
import { checksumOf, type CoveredFile } from './checksum.ts'
import { nameIn } from './inside.ts'
import { readText } from './read-text.ts'
import { sideBySide } from './side-by-side.ts'

/** Files beyond the folder's own; more than that is no migration's business. */
export const MOST_IMPORTED = 2_000

const EXTENSIONS = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts', '.json', '.node']
const MODULES = new Set(['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts', '.jsx', '.tsx'])
/**
 * Any quoted text that begins like a relative path. That is more than imports are, and so nothing is missed for a comment in
 * between, a `new URL('./a.sql', import.meta.url)` or a `readFileSync('../a.sql')`; what leads to no file costs nothing.
 */
const RELATIVE = /(['"`])(\.{1,2}(?:\/[^'"`\n\\]{0,1000})?)\1/g

export interface Imported {
  covered: CoveredFile[]
  problems: string[]
}

/**
 * `modules` are the folder's own, by real path; they are not in the answer again. Paths that are put together while the code
 * runs, names of packages, absolute paths and what lies behind a package's own "exports" cannot be seen like this.
 */
export async function followImports(
  folder: string,
  modules: readonly { path: string; text: string }[],
  limit = MOST_IMPORTED,
): Promise<Imported> {
  const known = new Set(modules.map(({ path }) => path))
  const tried = new Set<string>()
  const covered: CoveredFile[] = []
  const problems: string[] = []
  let next = modules
  while (next.length > 0) {
    const places = new Set(
      next.flatMap(({ path, text }) => relativePaths(text).map((name) => resolve(dirname(path), name))),
    )
    const fresh = [...places].filter((place) => !tried.has(place))
    fresh.forEach((place) => tried.add(place))
    const leading = (await sideBySide(fresh, filesAt)).flat()
    const found = [...new Set(leading)].filter((path) => !known.has(path)).sort()
    const room = limit - covered.length
    if (found.length > room) {
      problems.push(
        `The steps load more than ${limit.toLocaleString('en')} files; changes of those beyond are not noticed.`,
      )
    }
    const taken = found.slice(0, room)
    taken.forEach((path) => known.add(path))
    const read = await sideBySide(taken, async (path) => {
      const name = nameIn(folder, path)
      const file = await readText(path, `${name}, which a step may load,`)
      if ('problem' in file) problems.push(file.problem)
      const checksum =
        'text' in file ? checksumOf([file.text]) : 'bytes' in file ? checksumOfBytes(file.bytes) : 'unread'
      covered.push({ name, checksum })
      const isFollowed = MODULES.has(extname(path)) && !path.includes(`${sep}node_modules${sep}`)
      return isFollowed && 'text' in file ? [{ path, text: file.text }] : []
    })
    next = found.length > room ? [] : read.flat()
  }
  return { covered, problems }
}

function relativePaths(text: string): string[] {
  return [...text.matchAll(RELATIVE)].flatMap(([, , path = '']) => {
    // A module's address may be written with escapes; a path may really have a percent sign.
    const decoded = decode(path.replace(/[?#].*$/, ''))
    return decoded === path ? [path] : [path, decoded]
  })
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** Every file that a loader could mean by this path, whichever loader it is; real paths. */
async function filesAt(place: string): Promise<string[]> {
  const kind = await kindOf(place)
  const tries = spellings(place)
  if (kind === 'folder') {
    tries.push(join(place, 'package.json'), ...spellings(join(place, 'index')))
    const main = await mainOf(place)
    if (main !== null) tries.push(main, ...spellings(main), ...spellings(join(main, 'index')))
  }
  const found = await Promise.all(tries.map(async (path) => ((await kindOf(path)) === 'file' ? [path] : [])))
  const files = [...(kind === 'file' ? [place] : []), ...found.flat()]
  return Promise.all(files.map((file) => realpath(file).catch(() => file)))
}

/** The path with every extension, and TypeScript's source where it is named as it will be when it is built. */
function spellings(path: string): string[] {
  const names = [...EXTENSIONS, '.jsx', '.tsx'].map((extension) => path + extension)
  const built = /\.([cm]?)js(x?)$/.exec(path)
  return built ? [...names, path.replace(/\.[cm]?jsx?$/, `.${built[1] ?? ''}ts${built[2] ?? ''}`)] : names
}

/** What a folder's own package.json says is meant by it. */
async function mainOf(folder: string): Promise<string | null> {
  const read = await readText(join(folder, 'package.json'), 'package.json')
  if (!('text' in read)) return null
  try {
    const { main } = JSON.parse(read.text) as { main?: unknown }
    return typeof main === 'string' ? resolve(folder, main) : null
  } catch {
    return null
  }
}

async function kindOf(path: string): Promise<'file' | 'folder' | null> {
  if (path.includes('\0')) return null
  const facts = await stat(path).catch(() => null)
  if (facts?.isFile()) return 'file'
  return facts?.isDirectory() ? 'folder' : null
}

function checksumOfBytes(bytes: Buffer): string {
  return checksumOf([bytes.toString('latin1')])
}
