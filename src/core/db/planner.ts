// What an engine's planner and statistics tell before a query runs: how many rows there are, and whether it sorts a table.
import type { Rows, Statement } from './database.ts'

export type Ask = (statement: Statement) => Promise<Rows>

export interface Planner {
  /**
   * Rows that `select` would give, by statistics and never by counting; null when nothing is known. `select` has no ORDER BY
   * and no LIMIT. `table`: as the engine's catalogue spells it. `isFiltered`: `select` has a WHERE.
   */
  rows(ask: Ask, table: string, select: Statement, isFiltered: boolean): Promise<number | null>
  /** Whether the engine would read and sort many rows for this statement, which has ORDER BY and a small LIMIT. */
  sorts(ask: Ask, statement: Statement): Promise<boolean>
}

/** Rows up to which sorting them is as good as an index; planners then do without one that is there. */
export const FEW_TO_SORT = 1000
