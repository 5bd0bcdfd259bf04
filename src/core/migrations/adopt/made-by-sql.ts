// The tables that a step of SQL makes, told from its text: nothing of it is run.
import type { Dialect } from '../../../shared/profiles.ts'
import { splitSql } from '../folder/split-sql.ts'
import { readStatement } from '../plan/read-statement.ts'
import type { StepFile } from '../step.ts'

export interface MadeBySql {
  tables: string[]
  /** Statements that make no table; what they do is not compared. */
  others: number
}

/** Null for a step that is no SQL, makes no table, or cannot be taken apart. */
export function madeBySql(step: StepFile, dialect: Dialect): MadeBySql | null {
  const up = step.kind === 'sql' ? step.files.find(({ name }) => name === step.name) : undefined
  if (!up) return null
  const made = statementsOf(up.text, dialect).map(({ sql }) =>
    readStatement(sql, dialect)
      .creates.filter(({ kind }) => kind === 'table')
      .map(({ name }) => name),
  )
  const tables = [...new Set(made.flat())]
  return tables.length === 0 ? null : { tables, others: made.filter((names) => names.length === 0).length }
}

function statementsOf(text: string, dialect: Dialect): { sql: string }[] {
  try {
    return splitSql(text, dialect)
  } catch {
    // What is wrong with it is said when it is planned.
    return []
  }
}
