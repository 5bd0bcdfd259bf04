// Everything behind the contract, made once per host: profiles, open databases, the log.
import { openDatabases, type OpenDatabases } from './connections/open-databases.ts'
import { fileAccess, type FileAccess } from './file-access.ts'
import type { Host } from './host.ts'
import { openProfileStore, type ProfileStore } from './profiles/profile-store.ts'

export interface Core {
  host: Host
  /** Which files a person may reach. */
  files: FileAccess
  profiles: ProfileStore
  databases: OpenDatabases
  /** Ends every child process and connection; resolves when none is left. */
  close(): Promise<void>
}

export async function createCore(host: Host): Promise<Core> {
  const profiles = await openProfileStore(host)
  const databases = openDatabases(host, (profileId) => profiles.get(profileId))
  return { host, files: fileAccess(host), profiles, databases, close: () => databases.closeAll() }
}
