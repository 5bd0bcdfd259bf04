// A server's dialect whose connections note every statement: rows, looks from aside, and schema work by knex. What a connection
// asks about itself (its settings, pings, the number of its transaction) is left out: nobody asked for it.
import type { Knex } from 'knex'
import { noted, type Sent, type StatementLog } from '../statement-log.ts'
import type { Link } from './link.ts'
import type { ServerDialect } from './server-dialect.ts'

export function recordedDialect(dialect: ServerDialect, log: StatementLog): ServerDialect {
  const isCancelled = (error: unknown) => dialect.classify(error).kind === 'cancelled'
  return {
    ...dialect,
    connect: async (login, options) => recordedLink(await dialect.connect(login, options), log, isCancelled),
    async openKnex(login, options) {
      const opened = await dialect.openKnex(login, options)
      recordKnex(opened.knex, log, (error) => options.signal.aborted || isCancelled(error))
      return opened
    },
  }
}

function recordedLink(link: Link, log: StatementLog, isCancelled: (error: unknown) => boolean): Link {
  let isWriting = false
  const none = () => 0

  function note<T>(
    sql: string,
    values: readonly unknown[],
    start: () => Promise<T>,
    rowsOf: (result: T) => number = none,
    times?: number,
  ): Promise<T> {
    // A connection that was ended from here is what a stopped statement may end with.
    const isStopped = (error: unknown) => isCancelled(error)
    return noted(log.sent(isWriting ? 'write' : 'read', sql, values, times), start, rowsOf, isStopped)
  }

  return {
    session: link.session,
    ...(link.isPooled !== undefined && { isPooled: link.isPooled }),
    ...(link.galera && { galera: link.galera }),
    get isDead() {
      return link.isDead
    },
    onEnd: (listener) => link.onEnd(listener),
    query: (statement) =>
      note(
        statement.sql,
        statement.values,
        () => link.query(statement),
        ({ rows }) => rows.length,
      ),
    run: (statement) =>
      note(
        statement.sql,
        statement.values,
        () => link.run(statement),
        ({ changes }) => changes,
      ),
    runMany: (sql, rows) =>
      note(
        sql,
        rows[0] ?? [],
        () => link.runMany(sql, rows),
        (ran) => ran.reduce((sum, { changes }) => sum + changes, 0),
        rows.length,
      ),
    bulk: (table, columns, rows) =>
      note(
        bulkSql(table, columns),
        rows[0] ?? [],
        () => link.bulk(table, columns, rows),
        (changes) => changes,
        rows.length,
      ),
    begin() {
      isWriting = true
      return note('begin', [], () => link.begin())
    },
    mark: () => link.mark(),
    commit: () => note('commit', [], () => link.commit()).finally(() => (isWriting = false)),
    rollback: () => note('rollback', [], () => link.rollback()).finally(() => (isWriting = false)),
    ping: () => link.ping(),
    end: () => link.end(),
    destroy: () => link.destroy(),
  }
}

/** Many rows at once, as it is noted: each engine has its own way of sending them. */
function bulkSql(table: string, columns: readonly string[]): string {
  return `insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`
}

interface KnexQuery {
  __knexQueryUid: string
  sql: string
  bindings?: readonly unknown[]
}

function recordKnex(knex: Knex, log: StatementLog, isCancelled: (error: unknown) => boolean): void {
  const open = new Map<string, Sent>()
  const take = (query: KnexQuery) => {
    const sent = open.get(query.__knexQueryUid)
    open.delete(query.__knexQueryUid)
    return sent
  }
  knex.on('query', (query: KnexQuery) => {
    open.set(query.__knexQueryUid, log.sent('schema', query.sql, query.bindings ?? []))
  })
  knex.on('query-response', (response: unknown, query: KnexQuery) => take(query)?.answered(rowsOf(response)))
  knex.on('query-error', (error: unknown, query: KnexQuery) => take(query)?.failed(error, isCancelled(error)))
}

/** Rows, from knex's own answer or, for raw statements, from the driver's. */
function rowsOf(response: unknown): number {
  if (typeof response === 'number') return response
  const first: unknown = Array.isArray(response) ? response[0] : response
  if (Array.isArray(first)) return first.length
  const { rowCount, affectedRows } = (first ?? {}) as { rowCount?: unknown; affectedRows?: unknown }
  if (rowCount !== undefined || affectedRows !== undefined) return Number(rowCount ?? affectedRows ?? 0)
  return Array.isArray(response) ? response.length : 0
}
