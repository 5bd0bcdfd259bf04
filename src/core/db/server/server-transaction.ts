// A connection of the pool in the hands of the transaction runner: aborting stops what runs on it in the database, but never
// a COMMIT, and what is given up half-way is ended on the server as well.
import type { Cell } from '../../../shared/cell.ts'
import type { Ran, TransactionConnection } from '../database.ts'
import { failedAt, placeOfFailure } from '../failed-at.ts'
import type { Phase } from '../failure.ts'
import type { Pool } from './pool.ts'
import type { PooledLink } from './pooled-link.ts'
import type { ServerErrors } from './server-errors.ts'
import { stopSession, stopStatement, type Stopping } from './stop-statement.ts'
import { settlesWithin, untilAborted } from '../waiting.ts'

/** Milliseconds that a rollback may take after an abort, before the connection is ended instead. */
const ROLLBACK_LIMIT = 3_000

/** Rows and characters (or bytes) that go out at once at most: an abort is heard between two parts. */
const PART_ROWS = 250
const PART_SIZE = 1_000_000

function* partsOf(rows: Iterable<readonly Cell[]>): Generator<(readonly Cell[])[]> {
  let part: (readonly Cell[])[] = []
  let size = 0
  for (const row of rows) {
    part.push(row)
    for (const cell of row) size += typeof cell === 'string' || cell instanceof Uint8Array ? cell.length : 8
    if (part.length < PART_ROWS && size < PART_SIZE) continue
    yield part
    part = []
    size = 0
  }
  if (part.length > 0) yield part
}

export interface TransactionParts {
  pool: Pool
  errors: ServerErrors
  stopping: Stopping
  /** Keeps `close` waiting until it is done. */
  inBackground(work: Promise<unknown>): void
}

export function serverTransaction(
  member: PooledLink,
  signal: AbortSignal,
  parts: TransactionParts,
): TransactionConnection {
  const { pool, errors, stopping } = parts
  const { link } = member
  let isEnding = false
  let isReleased = false
  /** The server only reads by now (a failed-over primary): the next connection may find the one that writes. */
  let isReadOnly = false
  let stopped: Promise<boolean> | null = null

  const abort = () => {
    if (!isEnding && member.runningSince !== null) stopped = stopStatement(member, stopping)
  }
  signal.addEventListener('abort', abort, { once: true })

  async function told<T>(running: Promise<T>, phase: Phase): Promise<T> {
    try {
      return await running
    } catch (error) {
      if (!isEnding && signal.aborted) throw signal.reason
      isReadOnly ||= errors.classify(error)?.kind === 'read-only'
      throw errors.refusal(error, phase)
    }
  }

  function statement<T>(sql: string, start: () => Promise<T>): Promise<T> {
    if (isReleased) return Promise.reject(new Error('The connection was given back: it was used too late.'))
    if (signal.aborted) return Promise.reject(signal.reason as Error)
    return told(untilAborted(member.run(sql, start), signal), 'transaction')
  }

  /** What ends a transaction runs to its end, whatever the signal says; but not before the cancelled statement has ended. */
  async function ending(sql: string, start: () => Promise<void>, phase: Phase): Promise<void> {
    await stopped
    await member.ended()
    isEnding = true
    await told(member.run(sql, start), phase)
  }

  return {
    query: (query) => statement(query.sql, () => link.query(query)),
    run: (change) => statement(change.sql, () => link.run(change)),
    async runMany(sql, rows) {
      const done: Ran[] = []
      for (const part of partsOf(rows)) {
        try {
          done.push(...(await statement(sql, () => link.runMany(sql, part))))
        } catch (error) {
          failedAt(error, done.length + (placeOfFailure(error) ?? 0))
          throw error
        }
      }
      return done
    },
    bulk: (table, columns, rows) => statement(`insert into ${table}`, () => link.bulk(table, columns, rows)),
    begin: () => statement('begin', () => link.begin()),
    mark: () => statement('mark', () => link.mark()),
    commit: () => ending('commit', () => link.commit(), 'committing'),
    async rollback() {
      const running = ending('rollback', () => link.rollback(), 'transaction')
      if (signal.aborted && !(await settlesWithin(running, ROLLBACK_LIMIT))) {
        member.lose(new Error('The rollback did not end in time.'))
      }
      await running
    },
    release(broken) {
      if (isReleased) return
      isReleased = true
      signal.removeEventListener('abort', abort)
      const isBusy = member.runningSince !== null
      if (broken || isBusy || isReadOnly) {
        // A server may notice only at the end of a statement that nobody waits for its answer any more.
        if (isBusy && !link.isDead) parts.inBackground(stopSession(link, stopping))
        member.lose(new Error('The connection was ended with its transaction.'))
      }
      pool.release(member)
    },
  }
}
