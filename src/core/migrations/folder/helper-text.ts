// The text of a file that trust in a folder covers and that is no step: a helper, for somebody who reads before they trust.
import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { Core } from '../../core.ts'
import { Refusal } from '../../refusal.ts'
import type { Project } from '../project.ts'
import { isInside } from './inside.ts'
import { readText, reasonOf } from './read-text.ts'

/** Outside of the folder these alone are shown: any other file can be named in a step's text, a key or a password file too. */
const CODE = /\.[cm]?[jt]sx?$/

type Reach = { host: Pick<Core['host'], 'fileRoots'>; files: Pick<Core['files'], 'isInside'> }

/**
 * Null for a step's own file, and for what trust does not cover. Throws STEP_REFUSED, with words, for what is not shown: no
 * text, too large, outside of the folder and no code, or outside of what this host may reach.
 */
export async function helperText(
  { host, files }: Reach,
  { folder, files: steps }: Project,
  name: string,
): Promise<string | null> {
  const isCovered = folder.files.some((file) => file.name === name && file.change !== 'removed')
  const isStep = steps.some((step) => step.name === name || step.files.some((file) => file.name === name))
  if (folder.path === null || isStep || !isCovered) return null
  const refused = (why: string) => new Refusal('STEP_REFUSED', `${name} is not shown here: ${why}`, { name })
  const path = await realpath(join(folder.path, name)).catch((error: unknown) => {
    throw refused(`${reasonOf(error)}.`)
  })
  if (host.fileRoots !== null && !files.isInside(path)) {
    throw refused('it lies outside of the folders that Roster may show. Read it in an editor.')
  }
  if (!isInside(folder.path, path) && !CODE.test(path)) {
    throw refused('it lies outside of the migrations folder, and is no module. Read it in an editor.')
  }
  const read = await readText(path, name)
  if ('problem' in read) throw refused(read.problem)
  if ('bytes' in read)
    throw refused(`it is not UTF-8 text, but ${read.bytes.length.toLocaleString('en-US')} bytes of data.`)
  return read.text
}
