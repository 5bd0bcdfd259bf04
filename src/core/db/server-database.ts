// A database on a server: the pool, cancelling and limits around what PostgreSQL and MySQL each bring.
import type { ConnectPhase } from '../../shared/connections.ts'
import type { Log } from '../log.ts'
import type { Database } from './database.ts'
import type { Failure } from './failure.ts'
import type { Login } from './link.ts'
import type { PoolSize } from './pool-size.ts'
import type { ServerDialect } from './server-dialect.ts'

export interface ServerDatabaseOptions {
  dialect: ServerDialect
  /** Asked before every new connection, so that a changed password is used at once. What it throws is thrown on. */
  login(): Promise<Login>
  /** The login for schema work; the same as `login` where the profile names no second one. */
  schemaLogin(): Promise<Login>
  poolSize: PoolSize
  /**
   * Resolves once the database can be used, at once when it can now; asked before every use. Rejects with a Refusal when
   * nobody opens it, and with the signal's reason. After `onLost` was told it must not resolve before a `tryConnect` has.
   */
  whenUsable(signal: AbortSignal): Promise<void>
  log: Log
}

export interface ServerDatabase extends Database {
  /**
   * One attempt, 5 s at most, outside of the pool; on success the connection goes into the pool. Rejects within 100 ms of
   * an abort with the signal's reason; otherwise with a Refusal whose `failureOf` decides (see `decide`, `causeOf`), or with
   * what `login` threw.
   */
  tryConnect(options: { signal: AbortSignal; onPhase(phase: ConnectPhase): void }): Promise<void>
  /**
   * Told once when the database cannot be reached any more, or refuses new connections; again only after a connection was
   * made in between. `decide(failure, 'connecting', …)` says whether to wait. Answers with how to stop listening.
   */
  onLost(listener: (failure: Failure) => void): () => void
  /** Told at every change of `pool()`, in the same turn: whoever passes it on coalesces. */
  onPoolChange(listener: () => void): () => void
  /** The server's own limit of sessions and how many there are; null when it does not tell. */
  serverUse(signal: AbortSignal): Promise<{ limit: number; used: number } | null>
  /**
   * After sleep or a change of the network: every idle connection is pinged before it is used again, and those in use are
   * looked at from a second connection.
   */
  distrust(): void
}

/** Nothing is connected before the first use or `tryConnect`. */
export function openServerDatabase(options: ServerDatabaseOptions): ServerDatabase {
  throw new Error(`${options.dialect.name} cannot be opened yet.`)
}
