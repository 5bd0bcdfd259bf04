// The writer's connection for the length of one transaction. Aborting ends its process, and SQLite rolls back.
import { Refusal } from '../../refusal.ts'
import type { TransactionConnection } from '../database.ts'
import { sendBulk, sendMany } from './bulk.ts'
import { withFailure } from '../failure-of.ts'
import { stopWhenAborted } from './cancel.ts'
import { quote } from './introspect.ts'
import type { Child } from './process.ts'
import { checkValues } from './values.ts'

/** Milliseconds that a COMMIT may take before its outcome is called unknown: a disk that no longer answers. */
const COMMIT_LIMIT = 60_000

function insertSql(table: string, columns: readonly string[]): string {
  const names = columns.map(quote).join(', ')
  return `insert into ${quote(table)} (${names}) values (${columns.map(() => '?').join(', ')})`
}

/** `giveBack` is called once, with whether the process must be ended. */
export function writeConnection(
  child: Child,
  signal: AbortSignal,
  giveBack: (broken: boolean) => void,
): TransactionConnection {
  let isReleased = false

  function during<T>(start: () => Promise<T>): Promise<T> {
    if (isReleased) return Promise.reject(new Error('The connection was given back.'))
    if (signal.aborted) return Promise.reject(signal.reason as Error)
    return stopWhenAborted(start(), signal, () => child.kill(signal.reason as Error))
  }

  return {
    query: (statement) =>
      during(async () => {
        checkValues(statement.values)
        return child.query(statement)
      }),
    run: (statement) =>
      during(async () => {
        checkValues(statement.values)
        return child.ask('run', statement)
      }),
    runMany: (sql, rows) => during(() => sendMany(child, sql, rows)),
    bulk: (table, columns, rows) => during(() => sendBulk(child, insertSql(table, columns), rows)),
    begin: () => during(async () => void (await child.ask('begin', null))),
    mark: () => Promise.resolve(null),
    async commit() {
      if (signal.aborted) throw signal.reason
      // Not stopped by an abort: whoever kills a COMMIT does not know what it has done.
      const limit = setTimeout(() => child.kill(), COMMIT_LIMIT)
      try {
        await child.ask('commit', null)
      } catch (error) {
        if (child.isOver) {
          const message =
            'The process that held the database file ended while it was saving. Whether the changes were saved is not known: look at the rows before saving again.'
          throw withFailure(new Refusal('OUTCOME_UNKNOWN', message, {}, error), {
            kind: 'outcome-unknown',
            code: '',
            message,
          })
        }
        throw error
      } finally {
        clearTimeout(limit)
      }
    },
    // Not stopped by an abort either: after an abort this is what is wanted.
    rollback: async () => void (await child.ask('rollback', null)),
    release(broken) {
      if (isReleased) return
      isReleased = true
      giveBack(broken)
    },
  }
}
