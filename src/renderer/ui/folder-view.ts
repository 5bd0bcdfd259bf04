// What the file picker shows of a folder, and where typing and arrow keys lead in it.
import type { Folder, FolderEntry } from '../../shared/app.ts'

/** The host's order; names that begin with a dot only when asked for. */
export function shownEntries(entries: readonly FolderEntry[], withHidden: boolean): readonly FolderEntry[] {
  return withHidden ? entries : entries.filter((entry) => !entry.name.startsWith('.'))
}

export interface Crumb {
  name: string
  path: string
}

/** The folders from the root that holds `folder` down to it; the folder alone when no root holds it. */
export function crumbs(folder: Pick<Folder, 'path' | 'roots'>): Crumb[] {
  const separator = folder.path.includes('\\') ? '\\' : '/'
  const within = (root: string) =>
    folder.path === root || folder.path.startsWith(root.endsWith(separator) ? root : root + separator)
  const root = folder.roots.filter((each) => within(each.path)).sort((a, b) => b.path.length - a.path.length)[0]
  if (!root) return [{ name: folder.path, path: folder.path }]
  const trail: Crumb[] = [{ name: root.name, path: root.path }]
  for (const name of folder.path.slice(root.path.length).split(separator).filter(Boolean)) {
    const above = trail.at(-1)!.path
    trail.push({ name, path: above.endsWith(separator) ? above + name : above + separator + name })
  }
  return trail
}

/**
 * The place of the entry that typing `text` leads to, from `current` (-1: none) on and around the end; -1 when none fits.
 * One letter typed again and again walks through the names that begin with it.
 */
export function typeAhead(entries: readonly FolderEntry[], current: number, text: string): number {
  const wanted = text.toLowerCase()
  const isOneLetter = wanted.length > 0 && [...wanted].every((letter) => letter === wanted[0])
  const prefix = isOneLetter ? wanted[0]! : wanted
  const first = isOneLetter ? current + 1 : Math.max(current, 0)
  for (let step = 0; step < entries.length; step++) {
    const index = (first + step) % entries.length
    if (entries[index]!.name.toLowerCase().startsWith(prefix)) return index
  }
  return -1
}
