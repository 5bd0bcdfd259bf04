// What Roster was given on its command line: its data folder, and files to open.
import { statSync } from 'node:fs'
import { resolve } from 'node:path'

export interface Given {
  /** `--data-dir DIR` or `--data-dir=DIR`, as in the browser door; null when it was not named. */
  dataFolder: string | null
  /** Full paths of the files that exist. What is no file (an option, a folder, a link) is left out. */
  files: string[]
}

const OPTION = '--data-dir'

/** `argv` begins with the program, and before packing also with the path of the app. Chromium adds options of its own. */
export function readGiven(argv: readonly string[], cwd: string, isPackaged: boolean): Given {
  const rest = argv.slice(1)
  let dataFolder: string | null = null
  const plain: string[] = []
  for (let at = 0; at < rest.length; at += 1) {
    const argument = rest[at] as string
    if (argument === OPTION) dataFolder = rest[(at += 1)] ?? null
    else if (argument.startsWith(`${OPTION}=`)) dataFolder = argument.slice(OPTION.length + 1)
    else if (!argument.startsWith('-')) plain.push(argument)
  }
  const files = (isPackaged ? plain : plain.slice(1)).map((path) => resolve(cwd, path)).filter(isFile)
  return { dataFolder: dataFolder ? resolve(cwd, dataFolder) : null, files }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}
