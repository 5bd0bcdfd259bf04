// The databases of all profiles: a file is opened by its first use, a server when a person opens it; closed with the
// profile or the host.
import { availableParallelism } from 'node:os'
import type { ConnectionState, LoginRole } from '../../shared/connections.ts'
import type { Profile, ServerProfile, SqliteProfile } from '../../shared/profiles.ts'
import type { Database } from '../db/database.ts'
import type { Login } from '../db/server/link.ts'
import { poolSizeOf } from '../db/server/pool-size.ts'
import { openServerDatabase, type ServerDatabase } from '../db/server/server-database.ts'
import { recordedDialect } from '../db/server/recorded-dialect.ts'
import type { ServerDialect } from '../db/server/server-dialect.ts'
import { openSqlite } from '../db/sqlite/connect.ts'
import type { StatementLog } from '../db/statement-log.ts'
import type { Host } from '../host.ts'
import type { Log } from '../log.ts'
import type { KnownHosts } from '../ssh/known-hosts.ts'
import { openTunnel, type SshTunnel } from '../ssh/tunnel.ts'
import { makeConnection, type Connection } from './connection.ts'
import { fileConnection } from './file-connection.ts'
import { loginFor } from './login.ts'
import { withMoves } from './moves.ts'
import { serverUse, type ServerUse } from './server-use.ts'
import { watchSurroundings } from './surroundings.ts'

export interface OpenDatabases {
  /**
   * The profile's database. Throws PROFILE_NOT_FOUND; and DATABASE_UNAVAILABLE (`not-open`, `needs-password`) for a server
   * that nobody has opened. A server that was lost is waited for by whatever asks it next.
   */
  of(profileId: string): Database
  /** Throws PROFILE_NOT_FOUND. */
  connection(profileId: string): Connection
  /** By profile; those that are closed may be missing. */
  states(): ReadonlyMap<string, ConnectionState>
  /** Called with a profile's id at every change of its state or its pool, in the same turn. */
  onChange(kind: 'state' | 'pool', listener: (profileId: string) => void): () => void
  /** The server's own numbers, for those who look at a pool. */
  serverUse(profileId: string): ServerUse | null
  /** After sleep or a change of the network: connections are tested before they are used again. */
  distrust(): void
  close(profileId: string): Promise<void>
  closeAll(): Promise<void>
}

export interface OpenDatabasesOptions {
  host: Host
  /** Throws PROFILE_NOT_FOUND. */
  profileOf(profileId: string): Profile
  passwords: {
    of(profile: ServerProfile, role: LoginRole): Promise<string | null>
    forget(profileId: string, role?: LoginRole): void
  }
  /** Host keys of SSH servers. */
  knownHosts: KnownHosts
  dialects: Readonly<Record<ServerProfile['dialect'], ServerDialect>>
  /** Where what is sent to the profile's database is noted. */
  statements(profileId: string): StatementLog
  /** Whether every step of the profile's folder is applied. */
  isMigrated(database: Database, profileId: string, signal: AbortSignal): Promise<boolean>
}

interface Entry {
  connection: Connection
  /** Null for a file. */
  use: ServerUse | null
}

export function openDatabases(options: OpenDatabasesOptions): OpenDatabases {
  const { host } = options
  const profileOf = (profileId: string) => options.profileOf(profileId)
  const entries = new Map<string, Entry>()
  const listeners = { state: new Set<(profileId: string) => void>(), pool: new Set<(profileId: string) => void>() }
  const tell = (kind: 'state' | 'pool', profileId: string) => {
    for (const listener of [...listeners[kind]]) listener(profileId)
  }
  const log: Log = (level, message, detail) => host.log(level, message, detail)

  function distrust(): void {
    for (const { connection } of entries.values()) connection.distrust()
  }
  const surroundings = watchSurroundings(distrust)

  function ofFile(profile: SqliteProfile): Entry {
    const database = () =>
      openSqlite(host, {
        file: profile.file,
        create: profile.isSample,
        readOnly: profile.isReadOnly,
        statements: options.statements(profile.id),
      })
    return { connection: fileConnection(database, () => tell('state', profile.id)), use: null }
  }

  function loginOf(profile: ServerProfile, role: 'runtime' | 'schema', tunnel: SshTunnel | null): () => Promise<Login> {
    return () => loginFor(profile, role, { passwordOf: (each) => options.passwords.of(profile, each), tunnel })
  }

  function tunnelOf(profile: ServerProfile): SshTunnel | null {
    const { knownHosts, passwords } = options
    const passwordOf = (role: LoginRole) => passwords.of(profile, role)
    return profile.ssh && openTunnel({ settings: profile.ssh, passwordOf, knownHosts })
  }

  function openServer(
    profile: ServerProfile,
    tunnel: SshTunnel | null,
    whenUsable: (signal: AbortSignal) => Promise<void>,
  ): ServerDatabase {
    const database = openServerDatabase({
      dialect: recordedDialect(options.dialects[profile.dialect], options.statements(profile.id)),
      login: loginOf(profile, 'runtime', tunnel),
      schemaLogin: profile.schemaLogin && loginOf(profile, 'schema', tunnel),
      poolSize: poolSizeOf(profile, availableParallelism()),
      whenUsable,
      log,
    })
    database.onPoolChange(() => tell('pool', profile.id))
    database.onMove(() => tell('state', profile.id))
    surroundings.begin()
    if (!tunnel) return database
    // The goodbyes of its connections go through it.
    return { ...database, close: () => database.close().finally(() => tunnel.close()) }
  }

  function ofServer(profileId: string): Entry {
    let tunnel: SshTunnel | null = null
    const made = makeConnection({
      profile() {
        const profile = profileOf(profileId)
        // An entry is dropped when its profile is closed, which a change of its kind does.
        if (profile.dialect === 'sqlite') throw new Error(`The profile ${profileId} is a file now.`)
        return profile
      },
      openDatabase(profile, whenUsable) {
        tunnel = tunnelOf(profile)
        return openServer(profile, tunnel, whenUsable)
      },
      forgetPassword: (role) => options.passwords.forget(profileId, role),
      onBegin: () => tunnel?.forgive(),
      isMigrated: (database, signal) => options.isMigrated(database, profileId, signal),
      onChange: () => tell('state', profileId),
      log,
    })
    const connection = withMoves(made)
    return {
      connection,
      use: serverUse(
        () => connection.present(),
        () => tell('pool', profileId),
      ),
    }
  }

  function entryOf(profileId: string): Entry {
    const profile = profileOf(profileId)
    const known = entries.get(profileId)
    if (known) return known
    const entry = profile.dialect === 'sqlite' ? ofFile(profile) : ofServer(profileId)
    entries.set(profileId, entry)
    return entry
  }

  async function close(profileId: string): Promise<void> {
    const entry = entries.get(profileId)
    entries.delete(profileId)
    await entry?.connection.close()
  }

  return {
    of: (profileId) => entryOf(profileId).connection.database(),
    connection: (profileId) => entryOf(profileId).connection,
    states: () => new Map(Array.from(entries, ([profileId, { connection }]) => [profileId, connection.state])),
    onChange(kind, listener) {
      listeners[kind].add(listener)
      return () => listeners[kind].delete(listener)
    },
    serverUse: (profileId) => entryOf(profileId).use,
    distrust,
    close,
    async closeAll() {
      surroundings.end()
      await Promise.all([...entries.keys()].map(close))
    },
  }
}
