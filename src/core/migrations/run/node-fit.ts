// Whether the node that a run works on is fit for changes of the schema: in the cluster, and not behind it.
import { healthOf } from '../../db/galera/node-status.ts'
import { waitFor, type LockOptions } from './lock.ts'
import type { SchemaSession } from './schema-session.ts'

/** Milliseconds in which a node may come back into step. */
const LIMIT = 20_000

/** Waits a while; then rejects with LOCK_HELD, whose words say what is wrong with it. Nothing on any other server. */
export async function untilFit(
  { galera }: SchemaSession,
  options: Pick<LockOptions, 'signal' | 'onWaiting'>,
  limit = LIMIT,
): Promise<void> {
  if (!galera) return
  await waitFor(options, limit, async () => {
    const { fitness, words } = healthOf((await galera.status()).status)
    return fitness === 'healthy' ? null : `The node ${galera.node} is not fit for a change of the schema: ${words}`
  })
}
