// knex for schema work, on one connection of its own: its own SQL and decoding, with the same care at connecting.
import knexModule, { type Knex } from 'knex'
import MySQL2Client from 'knex/lib/dialects/mysql2/index.js'
import type { ConnectOptions, Login } from '../server/link.ts'
import { open } from './connect.ts'
import { classify } from './errors.ts'
import { ownFailure } from './own-failure.ts'
import { endSession } from './end-session.ts'
import { placeOf } from './sessions.ts'
import type { Wire } from './wire.ts'

/**
 * As the knex command line decodes, with two exceptions: numbers beyond 2^53 are text instead of wrong, and dates are taken
 * as UTC, which the session is set to.
 */
const DECODING = { supportBigNumbers: true, timezone: 'Z' } as const

/** After these the server has undone the transaction, wholly or in part; it would take the rest as a new one. */
const UNDONE = new Set(['deadlock', 'lock-timeout', 'serialization', 'not-in-cluster', 'outcome-unknown'])

/** Every connection that knex asks for is the same one; when that has ended, every statement fails. */
function oneConnection(wire: Wire): typeof Knex.Client {
  let undone: Error | null = null
  /** Of the statements that wait: a promise of the connection's whole life would keep the answers of all that it was raced with. */
  const waiting = new Set<(error: Error) => void>()
  const gone = () => ownFailure('ROSTER_LOST', 'The connection for schema work has ended.')
  wire.onEnd(() => {
    for (const giveUp of waiting) giveUp(gone())
  })
  // The driver forgets what waits for an answer when its socket is destroyed.
  async function untilEnded(answer: Promise<unknown>): Promise<unknown> {
    const { promise: ended, reject } = Promise.withResolvers<never>()
    if (wire.isDead) reject(gone())
    waiting.add(reject)
    try {
      return await Promise.race([answer, ended])
    } finally {
      waiting.delete(reject)
    }
  }
  return class OneConnection extends MySQL2Client {
    /** The connection is there already. */
    _driver() {
      return {}
    }

    override async acquireRawConnection(): Promise<unknown> {
      if (wire.isDead) throw gone()
      await this.checkVersion(wire.connection)
      return wire.connection
    }

    override destroyRawConnection(): Promise<void> {
      return wire.end()
    }

    override async _query(connection: unknown, query: unknown): Promise<unknown> {
      const sql = typeof query === 'string' ? query : (query as { sql?: string }).sql
      const isRollback = /^\s*ROLLBACK\b(?!\s+TO\b)/i.test(sql ?? '')
      if (undone && !isRollback) throw undone
      undone = null
      try {
        return await untilEnded(super._query(connection, query))
      } catch (error) {
        if (UNDONE.has(classify(error).kind)) undone = error as Error
        throw error
      }
    }
  }
}

const nothing = () => undefined

/**
 * Writes are allowed unless the login is read-only. Aborting ends the socket at once, and then the session on the server,
 * which would otherwise finish its statement first. `onSql` hears of every statement before it runs.
 */
export async function openKnex(
  login: Login,
  options: ConnectOptions & { onSql?: ((sql: string) => void) | undefined },
): Promise<{ knex: Knex; session: string; close(): Promise<void> }> {
  const { signal, onSql } = options
  const { wire, facts } = await open(login, options, DECODING, login.isReadOnly ? 'reads' : 'writes')
  const session = String(wire.connection.threadId)
  const place = await placeOf(wire.ask)
  // What other nodes have committed, the ledger of the migrations above all, is waited for by every read from here on: a
  // change of the schema that is under way on another node would hold up the connecting as well.
  if (facts.galera) await wire.ask('SET SESSION wsrep_sync_wait = 1')
  const knex = knexModule({
    client: oneConnection(wire),
    // Not opened by knex, which only insists on something.
    connection: { database: login.database },
    // One connection, kept: knex waits for it no longer than a statement could be told to wait for a lock.
    pool: { min: 0, max: 1, idleTimeoutMillis: 24 * 60 * 60_000 },
    acquireConnectionTimeout: 10_000,
    // knex would print to the terminal what the run's own events say.
    log: { warn: nothing, error: nothing, debug: nothing, deprecate: nothing },
  })
  if (onSql) knex.on('query', ({ sql }: { sql: string }) => onSql(sql))

  const onAbort = () => {
    // Whoever aborts may have ended the session already.
    if (wire.isDead) return
    wire.destroy()
    void endSession(login, { session, place })
  }
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })

  return {
    knex,
    session,
    async close() {
      signal.removeEventListener('abort', onAbort)
      await wire.end()
      await knex.destroy()
    },
  }
}
