// What the numbers of a node mean, in words, and how nodes compare with each other.
import type { ClusterNode, ClusterState } from '../../shared/cluster.ts'
import { placeText, type Place } from '../../shared/reaching.ts'
import { count } from '../ui/wording.ts'

/** Share of the time that writers may be made to wait before people notice. */
export const PAUSED_WARNS_AT = 0.05

export type Health = 'healthy' | 'unfit' | 'silent'

export function healthOf({ isHealthy, status }: ClusterNode): Health {
  if (isHealthy) return 'healthy'
  return status ? 'unfit' : 'silent'
}

export const healthWords: Record<Health, string> = { healthy: 'Healthy', unfit: 'Not usable', silent: 'No answer' }

/** The node's own name where it is known; `names`: what it was before, by place. */
export function nameOf(node: ClusterNode, names?: ReadonlyMap<string, string>): string {
  const place = placeText(node)
  return node.status?.name || names?.get(place) || place
}

export const healthyCount = ({ nodes }: Pick<ClusterState, 'nodes'>): number =>
  nodes.filter(({ isHealthy }) => isHealthy).length

export const writtenNode = ({ nodes }: Pick<ClusterState, 'nodes'>): ClusterNode | undefined =>
  nodes.find(({ isWritten }) => isWritten)

/** How the whole stands: `bad` where nothing can be written, `warn` where a node is missing or no further one may go. */
export function toneOf({ nodes }: Pick<ClusterState, 'nodes'>): 'good' | 'warn' | 'bad' {
  const healthy = healthyCount({ nodes })
  if (healthy === 0) return nodes.some(({ status }) => status?.clusterStatus === 'Primary') ? 'warn' : 'bad'
  const size = Math.max(...nodes.map(({ status, isHealthy }) => (isHealthy && status ? status.size : 0)))
  return healthy === nodes.length && size > 2 ? 'good' : 'warn'
}

/** Write sets that a node has not committed yet and the most advanced one has; null where the number is not known. */
export function behindOf(node: ClusterNode, nodes: readonly ClusterNode[]): bigint | null {
  const own = committedOf(node)
  if (own === null) return null
  const all = nodes.map(committedOf).filter((each) => each !== null)
  return all.reduce((most, each) => (each > most ? each : most), own) - own
}

function committedOf({ status }: ClusterNode): bigint | null {
  return status && /^\d+$/.test(status.lastCommitted) ? BigInt(status.lastCommitted) : null
}

/** "1,234,567"; the server's own text where it is no number. */
export function committedWords(lastCommitted: string): string {
  return /^\d+$/.test(lastCommitted) ? BigInt(lastCommitted).toLocaleString('en-US') : lastCommitted
}

/** A share of the time: "0 %", "0.4 %", "12 %". */
export function percent(share: number): string {
  const value = Math.min(1, Math.max(0, share)) * 100
  if (value === 0) return '0 %'
  if (value < 0.1) return '< 0.1 %'
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} %`
}

/** innodb_flush_log_at_trx_commit, short for a cell and whole for who asks. */
export function flushWords(value: number): { short: string; whole: string } {
  switch (value) {
    case 1:
      return { short: 'At every commit', whole: 'Each commit is on this node’s disk before it is answered.' }
    case 2:
      return {
        short: 'Once a second',
        whole:
          'Each commit is handed to the system, and to the disk once a second: a loss of power takes up to a second of commits from this node. The other nodes still have them.',
      }
    case 0:
      return {
        short: 'Once a second, in memory',
        whole:
          'Commits stay in the server’s memory for up to a second: a crash of it, or a loss of power, takes them from this node. The other nodes still have them.',
      }
    default:
      return { short: `Setting ${value}`, whole: `The server says ${value}, which Roster does not know.` }
  }
}

/** "10.11.19-MariaDB-0+deb12u1" becomes "10.11.19"; "26.4.20(r7ce5c3f)" becomes "26.4.20". */
export function shortVersion(version: string): string {
  return /^[\d.]+\d/.exec(version)?.[0] ?? version
}

/** Why writers were made to wait, where it is more than people notice; null where it is not. */
export function pausedWords(nodes: readonly ClusterNode[]): string | null {
  const known = nodes.flatMap((node) => (node.status ? [{ name: nameOf(node), status: node.status }] : []))
  const worst = known.reduce<(typeof known)[number] | null>(
    (most, each) => (most && most.status.flowControlPaused >= each.status.flowControlPaused ? most : each),
    null,
  )
  if (!worst || worst.status.flowControlPaused <= PAUSED_WARNS_AT) return null
  const slowest = known.reduce((most, each) => (each.status.receiveQueue > most.status.receiveQueue ? each : most))
  const share = percent(worst.status.flowControlPaused)
  const what = `Every write of the cluster waited for ${share} of the last look (seen on ${worst.name}): a node that cannot apply as fast as the others write makes all of them wait.`
  const who =
    slowest.status.receiveQueue > 0
      ? ` ${slowest.name} has the longest queue, ${count(slowest.status.receiveQueue)} received write sets: look at its disk, its load and long transactions.`
      : ' Look at disk, load and long transactions of each node.'
  return what + who
}

/** What to tell a listener: nodes whose health is another one than before. Empty where nothing of it changed. */
export function healthNews(before: ClusterState, now: ClusterState): string {
  const was = new Map(before.nodes.map((node) => [placeText(node), node]))
  return now.nodes
    .flatMap((node) => {
      const earlier = was.get(placeText(node))
      if (!earlier || healthOf(earlier) === healthOf(node)) return []
      const name = node.status?.name || earlier.status?.name || placeText(node)
      return [`${name}: ${healthWords[healthOf(node)].toLowerCase()}, ${node.words.replace(/\.$/, '')}.`]
    })
    .join(' ')
}

/** "10.0.0.5:3306" or "[::1]:3306" as a place; null for what a node says when it does not know its own address. */
export function placeOfMember(address: string): Place | null {
  const found = /^(?:\[([^\]]+)\]|([^:\s]+))(?::(\d+))?$/.exec(address.trim())
  const host = found?.[1] ?? found?.[2]
  if (!host || /^(auto|unspecified|undefined)$/i.test(host)) return null
  const port = found?.[3] === undefined ? 3306 : Number(found[3])
  return port >= 1 && port <= 65_535 ? { host, port } : null
}
