// A database over the nodes of a real cluster, for the tests of this folder and of whatever has to hold on a cluster.
import type { GaleraNode, TestCluster } from '../../../../scripts/servers/galera.ts'
import type { Statement } from '../database.ts'
import { mysql } from '../mysql/mysql.ts'
import { reconnecting } from '../reconnecting.test-setup.ts'
import type { Login } from '../server/link.ts'
import { openServerDatabase, type ServerTimes } from '../server/server-database.ts'

export const never = new AbortController().signal
export const sql = (text: string): Statement => ({ sql: text, values: [] })
/** Of a table: what reads none is answered by a node that refuses everything else. */
export const NODE = sql('SELECT @@wsrep_node_name FROM t LIMIT 1')

/** A dead peer is noticed in about 2 s in place of 10. */
const QUICK: ServerTimes = { watch: { first: 500, next: 1_000, doubtful: 300, limit: 1_000, tick: 100 } }

/** The first of `places` is the host of the profile; the others are its further nodes. */
export function loginTo(node: GaleraNode, places: readonly { host: string; port: number }[]): Login {
  const { user, password } = node
  const [first = node, ...nodes] = places.map(({ host, port }) => ({ host, port }))
  return {
    ...{ host: first.host, port: first.port },
    nodes,
    user,
    password,
    database: 'app',
    tls: 'off',
    isReadOnly: false,
  }
}

/** `order`: of the nodes, as the profile names them; all three in their order unless told. */
export function openOn({ nodes }: TestCluster, order: readonly { host: string; port: number }[] = nodes, limit = 4) {
  const login = loginTo(nodes[0], order)
  return reconnecting((whenUsable) =>
    openServerDatabase({
      dialect: mysql,
      login: () => Promise.resolve(login),
      schemaLogin: null,
      poolSize: { limit, from: { kind: 'explicit' } },
      whenUsable,
      log: () => undefined,
      times: QUICK,
    }),
  )
}

/** The first cell of the answer, as text. */
export async function ask(node: GaleraNode, text: string): Promise<string | null> {
  const rows = await node.admin(text, 'app')
  return rows[0]?.at(-1) ?? null
}

export const causalReads = async (node: GaleraNode) => Number(await ask(node, "SHOW STATUS LIKE 'wsrep_causal_reads'"))
