// Reads the steps of a folder as files. Nothing of it is imported or run: looking at a stranger's folder is safe.
import { realpath, stat } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import type { StepFile } from '../step.ts'
import { readBuiltin } from './builtin-folder.ts'
import { checksumOf, contentOf, type CoveredFile } from './checksum.ts'
import { followImports } from './imports.ts'
import { listFiles } from './list-files.ts'
import { openingComment } from './opening-comment.ts'
import { codeOf, readText, reasonOf } from './read-text.ts'
import { sideBySide } from './side-by-side.ts'
import { byName, keyOf, sqlDirection } from './step-name.ts'

export interface FolderRead {
  /** The real path; the given one when it cannot be found; null for the steps that Roster ships. */
  path: string | null
  /** In the order in which they are run. */
  files: StepFile[]
  /** What cannot be read or is not understood, and what to do, in words; null when all is well. */
  problem: string | null
  /** Over `covered`; empty when the folder cannot be read. */
  content: string
  /** All that trusting the folder allows to run: its steps, what they load by relative path, and data beside them. */
  covered: readonly CoveredFile[]
}

/** Problems that are told in full; the others are counted. */
const MOST_TOLD = 5

/** Never throws for what is wrong with the folder. `null`: the steps that Roster ships. */
export async function readFolder(path: string | null): Promise<FolderRead> {
  if (path === null) {
    const files = await readBuiltin()
    const covered = files.map(({ name, checksum }) => ({ name, checksum }))
    return { path: null, files, problem: null, content: contentOf(covered), covered }
  }
  const real = await realFolder(path)
  if ('problem' in real) return unreadable(path, real.problem)
  try {
    return await readSteps(real.path)
  } catch (error) {
    return unreadable(real.path, cannotBeRead(real.path, error))
  }
}

/** The real path of a folder, links resolved, or in words why there is none. */
export async function realFolder(path: string): Promise<{ path: string } | { problem: string }> {
  if (!isAbsolute(path)) return { problem: `${path} is not a full path. Choose the folder with the migrations.` }
  try {
    const real = await realpath(path)
    if ((await stat(real)).isDirectory()) return { path: real }
    return { problem: `${path} is a file, not a folder. Choose the folder with the migrations.` }
  } catch (error) {
    return { problem: cannotBeRead(path, error) }
  }
}

function cannotBeRead(path: string, error: unknown): string {
  const code = codeOf(error)
  if (code === 'ENOENT') return `There is no folder ${path}. Put it back, or choose another.`
  if (code === 'ENOTDIR') return `A part of ${path} is a file, not a folder. Choose the folder with the migrations.`
  return `The folder ${path} cannot be read: ${reasonOf(error)}. Check the permissions of it and of the folders above it.`
}

function unreadable(path: string, problem: string): FolderRead {
  return { path, files: [], problem, content: '', covered: [] }
}

async function readSteps(folder: string): Promise<FolderRead> {
  const { steps, data, problems } = await listFiles(folder)
  const covered: CoveredFile[] = []
  const texts = new Map<string, string>()
  const beside = new Set(data)
  await sideBySide([...steps, ...data], async (name) => {
    const file = await readText(join(folder, name), name)
    const isData = beside.has(name)
    if ('problem' in file) {
      if (!isData) problems.push(file.problem)
      covered.push({ name, checksum: 'unread' })
    } else if ('text' in file) {
      covered.push({ name, checksum: checksumOf([file.text]) })
      if (!isData) texts.set(name, file.text)
    } else {
      covered.push({ name, checksum: checksumOf([file.bytes.toString('latin1')]) })
      if (!isData) problems.push(`${name} is not UTF-8 text, and is left out. Save it as UTF-8.`)
    }
  })
  const modules = [...texts].filter(([name]) => sqlDirection(name) === null)
  const known = new Set(covered.map(({ name }) => name))
  const imported = await followImports(
    folder,
    await sideBySide(modules, async ([name, text]) => ({ path: await realpath(join(folder, name)), text })),
  )
  covered.push(...imported.covered.filter(({ name }) => !known.has(name)))
  const files = stepsOf(texts, problems)
  problems.push(...imported.problems)
  covered.sort((a, b) => byName(a.name, b.name))
  return { path: folder, files, problem: inWords(problems), content: contentOf(covered), covered }
}

/** Puts the halves of pairs together. Of two files for one step the first in order is it, and the other is a problem. */
function stepsOf(texts: ReadonlyMap<string, string>, problems: string[]): StepFile[] {
  const steps = new Map<string, StepFile>()
  for (const name of [...texts.keys()].sort(byName)) {
    const direction = sqlDirection(name)
    const key = keyOf(name)
    const same = steps.get(key)
    if (direction === 'down') {
      if (!texts.has(`${key}.up.sql`)) {
        problems.push(`${name} has no ${key}.up.sql beside it, and is left out. Add that file, or remove this one.`)
      }
    } else if (same) {
      problems.push(`${same.name} and ${name} are the same step, so ${name} is left out. Remove or rename one of them.`)
    } else {
      const names = direction === 'up' ? [name, `${key}.down.sql`].filter((each) => texts.has(each)) : [name]
      const files = names.map((each) => ({ name: each, text: texts.get(each) ?? '' }))
      const kind = direction === null ? 'module' : 'sql'
      steps.set(key, {
        name,
        key,
        kind,
        files,
        checksum: checksumOf(files.map(({ text }) => text)),
        summary: openingComment(files[0]?.text ?? '', kind),
      })
    }
  }
  return [...steps.values()].sort((a, b) => byName(a.name, b.name))
}

function inWords(problems: readonly string[]): string | null {
  if (problems.length === 0) return null
  const more = problems.length - MOST_TOLD
  const told = [...problems].sort().slice(0, MOST_TOLD).join(' ')
  return more > 0 ? `${told} There ${more === 1 ? 'is 1 more problem' : `are ${more} more problems`} like that.` : told
}
