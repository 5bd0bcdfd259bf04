// Says every 5 s that a run on a Galera cluster is alive, from a connection of its own: the run's session may be in the middle
// of a long statement. A change of the schema holds up every write, and so a beat; the lock does not depend on it then.
import { sleep } from '../../db/waiting.ts'
import type { GaleraSession } from './galera-session.ts'

/** Milliseconds. */
const BEAT = 5_000
const AGAIN = 1_000

/** On the node of the session, so that it is silent when that node is. Ends with the signal; never rejects. */
export function keepBeating(
  { cluster, node }: Pick<GaleraSession, 'cluster' | 'node'>,
  { token, table, signal }: { token: string; table: string; signal: AbortSignal },
): void {
  if (!cluster) return
  const quoted = `'${token.replace(/[^0-9a-f-]/g, '')}'`
  const beat = `update ${table} set heartbeat = utc_timestamp(6) where id = 1 and token = ${quoted}`

  async function beating(): Promise<void> {
    while (!signal.aborted) {
      await cluster
        ?.askNode(node, signal, async (read) => {
          // It is a session for reading. A transaction of the run that has written to the row is not waited for for long.
          await read({ sql: 'set session transaction read write', values: [] })
          await read({ sql: 'set session innodb_lock_wait_timeout = 1', values: [] })
          for (;;) {
            await sleep(BEAT, signal)
            await read({ sql: beat, values: [] })
          }
        })
        .catch(() => null)
      await sleep(AGAIN, signal)
    }
  }

  beating().catch(() => undefined)
}
