// What is said of a cluster's future follows from how many nodes are left of how many.
import { expect, it } from 'vitest'
import type { ClusterNode, NodeStatus } from '../../../shared/cluster.ts'
import { healthOf, nodeTold } from './node-status.ts'
import { outlookOf } from './outlook.ts'

const told = (changed: Record<string, string> = {}) =>
  nodeTold(
    new Map(
      Object.entries({
        ...{ wsrep_node_name: 'node1', wsrep_ready: 'ON', wsrep_cluster_status: 'Primary', wsrep_local_state: '4' },
        ...{ wsrep_local_state_comment: 'Synced', wsrep_reject_queries: 'NONE', wsrep_cluster_size: '3' },
        ...{
          wsrep_incoming_addresses: 'db1:3306,db2:3306,',
          wsrep_local_index: '1',
          innodb_flush_log_at_trx_commit: '1',
        },
        ...changed,
      }),
    ),
  )

function node(status: NodeStatus | null): ClusterNode {
  const { fitness, words } = status ? healthOf(status) : { fitness: 'unfit', words: 'Nothing listens there.' }
  return { host: 'h', port: 1, status, isHealthy: fitness === 'healthy', isWritten: false, words, ms: null }
}

const nodes = (count: number, changed: Record<string, string> = {}, dead = 0) => [
  ...Array.from({ length: count }, () => node(told({ wsrep_cluster_size: String(count), ...changed }).status)),
  ...Array.from({ length: dead }, () => node(null)),
]

it.each([
  [
    nodes(5),
    /^5 nodes are in the cluster\. If one more is lost, the other 4 are a majority .* They could lose another one\.$/,
  ],
  [nodes(3), /^3 nodes are in the cluster\. If one more is lost, the other 2 are a majority .* would stop them all\.$/],
  [nodes(2, {}, 1), /^2 of 3 nodes are in the cluster\. If one of them crashes or is cut off, the other stops too/],
  [nodes(2), /^2 nodes are in the cluster\. If one of them crashes or is cut off, the other stops too/],
  [nodes(1, {}, 2), /^1 of 3 nodes is in the cluster\. There is no other one/],
  [nodes(0, {}, 3), /^No node of the cluster answers/],
  [
    nodes(1, { wsrep_cluster_status: 'non-Primary', wsrep_ready: 'OFF' }, 2),
    /^No node that answers is Primary: nothing can be read/,
  ],
  // Still counted by the others, which may notice in some seconds.
  [
    nodes(2, { wsrep_cluster_size: '3' }, 1),
    /^3 nodes are in the cluster\. Roster cannot ask h:1, which .* If it is lost and one more with it, the others are no majority\./,
  ],
  [nodes(4, { wsrep_cluster_size: '5' }, 1), /If it is lost and one more with it, the others are a majority and go on/],
  [nodes(1, { wsrep_cluster_size: '3' }, 2), /cannot ask h:1, h:1, .* If they are lost, the others are no majority\./],
  // The profile names one of two others; the third member is none of those that are silent.
  [nodes(3, {}, 1), /^3 of 4 nodes are in the cluster\. If one more is lost, the other 2 are a majority/],
])('says what the loss of one more node means', (all, words) => {
  expect(outlookOf(all)[0]).toMatch(words)
})

it('says that a written node which cannot be used is left at the next statement', () => {
  const [first, ...rest] = nodes(2, { wsrep_cluster_size: '3' })
  const written = { ...node(null), host: 'w', isWritten: true }
  const words = 'w:1 is written and cannot be used now: the next statement goes to another node.'
  expect(outlookOf([written, ...(first ? [first] : []), ...rest])).toContain(words)
  expect(outlookOf([{ ...written, ...(first && { status: first.status, isHealthy: true }) }, ...rest])).not.toContain(
    words,
  )
  expect(outlookOf([written])).not.toContain(words)
})

it('names the node to bootstrap, and what is dangerous about it', () => {
  const lost = { wsrep_cluster_status: 'non-Primary' }
  const both = [
    node(told({ ...lost, wsrep_node_name: 'a', wsrep_last_committed: '99' }).status),
    node(told({ ...lost, wsrep_node_name: 'b', wsrep_last_committed: '9007199254740993' }).status),
    node(told({ ...lost, wsrep_node_name: 'c', wsrep_last_committed: '9007199254740992' }).status),
  ]
  const words = outlookOf(both).join(' ')
  expect(words).toContain('pc.bootstrap=YES')
  expect(words).toContain('of those that answer b, 9007199254740993')
  expect(words).toContain('two databases that drift apart')
})

it('says what a commit is worth, and which members are not used', () => {
  expect(outlookOf(nodes(3)).at(-1)).toMatch(/^Every node that answers writes each commit to disk/)
  const lax = [
    ...nodes(2, { wsrep_cluster_size: '3' }),
    node(told({ innodb_flush_log_at_trx_commit: '2', wsrep_local_state: '2' }).status),
  ]
  const said = outlookOf(lax)
  expect(said.at(-1)).toMatch(/up to a second later on node1 \(2\)/)
  expect(said).toContainEqual(expect.stringMatching(/^node1 is in the cluster and is not used: it is desynced/))
})

it.each([
  [{}, 'healthy', /^Synced$/],
  [{ wsrep_local_state: '2' }, 'usable', /desynced/],
  [{ wsrep_local_state: '1' }, 'unfit', /joining/],
  [{ wsrep_ready: 'OFF' }, 'unfit', /not ready/],
  [{ wsrep_reject_queries: 'ALL' }, 'unfit', /rejects queries/],
  [{ wsrep_reject_queries: 'ALL', wsrep_local_state: '2' }, 'unfit', /rejects queries/],
  [{ wsrep_cluster_status: 'non-Primary' }, 'unfit', /non-Primary/],
  [{ wsrep_cluster_status: 'Disconnected' }, 'unfit', /in no cluster/],
])('judges a node by what it says: %o', (changed, fitness, words) => {
  const health = healthOf(told(changed).status)
  expect(health.fitness).toBe(fitness)
  expect(health.words).toMatch(words)
})

it('finds its own address in the list of members', () => {
  expect(told().address).toBe('db2:3306')
  expect(told().status.members).toEqual(['db1:3306', 'db2:3306'])
})
