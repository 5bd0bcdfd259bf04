// What Roster was given on its command line: its data folder, and files or a link to open.
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { isRosterLink } from './roster-link.ts'

export interface Given {
  /** `--data-dir DIR` or `--data-dir=DIR`, as in the browser door; null when it was not named. */
  dataFolder: string | null
  /** Full paths of the files that exist. What is no file (an option, a folder, a link) is left out. */
  files: string[]
  /** A `roster:` link as it came. Its writer may be anybody, so no file comes with one. */
  link: string | null
}

const OPTION = '--data-dir'

/** `argv` begins with the program, and before packing also with the path of the app. Chromium adds options of its own. */
export function readGiven(argv: readonly string[], cwd: string, isPackaged: boolean): Given {
  const rest = argv.slice(1)
  let dataFolder: string | null = null
  const plain: string[] = []
  let isOver = false
  for (let at = 0; at < rest.length; at += 1) {
    const argument = rest[at] as string
    // What stands behind `--` is no option; Windows hands links over in this way.
    if (isOver) plain.push(argument)
    else if (argument === '--') isOver = true
    else if (argument === OPTION) dataFolder = rest[(at += 1)] ?? null
    else if (argument.startsWith(`${OPTION}=`)) dataFolder = argument.slice(OPTION.length + 1)
    else if (!argument.startsWith('-')) plain.push(argument)
  }
  const named = isPackaged ? plain : plain.slice(1)
  const link = named.find(isRosterLink) ?? null
  const files = link === null ? named.map((path) => resolve(cwd, path)).filter(isFile) : []
  return { dataFolder: dataFolder ? resolve(cwd, dataFolder) : null, files, link }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}
