// knex's own client of a dialect, with a sink in place of the driver: it compiles, and reads answers, as knex does.
import type { Knex } from 'knex'
import SqliteClient from 'knex/lib/dialects/better-sqlite3/index.js'
import MysqlClient from 'knex/lib/dialects/mysql2/index.js'
import PostgresClient from 'knex/lib/dialects/postgres/index.js'
import type { Dialect } from '../../../shared/profiles.ts'
import type { ResultUsed, StepStatement } from '../step.ts'
import type { OnePlace } from './one-place.ts'
import { placed } from './bindings.ts'
import { resultUsed, withheld } from './withheld.ts'

/** What knex hands to `_query`, and reads the answer from. */
interface Query {
  sql: string
  bindings?: readonly unknown[]
  method?: string
  output?(this: unknown, ...response: unknown[]): unknown
  response?: unknown
  context?: unknown
}

/** What of knex's clients is changed here; knex ships no types of it. */
declare class _DialectClient extends Knex.Client {
  processResponse(query: Query, runner: unknown): unknown
  ddl(...parts: unknown[]): { alteredName: string }
  _formatBindings(bindings: readonly unknown[] | undefined): unknown[]
}

interface KnexTransaction {
  txid: string
  acquireConnection<T>(
    config: { connection?: unknown } | undefined,
    work: (connection: unknown) => Promise<T>,
  ): Promise<T>
}

const CLIENTS: Record<Dialect, unknown> = { postgres: PostgresClient, mysql: MysqlClient, sqlite: SqliteClient }

/** In place of a response that there is none of. */
const NONE = Symbol('withheld')

export interface ClientParts {
  pool: OnePlace
  /** Null: withheld. */
  send: (statement: StepStatement) => Promise<{ response: unknown; context?: unknown } | null>
  onUse: (error: ResultUsed) => void
}

/** Made anew for every step. Names that knex would make up at random are counted, so that a step sends the same text each time. */
export function sinkClient(dialect: Dialect, { pool, send, onUse }: ClientParts): typeof Knex.Client {
  let transactions = 0
  let rebuilds = 0

  return class SinkClient extends (CLIENTS[dialect] as typeof _DialectClient) {
    /** No driver is needed. */
    _driver() {
      return {}
    }

    wrapNativePool() {
      return pool
    }

    override destroy(callback?: unknown): Promise<void> {
      if (typeof callback === 'function') (callback as () => void)()
      return Promise.resolve()
    }

    /** The session knows its database; a rehearsal's is another than the profile's. */
    override database(): unknown {
      return dialect === 'mysql' ? this.raw('database()') : super.database()
    }

    override transaction(container: unknown, config: unknown, outer: unknown): Knex.Transaction {
      const transaction = super.transaction(container, config, outer) as unknown as KnexTransaction
      // knex evaluates it later, so it has never been known by another name.
      transaction.txid = `trx${++transactions}`
      const { transacting } = this as { transacting?: boolean }
      const acquire = transaction.acquireConnection.bind(transaction)
      transaction.acquireConnection = async (given, work) => {
        if (given?.connection !== undefined || transacting) return acquire(given, work)
        const connection = await pool.acquireAlone()
        try {
          connection.__knexTxId = transaction.txid
          return await work(connection)
        } finally {
          delete connection.__knexTxId
          pool.releaseAlone()
        }
      }
      return transaction as unknown as Knex.Transaction
    }

    override ddl(...parts: unknown[]): { alteredName: string } {
      const name = `_knex_temp_alter${String(++rebuilds).padStart(3, '0')}`
      return Object.assign(super.ddl(...parts), { alteredName: name })
    }

    override cancelQuery(): never {
      throw new Error('A step cannot cancel its own statement; use .timeout() without `cancel`.')
    }

    async _query(_connection: unknown, query: Query): Promise<Query> {
      if (!query.sql) throw new Error('The query is empty')
      const { sql, bindings } = inlined(query)
      const ready = dialect === 'sqlite' ? this._formatBindings(bindings) : bindings
      const answer = await send({ sql, bindings: placed(dialect, ready) })
      query.response = answer ? answer.response : NONE
      if (answer) query.context = answer.context
      return query
    }

    _stream(_connection: unknown, _query: unknown, stream: { destroy(error: Error): void }): Promise<never> {
      const error = new Error(
        'A step that Roster runs cannot read rows as a stream. Await them, in parts where there are many.',
      )
      stream.destroy(error)
      return Promise.reject(error)
    }

    override processResponse(query: Query, runner: unknown): unknown {
      if (query.response !== NONE) return super.processResponse(query, runner)
      const value = withheld(query.sql, onUse)
      if (query.output) return query.output.call(runner, value, value)
      // One row or none: a step asks this with `if`, which no value can notice.
      if (query.method === 'first') {
        const error = resultUsed(query.sql)
        onUse(error)
        throw error
      }
      // MySQL and SQLite answer an insert with one key, whatever was inserted.
      return query.method === 'insert' && dialect !== 'postgres' ? [value] : value
    }
  }
}

/** What knex itself binds as SQL (the name of the database) is written into the text. */
function inlined({ sql, bindings = [] }: Query): { sql: string; bindings: readonly unknown[] } {
  const isSql = (value: unknown): value is Knex.Raw =>
    typeof value === 'object' && value !== null && 'isRawInstance' in value
  if (!bindings.some(isSql)) return { sql, bindings }
  let at = 0
  const text = sql.replace(/\?/g, (mark) => {
    const value = bindings[at++]
    return isSql(value) ? value.toQuery() : mark
  })
  return { sql: text, bindings: bindings.filter((value) => !isSql(value)) }
}
