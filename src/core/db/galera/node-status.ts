// What one node of a Galera cluster says of itself, and whether it is fit for use.
import type { NodeStatus } from '../../../shared/cluster.ts'

/** wsrep_local_state */
const DONOR = 2
const SYNCED = 4

const STATES: Readonly<Record<number, string>> = {
  0: 'It belongs to no cluster yet.',
  1: 'It is joining: it waits for the state of another node.',
  [DONOR]: 'It is desynced: it gives its state to another node, or was set apart for a backup.',
  3: 'It has joined and is still catching up.',
}

export interface NodeTold {
  /** `flowControlPaused` is the share since the node's counters were reset: see `pausedSince`. */
  status: NodeStatus
  /** wsrep_cluster_name */
  cluster: string
  /** wsrep_cluster_state_uuid: the same on all nodes that hold one history. */
  history: string
  /** Under which address the members' list has it; '' while it is not told. */
  address: string
  /** Nanoseconds in which it was paused, since it started. */
  pausedNs: number
}

/** `told`: see `GaleraSide.status`. */
export function nodeTold(told: ReadonlyMap<string, string>): NodeTold {
  const text = (name: string) => told.get(name) ?? ''
  const number = (name: string) => Number(told.get(name) ?? 0) || 0
  const members = text('wsrep_incoming_addresses').split(',').filter(Boolean)
  return {
    status: {
      name: text('wsrep_node_name'),
      uuid: text('wsrep_gcomm_uuid'),
      isReady: text('wsrep_ready') === 'ON',
      clusterStatus: text('wsrep_cluster_status'),
      state: number('wsrep_local_state'),
      stateWords: text('wsrep_local_state_comment'),
      rejects: text('wsrep_reject_queries') || 'NONE',
      size: number('wsrep_cluster_size'),
      flowControlPaused: number('wsrep_flow_control_paused'),
      receiveQueue: number('wsrep_local_recv_queue'),
      sendQueue: number('wsrep_local_send_queue'),
      lastCommitted: text('wsrep_last_committed'),
      providerVersion: text('wsrep_provider_version'),
      version: text('version'),
      flushLogAtCommit: number('innodb_flush_log_at_trx_commit'),
      members,
    },
    cluster: text('wsrep_cluster_name'),
    history: text('wsrep_cluster_state_uuid'),
    address: members[number('wsrep_local_index')] ?? '',
    pausedNs: number('wsrep_flow_control_paused_ns'),
  }
}

export const isPrimary = ({ clusterStatus }: NodeStatus) => clusterStatus.toLowerCase() === 'primary'

/**
 * `healthy`: ready, Primary, Synced, and not rejecting. `usable`: it takes statements, but is set apart: used where no node is
 * healthy. `unfit`: it would refuse them.
 */
export type Fitness = 'healthy' | 'usable' | 'unfit'

export interface Health {
  fitness: Fitness
  /** A sentence; "Synced" for a healthy one. */
  words: string
}

export function healthOf(status: NodeStatus): Health {
  if (!isPrimary(status)) {
    const said = status.clusterStatus || 'no status'
    const isCutOff = /^non-primary$/i.test(said)
    return unfit(
      isCutOff ? 'It is out of the cluster (non-Primary): it has lost the majority.' : `It is in no cluster (${said}).`,
    )
  }
  if (status.rejects !== 'NONE') return unfit(`It rejects queries (wsrep_reject_queries = ${status.rejects}).`)
  if (status.state !== SYNCED && status.state !== DONOR) {
    return unfit(STATES[status.state] ?? `It is not Synced (${status.stateWords}).`)
  }
  if (!status.isReady) return unfit('It is not ready for queries (wsrep_ready = OFF).')
  if (status.state === DONOR) return { fitness: 'usable', words: STATES[DONOR] ?? '' }
  return { fitness: 'healthy', words: 'Synced' }
}

const unfit = (words: string): Health => ({ fitness: 'unfit', words })
