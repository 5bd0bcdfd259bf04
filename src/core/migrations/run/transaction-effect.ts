// What a statement does to the transaction it is in, told from its first words.
import type { Dialect } from '../../../shared/profiles.ts'
import { readStatement } from '../plan/read-statement.ts'

const BEFORE = /^(?:\s|--[^\n]*(?:\n|$)|#[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/
const BEGINS = /^(?:BEGIN|START\s+TRANSACTION)\b/i
const COMMITS = /^(?:COMMIT|END)\b/i
/** Of MySQL and MariaDB, beside changes of the schema. */
const COMMITS_FIRST =
  /^(?:ANALYZE|OPTIMIZE|REPAIR|CHECK|GRANT|REVOKE|FLUSH|RESET|CACHE\s+INDEX|(?:UN)?INSTALL|LOCK\s+TABLES?|SET\s+PASSWORD)\b/i
const ROLLS_BACK = /^(?:ROLLBACK|ABORT)\b(?!\s+(?:(?:WORK|TRANSACTION)\s+)?TO\b)/i
const ROLLS_BACK_TO = /^ROLLBACK\s+(?:(?:WORK|TRANSACTION)\s+)?TO\b/i

export type TransactionEffect = 'begins' | 'commits' | 'rolls-back'

/** Null for all others. MySQL and MariaDB commit at each change of the schema. */
export function transactionEffect(sql: string, dialect: Dialect): TransactionEffect | null {
  const text = sql.replace(BEFORE, '')
  if (BEGINS.test(text)) return 'begins'
  if (COMMITS.test(text)) return 'commits'
  if (ROLLS_BACK.test(text)) return 'rolls-back'
  if (dialect !== 'mysql') return null
  if (COMMITS_FIRST.test(text)) return 'commits'
  const { isSchemaChange, verb } = readStatement(sql, dialect)
  return isSchemaChange && !/\btemporary\b/i.test(verb) ? 'commits' : null
}

/** ROLLBACK TO a savepoint and ROLLBACK: what PostgreSQL still takes after a statement that failed. */
export function undoesFailure(sql: string, dialect: Dialect): boolean {
  return ROLLS_BACK_TO.test(sql.replace(BEFORE, '')) || transactionEffect(sql, dialect) === 'rolls-back'
}
