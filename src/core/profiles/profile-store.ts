// The stored profiles: one small JSON file in the data folder, replaced as a whole and never half written.
import { randomUUID } from 'node:crypto'
import { readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import { profile as profileSchema, type Profile, type ProfileSettings } from '../../shared/profiles.ts'
import type { Host } from '../host.ts'
import { Refusal } from '../refusal.ts'

export interface StoreProblem {
  message: string
  /** Where the file that could not be read lies now; null when it was left in its place. */
  setAside: string | null
}

export interface ProfileStore {
  /** Read anew from the disk, so that another window's profiles are seen too. */
  list(): { profiles: Profile[]; problem: StoreProblem | null }
  /** Throws PROFILE_NOT_FOUND. */
  get(id: string): Profile
  /** Adds a profile for a SQLite file, or answers with the one that has it already. `file` is a real path. */
  add(added: { name: string; file: string }): Promise<Profile>
  /** Adds a profile at the end. All that change something throw NOT_STORED when a newer Roster wrote the file. */
  create(settings: ProfileSettings): Promise<Profile>
  /** Throws PROFILE_NOT_FOUND. */
  update(id: string, settings: ProfileSettings): Promise<Profile>
  /** Changes a part of what is stored then, and nothing that was read before. `make` may refuse. Throws PROFILE_NOT_FOUND. */
  mend(id: string, make: (stored: Profile) => Profile): Promise<Profile>
  /** Where its migrations are from now on: a real path, or null for the steps that Roster ships. Throws PROFILE_NOT_FOUND. */
  useFolder(id: string, migrationsFolder: string | null): Promise<Profile>
  /** A copy right behind it, under a name of its own. Throws PROFILE_NOT_FOUND. */
  duplicate(id: string): Promise<Profile>
  /** Unknown ids are ignored; profiles that are not named come last, as they stood. */
  reorder(ids: readonly string[]): Promise<void>
  /** Throws PROFILE_NOT_FOUND. */
  rename(id: string, name: string): Promise<Profile>
  /** Throws PROFILE_NOT_FOUND. */
  remove(id: string): Promise<void>
}

const VERSION = 2
const LONGEST_NAME = 80
const stored = z.strictObject({ version: z.literal(VERSION), profiles: z.array(profileSchema) })
/** Version 1 knew SQLite alone; what it did not have gets its default. */
const storedFirst = z.strictObject({
  version: z.literal(1),
  profiles: z.array(
    z
      .strictObject({
        id: z.string(),
        name: z.string(),
        dialect: z.literal('sqlite'),
        file: z.string(),
        isSample: z.boolean(),
      })
      .transform((old) => profileSchema.parse(old)),
  ),
})
const storedLater = z.looseObject({
  version: z
    .number()
    .int()
    .min(VERSION + 1),
})

/** Opens the store; the first start makes it, with the sample's profile. */
export async function openProfileStore(host: Pick<Host, 'dataFolder' | 'log'>): Promise<ProfileStore> {
  const file = join(host.dataFolder, 'profiles.json')
  let profiles: Profile[] = [sampleProfile(host.dataFolder)]
  let problem: StoreProblem | null = null
  let isOpen = false
  /** A newer Roster wrote the file: it stays as it is, and nothing is stored. */
  let isLater = false
  let writing: Promise<unknown> = Promise.resolve()

  /** Takes what is stored now; false when nothing readable is. */
  function refresh(): boolean {
    const found = read(file)
    isLater = found === 'later'
    if (found === 'later') {
      problem ??= leftAlone(file)
      return true
    }
    if (found === 'none') return false
    if ('damage' in found) {
      problem = setAside(file, found.damage, isOpen ? 'goes on with the list it had' : 'started a new list')
      host.log('error', problem.message, found.damage)
      return false
    }
    profiles = found.profiles
    return true
  }

  async function write(next: Profile[]): Promise<void> {
    const text = JSON.stringify({ version: VERSION, profiles: next }, null, 2)
    await writeFileAtomic(file, `${text}\n`, { mode: 0o600, fsync: true })
    profiles = next
  }

  /** One change at a time, each made to what is on the disk then: another Roster may have written meanwhile. */
  function change<T>(make: () => { next: Profile[]; result: T }): Promise<T> {
    const result = writing.then(async () => {
      refresh()
      if (isLater) throw new Refusal('NOT_STORED', leftAlone(file).message)
      const made = make()
      if (made.next !== profiles) await write(made.next)
      return made.result
    })
    writing = result.catch(() => undefined)
    return result
  }

  function get(id: string): Profile {
    const here = profiles.find((profile) => profile.id === id)
    if (here) return here
    refresh()
    const later = profiles.find((profile) => profile.id === id)
    if (later) return later
    throw new Refusal(
      'PROFILE_NOT_FOUND',
      'This profile is no longer there. It may have been removed in another window.',
      {
        profileId: id,
      },
    )
  }

  function mend(id: string, make: (stored: Profile) => Profile): Promise<Profile> {
    return change(() => {
      const mended = make(get(id))
      return { next: profiles.map((profile) => (profile.id === id ? mended : profile)), result: mended }
    })
  }

  if (!refresh()) await write(profiles)
  isOpen = true

  return {
    list() {
      const before = problem
      refresh()
      // Set aside just now: the list is stored again, or the next start would not have it.
      if (problem !== before && !isLater) {
        change(() => ({ next: [...profiles], result: undefined })).catch((error: unknown) =>
          host.log('error', 'the profiles could not be stored again', error),
        )
      }
      return { profiles: [...profiles], problem }
    },
    get,
    add: ({ name, file }) =>
      change(() => {
        const same = profiles.find((profile) => profile.dialect === 'sqlite' && profile.file === file)
        if (same) return { next: profiles, result: same }
        const added = profileSchema.parse({ id: randomUUID(), name, dialect: 'sqlite', file, isSample: false })
        return { next: [...profiles, added], result: added }
      }),
    create: (settings) =>
      change(() => {
        const added = profileSchema.parse({ ...settings, id: randomUUID(), isSample: false })
        return { next: [...profiles, added], result: added }
      }),
    update: (id, settings) =>
      change(() => {
        const { isSample } = get(id)
        const updated = profileSchema.parse({ ...settings, id, isSample })
        return { next: profiles.map((profile) => (profile.id === id ? updated : profile)), result: updated }
      }),
    mend,
    useFolder: (id, migrationsFolder) => mend(id, (stored) => ({ ...stored, migrationsFolder })),
    duplicate: (id) =>
      change(() => {
        const source = get(id)
        const name = freeName(source.name, new Set(profiles.map((profile) => profile.name)))
        const fresh = { id: randomUUID(), name, isSample: false }
        // Whom to trust with a password was said of this profile; a copy is often made for another server.
        const copy: Profile =
          source.dialect === 'mysql' ? { ...source, ...fresh, fetchServerKey: false } : { ...source, ...fresh }
        const next = profiles.flatMap((profile) => (profile.id === id ? [profile, copy] : [profile]))
        return { next, result: copy }
      }),
    reorder: (ids) =>
      change(() => {
        const place = new Map(ids.map((id, index) => [id, index]))
        const at = ({ id }: Profile) => place.get(id) ?? ids.length
        return { next: [...profiles].sort((a, b) => at(a) - at(b)), result: undefined }
      }),
    rename: (id, name) => mend(id, (stored) => ({ ...stored, name })),
    remove: (id) =>
      change(() => {
        get(id)
        return { next: profiles.filter((profile) => profile.id !== id), result: undefined }
      }),
  }
}

function sampleProfile(dataFolder: string): Profile {
  // The id is fixed: two programs that start for the first time together make the same profile.
  return profileSchema.parse({
    id: 'sample',
    name: 'Sample users (SQLite)',
    dialect: 'sqlite',
    file: join(dataFolder, 'sample.db'),
    isSample: true,
  })
}

/** "Shop (copy)", "Shop (copy 2)" ..., within the length that a name may have. */
function freeName(name: string, taken: ReadonlySet<string>): string {
  const first = name.replace(/ \(copy(?: \d+)?\)$/, '')
  for (let number = 1; ; number++) {
    const mark = number === 1 ? ' (copy)' : ` (copy ${number})`
    const wanted = first.slice(0, LONGEST_NAME - mark.length).trimEnd() + mark
    if (!taken.has(wanted)) return wanted
  }
}

function read(file: string): { profiles: Profile[] } | { damage: unknown } | 'later' | 'none' {
  try {
    const found: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (storedLater.safeParse(found).success) return 'later'
    const first = storedFirst.safeParse(found)
    return { profiles: first.success ? first.data.profiles : stored.parse(found).profiles }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'none'
    return { damage: error }
  }
}

function leftAlone(file: string): StoreProblem {
  const message =
    `The stored profiles were written by a newer version of Roster. They were left as they are in ${file}, ` +
    'and this version stores no changes. Start the newer version to use them.'
  return { message, setAside: null }
}

function setAside(file: string, damage: unknown, next: string): StoreProblem {
  const time = new Date().toISOString().replaceAll(':', '-')
  const aside = file.replace(/\.json$/, `.damaged-${time}.json`)
  renameSync(file, aside)
  const why = damage instanceof z.ZodError ? 'it does not hold what this version of Roster stores' : words(damage)
  return {
    message: `The stored profiles could not be read (${why}). They were kept as ${aside}, and Roster ${next}.`,
    setAside: aside,
  }
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
