// The one transaction runner: all of the work is saved, or none of it, and "saved" is said only when the database said so.
import { Refusal } from '../refusal.ts'
import type { Database, Session, TransactionConnection } from './database.ts'
import { decide } from './decide.ts'
import { failureOf } from './failure-of.ts'
import type { Action, FailureKind, Phase } from './failure.ts'
import { REPLAYING, retry } from './retry.ts'

/** Milliseconds that finding out about a lost COMMIT may take. */
const OUTCOME_LIMIT = 35_000

/** How a transaction ended that was not simply refused. `result` is what `work` resolved with. */
export type Ending<T> =
  /** The database has it. `wasInterrupted`: its answer to COMMIT was lost, and it said so when asked again. */
  | { state: 'committed'; result: T; wasInterrupted: boolean }
  /** The answer to COMMIT was lost, and the database said when asked again that nothing was committed. */
  | { state: 'rolled-back'; cause: unknown }
  /** The answer was lost; nothing is under way any more, and only the rows can tell. */
  | { state: 'look'; result: T; mark: string | null; cause: unknown }
  /** The answer was lost, and the database could not be asked within the limit. */
  | { state: 'unknown'; result: T; mark: string | null; cause: unknown }

export interface TransactionOptions<T> {
  /**
   * Looks whether the changes are in the database, when the engine itself cannot tell; nothing is under way by then. Null:
   * it could not be found out. Without it such an outcome stays unknown.
   */
  look?: (result: T, signal: AbortSignal) => Promise<boolean | null>
}

/**
 * Runs `work` in one transaction that may write, and commits when it resolves. After the first statement that fails, no
 * further one may change anything, and the whole is rolled back even if `work` caught the error: some engines would
 * otherwise save half of it. Whether reading is possible then depends on the engine; to find out why, read after it.
 *
 * `work` may run several times: when the database asks for it (a deadlock, a conflict of snapshots, a lock that was not
 * given in time, a connection lost before COMMIT), all of it is rolled back and begun anew. Only the last run counts.
 *
 * Throws what `work` or the failed statement threw, the signal's reason when aborted, DATABASE_UNAVAILABLE or READ_ONLY
 * when there is no connection, INTERRUPTED when the answer to COMMIT was lost and nothing was saved, and OUTCOME_UNKNOWN
 * when that could not be found out. An abort during COMMIT comes too late: the outcome is then what the database answers.
 *
 * Inside `work`, use the session alone: on a rollback-journal file `database.read` would wait for this transaction.
 */
export async function inTransaction<T>(
  database: Database,
  signal: AbortSignal,
  work: (session: Session) => Promise<T>,
  options: TransactionOptions<T> = {},
): Promise<T> {
  const ending = await runTransaction(database, signal, work)
  if (ending.state === 'committed') return ending.result
  if (ending.state === 'rolled-back') throw interrupted(ending.cause)
  if (ending.state === 'look' && options.look) {
    const isThere = await options.look(ending.result, AbortSignal.timeout(OUTCOME_LIMIT)).catch(() => null)
    if (isThere === true) return ending.result
    if (isThere === false) throw interrupted(ending.cause)
  }
  throw new Refusal(
    'OUTCOME_UNKNOWN',
    'The connection was lost while the changes were being saved. Whether they were saved is not known: look at the rows before saving again.',
    {},
    ending.cause,
  )
}

function interrupted(cause: unknown): Refusal {
  return new Refusal(
    'INTERRUPTED',
    'Saving was interrupted. Checked after reconnecting: nothing was saved.',
    { found: 0, of: 0, states: [] },
    cause,
  )
}

