// The files that the name of a SQLite database may mean, those that are there and may be reached; nothing is guessed.
import { realpath, stat } from 'node:fs/promises'
import { isAbsolute, join, resolve } from 'node:path'
import type { SettingsPreview } from '../../shared/profiles.ts'
import type { Core } from '../core.ts'
import { beginsAsSqlite } from '../sqlite-header.ts'
import { FORMAT_NAMES, type ConnectionFormat } from '../../shared/connection-strings.ts'
import type { SqliteFile } from './connection-strings/parsed.ts'

/** `why`: who would look there; undefined where it goes without saying. */
export interface Looked {
  path: string
  why?: string
}

/** What Windows would fetch from another machine, with the person's login, for the mere question whether it is there. */
export const isOnNetwork = (path: string) => process.platform === 'win32' && /^[\\/]{2}/.test(path)

/**
 * Notes say what lies outside of the folders that may be shown, and that there is none. `isPasted`: the page names the files,
 * and no file or variable of the person does.
 */
export async function findFiles(
  { host, files, isPasted = false }: Pick<Core, 'host' | 'files'> & { isPasted?: boolean },
  looked: readonly Looked[],
  notes: SettingsPreview['notes'],
): Promise<SettingsPreview['candidates']> {
  const found = new Map<string, SettingsPreview['candidates'][number]>()
  const outside: string[] = []
  for (const { path, why } of looked) {
    // Asked before the disk is touched, so that nothing can be learned of files outside.
    if ((host.fileRoots !== null && !files.isInside(path)) || isOnNetwork(path)) {
      outside.push(path)
      continue
    }
    const real = await realpath(path).catch(() => null)
    const facts = real === null ? null : await stat(real).catch(() => null)
    if (real === null || !facts?.isFile()) continue
    // What the person's own settings name counts as picked, within the folders that Roster may show.
    if (!(isPasted ? files.propose(real) : files.admit(real))) {
      outside.push(path)
      continue
    }
    const known = found.get(real)
    const words = [known?.why, why].filter((each) => each !== undefined).join('; ')
    const { size, mtimeMs: modifiedAt } = facts
    found.set(real, {
      path: real,
      size,
      modifiedAt,
      isSqlite: await beginsAsSqlite(real),
      ...(words && { why: words }),
    })
  }
  if (outside.length > 0) {
    notes.push({ tone: 'bad', text: `${outside.join(', ')}: outside of the folders that Roster may show.` })
  } else if (found.size === 0) {
    notes.push({
      tone: 'bad',
      text: `There is no file ${[...new Set(looked.map(({ path }) => path))].join(', nor ')}.`,
    })
  }
  return [...found.values()]
}

/** Every place where a library would look for that file. `folders`: where the application may have been started. */
export function placesOf(
  readings: readonly { format: ConnectionFormat; file: SqliteFile }[],
  folders: readonly string[],
): Looked[] {
  const looked = new Map<string, Set<string>>()
  const add = (path: string, why: string) => void looked.set(path, (looked.get(path) ?? new Set()).add(why))
  for (const { format, file } of readings) {
    const name = FORMAT_NAMES[format]
    if (isAbsolute(file.path)) {
      add(resolve(file.path), `${name}: the full path`)
      continue
    }
    for (const folder of folders) {
      if (file.base === 'databases-folder') {
        add(resolve(folder, 'databases', file.path), `${name}: in the application’s databases folder`)
        add(resolve(folder, file.path), `${name}: if ${folder} is its databases folder`)
      } else {
        add(resolve(folder, file.path), `${name}: if the application is started in ${folder}`)
        if (format === 'sqlalchemy')
          add(resolve(join(folder, 'instance'), file.path), 'Flask-SQLAlchemy: in the application’s instance folder')
      }
    }
  }
  return [...looked].map(([path, whys]) => ({ path, why: [...whys].join('; ') }))
}
