// What each look at staged changes is given, before they are saved.
import type { Change } from '../../shared/tables.ts'
import type { Database, TableShape } from '../db/database.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import type { Read } from './read-rows.ts'
import type { Insert, Update } from './save-sql.ts'

export interface CheckScope {
  database: Database
  dialect: SqlDialect
  shape: TableShape
  signal: AbortSignal
}

/** For one look. `isWrong`: that value was found not to fit already. */
export interface Looking extends CheckScope {
  read: Read
  isWrong: (change: Change, column: string) => boolean
}

export type Writing = Insert | Update

export const isWriting = (change: Change): change is Writing => change.kind !== 'delete'
