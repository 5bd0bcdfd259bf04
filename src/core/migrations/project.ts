// One profile's migrations: its files, its database, and who is at work. Made anew for every call.
import type { MigrationsFolder } from '../../shared/migration-steps.ts'
import type { Database } from '../db/database.ts'
import type { Log } from '../log.ts'
import type { Journal } from './run/journal.ts'
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
  /** "name@machine" */
  person: string
  log: Log
}
