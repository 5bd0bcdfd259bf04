// Where the files of a built Roster lie, told from the address of the bundle that asks; in an archive as in a folder.
import { fileURLToPath } from 'node:url'

export interface BuiltFiles {
  /** The entry of a child process. */
  child(entry: string): string
  preload: string
  /** The folder of the page. */
  page: string
}

/** `bundle` is the `import.meta.url` of any file in out/main: entries and chunks lie side by side. */
export function builtFiles(bundle: string, options: { windows?: boolean } = {}): BuiltFiles {
  const at = (path: string) => fileURLToPath(new URL(path, bundle), options)
  return { child: (entry) => at(`./${entry}.js`), preload: at('../preload/preload.cjs'), page: at('../renderer') }
}
