// knex for schema work, on one child process: its own SQL and decoding, with the main thread left free.
import knexModule, { type Knex } from 'knex'
import BetterSqlite3Client from 'knex/lib/dialects/better-sqlite3/index.js'
import { untilAborted } from './cancel.ts'
import type { Child } from './process.ts'

/** What knex hands to `_query` and reads its answer from. */
interface KnexQuery {
  sql: string
  bindings?: readonly unknown[]
  response?: unknown
  context?: { lastID: number | bigint; changes: number }
}

/** knex keeps its notes on the connection object, so it gets one of its own. */
interface Connection {
  child: Child
  signal: AbortSignal
}

/** Every connection is the same child; when that has ended, every statement fails, and no other one takes over unseen. */
function childClient(child: Child, signal: AbortSignal): typeof Knex.Client {
  return class ChildClient extends BetterSqlite3Client {
    /** The driver is loaded in the child alone. */
    _driver() {
      return {}
    }

    override async acquireRawConnection(): Promise<Connection> {
      signal.throwIfAborted()
      return Promise.resolve({ child, signal })
    }

    override destroyRawConnection(): Promise<void> {
      return Promise.resolve()
    }

    async _query(connection: Connection, query: KnexQuery): Promise<KnexQuery> {
      if (!query.sql) throw new Error('The query is empty')
      const bindings = this._formatBindings(query.bindings)
      const answer = await untilAborted(connection.child.ask('knex', { sql: query.sql, bindings }), connection.signal)
      if (answer.kind === 'rows') query.response = answer.rows
      else {
        query.response = { changes: answer.changes, lastInsertRowid: answer.lastInsertRowid }
        query.context = { lastID: answer.lastInsertRowid, changes: answer.changes }
      }
      return query
    }
  }
}

const nothing = () => undefined

/**
 * Aborting the signal ends the child at once, and SQLite rolls back what was open. `free` is called once, on close or
 * on abort. `onSql` hears of every statement before it runs.
 */
export function openKnex(
  child: Child,
  signal: AbortSignal,
  onSql: ((sql: string) => void) | undefined,
  free: () => void,
): { knex: Knex; close(): Promise<void> } {
  const knex = knexModule({
    client: childClient(child, signal),
    // Not opened by knex, which only insists on a name.
    connection: { filename: 'child' },
    useNullAsDefault: true,
    // One connection, kept: knex waits for it no longer than a statement could be told to wait for a lock.
    pool: { min: 0, max: 1, idleTimeoutMillis: 24 * 60 * 60_000 },
    acquireConnectionTimeout: 10_000,
    // knex would print to the terminal what the run's own events say.
    log: { warn: nothing, error: nothing, debug: nothing, deprecate: nothing },
  })
  if (onSql) knex.on('query', ({ sql }: { sql: string }) => onSql(sql))

  let isFree = false
  const end = () => {
    if (isFree) return
    isFree = true
    signal.removeEventListener('abort', onAbort)
    free()
  }
  const onAbort = () => {
    child.kill(signal.reason as Error)
    end()
  }
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })

  return {
    knex,
    async close() {
      await child.ask('close', null).catch(() => undefined)
      end()
      await knex.destroy()
    },
  }
}
