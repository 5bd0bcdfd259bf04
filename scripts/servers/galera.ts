// A cluster of three MariaDB nodes (Galera) on loopback, for tests and for a person who wants to try Roster on one.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { givenUrl } from './given.ts'
import { freePort } from './free-port.ts'
import { installMariadb } from './install-mariadb.ts'
import { startOwn } from './own-server.ts'
import type { ServerOptions, TestServer } from './server.ts'
import { unpackPackage } from './unpacked-package.ts'

/** Milliseconds until a node that was started, or let in again, is Synced. */
const SYNC_LIMIT = 60_000
const LOOK_EVERY = 50
/** Milliseconds after which a node that is still outside is told again where the others are. */
const TOLD_AFTER = 5000

export interface GaleraNode extends TestServer {
  /** wsrep_node_name: "node1" */
  readonly name: string
  /** Cuts it off from the others, which go on without it; it becomes non-Primary. Its port for clients stays open. */
  cutOff(): Promise<void>
  /** Lets it in again, after `cutOff`, and waits until it is Synced. */
  letIn(): Promise<void>
  /** Resolves when it is Synced, takes queries, and the others count it in; after `resume`, say. */
  synced(): Promise<void>
}

export interface TestCluster {
  /** Three; each is killed, paused, resumed and restarted by itself. `restart` waits until the node is Synced. */
  readonly nodes: readonly [GaleraNode, GaleraNode, GaleraNode]
  end(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

interface Ports {
  sql: number
  group: number
  /** For the state that a node missed while it was away, in part and as a whole. */
  ist: number
  sst: number
}

/** Where Debian's packages have what Galera needs; none of them is installed, and no service is started. */
async function findGalera(): Promise<{ provider: string; programs: string }> {
  const missing = await installMariadb()
  if (missing) throw new Error(missing)
  const [galera, server, rsync] = await Promise.all(['galera-4', 'mariadb-server', 'rsync'].map(unpackPackage))
  const provider = join(galera ?? '', 'usr/lib/galera/libgalera_smm.so')
  if (!existsSync(provider)) throw new Error(`The package galera-4 has no ${provider}.`)
  return { provider, programs: [server, rsync].map((folder) => join(folder ?? '', 'usr/bin')).join(':') }
}

function settingsOf(index: number, all: readonly Ports[], provider: string) {
  const { sql, group, ist, sst } = all[index] as Ports
  const options = {
    'gmcast.listen_addr': `tcp://127.0.0.1:${group}`,
    'ist.recv_addr': `127.0.0.1:${ist}`,
    'gcache.size': '32M',
    // A node that is gone is noticed after 2 s; the defaults (5 and 15 s) would make every test wait.
    'evs.suspect_timeout': 'PT2S',
    'evs.inactive_timeout': 'PT4S',
    'evs.keepalive_period': 'PT0.5S',
    'evs.inactive_check_period': 'PT0.5S',
    'pc.recovery': 'false',
  }
  return {
    'binlog-format': 'ROW',
    'default-storage-engine': 'InnoDB',
    'innodb-autoinc-lock-mode': '2',
    'wsrep-on': 'ON',
    'wsrep-provider': provider,
    'wsrep-cluster-name': 'roster',
    'wsrep-node-name': `node${index + 1}`,
    'wsrep-node-incoming-address': `127.0.0.1:${sql}`,
    'wsrep-node-address': `127.0.0.1:${group}`,
    'wsrep-sst-method': 'rsync',
    'wsrep-sst-receive-address': `127.0.0.1:${sst}`,
    'wsrep-provider-options': Object.entries(options)
      .map(([name, value]) => `${name}=${value}`)
      .join(';'),
    'wsrep-cluster-address': `gcomm://${all.map(({ group: port }) => `127.0.0.1:${port}`).join()}`,
  }
}

async function untilSynced(server: TestServer): Promise<void> {
  const until = Date.now() + SYNC_LIMIT
  for (;;) {
    // SHOW is answered by a node that refuses every query.
    const state = await server.admin("SHOW STATUS LIKE 'wsrep_local_state_comment'").catch(() => [])
    const ready = await server.admin("SHOW STATUS LIKE 'wsrep_ready'").catch(() => [])
    if (state[0]?.[1] === 'Synced' && ready[0]?.[1] === 'ON') return
    if (Date.now() > until)
      throw new Error(`A node of the cluster was not Synced within ${SYNC_LIMIT / 1000} s. Its log:\n${server.log()}`)
    await wait(LOOK_EVERY)
  }
}

/** Whether other nodes that run count it as a member. */
async function isMember(server: TestServer, all: readonly TestServer[]): Promise<boolean> {
  const others = all.filter((other) => other !== server && other.pid !== null)
  const told = await Promise.all(
    others.map((other) => other.admin("SHOW STATUS LIKE 'wsrep_incoming_addresses'").catch(() => [])),
  )
  return told.some((rows) => rows[0]?.[1]?.split(',').includes(`${server.host}:${server.port}`))
}

/** A node that comes back before the others have given it up would leave all of them without a majority. */
async function untilForgotten(server: TestServer, all: readonly TestServer[]): Promise<void> {
  const until = Date.now() + SYNC_LIMIT
  while (Date.now() < until && (await isMember(server, all))) await wait(LOOK_EVERY)
}

/**
 * Synced by its own words, and no longer given up by the others: a node that wakes up has not noticed yet. The one that began
 * the cluster knows the others' addresses from their calls alone, and may have forgotten them: it is told once more.
 */
async function untilIn(server: TestServer, address: string, all: readonly TestServer[]): Promise<void> {
  const since = Date.now()
  let isTold = false
  while (Date.now() - since < SYNC_LIMIT && !(await isMember(server, all))) {
    if (!isTold && Date.now() - since > TOLD_AFTER) {
      isTold = true
      await server.admin(`SET GLOBAL wsrep_cluster_address = '${address}'`).catch(() => undefined)
    }
    await wait(LOOK_EVERY)
  }
  await untilSynced(server)
}

function node(server: TestServer, name: string, address: string, all: readonly TestServer[]): GaleraNode {
  const option = (text: string) => server.admin(`SET GLOBAL wsrep_provider_options = '${text}'`).then(() => undefined)
  const own = {
    name,
    cutOff: () => option('gmcast.isolate=1'),
    async letIn() {
      await option('gmcast.isolate=0')
      await untilIn(server, address, all)
    },
    synced: () => untilIn(server, address, all),
    async restart(changed = {}) {
      await server.stop()
      await untilForgotten(server, all)
      // The first node began the cluster; from now on it joins the others.
      await server.restart({ 'wsrep-cluster-address': address, ...changed })
      await untilIn(server, address, all)
    },
  } satisfies Partial<GaleraNode>
  // The number of its process changes with each start, so it is asked of the server itself.
  return Object.create(server, Object.getOwnPropertyDescriptors(own)) as GaleraNode
}

/** About 10 s. `settings` are those of every node. Rejects with words that say what is missing. */
export async function startGalera(options: Pick<ServerOptions, 'settings'> = {}): Promise<TestCluster> {
  const galera = await findGalera()
  try {
    return await startNodes(galera, options)
  } catch (error) {
    // On a busy machine a node may be given up by the others while it joins: once more, with other ports.
    console.error(error instanceof Error ? error.message : error)
    return startNodes(galera, options)
  }
}

async function startNodes(
  { provider, programs }: Awaited<ReturnType<typeof findGalera>>,
  { settings = {} }: Pick<ServerOptions, 'settings'>,
): Promise<TestCluster> {
  const ports: Ports[] = []
  for (let index = 0; index < 3; index += 1) {
    ports.push({ sql: await freePort(), group: await freePort(), ist: await freePort(), sst: await freePort() })
  }
  const started: TestServer[] = []
  const end = async () => {
    // All at once: the last ones would wait for a majority that is gone.
    await Promise.all(started.map((server) => server.end()))
  }
  const start = async (index: number): Promise<GaleraNode> => {
    const own = settingsOf(index, ports, provider)
    const address = own['wsrep-cluster-address'] ?? ''
    const first = index === 0 ? { 'wsrep-cluster-address': 'gcomm://' } : {}
    const server = await startOwn('mysql', {
      port: ports[index]?.sql ?? 0,
      settings: { ...own, ...settings, ...first },
      programs,
    })
    started.push(server)
    await untilSynced(server)
    return node(server, `node${index + 1}`, address, started)
  }
  try {
    const first = await start(0)
    // Both at once: the second to come waits a second for whoever gives the first one its state.
    const others = await Promise.allSettled([start(1), start(2)])
    const [second, third] = others.map((other) => {
      if (other.status === 'rejected') throw other.reason
      return other.value
    }) as [GaleraNode, GaleraNode]
    return { nodes: [first, second, third], end, [Symbol.asyncDispose]: end }
  } catch (error) {
    await end()
    throw error
  }
}

/** Why no cluster can be had here, in one line; null when it can be tried. */
export function whyNoGalera(whyNoMariadb: string | null): string | null {
  if (givenUrl('mysql')) return 'the server that is given is not ours to make a cluster of'
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get'))
    return 'a Galera cluster is made of Debian’s packages, and this is no Debian'
  return whyNoMariadb
}
