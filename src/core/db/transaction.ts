// The one transaction runner: all of the work is saved, or none of it, and "saved" is said only when the database said so.
import type { Database, Session } from './database.ts'

/**
 * Runs `work` in one transaction that may write, and commits when it resolves. After the first statement that fails, no
 * further one may change anything, and the whole is rolled back even if `work` caught the error: some engines would
 * otherwise save half of it. Reading stays possible, to find out why.
 *
 * Throws what `work` or the failed statement threw, the signal's reason when aborted, DATABASE_UNAVAILABLE or READ_ONLY
 * when there is no connection, and OUTCOME_UNKNOWN when the connection was lost during COMMIT. An abort during COMMIT
 * comes too late: the outcome is then what the database answers.
 *
 * Inside `work`, use the session alone: on a rollback-journal file `database.read` would wait for this transaction.
 */
export async function inTransaction<T>(
  database: Database,
  signal: AbortSignal,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const connection = await database.takeForTransaction(signal)
  let isBroken = true
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

  try {
    await connection.begin()
    const result = await work({
      query: (statement) => guard(false, () => connection.query(statement)),
      run: (statement) => guard(true, () => connection.run(statement)),
      bulk: (table, columns, rows) => guard(true, () => connection.bulk(table, columns, rows)),
    })
    isOver = true
    signal.throwIfAborted()
    if (failure) throw failure as Error
    await connection.commit()
    isBroken = false
    return result
  } catch (error) {
    isOver = true
    isBroken = await connection.rollback().then(
      () => false,
      () => true,
    )
    throw error
  } finally {
    connection.release(isBroken)
  }
}
