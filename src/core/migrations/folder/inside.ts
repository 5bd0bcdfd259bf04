// Whether a path lies inside of a folder; both are real paths.
import { isAbsolute, relative, sep } from 'node:path'

export function isInside(folder: string, path: string): boolean {
  const rest = relative(folder, path)
  return rest !== '..' && !rest.startsWith(`..${sep}`) && !isAbsolute(rest)
}

/** The path as it is shown and written down: relative to the folder, with slashes on every system. */
export function nameIn(folder: string, path: string): string {
  const rest = relative(folder, path)
  return (rest === '' ? path : rest).replaceAll(sep, '/')
}
