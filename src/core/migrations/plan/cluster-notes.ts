// How a Galera cluster is just now, for somebody who is about to stop it with a change of the schema.
import type { ClusterState } from '../../../shared/cluster.ts'
import { placeText } from '../../../shared/reaching.ts'
import { sleep } from '../../db/waiting.ts'
import type { GaleraSession } from '../run/galera-session.ts'

/** Milliseconds in which transactions are counted. */
const COUNTED = 1_000

export async function clusterNotes(galera: GaleraSession, signal: AbortSignal): Promise<string[]> {
  const [state, perSecond] = await Promise.all([galera.cluster?.look(signal) ?? null, rate(galera, signal)])
  return [
    `The database is a Galera cluster (${galera.name}): a change of the schema is made on all nodes at the same time, everybody waits until it is through, and it cannot be taken back.`,
    ...(state ? syncedWords(state) : ['Whether all nodes are Synced could not be asked.']),
    activity(perSecond),
  ]
}

/** Everything that was committed in the whole cluster has one number more (wsrep_last_committed). */
async function rate(galera: GaleraSession, signal: AbortSignal): Promise<number> {
  const committed = async () => ({ at: performance.now(), count: Number((await galera.status()).status.lastCommitted) })
  const first = await committed()
  await sleep(COUNTED, signal)
  const last = await committed()
  return Math.round(((last.count - first.count) * 1000) / (last.at - first.at))
}

export function activity(perSecond: number): string {
  if (perSecond <= 0) return 'Nothing was committed in the cluster for a second just now: a quiet moment.'
  const what = perSecond === 1 ? '1 transaction' : `${perSecond.toLocaleString('en')} transactions`
  return `${what} per second just now; a quiet hour is better.`
}

export function syncedWords({ nodes, others }: ClusterState): string[] {
  const unfit = nodes.filter(({ isHealthy }) => !isHealthy)
  const more = `${others.length} more ${others.length === 1 ? 'node' : 'nodes'}`
  const beside =
    others.length > 0
      ? [`The profile does not name ${more} of the cluster (${others.join(', ')}), so that they were not asked.`]
      : []
  if (unfit.length === 0) {
    const all = nodes.length === 1 ? 'The node that was asked is' : `All ${nodes.length} nodes are`
    return [`${all} Synced just now.`, ...beside]
  }
  const words = unfit.map((node) => `${node.status?.name ?? placeText(node)} is not Synced just now: ${node.words}`)
  return [...words, 'Wait until all nodes are Synced.', ...beside]
}
