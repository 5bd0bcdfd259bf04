// What the checks of a cluster share: a database on it, cores whose profiles begin at one of its nodes, and what it runs.
import { setTimeout as wait } from 'node:timers/promises'
import type { GaleraNode, TestCluster } from '../../scripts/servers/galera.ts'
import { coreWithServers, type CoreWithServers } from '../../src/core/connections/servers.test-setup.ts'
import { TABLE } from './saver.ts'

/** Empty but for `owners` counters at 0, with the ids from 1. */
export async function setUp({ nodes: [first] }: TestCluster, owners: number): Promise<void> {
  await first.admin('DROP DATABASE IF EXISTS verify; CREATE DATABASE verify')
  await first.admin(`CREATE TABLE ${TABLE} (id BIGINT PRIMARY KEY, n BIGINT NOT NULL)`, 'verify')
  const rows = Array.from({ length: owners }, (_, index) => `(${index + 1}, 0)`)
  await first.admin(`INSERT INTO ${TABLE} VALUES ${rows.join()}`, 'verify')
}

/** A core of its own whose profile names this node first, and then the others; it is open. */
export async function coreOn(
  { nodes }: TestCluster,
  first: number,
): Promise<{ core: CoreWithServers; profileId: string }> {
  const core = await coreWithServers()
  const order = nodes.map((_, index) => nodes[(first + index) % nodes.length] as GaleraNode)
  const [host, ...others] = order as [GaleraNode, ...GaleraNode[]]
  const { kind, port, user, password } = host
  const profileId = await core.add(
    { kind, host: host.host, port, user, password, database: 'verify' },
    { nodes: others.map((node) => ({ host: node.host, port: node.port })) },
  )
  await core.api.connections.open({ profileId })
  await core.until(profileId, ({ state }) => state === 'open')
  return { core, profileId }
}

/** All rows as this node has them, once it has what the cluster has committed. */
export async function rowsOn(node: GaleraNode): Promise<Map<bigint, bigint>> {
  const rows = await node.admin(`SET SESSION wsrep_sync_wait = 1; SELECT id, n FROM ${TABLE}`, 'verify')
  return new Map(rows.map(([id, n]) => [BigInt(id ?? 0), BigInt(n ?? 0)]))
}

/**
 * Whether the nodes that are left are a Primary component, or become one within 15 s. After a view that none of them agreed on
 * in time (a machine that is overloaded) they do not, and wait for a node that will never come back as it was.
 */
export async function areMajority(left: readonly GaleraNode[]): Promise<boolean> {
  for (const until = Date.now() + 15_000; Date.now() < until; await wait(500)) {
    const told = await Promise.all(left.map((node) => node.admin("SHOW STATUS LIKE 'wsrep_cluster_status'")))
    if (told.every((rows) => rows[0]?.[1] === 'Primary')) return true
  }
  return false
}

/** Versions, and what a commit is worth with these settings. */
export async function describeCluster({ nodes: [first] }: TestCluster): Promise<string> {
  const one = async (sql: string) => (await first.admin(sql))[0]?.at(-1) ?? ''
  const provider = await one("SHOW STATUS LIKE 'wsrep_provider_version'")
  const flush = await one('SELECT @@innodb_flush_log_at_trx_commit')
  const options = await one('SELECT @@wsrep_provider_options')
  const timeouts = ['evs.suspect_timeout', 'evs.inactive_timeout'].map(
    (name) => new RegExp(`${name.replace('.', '\\.')} = (\\w+)`).exec(options)?.[0] ?? name,
  )
  return `MariaDB ${first.version}, Galera ${provider}, innodb_flush_log_at_trx_commit = ${flush}, ${timeouts.join(', ')}`
}