/** The same, for a caller that tells the endings of a lost COMMIT apart itself. */
export async function runTransaction<T>(
  database: Database,
  signal: AbortSignal,
  work: (session: Session) => Promise<T>,
): Promise<Ending<T>> {
  let runs = 0
  let action: Action = 'stop'
  // Stops the pauses between two runs. A run itself hears the caller's signal, and is waited for: what an abort during
  // COMMIT has come to is known only when the run has ended.
  const pauses = new AbortController()
  let isRunning = false
  const onAbort = () => {
    if (!isRunning) pauses.abort(signal.reason)
  }
  signal.addEventListener('abort', onAbort)
  try {
    return await retry({
      schedule: REPLAYING,
      signal: pauses.signal,
      decide: () => (isReplay(action) && !signal.aborted ? action : 'stop'),
      async attempt(_, number) {
        runs = number
        isRunning = true
        const end = await once(database, signal, work).finally(() => {
          isRunning = false
        })
        if ('ending' in end) return end.ending
        action = end.action
        // It would have been run again, and nobody wants that any more.
        if (signal.aborted && isReplay(action)) throw signal.reason
        throw end.error
      },
    }).result
  } catch (error) {
    throw runs > 1 && isReplay(action) && !signal.aborted ? afterTries(error, runs) : error
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

const PERSISTING: Partial<Record<FailureKind, string>> = {
  serialization: 'Another session keeps changing these rows.',
  deadlock: 'Another session keeps changing these rows.',
  'busy-snapshot': 'Another program keeps changing this file.',
  'lock-timeout': 'Another session holds a lock on these rows.',
}

/** The database's own words stay; that it was tried again and again is said before them. */
function afterTries(error: unknown, attempts: number): unknown {
  const failure = failureOf(error)
  const what = failure && PERSISTING[failure.kind]
  if (!failure || !what) return error
  const { code, message } = failure
  return new Refusal('QUERY_FAILED', `${what} Tried ${attempts} times; nothing was saved. ${message}`, { code }, error)
}

type End<T> = { ending: Ending<T> } | { action: Action; error: unknown }

async function once<T>(
  database: Database,
  signal: AbortSignal,
  work: (session: Session) => Promise<T>,
): Promise<End<T>> {
  const connection = await database.takeForTransaction(signal)
  const { session, over } = guarded(connection)
  let phase: Phase = 'transaction'
  let done: { result: T; mark: string | null } | null = null
  try {
    await connection.begin()
    const result = await work(session)
    const failure = over()
    signal.throwIfAborted()
    if (failure) throw failure
    done = { result, mark: await connection.mark() }
    signal.throwIfAborted()
    phase = 'committing'
    await connection.commit()
    connection.release(false)
    return { ending: { state: 'committed', result, wasInterrupted: false } }
  } catch (error) {
    // What the database said first decides: what follows it, or what `work` made of it, may be other words.
    const first = over() ?? error
    const action = actionFor(first, phase)
    const isAlive = action !== 'unknown' && (await rollBack(connection))
    connection.release(!isAlive)
    // A COMMIT that failed is believed only from a connection that lives on, or when the answer itself says that nothing
    // was committed: any other silence may hide a success.
    if (done && phase === 'committing' && (action === 'unknown' || (!isAlive && !isReplay(action)))) {
      return { ending: await outcome(database, done, error) }
    }
    return { action, error }
  }
}

const isReplay = (action: Action) => action === 'replay' || action === 'replay-once'

function actionFor(error: unknown, phase: Phase): Action {
  const failure = failureOf(error)
  return failure ? decide(failure, phase, { waitForDatabase: false }) : 'stop'
}

function rollBack(connection: TransactionConnection): Promise<boolean> {
  return connection.rollback().then(
    () => true,
    () => false,
  )
}

async function outcome<T>(
  database: Database,
  { result, mark }: { result: T; mark: string | null },
  cause: unknown,
): Promise<Ending<T>> {
  // Not the caller's signal: whoever gave up waiting still must not be told something else than what happened.
  const found = await database.outcomeOf(mark, AbortSignal.timeout(OUTCOME_LIMIT)).catch(() => 'unknown' as const)
  if (found === 'committed') return { state: 'committed', result, wasInterrupted: true }
  if (found === 'rolled-back') return { state: 'rolled-back', cause }
  return { state: found, result, mark, cause }
}

/** The session that `work` gets. `over` ends its use, and gives the first error of the database, if there was one. */
function guarded(connection: TransactionConnection): { session: Session; over: () => Error | null } {
  let isOver = false
  let failure: Error | null = null

  function guard<R>(changes: boolean, start: () => Promise<R>): Promise<R> {
    if (isOver) return Promise.reject(new Error('The transaction is over: its session was used too late.'))
    if (failure && changes) return Promise.reject(failure)
    return start().catch((error: unknown) => {
      failure ??= error instanceof Error ? error : new Error(String(error))
      throw error
    })
  }

  return {
    session: {
      query: (statement) => guard(false, () => connection.query(statement)),
      run: (statement) => guard(true, () => connection.run(statement)),
      runMany: (sql, rows) => guard(true, () => connection.runMany(sql, rows)),
      bulk: (table, columns, rows) => guard(true, () => connection.bulk(table, columns, rows)),
    },
    over() {
      isOver = true
      return failure
    },
  }
}
