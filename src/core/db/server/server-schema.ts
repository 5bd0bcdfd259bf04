// Schema work on a server: knex on one connection of its own, under the second login where there is one. It takes a place of
// the pool, so that a profile never has more connections than it was given.
import type { Knex } from 'knex'
import type { PoolHolder } from '../../../shared/connections.ts'
import type { Place } from '../../../shared/reaching.ts'
import type { Aside } from './aside.ts'
import type { Login } from './link.ts'
import type { Pool } from './pool.ts'
import type { ServerDialect } from './server-dialect.ts'
import type { ServerErrors } from './server-errors.ts'
import { settlesWithin, untilAborted } from '../waiting.ts'
import type { Watched } from './watch-peers.ts'
import type { Log } from '../../log.ts'

/** Milliseconds: for ending the session from elsewhere, and for its own goodbye. */
const STOP_LIMIT = 2_500
const END_LIMIT = 2_000
const SQL_LENGTH = 2_000

export interface SchemaParts {
  dialect: ServerDialect
  login(): Promise<Login>
  pool(): Pool
  aside: Aside
  errors: ServerErrors
  onRun(): void
  log: Log
}

export interface SchemaSessions {
  open(signal: AbortSignal, onSql?: (sql: string) => void): Promise<{ knex: Knex; at?: Place; close(): Promise<void> }>
  holders(): PoolHolder[]
  watched(): Watched[]
  /** Ends all of them, on the server too; 2.5 s at most. */
  close(): Promise<void>
}

interface SchemaSession {
  holder: PoolHolder
  node: Place | undefined
  runningSince: number | null
  lose(error: Error): void
  stop(reason: Error): Promise<void>
}

export function schemaSessions(parts: SchemaParts): SchemaSessions {
  const { dialect, aside, errors, log } = parts
  const sessions = new Set<SchemaSession>()

  async function open(signal: AbortSignal, onSql?: (sql: string) => void) {
    const leave = await parts.pool().takePlace(signal)
    const inner = new AbortController()
    const session: SchemaSession = {
      holder: { session: '', use: 'migrations', since: Date.now(), sql: null },
      node: undefined,
      runningSince: null,
      lose: (error) => inner.abort(error),
      async stop(reason) {
        await aside
          .ask('schema', STOP_LIMIT, (read) => read(dialect.stopSession(session.holder.session)), session.node)
          .catch((error: unknown) => log('warn', 'A migration could not be ended from elsewhere.', error))
        inner.abort(reason)
      },
    }
    try {
      const opening = dialect.openKnex(await parts.login(), {
        signal: inner.signal,
        onPhase: () => undefined,
        onSql: (sql) => {
          session.holder.sql = sql.slice(0, SQL_LENGTH)
          session.runningSince = Date.now()
          parts.onRun()
          onSql?.(sql)
        },
      })
      const opened = await untilAborted(opening, signal).catch((error: unknown) => {
        inner.abort(error)
        opening.then(
          (late) => void late.close(),
          () => undefined,
        )
        throw error
      })
      session.holder.session = opened.session
      session.node = opened.at
      sessions.add(session)
      const abort = () => void session.stop(signal.reason as Error)
      signal.addEventListener('abort', abort, { once: true })
      let isClosed = false
      return {
        knex: opened.knex,
        ...(opened.at && { at: opened.at }),
        async close() {
          if (isClosed) return
          isClosed = true
          signal.removeEventListener('abort', abort)
          const ended = opened.close()
          if (!(await settlesWithin(ended, END_LIMIT))) inner.abort(new Error('Schema work is over.'))
          sessions.delete(session)
          leave()
        },
      }
    } catch (error) {
      leave()
      if (signal.aborted) throw signal.reason
      throw errors.refusal(error, 'connecting')
    }
  }

  return {
    open,
    holders: () => [...sessions].map(({ holder }) => holder),
    watched: () =>
      [...sessions].map((session) => ({
        key: session,
        role: 'schema' as const,
        session: session.holder.session,
        node: session.node,
        runningSince: session.runningSince,
        mayPause: true,
        lose: (error: Error) => session.lose(error),
      })),
    async close() {
      const reason = new Error('The database was closed.')
      await Promise.all([...sessions].map((session) => session.stop(reason)))
    },
  }
}
