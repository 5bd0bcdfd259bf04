// Opening a database and staying connected: what a person sees while waiting, and who uses the connections.
import { z } from 'zod'
import { clusterMove, clusterState } from './cluster.ts'
import { call, progress, unavailableReason } from './procedure.ts'
import { fingerprint, peerCertificate, seenHostKey } from './reaching.ts'

/** The steps of one attempt, in order. `tunnel` only where the profile has one (it may end in `connect`); `migrated` only where the profile waits for migrations. */
export const connectPhase = z.enum(['tunnel', 'resolve', 'connect', 'tls', 'authenticate', 'ready', 'migrated'])
export type ConnectPhase = z.infer<typeof connectPhase>

/** Why an attempt failed, in words, and what a person can do about it. */
export const connectCause = z.object({
  reason: unavailableReason,
  /** What happened: "Nothing listens at db1:5432." */
  message: z.string(),
  /** What to do next. */
  hint: z.string(),
  /** The server's or the system's own words and code; '' when there are none. */
  detail: z.string(),
  /** True when waiting may help; false when a person must change something first. */
  isTemporary: z.boolean(),
  /** What was refused, to be looked at, and trusted by `trustCertificate` or `trustHostKey`. */
  certificate: peerCertificate.optional(),
  hostKey: seenHostKey.optional(),
})
export type ConnectCause = z.infer<typeof connectCause>

export const connectAttempt = z.object({
  number: z.number().int(),
  /** Milliseconds since 1970. */
  at: z.number(),
  /** How long it took, in milliseconds. */
  ms: z.number(),
  /** How far it came. */
  phase: connectPhase,
  cause: connectCause,
})
export type ConnectAttempt = z.infer<typeof connectAttempt>

/** Which login a password belongs to; `certificate` is the passphrase of the client's TLS key. */
export const loginRole = z.enum(['runtime', 'schema', 'ssh', 'jump', 'certificate'])
export type LoginRole = z.infer<typeof loginRole>

export const connectionState = z.discriminatedUnion('state', [
  z.object({ state: z.literal('closed') }),
  /** Nothing is tried before a person has given the password. `problem`: why the last one was of no use. */
  z.object({
    state: z.literal('needs-password'),
    role: loginRole,
    /** Whose: a user, or the file of a key. */
    user: z.string(),
    problem: z.string().nullable(),
  }),
  z.object({
    state: z.literal('waiting'),
    /** `reconnect`: it was open before, and the connection was lost. */
    why: z.enum(['open', 'reconnect']),
    phase: connectPhase,
    /** From 1. */
    attempt: z.number().int(),
    /** Null when it is bounded by time: see `until`. */
    tries: z.number().int().nullable(),
    /** Of the last attempt; null during the first. */
    cause: connectCause.nullable(),
    /** Milliseconds since 1970; null while an attempt is under way. */
    nextTryAt: z.number().nullable(),
    /** When it gives up, milliseconds since 1970; null when it is bounded by tries. */
    until: z.number().nullable(),
    since: z.number(),
    /** Failed attempts, oldest first, the latest 50. */
    history: z.array(connectAttempt),
  }),
  z.object({
    state: z.literal('open'),
    since: z.number(),
    /** The last change of the node that is written, of a cluster; absent while there was none. */
    moved: clusterMove.optional(),
  }),
  /** Nothing more is tried until a person says so. `cause` is null after Cancel. */
  z.object({
    state: z.literal('failed'),
    why: z.enum(['open', 'reconnect']),
    cause: connectCause.nullable(),
    history: z.array(connectAttempt),
  }),
])
export type ConnectionState = z.infer<typeof connectionState>

/** Who has a connection now. */
export const poolHolder = z.object({
  /** The server's own number of the session (backend pid, connection id). */
  session: z.string(),
  /** What it is used for: "reading", "saving", "migrations". */
  use: z.string(),
  /** Milliseconds since 1970. */
  since: z.number(),
  /** What it ran last or is running, without values, at most 2,000 characters; null when nothing yet. */
  sql: z.string().nullable(),
})
export type PoolHolder = z.infer<typeof poolHolder>

export const poolState = z.object({
  used: z.number().int(),
  idle: z.number().int(),
  /** Callers that wait for a connection. */
  waiting: z.number().int(),
  limit: z.number().int(),
  /** How the limit came about: an explicit number, or the formula and its inputs. */
  limitFrom: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('explicit') }),
    z.object({
      kind: z.literal('formula'),
      cores: z.number().int(),
      spindles: z.number().int(),
      isStated: z.boolean(),
    }),
  ]),
  holders: z.array(poolHolder),
  /** The server's own limit and how many sessions it has now; null when it does not tell. */
  server: z.object({ limit: z.number().int(), used: z.number().int() }).nullable(),
})
export type PoolState = z.infer<typeof poolState>

const profileId = z.object({ profileId: z.string() })

export const connectionsContract = {
  /**
   * Begins to open a profile that is closed or has failed, and answers at once: `watch` tells how it goes. What is open or
   * under way stays as it is. `skipMigrated`: is open as soon as the server answers, whatever the profile waits for.
   */
  open: call()
    .input(profileId.extend({ skipMigrated: z.boolean().default(false) }))
    .output(connectionState),
  /** Tries again now: the wait for the next attempt ends; what has failed begins anew. */
  retryNow: call().input(profileId).output(connectionState),
  /** Ends the attempt that is under way, and all that would follow: the state is `failed` without a cause. */
  cancel: call().input(profileId).output(connectionState),
  /** Ends every connection of the profile, also in the middle of waiting; at most 3 s. */
  close: call().input(profileId).output(connectionState),
  /** Takes a password and, for the runtime login, goes on to open. Kept in memory, and sealed by the keychain if told. */
  givePassword: call()
    .errors({ NOT_STORED: {} })
    .input(
      profileId.extend({ password: z.string().max(10_000), role: loginRole.default('runtime'), keep: z.boolean() }),
    )
    .output(connectionState),
  /** First the states of all profiles that are not closed, then what changes; the same for every page. */
  watch: progress(z.array(profileId.extend({ connection: connectionState }))),
  /**
   * Who has the connections of a profile; null while it is not open, and for a file. `withServer`: the server's own limit
   * and use are asked for too, every 2 s.
   */
  pool: progress(poolState.nullable()).input(profileId.extend({ withServer: z.boolean().default(false) })),
  /** The nodes of a cluster, asked every second; null while it is not open, and for what is no cluster. */
  cluster: progress(clusterState.nullable()).input(profileId),
  /** Pins a certificate that was refused to its place, in the profile, and opens it again. The person has looked at it. */
  trustCertificate: call()
    .errors({ NOT_STORED: {} })
    .input(profileId.extend({ host: z.string().max(255), port: z.number().int(), fingerprint }))
    .output(connectionState),
  /** Notes a host key as known. Refused with HOST_KEY_CHANGED where another one is known for that place. */
  trustHostKey: call()
    .errors({ NOT_STORED: {}, HOST_KEY_CHANGED: { data: z.object({ known: z.string() }) } })
    .input(seenHostKey.pick({ host: true, port: true, type: true, fingerprint: true }))
    .output(z.object({})),
  /** Forgets what Roster knows of a place's host key; what the person's own known_hosts says stays. */
  forgetHostKey: call()
    .errors({ NOT_STORED: {} })
    .input(seenHostKey.pick({ host: true, port: true }))
    .output(z.object({})),
}
