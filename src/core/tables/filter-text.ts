// A filter as people write it: the WHERE of its SQL with the values in it, to be read and pasted into the engine's own shell.
import type { Knex } from 'knex'
import type { Cell } from '../../shared/cell.ts'
import type { Filter } from '../../shared/filters.ts'
import type { TableShape } from '../db/database.ts'
import { plainName } from '../db/identifiers.ts'
import { toStatement } from '../db/query.ts'
import type { SqlColumn, SqlDialect } from '../db/sql-dialect.ts'
import { filterOf } from '../filters/filter-sql.ts'

/** "where …", each part of the outer group on a line of its own; '' without a filter. */
export function filterText(dialect: SqlDialect, shape: TableShape, filter: Filter | null): string {
  if (filter === null) return ''
  const written = asWritten(dialect)
  const text = (part: Filter) =>
    dialect.written(toStatement(filterOf({ dialect: written, shape, isAlongOrder: false }, part)))
  if (filter.kind === 'condition') return `where ${text(filter)}`
  return `where ${filter.parts.map(text).join(`\n  ${filter.join} `)}`
}

/** Numbers and booleans stand in the text without quotes; what only helps an index is left out. */
function asWritten(dialect: SqlDialect): SqlDialect {
  const plain = (column: SqlColumn, value: Cell): Knex.Raw | null => {
    const literal = column.kind === 'text' || column.kind === 'other' ? '' : dialect.literal(column, value)
    // Anything in quotes goes the way of all values: knex would look for placeholders in it.
    return /^(-?[\d.]+|true|false)$/.test(literal) ? dialect.knex.raw(plainName(literal)) : null
  }
  return {
    ...dialect,
    asked: (column, value) => plain(column, value) ?? dialect.asked(column, value),
    value: (column, value) => plain(column, value) ?? dialect.value(column, value),
    startsByIndex: () => null,
  }
}
