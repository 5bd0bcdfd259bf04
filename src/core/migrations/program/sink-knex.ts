// The knex that a step gets: what it compiles goes into a sink, and what comes back is read as knex would read the driver's.
import knexModule, { type Knex } from 'knex'
import type { Dialect } from '../../../shared/profiles.ts'
import type { ResultUsed, Sink, SinkAnswer, StepStatement } from '../step.ts'
import { onePlace } from './one-place.ts'
import { sinkClient } from './sink-client.ts'
import { late, ownTransaction } from './step-sink.ts'

export interface SinkKnexOptions {
  /** The step gets a transaction object, whose own BEGIN and COMMIT are not sent. */
  isInTransaction: boolean
  signal: AbortSignal
  /** As `DatabaseFacts.version`: SQL that depends on the version is compiled for the latest where it is left out. */
  version?: string | undefined
  /** Milliseconds without a statement, after which one that waits for an open transaction fails. */
  stuckAfter?: number | undefined
}

/** Milliseconds. */
const STUCK_AFTER = 60_000
const nothing = () => undefined

/** Where the outer transaction is: its own BEGIN and COMMIT are told from the step's by the time at which they come. */
type Phase = 'before' | 'step' | 'after' | 'over'

/**
 * Runs `work` with a knex over the sink, and resolves when all its statements are answered, also those that nothing waited
 * for. Rejects with the sink's own error where `work` rejects with what came of it.
 */
export async function withSinkKnex(
  dialect: Dialect,
  sink: Sink,
  options: SinkKnexOptions,
  work: (knex: Knex) => unknown,
): Promise<void> {
  const { isInTransaction, signal, version, stuckAfter = STUCK_AFTER } = options
  let phase: Phase = isInTransaction ? 'before' : 'step'
  let broken: Error | null = null
  const underWay = new Set<Promise<unknown>>()
  let lastSent = Date.now()
  /** Errors that knex writes its text into, and those they stand for. */
  const originals = new WeakMap<Error, unknown>()

  async function send(statement: StepStatement) {
    // The caller has begun already, and commits after the ledger's row.
    if (phase === 'before' && statement.sql === 'BEGIN;') return { response: {} }
    if (phase === 'after' && statement.sql === 'COMMIT;') return { response: {} }
    if (phase !== 'step') throw late()
    // knex writes the statement into what is thrown here, and `broken` is told in the end.
    if (broken) throw copyOf(broken)
    lastSent = Date.now()
    const asked = ask(statement)
    underWay.add(asked)
    try {
      const answer = await asked
      return answer.kind === 'response' ? answer : null
    } catch (error) {
      const copy = copyOf(error)
      originals.set(copy, error)
      throw copy
    } finally {
      underWay.delete(asked)
      lastSent = Date.now()
    }
  }

  async function ask(statement: StepStatement): Promise<SinkAnswer> {
    signal.throwIfAborted()
    return sink.send(statement)
  }

  const pool = onePlace({
    isAlwaysAlone: dialect === 'sqlite',
    lastSent: () => (underWay.size > 0 ? null : lastSent),
    limit: stuckAfter,
  })
  const onUse = (error: ResultUsed) => void (broken ??= error)
  const knex = open(dialect, sinkClient(dialect, { pool, send, onUse }), pool, version)

  const failed = (): Error | null => broken
  const isIdle = () => underWay.size === 0 && pool.waiting() === 0
  async function drained() {
    do {
      await Promise.allSettled(underWay)
      // What was answered last may send more, though nothing waits for it.
      await nextTurn()
      await nextTurn()
    } while (!isIdle())
  }

  try {
    if (isInTransaction) {
      const trx = await knex.transaction()
      phase = 'step'
      const end = (word: string, cause?: unknown) => {
        const error = ownTransaction(word, cause)
        broken ??= error
        return Promise.reject(error)
      }
      const commit = trx.commit.bind(trx)
      trx.commit = () => end('COMMIT') as never
      trx.rollback = (cause) => end('ROLLBACK', cause) as never
      await work(trx)
      await drained()
      phase = 'after'
      await commit()
    } else {
      await work(knex)
      await drained()
    }
  } catch (error) {
    await drained()
    // A step may have caught it, and thrown what came of that.
    if (failed()) throw failed() as Error
    throw (error instanceof Error && originals.has(error) ? originals.get(error) : error) as Error
  } finally {
    phase = 'over'
  }
  if (failed()) throw failed() as Error
}

function open(dialect: Dialect, client: typeof Knex.Client, pool: object, version: string | undefined): Knex {
  const number = /\d[\d.]*/.exec(version ?? '')?.[0]
  const config = {
    client,
    connectionPool: pool as never,
    ...(dialect === 'sqlite' ? { useNullAsDefault: true } : {}),
    // PostgreSQL's client wants the number alone, MySQL's reads from the text whether it is MariaDB.
    ...(number === undefined ? {} : { version: dialect === 'mysql' ? version : number }),
    // knex would print to the terminal.
    log: { warn: nothing, error: nothing, debug: nothing, deprecate: nothing },
  }
  const knex = knexModule(config as Knex.Config)
  const own = knex.client as { checkVersion?(connection: unknown): Promise<unknown> }
  // Connecting would have asked; with a version given it only reads that one.
  if (dialect === 'mysql' && number !== undefined) void own.checkVersion?.(null)
  return knex
}

/** With everything that a step or knex may look for. */
function copyOf(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  const copy = Object.assign(new Error(error.message), { ...error })
  copy.name = error.name
  return copy
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))
