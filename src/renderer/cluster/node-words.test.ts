// How nodes compare and what is said of them, from made-up answers.
import { expect, test } from 'vitest'
import type { ClusterNode, ClusterState, NodeStatus } from '../../shared/cluster.ts'
import {
  behindOf,
  committedWords,
  healthNews,
  healthOf,
  nameOf,
  pausedWords,
  percent,
  placeOfMember,
  shortVersion,
  toneOf,
} from './node-words.ts'
import { moveWords } from './move-words.ts'

function node(number: number, changed: Partial<NodeStatus> = {}, more: Partial<ClusterNode> = {}): ClusterNode {
  const status: NodeStatus = {
    ...{ name: `db${number}`, uuid: `u${number}`, isReady: true, clusterStatus: 'Primary', state: 4 },
    ...{ stateWords: 'Synced', rejects: 'NONE', size: 3, flowControlPaused: 0, receiveQueue: 0, sendQueue: 0 },
    ...{ lastCommitted: '100', providerVersion: '26.4.20(r1)', version: '10.11.19-MariaDB', flushLogAtCommit: 1 },
    ...{ members: [], ...changed },
  }
  return { host: `h${number}`, port: 3306, status, isHealthy: true, isWritten: false, words: 'Synced', ms: 2, ...more }
}
const gone = (number: number) =>
  node(number, {}, { status: null, isHealthy: false, words: 'Nothing listens there.', ms: null })
const cluster = (...nodes: ClusterNode[]): ClusterState => ({
  ...{ name: 'shop', nodes, others: [], outlook: [], moves: [], at: 0 },
})

test('a node is healthy, not usable, or does not answer', () => {
  expect([node(1), node(1, {}, { isHealthy: false }), gone(1)].map(healthOf)).toEqual(['healthy', 'unfit', 'silent'])
  expect([nameOf(node(1)), nameOf(gone(2)), nameOf(node(3, { name: '' }))]).toEqual(['db1', 'h2:3306', 'h3:3306'])
  expect(nameOf(gone(2), new Map([['h2:3306', 'db2']]))).toBe('db2')
})

test('the whole is good only while one more node may go', () => {
  expect(toneOf(cluster(node(1), node(2), node(3)))).toBe('good')
  expect(toneOf(cluster(node(1), node(2), gone(3)))).toBe('warn')
  expect(toneOf(cluster(node(1, { size: 2 }), node(2, { size: 2 })))).toBe('warn')
  expect(toneOf(cluster(gone(1), node(2, { size: 1, clusterStatus: 'non-Primary' }, { isHealthy: false })))).toBe('bad')
  // One that gives another its state can be used, though it is better left alone.
  expect(toneOf(cluster(gone(1), node(2, { size: 2, stateWords: 'Donor/Desynced' }, { isHealthy: false })))).toBe(
    'warn',
  )
})

test('how far a node is behind, beyond what a float can tell', () => {
  const nodes = [
    node(1, { lastCommitted: '9007199254740995' }),
    node(2, { lastCommitted: '9007199254740993' }),
    gone(3),
  ]
  expect(nodes.map((each) => behindOf(each, nodes))).toEqual([0n, 2n, null])
  expect(behindOf(node(1, { lastCommitted: '-1' }), nodes)).toBeNull()
  expect([committedWords('9007199254740993'), committedWords('')]).toEqual(['9,007,199,254,740,993', ''])
})

test('shares of the time at the edges of their digits', () => {
  expect([0, 0.0004, 0.004, 0.05, 0.0994, 0.0996, 0.5, 1, 1.7].map(percent)).toEqual([
    '0 %',
    '< 0.1 %',
    '0.4 %',
    '5.0 %',
    '9.9 %',
    '10 %',
    '50 %',
    '100 %',
    '100 %',
  ])
})

test('writers that wait are explained from five per cent on, with the node whose queue is the longest', () => {
  expect(pausedWords([node(1, { flowControlPaused: 0.05 }), gone(2)])).toBeNull()
  const words = pausedWords([node(1, { flowControlPaused: 0.12 }), node(2, { receiveQueue: 1_231 })])
  expect(words).toContain('waited for 12 % of the last look (seen on db1)')
  expect(words).toContain('db2 has the longest queue, 1,231 received write sets')
})

test('only a change of health is news', () => {
  const before = cluster(node(1), node(2), node(3))
  expect(healthNews(before, cluster(node(1, { lastCommitted: '101' }), node(2), node(3, { receiveQueue: 9 })))).toBe('')
  expect(healthNews(before, cluster(node(1), gone(2), node(3)))).toBe('db2: no answer, Nothing listens there.')
  expect(healthNews(cluster(gone(2)), cluster(node(2)))).toBe('db2: healthy, Synced.')
  expect(healthNews(cluster(node(1)), cluster(node(1), gone(2)))).toBe('')
})

test('members by their addresses', () => {
  expect(['10.0.0.5:3307', 'db4', '[fe80::1]:3306', '', 'AUTO', '10.0.0.5:0', 'a b'].map(placeOfMember)).toEqual([
    { host: '10.0.0.5', port: 3307 },
    { host: 'db4', port: 3306 },
    { host: 'fe80::1', port: 3306 },
    ...[null, null, null, null],
  ])
})

test('versions without what comes behind the numbers', () => {
  expect(['10.11.19-MariaDB-0+deb12u1', '26.4.20(r7ce5c3f)', 'unknown'].map(shortVersion)).toEqual([
    ...['10.11.19', '26.4.20', 'unknown'],
  ])
})

test('a move in words', () => {
  const at = new Date(2026, 10, 22, 14, 2, 11).getTime()
  const moved = { at, from: 'db1:3306', to: 'db2:3306', why: 'It is not in the cluster (non-Primary).' }
  expect(moveWords(moved, 2)).toBe(
    'db1:3306: It is not in the cluster (non-Primary). Sessions go to db2:3306 since 14:02:11. 2 staged edits are kept.',
  )
  expect(moveWords({ ...moved, why: 'Nothing listens there' }, 0)).toBe(
    'db1:3306: Nothing listens there. Sessions go to db2:3306 since 14:02:11.',
  )
})
