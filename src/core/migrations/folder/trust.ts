// Which folders' code may run on this machine, kept in the data folder together with the checksums of what was looked at.
import { readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import type { MigrationsFolder } from '../../../shared/migration-steps.ts'
import type { Host } from '../../host.ts'
import { Refusal } from '../../refusal.ts'
import { readFolder, type FolderRead } from './read-folder.ts'
import { codeOf, reasonOf } from './read-text.ts'
import { byName } from './step-name.ts'

export interface Trust {
  /** What a page is told of a folder that was read just now. Read anew from the disk, so that other windows' trust counts. */
  stateOf(read: FolderRead): MigrationsFolder
  /**
   * Trusts a folder as it was shown: `content` is what `stateOf` said then. Reads it again, and throws NOT_TRUSTED when it is
   * another by now, FOLDER_REFUSED when it cannot be read, NOT_STORED when that cannot be written down.
   */
  trust(path: string, content: string): Promise<void>
}

const VERSION = 1
const folder = z.strictObject({
  /** The real path. */
  path: z.string(),
  content: z.string(),
  files: z.array(z.strictObject({ name: z.string(), checksum: z.string() })),
})
const stored = z.strictObject({ version: z.literal(VERSION), folders: z.array(folder) })
type Trusted = z.infer<typeof folder>
type Found = { folders: Trusted[] } | { damage: unknown } | 'later'

const storedLater = z.looseObject({
  version: z
    .number()
    .int()
    .min(VERSION + 1),
})

export function openTrust(host: Pick<Host, 'dataFolder' | 'log'>): Trust {
  const file = join(host.dataFolder, 'trusted-folders.json')
  let writing: Promise<unknown> = Promise.resolve()
  let told = ''

  /** What cannot be read trusts nothing, and is said once. */
  function trusted(): Trusted[] {
    const found = read(file)
    if (found !== 'later' && 'folders' in found) return found.folders
    const why =
      found === 'later'
        ? `${file} was written by a newer version of Roster, so that no migrations folder is trusted here.`
        : `${file} could not be read, so that no migrations folder is trusted.`
    if (told !== why) host.log('error', why, found === 'later' ? undefined : found.damage)
    told = why
    return []
  }

  async function store(entry: Trusted): Promise<void> {
    const found = read(file)
    if (found === 'later') {
      throw new Refusal(
        'NOT_STORED',
        `Trusted folders were stored by a newer version of Roster in ${file}, and this version changes nothing there. Start the newer version.`,
      )
    }
    try {
      if ('damage' in found) setAside(file, host)
      const others = 'folders' in found ? found.folders.filter(({ path }) => path !== entry.path) : []
      const text = JSON.stringify({ version: VERSION, folders: [...others, entry] }, null, 2)
      await writeFileAtomic(file, `${text}\n`, { mode: 0o600, fsync: true })
    } catch (error) {
      const words = `That ${entry.path} is trusted could not be written to ${file}: ${reasonOf(error)}. Check the disk and the permissions, and trust it again.`
      throw new Refusal('NOT_STORED', words, {}, error)
    }
  }

  return {
    stateOf(seen) {
      const { path, content, problem } = seen
      if (path === null)
        return { path, trust: 'built-in', content, files: changes(seen.covered, seen.covered), problem }
      // Where nothing can run there is nothing to trust; a missing folder should not ask for it.
      if (seen.covered.length === 0) return { path, trust: 'trusted', content, files: [], problem }
      const known = trusted().find((each) => each.path === path)
      const trust = known === undefined ? 'new' : known.content === content ? 'trusted' : 'changed'
      return { path, trust, content, files: changes(seen.covered, known?.files ?? []), problem }
    },

    trust(path, content) {
      const result = writing.then(async () => {
        const now = await readFolder(path)
        if (now.content === '') throw new Refusal('FOLDER_REFUSED', now.problem ?? '', { path })
        if (now.content !== content || now.path === null) {
          throw new Refusal(
            'NOT_TRUSTED',
            `${path} has changed since its files were shown, so that it was not trusted. Look at its files again.`,
          )
        }
        const files = now.covered.map(({ name, checksum }) => ({ name, checksum }))
        await store({ path: now.path, content, files })
      })
      writing = result.catch(() => undefined)
      return result
    },
  }
}

function changes(now: FolderRead['covered'], before: FolderRead['covered']): MigrationsFolder['files'] {
  const old = new Map(before.map(({ name, checksum }) => [name, checksum]))
  const here = new Set(now.map(({ name }) => name))
  const present = now.map(({ name, checksum }) => {
    const known = old.get(name)
    return { name, change: known === undefined ? 'new' : known === checksum ? 'same' : 'changed' } as const
  })
  const removed = before.filter(({ name }) => !here.has(name)).map(({ name }) => ({ name, change: 'removed' as const }))
  return [...present, ...removed].sort((a, b) => byName(a.name, b.name))
}

function read(file: string): Found {
  try {
    const found: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return storedLater.safeParse(found).success ? 'later' : { folders: stored.parse(found).folders }
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? { folders: [] } : { damage: error }
  }
}

function setAside(file: string, { log }: Pick<Host, 'log'>): void {
  const aside = file.replace(/\.json$/, `.damaged-${new Date().toISOString().replaceAll(':', '-')}.json`)
  renameSync(file, aside)
  log('warn', `The trusted folders that could not be read were kept as ${aside}.`)
}
