// What a server that is a node of a Galera cluster can be asked about the others.
import type { ClusterState } from '../../shared/cluster.ts'
import type { Read } from './server/server-dialect.ts'

export interface Cluster {
  /** Asks every node now, within 2 s. Never rejects but with the signal's reason: a node that does not answer is an answer. */
  look(signal: AbortSignal): Promise<ClusterState>
  /**
   * Runs `work` on the node of that name (wsrep_node_name), on a connection of its own and under the login for schema work
   * where there is one. Null when no node of that name can be reached within 2 s.
   */
  askNode<T>(name: string, signal: AbortSignal, work: (read: Read) => Promise<T>): Promise<T | null>
}
