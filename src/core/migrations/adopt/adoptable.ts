// Which pending steps would make what is there already, so that they can be adopted instead of run. Told without running code.
import type { SchemaLook } from '../../db/database.ts'
import type { Project } from '../project.ts'
import { hasTable } from '../read-table.ts'
import type { StepFile } from '../step.ts'
import { beginningWith, readIndexes } from './indexes.ts'
import { madeBySql } from './made-by-sql.ts'
import { STANDARD_INDEXES, STANDARD_TABLE } from './standard.ts'

/** Names, in the order of the list. What stands in the way of adopting one is told by `compareTable`. */
export async function adoptableSteps(
  { database, folder }: Pick<Project, 'database' | 'folder'>,
  look: SchemaLook,
  tables: readonly { name: string }[],
  pending: readonly StepFile[],
): Promise<string[]> {
  const { dialect } = database
  const isThere = (table: string) => hasTable(dialect, tables, table)
  if (folder.trust === 'trusted') {
    const isMade = (step: StepFile) => madeBySql(step, dialect)?.tables.every(isThere) ?? false
    return pending.filter(isMade).map(({ name }) => name)
  }
  if (folder.trust !== 'built-in' || !isThere(STANDARD_TABLE)) return []
  const indexed = pending.some(({ key }) => STANDARD_INDEXES.has(key))
  const indexes = indexed ? await readIndexes(dialect, look, STANDARD_TABLE) : null
  const isMade = ({ key, creates }: StepFile) => {
    const columns = STANDARD_INDEXES.get(key)
    if (columns && indexes) return beginningWith(indexes, columns) !== null
    return creates !== undefined && isThere(creates)
  }
  return pending.filter(isMade).map(({ name }) => name)
}
