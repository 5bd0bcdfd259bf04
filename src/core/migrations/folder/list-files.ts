// Looks which files of a folder are steps, by their names alone.
import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isInside } from './inside.ts'
import { codeOf, reasonOf } from './read-text.ts'
import { sideBySide } from './side-by-side.ts'
import { byName, isModuleName, sqlDirection } from './step-name.ts'

/** Files of one folder that could be steps. A folder with more was hardly meant. */
const MOST_FILES = 10_000

export interface Listed {
  /** Names of modules and halves of pairs, in knex's order. */
  steps: string[]
  /** Names of data beside them: what a step reads decides what it does. */
  data: string[]
  problems: string[]
}

/** `folder` is a real path. Throws the system's error. Nothing is listed when there are more than `most`. */
export async function listFiles(folder: string, most = MOST_FILES): Promise<Listed> {
  const entries = await readdir(folder, { withFileTypes: true })
  const listed: Listed = { steps: [], data: [], problems: [] }
  const wanted = entries.filter(({ name }) => isStep(name) || isData(name))
  if (wanted.length > most) {
    listed.problems.push(
      `There are more than ${most.toLocaleString('en')} files in ${folder} that could be steps. Choose a folder that holds migrations alone.`,
    )
    return listed
  }
  const outcomes = await sideBySide(wanted, async (entry) => ({ entry, problem: await wrongWith(folder, entry) }))
  for (const { entry, problem } of outcomes) {
    if (problem === null) (isStep(entry.name) ? listed.steps : listed.data).push(entry.name)
    else if (problem !== '') listed.problems.push(problem)
  }
  listed.steps.sort(byName)
  listed.data.sort(byName)
  return listed
}

const isStep = (name: string) => isModuleName(name) || sqlDirection(name) !== null
const isData = (name: string) => /\.(?:sql|json)$/.test(name) && !name.startsWith('.') && !isStep(name)

/** Null when it is a file of this folder; empty when it is none and nobody needs to be told. */
async function wrongWith(folder: string, entry: Dirent): Promise<string | null> {
  if (entry.isFile()) return null
  if (!entry.isSymbolicLink()) return ''
  try {
    const real = await realpath(join(folder, entry.name))
    if (!(await stat(real)).isFile()) return ''
    if (isInside(folder, real)) return null
    return `${entry.name} is a link to ${real}, outside of the folder, and is left out. Put the file itself into the folder.`
  } catch (error) {
    const reason = codeOf(error) === 'ENOENT' ? 'there is nothing where it leads' : reasonOf(error)
    return `${entry.name} is a link that cannot be followed (${reason}), and is left out. Mend or remove it.`
  }
}
