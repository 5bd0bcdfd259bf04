// Everything behind the contract, made once per host: profiles, open databases, pages and what they staged.
import type { LoginRole } from '../shared/connections.ts'
import type { ServerProfile } from '../shared/profiles.ts'
import { openActivityLog, type ActivityLog } from './activity/activity-log.ts'
import { openDatabases, type OpenDatabases } from './connections/open-databases.ts'
import { tryConnection, type Tried } from './connections/try-connection.ts'
import { serverDialects } from './db/server/server-dialects.ts'
import { fileAccess, type FileAccess } from './file-access.ts'
import type { Host } from './host.ts'
import { KeptHashes } from './kept-hashes.ts'
import { openTrust, type Trust } from './migrations/folder/trust.ts'
import { isMigrated } from './migrations/is-migrated.ts'
import { openPages, type Pages } from './pages.ts'
import { openImports, type Imports } from './profiles/imports.ts'
import { openPasswords, type Passwords } from './profiles/passwords.ts'
import { openProfileStore, type ProfileStore } from './profiles/profile-store.ts'
import { openRuns, type Runs } from './runs.ts'
import { openKnownHosts, type KnownHosts } from './ssh/known-hosts.ts'
import { openHashing, type Hashing } from './users/passwords/hashing.ts'
import { openTableSettings, type TableSettingsStore } from './table-settings/table-settings-store.ts'
import { openKeptSaves, type KeptSaves } from './tables/saves/kept-saves.ts'
import { openStagedStore, type StagedStore } from './staged/staged-store.ts'

export interface Core {
  host: Host
  /** Which files a person may reach. */
  files: FileAccess
  profiles: ProfileStore
  /** The passwords of the profiles; no call answers with one. */
  passwords: Passwords
  /** Host keys of SSH servers. */
  knownHosts: KnownHosts
  /** Passwords that were read with settings and wait for their profile. */
  imports: Imports
  /** The databases of all profiles, and the state of each connection. */
  databases: OpenDatabases
  /** New password hashes that wait to be saved. */
  keptHashes: KeptHashes
  /** Where passwords are hashed and verified. */
  hashing: Hashing
  /** What was sent to each database, in memory. */
  activity: ActivityLog
  /** Which folders' migrations may run. */
  trust: Trust
  /** The pages that are open now, and what they are told. */
  pages: Pages
  /** What pages have staged, kept while they reload, crash or are closed. */
  staged: StagedStore
  /** What people arranged for their tables. */
  tableSettings: TableSettingsStore
  /** What takes saves back. */
  saves: KeptSaves
  /** Long tasks under way, which ending Roster would roll back. */
  runs: Runs
  /** One attempt with settings that need not be stored; the connection is ended again. */
  tryConnection(
    settings: ServerProfile,
    passwordOf: (role: LoginRole) => Promise<string | null>,
    signal: AbortSignal,
  ): Promise<Tried>
  /** To be called after sleep and when a locked screen is unlocked: connections are tested, not trusted. */
  distrustConnections(): void
  /** Ends every child process and connection; resolves when none is left. */
  close(): Promise<void>
}

export async function createCore(host: Host): Promise<Core> {
  const profiles = await openProfileStore(host)
  const passwords = openPasswords(host)
  const trust = openTrust(host)
  const activity = openActivityLog()
  const knownHosts = openKnownHosts(host)
  const databases = openDatabases({
    host,
    knownHosts,
    profileOf: (profileId) => profiles.get(profileId),
    passwords,
    dialects: serverDialects,
    statements: (profileId) => activity.statements(profileId),
    isMigrated: (database, profileId, signal) => isMigrated({ host, profiles, trust }, profileId, database, signal),
  })
  const hashing = openHashing(host)
  const pages = openPages()
  const tableSettings = openTableSettings(host)
  const saves = openKeptSaves(host)
  const staged = openStagedStore(host, (page) => pages.isOpen(page))
  return {
    host,
    files: fileAccess(host),
    profiles,
    passwords,
    knownHosts,
    imports: openImports(),
    databases,
    keptHashes: new KeptHashes(),
    hashing,
    activity,
    trust,
    pages,
    staged,
    saves,
    tableSettings,
    runs: openRuns(),
    tryConnection: (settings, passwordOf, signal) =>
      tryConnection({ dialects: serverDialects, knownHosts }, settings, passwordOf, signal),
    distrustConnections: () => databases.distrust(),
    async close() {
      hashing.close()
      await Promise.all([
        databases.closeAll(),
        knownHosts.settle(),
        staged.settle(),
        saves.settle(),
        tableSettings.settle(),
      ])
    },
  }
}
