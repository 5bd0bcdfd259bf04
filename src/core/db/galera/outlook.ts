// What the loss of one more node would mean, and what a commit is worth, in plain sentences.
import type { ClusterNode, NodeStatus } from '../../../shared/cluster.ts'
import { placeText } from '../../../shared/reaching.ts'
import { isPrimary } from './node-status.ts'

/** `nodes`: as they were asked. Sentences in the order to show. */
export function outlookOf(nodes: readonly ClusterNode[]): string[] {
  const told = nodes.flatMap(({ status }) => status ?? [])
  if (told.length === 0) return ['No node of the cluster answers, so nothing can be said of it.']
  const primary = told.filter(isPrimary)
  return [
    ...(primary.length > 0 ? ofPrimary(nodes, primary) : ofNone(told)),
    ...leaving(nodes),
    ...unfit(nodes, primary),
    ...durability(told),
  ]
}

function ofPrimary(nodes: readonly ClusterNode[], primary: readonly NodeStatus[]): string[] {
  const size = Math.max(...primary.map((status) => status.size))
  const missing = nodes.filter(({ status }) => !status || !isPrimary(status)).length
  const known = Math.max(size, nodes.length)
  const all = missing > 0 && size < known ? `${size} of ${known} nodes` : count(size)
  const silent = nodes.filter(({ status }) => status === null)
  // Members that nobody here has heard: those that are silent, as far as the others still count them.
  const gone = Math.min(silent.length, size - primary.length)
  const loss = gone > 0 ? lossWithout(silent.map(placeText), gone, size) : lossOf(size)
  return [`${all} ${size === 1 ? 'is' : 'are'} in the cluster. ${loss}`]
}

/** Of a member that cannot be asked it is not known whether it is lost; until the others drop it, it counts for the majority. */
function lossWithout(silent: readonly string[], gone: number, size: number): string {
  const one = silent.length === 1
  const told = `Roster cannot ask ${silent.join(', ')}, which the others still count.`
  const left = size - gone
  if (left * 2 <= size) return `${told} If ${one ? 'it is' : 'they are'} lost, the others are no majority. ${STOPPED}`
  const both = `If ${one ? 'it is' : 'they are'} lost and one more with ${one ? 'it' : 'them'}`
  return (left - 1) * 2 > size
    ? `${told} ${both}, the others are a majority and go on, after some seconds in which they notice.`
    : `${told} ${both}, the others are no majority. ${STOPPED}`
}
const STOPPED = 'Then nothing can be read or written until enough of them are together again.'

/** Nobody waits for the written node, and nothing moves before a statement needs it. */
function leaving(nodes: readonly ClusterNode[]): string[] {
  const written = nodes.find(({ isWritten }) => isWritten)
  if (!written || written.isHealthy || !nodes.some(({ isHealthy }) => isHealthy)) return []
  const name = written.status?.name || placeText(written)
  return [`${name} is written and cannot be used now: the next statement goes to another node.`]
}

/** A Primary component goes on when more than half of its last members are left. */
function lossOf(size: number): string {
  if (size === 1) return 'There is no other one: if it is lost, nothing can be read or written until it is back.'
  if (size === 2)
    return (
      'If one of them crashes or is cut off, the other stops too, because one of two is no majority: nothing can be read or ' +
      'written anywhere until they are together again. A clean shutdown of one does not stop the other.'
    )
  const left = size - 1
  const next = left === 2 ? 'The loss of another one after it would stop them all.' : 'They could lose another one.'
  return `If one more is lost, the other ${left} are a majority and go on, after some seconds in which they notice. ${next}`
}

function ofNone(told: readonly NodeStatus[]): string[] {
  const best = [...told].sort((a, b) => Number(BigInt(digits(b.lastCommitted)) - BigInt(digits(a.lastCommitted))))[0]
  return [
    'No node that answers is Primary: nothing can be read or written. The nodes have lost the majority of the cluster.',
    'It goes on by itself when enough of the missing nodes can be reached again.',
    'Where they are lost for good, an administrator can make one node the start of a new cluster: ' +
      "SET GLOBAL wsrep_provider_options = 'pc.bootstrap=YES', on exactly one node, the one with the highest last committed " +
      `(${best ? `of those that answer ${best.name || 'this one'}, ${best.lastCommitted}` : 'none answers'}). ` +
      'Done while other nodes still run as a cluster of their own, or on two nodes, it makes two databases that drift apart, ' +
      'and what one of them has saved is lost when they are brought together.',
  ]
}

const digits = (text: string) => (/^\d+$/.test(text) ? text : '0')

function unfit(nodes: readonly ClusterNode[], primary: readonly NodeStatus[]): string[] {
  const apart = nodes.filter(({ status, isHealthy }) => status !== null && primary.includes(status) && !isHealthy)
  return apart.map(({ status, words }) => `${status?.name} is in the cluster and is not used: ${lower(words)}`)
}

const lower = (words: string) => words.replace(/^It /, 'it ')

function durability(told: readonly NodeStatus[]): string[] {
  const lax = told.filter(({ flushLogAtCommit }) => flushLogAtCommit !== 1)
  if (lax.length === 0) {
    return [
      'Every node that answers writes each commit to disk before it says so (innodb_flush_log_at_trx_commit = 1).',
    ]
  }
  const names = lax.map(({ name, flushLogAtCommit }) => `${name} (${flushLogAtCommit})`).join(', ')
  return [
    `Commits reach the disk up to a second later on ${names}: innodb_flush_log_at_trx_commit is not 1. The other nodes have ` +
      'what one loses in a crash; a loss of power of all of them at once loses what was said to be saved in the last second.',
  ]
}

const count = (size: number) => (size === 1 ? '1 node' : `${size} nodes`)
