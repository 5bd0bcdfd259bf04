// Queries that knex compiled, as statements for a session of raw values.
import type { Knex } from 'knex'
import type { Cell } from '../../shared/cell.ts'
import type { Statement, TableShape } from './database.ts'
import { plainName, restoreNames } from './identifiers.ts'
import type { SqlColumn } from './sql-dialect.ts'

/** A column that the shape has, for SQL: whoever names one looks first. */
export function columnOf(shape: TableShape, name: string): SqlColumn {
  const column = shape.columns.find((candidate) => candidate.name === name)
  if (!column) throw new Error(`${shape.name} has no column ${name}.`)
  return { ...column, name: plainName(name) }
}

export function toStatement(query: Knex.QueryBuilder | Knex.Raw): Statement {
  const { sql, bindings } = query.toSQL().toNative()
  return { sql: restoreNames(sql), values: bindings as Cell[] }
}
