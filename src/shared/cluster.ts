// A MariaDB Galera cluster as its nodes tell it: which are fit for use, which one is written, and what one more loss would mean.
import { z } from 'zod'
// First of all, for the setting it makes: object schemas follow.
import './procedure.ts'

/** Changes of one save on a cluster: from here on it is said that a transaction should be short. */
export const CLUSTER_WARNS_AT = 1_000
/** And at most; more are saved in several transactions, one after the other. */
export const CLUSTER_MOST_CHANGES = 5_000

/** What one node says of itself (SHOW GLOBAL STATUS and VARIABLES, wsrep_…). */
export const nodeStatus = z.object({
  name: z.string(),
  /** wsrep_gcomm_uuid, the node within the cluster. */
  uuid: z.string(),
  isReady: z.boolean(),
  /** wsrep_cluster_status: "Primary", "non-Primary", "Disconnected" */
  clusterStatus: z.string(),
  /** wsrep_local_state: 4 is Synced. */
  state: z.number().int(),
  stateWords: z.string(),
  /** wsrep_reject_queries: "NONE", "ALL", "ALL_KILL" */
  rejects: z.string(),
  size: z.number().int(),
  /** Share of the time since the last look, 0 to 1, in which the cluster made writers wait. */
  flowControlPaused: z.number(),
  /** Write sets that wait now, received and to be sent. */
  receiveQueue: z.number().int(),
  sendQueue: z.number().int(),
  /** wsrep_last_committed */
  lastCommitted: z.string(),
  providerVersion: z.string(),
  version: z.string(),
  /** innodb_flush_log_at_trx_commit: 1 keeps every commit through a loss of power. */
  flushLogAtCommit: z.number().int(),
  /** Addresses of all members as this node knows them (wsrep_incoming_addresses). */
  members: z.array(z.string()),
})
export type NodeStatus = z.infer<typeof nodeStatus>

export const clusterNode = z.object({
  host: z.string(),
  port: z.number(),
  /** Null when it could not be asked. */
  status: nodeStatus.nullable(),
  /** wsrep_ready, Primary, Synced, and not rejecting queries. */
  isHealthy: z.boolean(),
  /** Sessions of this profile write to it. */
  isWritten: z.boolean(),
  /** "Synced", "non-Primary: it has lost the others", "Nothing listens there" */
  words: z.string(),
  /** Milliseconds the answer took; null without one. */
  ms: z.number().nullable(),
})
export type ClusterNode = z.infer<typeof clusterNode>

/** Sessions went from one node to another. */
export const clusterMove = z.object({
  /** Milliseconds since 1970. */
  at: z.number(),
  from: z.string(),
  to: z.string(),
  /** "It is not in the cluster (non-Primary)." */
  why: z.string(),
})
export type ClusterMove = z.infer<typeof clusterMove>

export const clusterState = z.object({
  /** wsrep_cluster_name; null while no node answers. */
  name: z.string().nullable(),
  /** Those of the profile, in its order. */
  nodes: z.array(clusterNode),
  /** Members that the profile does not name. */
  others: z.array(z.string()),
  /** What the loss of one more node would mean, in plain words; the state of durability. Sentences to show in order. */
  outlook: z.array(z.string()),
  /** The latest 20, newest first. */
  moves: z.array(clusterMove),
  /** Milliseconds since 1970. */
  at: z.number(),
})
export type ClusterState = z.infer<typeof clusterState>
