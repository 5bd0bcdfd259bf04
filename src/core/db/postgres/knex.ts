// knex for schema work, with its own decoding, on one connection of its own that is as safe as every other.
import knexModule, { type Knex } from 'knex'
import PgClient from 'knex/lib/dialects/postgres/index.js'
import type { ServerDialect } from '../server/server-dialect.ts'
import { openClient, toldOf, type OpenClient } from './client.ts'
import { PostgresProblem } from './problem.ts'
import { setUp } from './settings.ts'

type Open = ServerDialect['openKnex']

/** Milliseconds for a goodbye. */
const GOODBYE = 1000

/** Hands out the one connection that was opened for it. When that has ended, every statement fails; no second is opened. */
function oneConnection({ client, socket }: OpenClient): typeof Knex.Client {
  return class OneConnection extends PgClient {
    override acquireRawConnection(): Promise<unknown> {
      if (socket.destroyed) return Promise.reject(new Error('Connection terminated'))
      return Promise.resolve(client)
    }

    /** knex takes any answer to COMMIT for success; after a statement that failed, PostgreSQL's answer is ROLLBACK. */
    override async _query<Q extends { sql: string; response?: { command?: string } }>(connection: unknown, query: Q) {
      const answered = await super._query(connection, query)
      if (/^\s*COMMIT\b/i.test(query.sql) && answered.response?.command !== 'COMMIT') {
        const words = 'Nothing was kept: a statement had failed before, and the server rolled the transaction back.'
        throw new PostgresProblem('failed-transaction', '25P02', words)
      }
      return answered
    }

    override destroyRawConnection(): Promise<void> {
      return Promise.resolve()
    }

    override validateConnection(): Promise<boolean> {
      return Promise.resolve(!socket.destroyed)
    }
  }
}

const nothing = () => undefined

export const openKnex: Open = (login, options) =>
  openClient(login, options, undefined, async (opened) => {
    const { client, socket } = opened
    const ask = async (text: string) => (await client.query<unknown[]>({ text, rowMode: 'array' })).rows[0] ?? []
    const session = await setUp(ask, login, true, toldOf(client))
    const [version] = await ask('show server_version')
    const { signal, onSql } = options
    const knex = knexModule({
      client: oneConnection(opened),
      version: String(version),
      // Not opened by knex, which only insists on a place.
      connection: { host: login.host },
      pool: { min: 0, max: 1, idleTimeoutMillis: 24 * 60 * 60_000 },
      acquireConnectionTimeout: 10_000,
      // knex would print to the terminal what the run's own events say.
      log: { warn: nothing, error: nothing, debug: nothing, deprecate: nothing },
    })
    if (onSql) knex.on('query', ({ sql }: { sql: string }) => onSql(sql))
    // The server notices the closed socket when the statement ends; whoever aborts also stops the session by its number.
    const onAbort = () => socket.destroy()
    signal.addEventListener('abort', onAbort, { once: true })
    return {
      knex,
      session,
      async close() {
        signal.removeEventListener('abort', onAbort)
        await knex.destroy()
        if (socket.destroyed) return
        const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
        const timer = setTimeout(() => socket.destroy(), GOODBYE)
        client.end().catch(nothing)
        await closed
        clearTimeout(timer)
      },
    }
  })
