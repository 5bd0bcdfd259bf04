// The nodes of a profile's cluster, asked every second while somebody watches.
import type { ClusterState } from '../../shared/cluster.ts'
import { streamEvents } from '../event-queue.ts'
import { api } from '../implement.ts'
import { sleep } from '../db/waiting.ts'
import type { OpenDatabases } from './open-databases.ts'

/** Milliseconds between two looks, and for finding out whether it is a cluster at all. */
const EVERY = 1_000
const LIMIT = 5_000

export const clusterCalls = {
  cluster: api.connections.cluster.handler(({ context, input }) => {
    const { profiles, databases } = context.core
    profiles.get(input.profileId)
    return streamEvents<ClusterState | null>(context.signal, (push, signal) =>
      watchCluster(databases, input.profileId, push, signal),
    )
  }),
}

/** Also while it is being reconnected: that is when people look. What is no cluster, or not open, is told once. */
async function watchCluster(
  databases: OpenDatabases,
  profileId: string,
  push: (cluster: ClusterState | null) => void,
  signal: AbortSignal,
): Promise<void> {
  let latest: ClusterState | null | undefined
  while (!signal.aborted) {
    const now = await clusterNow(databases, profileId, signal).catch(() => null)
    if (signal.aborted) return
    if (now !== null || latest !== null) push(now)
    latest = now
    await sleep(EVERY, signal).catch(() => undefined)
  }
}

async function clusterNow(
  databases: OpenDatabases,
  profileId: string,
  signal: AbortSignal,
): Promise<ClusterState | null> {
  const database = databases.connection(profileId).present()
  const cluster = await database?.cluster?.(AbortSignal.any([signal, AbortSignal.timeout(LIMIT)]))
  return (await cluster?.look(signal)) ?? null
}
