// One profile's migrations: its files, its database, and who is at work. Made anew for every call.
import { hostname, userInfo } from 'node:os'
import { join } from 'node:path'
import type { MigrationsFolder } from '../../shared/migration-steps.ts'
import type { Core } from '../core.ts'
import type { Database } from '../db/database.ts'
import type { Log } from '../log.ts'
import { Refusal } from '../refusal.ts'
import { readFolder } from './folder/read-folder.ts'
import { openPrograms } from './program/programs.ts'
import type { Journal } from './run/journal.ts'
import { openJournal } from './run/open-journal.ts'
import type { Programs, StepFile } from './step.ts'

export interface Project {
  profileId: string
  database: Database
  /** The folder as it was read for this call. */
  folder: MigrationsFolder
  /** In the order in which they are run: by name, as the knex command line sorts. */
  files: readonly StepFile[]
  journal: Journal
  /** Starts nothing until something is loaded; whoever opens them closes them. Throws NOT_TRUSTED. */
  openPrograms(): Programs
  /** The database's file, on SQLite: other tools keep records beside it. */
  file?: string
  /** "name@machine" */
  person: string
  log: Log
}

/** What of `Core` a project needs. */
export type ProjectCore = Pick<Core, 'host' | 'trust'> & {
  profiles: Pick<Core['profiles'], 'get'>
  databases: Pick<Core['databases'], 'of'>
}

/** Reads the folder; runs and writes nothing. Throws PROFILE_NOT_FOUND, and DATABASE_UNAVAILABLE for a server that nobody opened. */
export async function openProject(core: ProjectCore, profileId: string, signal: AbortSignal): Promise<Project> {
  const { host, profiles, databases, trust } = core
  const profile = profiles.get(profileId)
  const database = databases.of(profileId)
  const read = await readFolder(profile.migrationsFolder)
  signal.throwIfAborted()
  const folder = trust.stateOf(read)
  return {
    profileId,
    database,
    folder,
    files: read.files,
    journal: openJournal({
      database,
      where: profile.migrationJournal,
      folder: journalFolder(host.dataFolder),
      profileId,
    }),
    openPrograms() {
      if (folder.trust === 'new' || folder.trust === 'changed') throw notTrusted(folder)
      const version = async () => (await database.facts()).version
      return openPrograms({ host, dialect: database.dialect, path: read.path, files: read.files, version })
    },
    ...(profile.dialect === 'sqlite' && { file: profile.file }),
    person: personHere(),
    log: (level, message, detail) => host.log(level, message, detail),
  }
}

/** Where journals lie that are kept as files on this machine. */
export function journalFolder(dataFolder: string): string {
  return join(dataFolder, 'migration-journals')
}

/** "name@machine", as the system tells; a person without an entry among the system's users is known by the environment. */
export function personHere(): string {
  return `${userHere()}@${hostname()}`
}

function userHere(): string {
  try {
    return userInfo().username
  } catch {
    return process.env.USER ?? process.env.USERNAME ?? 'unknown'
  }
}

function notTrusted({ path, trust }: MigrationsFolder): Refusal {
  const why = trust === 'new' ? 'was not trusted yet' : 'has changed since it was trusted'
  return new Refusal(
    'NOT_TRUSTED',
    `${path ?? 'The folder'} ${why}, so that its code is not run. Look at its files and trust it first.`,
  )
}
