// Which files and folders a person may reach: what they picked or agreed to in a native dialog, or what lies inside the host's roots.
import { realpath, stat } from 'node:fs/promises'
import { isAbsolute, relative, sep } from 'node:path'
import type { Host } from './host.ts'
import { Refusal, unavailable } from './refusal.ts'

export interface FileAccess {
  /** Notes a path that a person chose in the native dialog; it stays allowed until the program ends. */
  remember(path: string): void
  /** Notes a real path that a file which the person picked names; false when it is outside of the host's roots. */
  admit(realPath: string): boolean
  /**
   * Notes a real path that a text from the page names; false when it is outside of the host's roots. Where a native dialog does
   * the choosing, the person is asked there at the first `resolve`: no page can agree for them.
   */
  propose(realPath: string): boolean
  /**
   * The real path of a file or folder, links resolved. Throws FOLDER_REFUSED for what a person may not reach or did not agree
   * to, and DATABASE_UNAVAILABLE (missing, not-readable) for what cannot be found.
   */
  resolve(path: string): Promise<string>
  /** The real path of a folder. Throws FOLDER_REFUSED, also for what cannot be found or is no folder. */
  resolveFolder(path: string): Promise<string>
  /** True when a real path lies inside one of the host's roots. */
  isInside(realPath: string): boolean
}

const OUTSIDE = 'It is outside of the folders that Roster may show.'

export function fileAccess(host: Pick<Host, 'fileRoots' | 'confirm'>): FileAccess {
  const picked = new Set<string>()
  const proposed = new Set<string>()
  const isInside = (path: string) => (host.fileRoots ?? []).some((root) => contains(root.path, path))

  async function isAgreed(path: string): Promise<boolean> {
    if (!picked.has(path) && proposed.has(path) && (await host.confirm(question(path)))) picked.add(path)
    return picked.has(path)
  }

  function whyNot(path: string): string {
    if (host.fileRoots !== null) return OUTSIDE
    return proposed.has(path) ? 'Its use was not agreed to.' : 'It was not chosen in the file dialog.'
  }

  async function resolve(path: string): Promise<string> {
    // Asked before the disk is touched, so that nothing can be learned of files outside.
    const isAllowed = isAbsolute(path) && (host.fileRoots === null ? await isAgreed(path) : isInside(path))
    if (!isAllowed) throw refused(path, whyNot(path))
    const real = await realpath(path).catch((error: unknown) => {
      throw notFound(path, error)
    })
    // A link inside the roots may lead out of them.
    if (host.fileRoots !== null && !isInside(real)) throw refused(path, OUTSIDE)
    return real
  }

  return {
    remember: (path) => void picked.add(path),
    isInside,
    admit(realPath) {
      if (host.fileRoots !== null) return isInside(realPath)
      picked.add(realPath)
      return true
    },
    propose(realPath) {
      if (host.fileRoots !== null) return isInside(realPath)
      proposed.add(realPath)
      return true
    },
    resolve,
    async resolveFolder(path) {
      try {
        const real = await resolve(path)
        if ((await stat(real)).isDirectory()) return real
      } catch (error) {
        if (error instanceof Refusal && error.code === 'FOLDER_REFUSED') throw error
        const words = error instanceof Error ? error.message : String(error)
        throw new Refusal('FOLDER_REFUSED', `${words} Choose the folder again.`, { path }, error)
      }
      throw new Refusal('FOLDER_REFUSED', `${path} is a file, not a folder. Choose the folder that it is in.`, { path })
    },
  }
}

function contains(root: string, path: string): boolean {
  const rest = relative(root, path)
  return rest === '' || (rest !== '..' && !rest.startsWith(`..${sep}`) && !isAbsolute(rest))
}

function question(path: string): Parameters<Host['confirm']>[0] {
  return {
    message: `Use the file ${path}?`,
    detail:
      'A connection string names it; it was not chosen in the file dialog. Its content is read when the profile is tried or opened.',
    yes: 'Use this file',
  }
}

function refused(path: string, why: string): Refusal {
  return new Refusal('FOLDER_REFUSED', `${path} was not opened. ${why}`, { path })
}

function notFound(path: string, error: unknown): Refusal {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return unavailable('missing', `There is no ${path}.`, 'Choose it again; it may have been moved or renamed.', error)
  }
  const words = error instanceof Error ? error.message : String(error)
  return unavailable(
    'not-readable',
    `${path} cannot be reached: ${words}`,
    'Check the permissions of its folders.',
    error,
  )
}
