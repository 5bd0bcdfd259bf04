// The databases that are open now: one per profile, opened on first use and closed with the profile or the host.
import type { Database } from '../db/database.ts'
import { openSqlite } from '../db/sqlite/connect.ts'
import type { Host } from '../host.ts'
import type { Profile } from '../../shared/profiles.ts'

export interface OpenDatabases {
  /** The profile's database. Throws PROFILE_NOT_FOUND. Opening the file itself waits for the first use. */
  of(profileId: string): Database
  close(profileId: string): Promise<void>
  closeAll(): Promise<void>
}

/** `profileOf` throws PROFILE_NOT_FOUND. */
export function openDatabases(host: Host, profileOf: (profileId: string) => Profile): OpenDatabases {
  const open = new Map<string, Database>()

  return {
    of(profileId) {
      const profile = profileOf(profileId)
      const known = open.get(profileId)
      if (known) return known
      if (profile.dialect !== 'sqlite') throw new Error(`${profile.dialect} cannot be opened yet.`)
      const database = openSqlite(host, { file: profile.file, create: profile.isSample })
      open.set(profileId, database)
      return database
    },
    async close(profileId) {
      const database = open.get(profileId)
      open.delete(profileId)
      await database?.close()
    },
    async closeAll() {
      const all = [...open.values()]
      open.clear()
      await Promise.all(all.map((database) => database.close()))
    },
  }
}
