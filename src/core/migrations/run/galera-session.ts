// What a session for schema work knows of the node of a Galera cluster that it is on; null on any other server.
import type { Place } from '../../../shared/reaching.ts'
import type { Cluster } from '../../db/cluster.ts'
import { markText } from '../../db/galera/mark.ts'
import { nodeTold, type NodeTold } from '../../db/galera/node-status.ts'
import { isMariadb } from '../../db/mysql/flavour.ts'
import { textIn } from './run-lock.ts'
import type { SchemaSession } from './schema-session.ts'

type Ask = SchemaSession['ask']

export interface GaleraSession {
  /** wsrep_node_name, wsrep_cluster_name */
  readonly node: string
  readonly name: string
  /** "db1:3306", as the server calls itself: two nodes that bear one name are told apart by it. */
  readonly place: string
  /** Seconds since 1970 at which the server was started, by its own clock: the sessions of an earlier start are gone. */
  readonly startedAt: number
  /**
   * Before a SELECT outside of transactions: it waits for all that the cluster has committed, or for nothing. MariaDB can say
   * it of one statement; elsewhere both are empty, and the session's own setting holds, which is to wait.
   */
  readonly waiting: string
  readonly atOnce: string
  /** Null where the database cannot ask other nodes. */
  readonly cluster: Cluster | null
  /** Aborted when the session is closed. */
  readonly closed: AbortSignal
  /** What the node says of itself now; answered by a node that refuses every other question. */
  status(): Promise<NodeTold>
  /**
   * Called in every transaction of the runner's own: it writes to the lock's row, so that a run that has lost the lock can
   * commit none. Null while the session has no lock.
   */
  fence: (() => Promise<void>) | null
  /** Frees the lock where the session still has it, called when it is closed. Null while it has none. */
  free: (() => Promise<void>) | null
}

type NodeFacts = Pick<GaleraSession, 'node' | 'name' | 'place' | 'waiting' | 'atOnce'>

const VARIABLES = ['wsrep_on', 'wsrep_provider', 'wsrep_node_name', 'wsrep_cluster_name', 'hostname', 'port', 'version']

/** The session itself tells: the variables are there on every MariaDB, with a provider of "none". */
export async function nodeOf(ask: Ask): Promise<NodeFacts | null> {
  const rows = await ask(`show session variables where Variable_name in (${VARIABLES.map((one) => `'${one}'`).join()})`)
  const told = byName(rows)
  const provider = told.get('wsrep_provider') ?? 'none'
  if (told.get('wsrep_on') !== 'ON' || provider === '' || provider === 'none') return null
  return {
    node: told.get('wsrep_node_name') ?? '',
    name: told.get('wsrep_cluster_name') ?? '',
    place: `${told.get('hostname') ?? ''}:${told.get('port') ?? ''}`,
    waiting: isMariadb(told.get('version') ?? '') ? 'set statement wsrep_sync_wait = 1 for ' : '',
    atOnce: isMariadb(told.get('version') ?? '') ? 'set statement wsrep_sync_wait = 0 for ' : '',
  }
}

/** MariaDB has it in one place, and MySQL 8 in another. Both figures are of the same moment, so that the difference stays. */
export async function startOf(ask: Ask): Promise<number> {
  const from = async (schema: string) => {
    const [row] = await ask(
      `select unix_timestamp() - VARIABLE_VALUE as started from ${schema} where VARIABLE_NAME = 'Uptime'`,
    )
    return Number(row?.started)
  }
  return from('information_schema.GLOBAL_STATUS').catch(() => from('performance_schema.global_status'))
}

/** `at`: as the profile names the node; where it is not told there is only one. */
export async function galeraSession(
  ask: Ask,
  { cluster, closed }: Pick<GaleraSession, 'cluster' | 'closed'>,
): Promise<GaleraSession | null> {
  const node = await nodeOf(ask)
  if (!node) return null
  const startedAt = await startOf(ask)
  const status = async () => nodeTold(byName(await ask("show global status like 'wsrep\\_%'")))
  return { ...node, startedAt, cluster, closed, status, fence: null, free: null }
}

/** What `Database.outcomeOf` takes of a session that may go with its node. */
export async function nodeMark(galera: GaleraSession, at: Place | null, session: string): Promise<string> {
  if (!at) return session
  const { status, history, address } = await galera.status()
  return markText({ place: at, name: galera.node, uuid: status.uuid, address, history, session })
}

/** Whether questions of the session wait for all that the cluster has committed. */
export const waitsForCluster = (waits: boolean) => `set session wsrep_sync_wait = ${waits ? 1 : 0}`

/**
 * Steps may set these too. Each is set back only where it differs: a login that may not set one has not changed it. TOI is
 * set at the beginning, whatever the server's own default is: RSU would change this node alone, and the ledger says it of all.
 */
export async function restoreNode(ask: Ask): Promise<void> {
  const [row = {}] = await ask(
    'select @@session.wsrep_osu_method as osu, @@session.wsrep_sync_wait as waits, @@session.wsrep_on as replicates',
  )
  if (textIn(row.osu) !== 'TOI') await ask("set session wsrep_osu_method = 'TOI'")
  if (Number(row.waits) !== 1) await ask(waitsForCluster(true))
  if (Number(row.replicates) !== 1) await ask('set session wsrep_on = on')
}

function byName(rows: readonly Record<string, unknown>[]): Map<string, string> {
  return new Map(
    rows.map((row) => {
      const [name, value] = Object.values(row)
      return [textIn(name).toLowerCase(), textIn(value)]
    }),
  )
}
