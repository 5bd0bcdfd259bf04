// What cannot be asked of a view, in words for people, before the database is asked.
import type { View } from '../../shared/tables.ts'
import type { TableShape } from '../db/database.ts'
import { columnOf } from '../db/query.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { isSecretColumn } from '../password-schemes.ts'
import { Refusal } from '../refusal.ts'
import { checkFilter } from '../filters/filter-check.ts'
import { viewOf, type ViewSql } from './view-ranges.ts'

const refuse = (message: string, code: string) => new Refusal('QUERY_FAILED', message, { code })

export function checkColumn(shape: TableShape, name: string): void {
  if (shape.columns.some((candidate) => candidate.name === name)) return
  throw refuse(`${shape.name} has no column ${name} any more. Reload the table.`, 'NO_COLUMN')
}

/** `what`: "sorted", "shown". */
export function keepSecret(name: string, what: string): void {
  if (isSecretColumn(name)) throw refuse(`${name} holds password hashes, which cannot be ${what}.`, 'SECRET')
}

/** The view for SQL. Throws a Refusal that says what of it cannot be asked. */
export function checkedView(dialect: SqlDialect, shape: TableShape, { sort, filter }: View): ViewSql {
  if (sort) {
    checkColumn(shape, sort.column)
    keepSecret(sort.column, 'sorted')
    const column = columnOf(shape, sort.column)
    if (!dialect.isOrdered(column)) {
      throw refuse(
        `The database cannot sort by ${sort.column}: values of type ${column.type} have no order.`,
        'NOT_ORDERED',
      )
    }
  }
  checkFilter(dialect, shape, filter)
  return viewOf(shape, sort, filter)
}

/** For a page from a value on: such a view needs a first value. */
export function checkOrdered({ shape, order }: ViewSql): void {
  if (order.length > 0) return
  throw refuse(`${shape.name} has no order in which a value could be found. Sort it by a column first.`, 'NO_ORDER')
}
