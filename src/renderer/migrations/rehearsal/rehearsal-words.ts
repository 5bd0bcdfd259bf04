// What a rehearsal does on each engine, and what became of a table's rows, in words.
import type { TableChange } from '../../../shared/migration-runs.ts'
import type { Dialect } from '../../../shared/profiles.ts'
import { count, plural } from '../../ui/wording.ts'

/** Before it starts: what it does to the database meanwhile, and what is left of it afterwards. */
export function engineWords(dialect: Dialect): string[] {
  switch (dialect) {
    case 'postgres':
      return [
        'The steps run for real on the rows that are there, in one transaction that is rolled back at the end. Nothing of it stays.',
        'Until it ends it holds the locks that a run would hold: others may wait for the tables it changes. It waits at most 5 s for a lock that somebody else holds, then it ends.',
        'Numbers that sequences give out meanwhile are used up; no row has them afterwards.',
      ]
    case 'sqlite':
      return [
        'The steps run for real on the rows that are there, in one transaction that is rolled back at the end. Nothing of it stays.',
        'Until it ends, nobody else can write to this file.',
      ]
    case 'mysql':
      return [
        'MariaDB and MySQL keep every change of schema at once, so the steps are not run where the rows are. A scratch schema with the same tables, without rows, is made on the server; the steps run there, and it is dropped at the end.',
        'What depends on rows is not seen: neither how long a step takes nor whether the rows fit.',
        'A step that names this database in its SQL is refused, as it would reach the real tables.',
      ]
  }
}

export interface RowWords {
  /** "12,345 rows → 12,000 rows" */
  counts: string
  /** "345 rows are lost", or null. */
  loss: string | null
}

/** Null where there were no rows to count (scratch schema). */
export function rowWords({ rowsBefore, rowsAfter, before, after }: TableChange): RowWords | null {
  const isNew = before.length === 0
  const isGone = after.length === 0
  if (rowsBefore === null && rowsAfter === null) return null
  const had = rowsBefore ?? 0
  const has = rowsAfter ?? 0
  const lost = had - has
  return {
    counts: isNew ? plural(has, 'row') : isGone ? plural(had, 'row') : `${count(had)} → ${plural(has, 'row')}`,
    loss: lost > 0 && !isNew ? `${plural(lost, 'row')} lost` : null,
  }
}

/** What happened to the table as a whole. */
export function changeOf({
  before,
  after,
}: Pick<TableChange, 'before' | 'after'>): 'new' | 'dropped' | 'changed' | 'rows' {
  if (before.length === 0) return 'new'
  if (after.length === 0) return 'dropped'
  return before.join('\n') === after.join('\n') ? 'rows' : 'changed'
}

/** Rows that are lost over all tables. */
export function rowsLost(changes: readonly TableChange[]): number {
  return changes.reduce(
    (sum, { rowsBefore, rowsAfter, before }) =>
      rowsBefore === null || before.length === 0 ? sum : sum + Math.max(0, rowsBefore - (rowsAfter ?? 0)),
    0,
  )
}
