// "Nothing is under way any more" is said only when the old node's session, or the old node itself, is certainly out of it.
import { expect, it } from 'vitest'
import type { Read } from '../server/server-dialect.ts'
import { failing, fakeLink, fakeNodes, statusOf } from './fake-nodes.test-setup.ts'
import type { NodeMark } from './mark.ts'
import { outcomeOnCluster } from './outcome.ts'
import { writtenNode } from './written-node.ts'

const MARK: NodeMark = {
  ...{ place: { host: 'a', port: 1 }, name: 'a', uuid: 'uuid-a', address: 'a:1', history: 'one', session: '7 here:1' },
}
const OUT = { wsrep_cluster_size: '2', wsrep_incoming_addresses: 'b:1,c:1' }

interface Case {
  /** What the old node answers: its status and whether the session is there; or why it cannot be asked. */
  old: { status?: Record<string, string>; isThere: boolean } | 'refused' | 'no-answer' | 'too-many-connections'
  /** The status of the node that is written. */
  now?: Record<string, string>
  mark?: Partial<NodeMark>
  /** Of mysql.wsrep_cluster_members; null: no right to read it. */
  table?: string[] | null
  /** Written again, or still. */
  written?: string
  /** Which node the address of the one that is written leads to; that node unless told. */
  answers?: string
}

async function outcome({ old, now = {}, mark = {}, table = null, written: host = 'b', answers = host }: Case) {
  const written = writtenNode()
  written.settle({ host, port: 1 }, { host, port: 1 }, '')
  const { dialect, login } = fakeNodes({ a: 'synced', b: 'synced', c: 'synced' })
  const sessionRows = (isThere: boolean) => (isThere ? [['here:1']] : [])
  const inner = {
    ...dialect,
    connect: () =>
      typeof old === 'string'
        ? Promise.reject(failing(old))
        : Promise.resolve(
            fakeLink({
              status: () => statusOf('a', old.status ?? {}),
              query: () => Promise.resolve({ columns: [], rows: sessionRows(old.isThere) }),
            }),
          ),
  }
  const read: Read = ({ sql }) => {
    if (sql.includes('wsrep_cluster_members')) {
      return table
        ? Promise.resolve({ columns: [], rows: table.map((uuid) => [uuid]) })
        : Promise.reject(failing('no-privilege'))
    }
    if (sql.includes('PROCESSLIST'))
      return Promise.resolve({ columns: [], rows: sessionRows(typeof old === 'object' && old.isThere) })
    return Promise.resolve({ columns: [], rows: [...statusOf(answers, now)] })
  }
  return outcomeOnCluster({ inner, written, login: () => Promise.resolve(login) }, read, { ...MARK, ...mark })
}

it.each<[string, Case, 'ended' | 'in-progress']>([
  ['the node is the one that is written, and the session is gone', { old: { isThere: false }, written: 'a' }, 'ended'],
  [
    'the node is the one that is written, and the session is there',
    { old: { isThere: true }, written: 'a' },
    'in-progress',
  ],
  [
    'the address of the one that is written leads to another node, and the old one is counted in',
    { old: { isThere: false }, written: 'a', answers: 'b' },
    'in-progress',
  ],
  [
    'the address of the one that is written leads to another node, which has left the old one out',
    { old: { isThere: false }, written: 'a', answers: 'b', now: OUT },
    'ended',
  ],
  [
    'the node is the one that is written, and was started again',
    { old: { isThere: false }, written: 'a', now: { wsrep_gcomm_uuid: 'uuid-new' } },
    'ended',
  ],
  [
    'the node is the one that is written, and has no majority any more',
    { old: { isThere: false }, written: 'a', now: { wsrep_cluster_status: 'non-Primary' } },
    'in-progress',
  ],
  ['it answers from the same component, without the session', { old: { isThere: false } }, 'ended'],
  ['it answers, and the session is there', { old: { isThere: true } }, 'in-progress'],
  [
    'it is cut off, and the others still count it in',
    { old: { status: { wsrep_cluster_status: 'non-Primary' }, isThere: false } },
    'in-progress',
  ],
  [
    'it is cut off, and the others have left it out',
    { old: { status: { wsrep_cluster_status: 'non-Primary' }, isThere: false }, now: OUT },
    'ended',
  ],
  ['it is left out, and the session is still there', { old: { isThere: true }, now: OUT }, 'in-progress'],
  ['it is silent, and still counted in', { old: 'no-answer' }, 'in-progress'],
  ['it is gone, and still counted in', { old: 'refused' }, 'in-progress'],
  ['it is gone, and left out', { old: 'refused', now: OUT }, 'ended'],
  ['it is full, so that the session may be there', { old: 'too-many-connections', now: OUT }, 'in-progress'],
  [
    'the node that is asked is in no Primary component',
    { old: 'refused', now: { ...OUT, wsrep_cluster_status: 'non-Primary' } },
    'in-progress',
  ],
  [
    'the cluster has another history',
    { old: 'refused', now: { ...OUT, wsrep_cluster_state_uuid: 'two' } },
    'in-progress',
  ],
  [
    'the list of members has one address twice',
    { old: 'refused', now: { ...OUT, wsrep_incoming_addresses: 'x:1,x:1' } },
    'in-progress',
  ],
  ['its own address is not known', { old: 'refused', now: OUT, mark: { address: '' } }, 'in-progress'],
  [
    'its address is not known, and the table of members has it',
    { old: 'refused', now: OUT, mark: { address: '' }, table: ['uuid-a', 'uuid-b'] },
    'in-progress',
  ],
  [
    'its address is not known, and the table of members has left it out',
    { old: 'refused', now: OUT, mark: { address: '' }, table: ['uuid-b', 'uuid-c'] },
    'ended',
  ],
  ['the servers are no cluster', { old: 'refused', now: OUT, mark: { uuid: '' } }, 'in-progress'],
])('%s', async (_words, given, expected) => {
  expect(await outcome(given)).toBe(expected)
})
