// Finds statements with which a step would begin or end a transaction by itself.
import type { Dialect } from '../../../shared/profiles.ts'
import { splitSql } from '../folder/split-sql.ts'
import { controlsTransaction } from '../folder/sql-transaction.ts'

/** The statement's first letters ("COMMIT"), or null. Savepoints are a step's own and no answer here. */
export function transactionWord(sql: string, dialect: Dialect): string | null {
  const found = statementsIn(sql, dialect).find((one) => controlsTransaction(one, dialect))
  return found === undefined ? null : found.replace(/\s+/g, ' ').trim().slice(0, 40)
}

/** PostgreSQL takes several statements in one text where nothing is bound. */
function statementsIn(sql: string, dialect: Dialect): string[] {
  if (dialect !== 'postgres' || !sql.includes(';')) return [sql]
  try {
    return splitSql(sql, dialect).map((statement) => statement.sql)
  } catch {
    // The server will say what is wrong with it.
    return [sql]
  }
}
