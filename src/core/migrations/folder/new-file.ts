// Writes the file of a new step into a folder, under a name that comes last; nothing is ever overwritten.
import { readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { nextName } from '../../../shared/migration-name.ts'
import { Refusal } from '../../refusal.ts'
import { listFiles } from './list-files.ts'
import { realFolder } from './read-folder.ts'
import { codeOf, readText, reasonOf } from './read-text.ts'
import { KNEX_COMMONJS, KNEX_ESM, KNEX_TS, SQL_PAIR, type SqlText, type Template } from './templates.ts'

/**
 * `sql` writes a pair, with `text` where it is brought along. Resolves with the full paths. Throws FOLDER_REFUSED when the folder cannot be read or written, and when
 * no name would come last.
 */
export async function writeNewFile(
  folder: string,
  title: string,
  kind: 'ts' | 'js' | 'sql',
  now: Date,
  text?: SqlText,
): Promise<string[]> {
  const real = await realFolder(folder)
  if ('problem' in real) throw refuse(folder, real.problem)
  const names = await listFiles(real.path).then(
    ({ steps }) => steps,
    (error: unknown) => {
      throw notWritten(real.path, 'No file was made', error)
    },
  )
  const next = nextName(names, title, now)
  if ('refused' in next) throw refuse(real.path, next.refused)
  const templates = await templatesFor(real.path, names, oneLine(title), kind, text)
  const written: string[] = []
  for (const { extension, text } of templates) {
    const path = join(real.path, next.name + extension)
    try {
      await writeFile(path, text, { flag: 'wx' })
      written.push(path)
    } catch (error) {
      // Half a pair would be a step that cannot be undone, or a problem.
      await Promise.all(written.map((each) => rm(each, { force: true }).catch(() => undefined)))
      throw notWritten(real.path, `${next.name + extension} was not made`, error)
    }
  }
  return written
}

async function templatesFor(
  folder: string,
  names: readonly string[],
  title: string,
  kind: 'ts' | 'js' | 'sql',
  text: SqlText | undefined,
): Promise<Template[]> {
  if (kind === 'sql') return SQL_PAIR(title, text)
  if (kind === 'ts') return [KNEX_TS(title)]
  // As the latest file there; where there is none, as Node would read a .js file here.
  const example = names.findLast((name) => /\.[cm]?js$/.test(name))
  const extension = example === undefined ? '.js' : extname(example)
  const isEsm = extension === '.mjs' || (extension === '.js' && (await isEsmHere(folder, example)))
  return [isEsm ? KNEX_ESM(title, extension) : KNEX_COMMONJS(title, extension)]
}

async function isEsmHere(folder: string, example: string | undefined): Promise<boolean> {
  if (example !== undefined) {
    const read = await readText(join(folder, example), example)
    const text = 'text' in read ? read.text : ''
    if (/^\s*export\b/m.test(text)) return true
    if (/\bexports\b/.test(text)) return false
  }
  return (await packageType(folder)) === 'module'
}

/** "type" of the nearest package.json, as Node looks for it; undefined when there is none. */
async function packageType(folder: string): Promise<unknown> {
  for (let place = folder; ; place = dirname(place)) {
    const text = await readFile(join(place, 'package.json'), 'utf8').catch(() => null)
    if (text !== null) return typeIn(text)
    if (dirname(place) === place) return undefined
  }
}

function typeIn(text: string): unknown {
  try {
    return (JSON.parse(text) as { type?: unknown } | null)?.type
  } catch {
    return undefined
  }
}

/** A line break of any kind would end the comment that the title stands in. */
function oneLine(title: string): string {
  const words = title
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replaceAll('*/', '* /')
    .trim()
  return /[.!?…]$/.test(words) ? words : `${words}.`
}

function notWritten(folder: string, what: string, error: unknown): Refusal {
  const why =
    codeOf(error) === 'EEXIST'
      ? 'A file of that name is there already, and was left as it is. Try again.'
      : `${folder}: ${reasonOf(error)}. Check the permissions of the folder and the disk.`
  return refuse(folder, `${what}. ${why}`, error)
}

function refuse(path: string, words: string, cause?: unknown): Refusal {
  return new Refusal('FOLDER_REFUSED', words, { path }, cause)
}
