// One connection to a database server, as each engine's driver gives it, and what it takes to open one. The pool and the
// transaction runner stand on these; nothing else uses them.
import type { ConnectPhase } from '../../../shared/connections.ts'
import type { Cell } from '../../../shared/cell.ts'
import type { Duplex } from 'node:stream'
import type { Pin, Place, TlsMode } from '../../../shared/reaching.ts'
import type { Changed, Ran, Rows, Session, Statement } from '../database.ts'

/** Everything that opening a connection needs. Lives in memory alone: it holds the password. */
export interface Login {
  host: string
  port: number
  database: string
  user: string
  password: string | null
  tls: TlsMode
  /** What the profile's files hold; absent: the system's authorities, and no certificate of our own. */
  certificates?: Certificates
  /** Certificates that are trusted at their place, whatever authority and name say; not with `off`. */
  pins?: readonly Pin[]
  /** The way to the server; absent: TCP from this machine. */
  tunnel?: Tunnel
  /** Further nodes of a cluster, tried after `host`. `core/db/galera` alone looks at them: a dialect connects to `host`. */
  nodes?: readonly Place[]
  /** MySQL without TLS: see `fetchServerKey` of the profile. Absent: no. */
  fetchServerKey?: boolean
  /** The server's session refuses to write. */
  isReadOnly: boolean
}

/** PEM texts; null: none. */
export interface Certificates {
  ca: string | null
  certificate: string | null
  key: string | null
  passphrase: string | null
}

/** A way through other machines. One for each profile that has it; connections share it. */
export interface Tunnel {
  /**
   * A stream to a place as the far end sees it. What it rejects with has a failure (`failureOf`) whose words name the machine
   * that was meant; or it is the signal's reason.
   */
  open(at: Place, options: Pick<ConnectOptions, 'signal' | 'onPhase'>): Promise<Duplex>
  /** Ends it and every stream through it. */
  close(): Promise<void>
}

export interface ConnectOptions {
  /** Aborting ends the socket at once; the promise rejects with the signal's reason. */
  signal: AbortSignal
  onPhase(phase: ConnectPhase): void
  /** Milliseconds for the whole of it; 5 s unless told. */
  limit?: number
  /** This node of a cluster and no other, whatever its health. Absent: the login's host; on a cluster the one that is written. */
  node?: Place
}

/** What a link to a node of a Galera cluster can do beside. It is noted nowhere: nobody asked for it. */
export interface GaleraSide {
  /** wsrep_node_name, wsrep_cluster_name */
  readonly node: string
  readonly cluster: string
  /** By name: the node's wsrep_… of SHOW GLOBAL STATUS, and its variables that say whether it is fit for use. */
  status(): Promise<ReadonlyMap<string, string>>
  /** Resolves when the node has applied all that the cluster had committed when it was asked (wsrep_sync_wait). */
  catchUp(): Promise<void>
}

/**
 * A connection whose session settings were set and looked at: on PostgreSQL UTC and standard_conforming_strings, on MySQL
 * utf8mb4, a strict sql_mode, time_zone +00:00 and FOUND_ROWS. Runs one statement at a time; values come as stored.
 * Errors are the driver's own (see `ServerDialect.classify`).
 */
export interface Link extends Session {
  /** The server's number of the session: backend pid, connection id. */
  readonly session: string
  /** True when the server that answers is not the one that the connection was made to: a pooler is in between. */
  readonly isPooled?: boolean
  /** For a person: "TLS 1.3, certificate verified", "none". Absent: none. */
  readonly encryption?: string
  /** Absent where the server is no node of a Galera cluster. */
  readonly galera?: GaleraSide
  /** The node it was made to, where there are several: session numbers are those of this node. Absent: the login's host. */
  readonly at?: Place
  /** True once the socket has ended or the protocol is out of step: it must not be used again. */
  readonly isDead: boolean
  /** Called once, when it has ended, however it ended. */
  onEnd(listener: () => void): void
  query(statement: Statement): Promise<Rows>
  run(statement: Statement): Promise<Changed>
  runMany(sql: string, rows: readonly (readonly Cell[])[]): Promise<Ran[]>
  /** Begins a transaction that may write. */
  begin(): Promise<void>
  /** What `outcomeOf` needs to tell later whether the transaction was committed; asked before COMMIT. Null: it cannot. */
  mark(): Promise<string | null>
  /** Resolves only when the server has answered COMMIT with COMMIT. */
  commit(): Promise<void>
  rollback(): Promise<void>
  /** One round trip. */
  ping(): Promise<void>
  /** Says goodbye; resolves when the socket has ended, after 1 s at most. */
  end(): Promise<void>
  /** Ends the socket now. */
  destroy(): void
}
