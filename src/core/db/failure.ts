// What went wrong with a connection or a statement, and what is done about it: one table for all engines. The specification
// is the retry table of the project's reliability rules: (kind of failure, phase) decides, never the code alone.
import type { LoginRole } from '../../shared/connections.ts'
import type { PeerCertificate, Place, SeenHostKey } from '../../shared/reaching.ts'

/** What an engine's error means. Each engine's `errors.ts` says which code is which kind. */
export type FailureKind =
  | 'refused' // nothing listens
  | 'no-answer' // a timeout while connecting
  | 'unreachable' // no route, network down
  | 'name-temporary' // the resolver is not ready (EAI_AGAIN)
  | 'name-unknown' // ENOTFOUND
  | 'starting' // 57P03
  | 'lost' // the connection broke or was ended by the server
  | 'outcome-unknown' // the server says itself that it does not know (08007, 40003, 1180)
  | 'too-many-connections'
  | 'user-limit'
  | 'host-blocked'
  | 'authentication'
  | 'no-database'
  | 'no-privilege'
  | 'serialization' // 40001, 1020
  | 'deadlock' // 40P01, 1213
  | 'lock-timeout' // 55P03, 1205
  | 'cancelled' // 57014, 1317
  | 'timeout' // statement limit: 3024, 1969
  | 'read-only'
  | 'not-in-cluster' // 1047
  | 'constraint'
  | 'resources' // disk, memory, packet size
  | 'damaged'
  | 'protocol' // not this kind of server
  | 'tls'
  | 'unsafe' // the server asked for a password in clear or MD5 over an unverified connection
  | 'tunnel' // the SSH server does not let the login in, or does not forward
  | 'host-key' // an SSH server whose key is not known, or is another one than before
  | 'local' // EMFILE, ENOMEM, EACCES on this machine
  | 'stale-plan' // 26000, 0A000 "cached plan"
  | 'failed-transaction' // 25P02: ours to have avoided
  | 'busy' // SQLITE_BUSY
  | 'busy-snapshot' // SQLITE_BUSY_SNAPSHOT
  | 'other'

export interface Failure {
  kind: FailureKind
  /** The engine's or the system's code; '' when it has none. */
  code: string
  /** The engine's own words. Never holds a value that was bound, nor a password. */
  message: string
  /** Whatever else the engine names. */
  table?: string
  columns?: string[]
  constraint?: string
  /** What `tls` and `host-key` are about, to be shown to a person. */
  certificate?: PeerCertificate
  hostKey?: SeenHostKey
  /** In place of the words of its kind: what the nodes of a cluster said. */
  told?: { message: string; hint?: string }
  /** Whose login it was; absent: the one to the database. */
  role?: LoginRole
  /** The SSH server on the way that it is about. */
  via?: Via
}

export interface Via extends Place {
  user: string
  /** The key it was tried with. */
  keyFile: string | null
  /** The SSH server itself was reached, and this is what it met on the way to `to`. */
  isFar: boolean
  to?: Place
}

/** How far things had come when it happened (P0 to P5 of the table). */
export type Phase = 'connecting' | 'idle' | 'reading' | 'transaction' | 'writing' | 'committing'

/**
 * - `wait`: reconnect with back-off, then go on (run again what was not sent, or what only read).
 * - `wait-slowly`: the same with a cap of 15 s, and with a pool of one connection.
 * - `replay`: roll back, and run the whole transaction again; at most 5 times.
 * - `replay-once`: the same once; then a person decides.
 * - `unknown`: nothing is run again before a look has told what happened.
 * - `prepare-again`: once, outside of a transaction.
 * - `again-once`: a second try at once, then `stop`.
 * - `stop`: shown at once; something must be changed by a person.
 */
export type Action =
  'wait' | 'wait-slowly' | 'again-once' | 'replay' | 'replay-once' | 'unknown' | 'prepare-again' | 'stop'

export interface DecideOptions {
  /** The profile waits until the database exists: then a missing database or name is waited for. */
  waitForDatabase: boolean
}
