// What a connection to a node of a Galera cluster can be asked about the node, and how it waits for the others.
import type { GaleraSide } from '../server/link.ts'
import { isMariadb } from './flavour.ts'
import type { SessionFacts } from './session.ts'
import type { Answer } from './wire.ts'

/** Beside the status: who it is, whether it takes queries, and what a commit is worth on it. */
const VARIABLES = [
  'wsrep_cluster_name',
  'wsrep_node_name',
  'wsrep_reject_queries',
  'innodb_flush_log_at_trx_commit',
  'version',
]

/** Both are answered by a node that refuses every query. */
const STATUS = "SHOW GLOBAL STATUS LIKE 'wsrep\\_%'"
const SHOW = `SHOW GLOBAL VARIABLES WHERE Variable_name IN (${VARIABLES.map((name) => `'${name}'`).join()})`

/** Null for a server that is no node of one. */
export function galeraSide(
  ask: (sql: string) => Promise<Answer>,
  { galera, version }: SessionFacts,
): GaleraSide | null {
  if (!galera) return null
  return {
    ...galera,
    async status() {
      const told = new Map<string, string>()
      for (const sql of [STATUS, SHOW]) {
        const { rows } = await ask(sql)
        for (const [name, value] of rows ?? []) told.set(String(name).toLowerCase(), value?.toString('utf8') ?? '')
      }
      return told
    },
    catchUp: () => catchUp(ask, version),
  }
}

/** A statement of its own: which of those that people send would wait (EXPLAIN, SHOW) is the server's matter. */
async function catchUp(ask: (sql: string) => Promise<Answer>, version: string): Promise<void> {
  if (isMariadb(version)) {
    await ask('SET STATEMENT wsrep_sync_wait = 1 FOR SELECT 1')
    return
  }
  const { rows } = await ask('SELECT @@SESSION.wsrep_sync_wait')
  await ask('SET SESSION wsrep_sync_wait = 1')
  try {
    await ask('SELECT 1')
  } finally {
    await ask(`SET SESSION wsrep_sync_wait = ${Number(rows?.[0]?.[0] ?? 0)}`)
  }
}
