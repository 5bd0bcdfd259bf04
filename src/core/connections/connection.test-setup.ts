// A connection of a profile over an engine in memory, with every state it went through.
import type { ConnectionState } from '../../shared/connections.ts'
import { profile as profileSchema, type ServerProfile } from '../../shared/profiles.ts'
import { LOGIN, overEngine, scriptedEngine, sql, type Engine } from '../db/server/scripted-engine.test-setup.ts'
import { makeConnection, type Connection } from './connection.ts'

export interface Scene {
  engine: Engine
  connection: Connection
  /** Every state, with when it began. */
  seen: { at: number; state: ConnectionState }[]
  /** How often the password was dropped. */
  forgotten: number
  isMigrated: boolean
  /** Thrown where the password is asked for. */
  noPassword: Error | null
  /** Resolves with the first state for which `is` holds, also when it is the present one. */
  until: (is: (state: ConnectionState) => boolean) => Promise<ConnectionState>
}

export function serverProfile(given: Partial<ServerProfile> = {}): ServerProfile {
  return profileSchema.parse({
    ...{ id: 'p1', name: 'People', isSample: false, dialect: 'postgres' },
    ...{ host: LOGIN.host, port: LOGIN.port, database: LOGIN.database, user: LOGIN.user },
    secret: { kind: 'environment', variable: 'X' },
    ...{ tries: 3, delay: 0.2 },
    ...given,
  }) as ServerProfile
}

/** `given`: what the profile says; 3 tries, 200 ms apart, unless told. */
export function scene(given: Partial<ServerProfile> = {}): Scene {
  const engine = scriptedEngine()
  const profile = serverProfile(given)
  const watchers = new Set<() => void>()
  const connection = makeConnection({
    profile: () => profile,
    openDatabase: (_profile, whenUsable) =>
      overEngine(engine, {
        whenUsable,
        login: () => (it.noPassword ? Promise.reject(it.noPassword) : Promise.resolve(LOGIN)),
      }),
    forgetPassword: () => (it.forgotten += 1),
    onBegin: () => undefined,
    isMigrated: async (database, signal) => {
      // As the real look does: it reads.
      await database.read(sql('sleep 20'), signal)
      return it.isMigrated
    },
    onChange() {
      it.seen.push({ at: Date.now(), state: connection.state })
      for (const look of [...watchers]) look()
    },
    log: () => undefined,
  })
  const it: Scene = {
    engine,
    connection,
    seen: [],
    forgotten: 0,
    isMigrated: true,
    noPassword: null,
    until: (is) =>
      new Promise((resolve) => {
        const look = () => {
          if (!is(connection.state)) return
          watchers.delete(look)
          resolve(connection.state)
        }
        watchers.add(look)
        look()
      }),
  }
  return it
}

export const isOpen = ({ state }: ConnectionState) => state === 'open'
export const hasFailed = ({ state }: ConnectionState) => state === 'failed'
/** Between two attempts. */
export const isPaused = (state: ConnectionState) => state.state === 'waiting' && state.nextTryAt !== null
export const isReconnecting = (state: ConnectionState) => state.state === 'waiting' && state.why === 'reconnect'

export const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))
