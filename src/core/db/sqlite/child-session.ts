// Inside the child: what one open connection does for each request. Raw rows for cells, safe integers, nothing bent.
import type Sqlite from 'better-sqlite3'
import type { Cell } from '../../../shared/cell.ts'
import type { Changed } from '../database.ts'
import { exactRows, placesAmong } from './exact-text.ts'
import type { OpenedFile } from './open-file.ts'
import { failedAt } from '../failed-at.ts'
import { ChildFailure, type ManyAnswer, type Requests, type Role } from './protocol.ts'
import { isSuspicious } from './text-bytes.ts'

const INSERT = /^\s*(INSERT|REPLACE)\b/i

export interface ChildSession {
  query(request: Requests['query']): { columns: string[]; rows: Cell[][] }
  run(request: Requests['run']): Changed
  bulk(request: Requests['bulk']): number
  many(request: Requests['many']): ManyAnswer
  begin(): void
  commit(): void
  rollback(): void
}

export function openSession({ database, facts, hasMoved }: OpenedFile, role: Role): ChildSession {
  let prepared: { sql: string; statement: Sqlite.Statement } | null = null

  function prepareOnce(sql: string): Sqlite.Statement {
    if (prepared?.sql !== sql) prepared = { sql, statement: database.prepare(sql) }
    return prepared.statement
  }

  function checkPlace() {
    if (!database.inTransaction && hasMoved()) {
      throw new ChildFailure({
        code: 'ROSTER_MOVED',
        message: `${database.name} was moved, deleted or replaced while it was open.`,
        unavailable: { reason: 'missing', hint: 'Try again: the file that is there now will be opened.' },
      })
    }
  }

  /** SQLite ends a transaction by itself after a full disk and some others; what came next would be saved at once. */
  function checkTransaction() {
    if (!database.inTransaction) {
      throw new ChildFailure({ code: 'ROSTER_NO_TRANSACTION', message: 'The database has ended the transaction.' })
    }
  }

  function runEach(statement: Sqlite.Statement, isInsert: boolean, rows: Requests['many']['rows']): ManyAnswer {
    const answer: Required<ManyAnswer> = { changes: [], lastKeys: [], rows: [] }
    try {
      for (const values of rows) {
        if (statement.reader) {
          const found = statement.raw().all(values) as Cell[][]
          answer.changes.push(found.length)
          // Text whose bytes may be others than they seem is not told: a statement that writes cannot be run again to ask.
          answer.rows.push(suspiciousColumns(found, facts.encoding).size > 0 ? [] : found)
        } else {
          const { changes, lastInsertRowid } = statement.run(values)
          answer.changes.push(changes)
          if (isInsert) answer.lastKeys.push(changes > 0 ? BigInt(lastInsertRowid) : null)
        }
      }
    } catch (error) {
      failedAt(error, answer.changes.length)
      throw error
    }
    return statement.reader
      ? { changes: answer.changes, rows: answer.rows }
      : isInsert
        ? answer
        : { changes: answer.changes }
  }

  function inTransaction<T>(work: () => T): T {
    checkTransaction()
    const result = work()
    checkTransaction()
    return result
  }

  return {
    query({ sql, values }) {
      checkPlace()
      const statement = database.prepare(sql)
      if (!statement.reader || (role === 'reader' && !statement.readonly)) {
        throw new ChildFailure({ code: 'ROSTER_NOT_A_QUERY', message: 'The statement does not read rows.' })
      }
      if (!statement.readonly) checkTransaction()
      const columns = statement.columns().map((column) => column.name)
      const rows = statement.raw().all(values) as Cell[][]
      const suspicious = suspiciousColumns(rows, facts.encoding)
      if (suspicious.size === 0) return { columns, rows }
      return { columns, rows: exactRows(database, { sql, values }, suspicious, facts.encoding, placesAmong(columns)) }
    },
    run: ({ sql, values }) =>
      inTransaction(() => {
        const { changes, lastInsertRowid } = database.prepare(sql).run(values)
        return { changes, lastKey: changes > 0 && INSERT.test(sql) ? BigInt(lastInsertRowid) : null }
      }),
    bulk: ({ sql, rows }) =>
      inTransaction(() => {
        const statement = prepareOnce(sql)
        let changes = 0
        for (const row of rows) changes += statement.run(row).changes
        return changes
      }),
    many: ({ sql, rows }) => inTransaction(() => runEach(prepareOnce(sql), INSERT.test(sql), rows)),
    begin() {
      checkPlace()
      database.exec('BEGIN IMMEDIATE')
    },
    commit() {
      checkTransaction()
      database.exec('COMMIT')
      if (database.inTransaction) {
        throw new ChildFailure({ code: 'ROSTER_STILL_OPEN', message: 'The database did not end the transaction.' })
      }
    },
    rollback() {
      if (database.inTransaction) database.exec('ROLLBACK')
    },
  }
}

function suspiciousColumns(rows: readonly Cell[][], encoding: string): Set<number> {
  const found = new Set<number>()
  for (const row of rows) {
    for (let column = 0; column < row.length; column++) {
      const cell = row[column]
      if (typeof cell === 'string' && isSuspicious(cell, encoding)) found.add(column)
    }
  }
  return found
}
