// Nodes in memory, for what a real cluster shows only by luck: a dialect whose connections answer, refuse or stay silent.
import { mysql } from '../mysql/mysql.ts'
import { withFailure } from '../failure-of.ts'
import type { Failure, FailureKind } from '../failure.ts'
import type { Link, Login } from '../server/link.ts'
import type { ServerDialect } from '../server/server-dialect.ts'

export type FakeNode = 'synced' | 'desynced' | 'cut off' | 'silent' | 'plain' | FailureKind

export interface FakeNodes {
  dialect: ServerDialect
  login: Login
  /** By host. */
  nodes: Record<string, FakeNode>
  /** Hosts in the order in which they were asked. */
  asked: string[]
  /** Hosts of the links that are open. */
  open: string[]
}

const STATUS: Partial<Record<FakeNode, Record<string, string>>> = {
  synced: {},
  desynced: { wsrep_local_state: '2' },
  'cut off': { wsrep_cluster_status: 'non-Primary', wsrep_ready: 'OFF', wsrep_local_state: '0' },
}

export const failing = (kind: FailureKind, message = kind): Error =>
  withFailure(new Error(message), { kind, code: '', message })

export const statusOf = (name: string, changed: Record<string, string> = {}) =>
  new Map(
    Object.entries({
      ...{
        wsrep_node_name: name,
        wsrep_gcomm_uuid: `uuid-${name}`,
        wsrep_ready: 'ON',
        wsrep_cluster_status: 'Primary',
      },
      ...{
        wsrep_local_state: '4',
        wsrep_reject_queries: 'NONE',
        wsrep_cluster_size: '3',
        wsrep_cluster_state_uuid: 'one',
      },
      ...{ wsrep_incoming_addresses: 'a:1,b:1,c:1', wsrep_local_index: String('abc'.indexOf(name)) },
      ...changed,
    }),
  )

/** A link that does nothing; `parts` in place of it. */
export function fakeLink(
  parts: Partial<Link> & { catchUps?: { count: number }; status?: () => Map<string, string> } = {},
): Link {
  const { catchUps = { count: 0 }, status, ...rest } = parts
  const galera = status && {
    ...{ node: status().get('wsrep_node_name') ?? '', cluster: 'fake' },
    status: () => Promise.resolve(status()),
    catchUp: () => {
      catchUps.count += 1
      return Promise.resolve()
    },
  }
  return {
    session: '7',
    isDead: false,
    onEnd: () => undefined,
    query: () => Promise.resolve({ columns: [], rows: [] }),
    run: () => Promise.resolve({ changes: 1, lastKey: null }),
    runMany: () => Promise.resolve([]),
    bulk: () => Promise.resolve(0),
    begin: () => Promise.resolve(),
    mark: () => Promise.resolve('7 here:1'),
    commit: () => Promise.resolve(),
    rollback: () => Promise.resolve(),
    ping: () => Promise.resolve(),
    end: () => Promise.resolve(),
    destroy: () => undefined,
    ...(galera && { galera }),
    ...rest,
  }
}

export const classify = (error: unknown): Failure => mysql.classify(error)

/** `a`, then `b` and `c`. */
export function fakeNodes(nodes: Record<string, FakeNode>): FakeNodes {
  const [host = 'a', ...others] = Object.keys(nodes)
  const fake: FakeNodes = {
    nodes,
    asked: [],
    open: [],
    login: {
      ...{ host, port: 1, nodes: others.map((other) => ({ host: other, port: 1 })) },
      ...{ user: 'ann', password: null, database: 'app', tls: 'off', isReadOnly: false },
    },
    dialect: {
      ...mysql,
      async connect({ host: at }, { signal, limit = 5_000 }) {
        fake.asked.push(at)
        const node = fake.nodes[at] ?? 'refused'
        await Promise.resolve()
        if (node === 'silent') {
          return new Promise((_, reject) => {
            setTimeout(() => reject(failing('no-answer')), limit)
            signal.addEventListener('abort', () => reject(signal.reason as Error))
          })
        }
        const changed = STATUS[node]
        if (!changed && node !== 'plain') throw failing(node as FailureKind)
        fake.open.push(at)
        const destroy = () => void fake.open.splice(fake.open.indexOf(at), 1)
        return fakeLink({ ...(changed && { status: () => statusOf(at, changed) }), destroy })
      },
    },
  }
  return fake
}
