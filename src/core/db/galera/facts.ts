// What the details of a database say of its cluster.
import type { DatabaseFacts } from '../../../shared/profiles.ts'
import { placeText } from '../../../shared/reaching.ts'
import type { Login } from '../server/link.ts'
import type { Read, ServerDialect } from '../server/server-dialect.ts'
import type { WrittenNode } from './written-node.ts'

export async function clusterFacts(
  inner: ServerDialect,
  written: WrittenNode,
  read: Read,
  login: Pick<Login, 'host' | 'port' | 'database' | 'user' | 'isReadOnly'>,
): Promise<DatabaseFacts> {
  const { place, cluster } = written
  const facts = await inner.facts(read, { ...login, ...place })
  if (!place || cluster === null) return facts
  const { rows } = await read({ sql: "SHOW GLOBAL STATUS LIKE 'wsrep_cluster_size'", values: [] })
  const node = written.nameOf(place)
  return {
    ...facts,
    details: [
      ...facts.details,
      { name: 'Node', value: `${node} (${placeText(place)})` },
      { name: 'Cluster', value: cluster },
      { name: 'Cluster size', value: String(rows[0]?.[1] ?? '') },
    ],
    cluster: { name: cluster, node },
  }
}
