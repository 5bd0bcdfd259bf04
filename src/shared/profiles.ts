// Connection profiles: the databases a person works with.
import { z } from 'zod'
import { call } from './procedure.ts'

export const profile = z.object({
  id: z.string(),
  name: z.string(),
  dialect: z.enum(['sqlite']),
  /** The SQLite file, as a full path. */
  file: z.string(),
  /** True for the embedded sample, which Roster made and keeps in its data folder. */
  isSample: z.boolean(),
})
export type Profile = z.infer<typeof profile>

/** What is known of an open database. */
export const databaseFacts = z.object({
  /** "SQLite 3.54.1" */
  version: z.string(),
  /** Null when rows can be changed; otherwise why not. */
  readOnly: z.string().nullable(),
  /** Bytes of the file. */
  size: z.number(),
  journalMode: z.string(),
  pageSize: z.number(),
  encoding: z.string(),
})
export type DatabaseFacts = z.infer<typeof databaseFacts>

const profileId = z.object({ profileId: z.string() })

export const profilesContract = {
  list: call().output(
    z.object({
      profiles: z.array(profile),
      /** Set when the stored profiles could not be read: they were set aside, not overwritten. */
      problem: z.object({ message: z.string(), setAside: z.string() }).nullable(),
    }),
  ),
  /** Adds a profile for an existing SQLite file, or returns the one that already opens it. The file is opened first. */
  addFile: call()
    .errors({ FOLDER_REFUSED: { data: z.object({ path: z.string() }) } })
    .input(z.object({ path: z.string() }))
    .output(profile),
  /** Opens the profile's database, if it is not open, and says what it is. */
  open: call().input(profileId).output(databaseFacts),
  rename: call()
    .input(profileId.extend({ name: z.string().trim().min(1).max(80) }))
    .output(profile),
  /** Forgets the profile. The database file is not touched. */
  remove: call().input(profileId).output(z.object({})),
}
