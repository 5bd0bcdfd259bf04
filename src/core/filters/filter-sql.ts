// A filter as a condition of SQL. Every row is either in a condition or in its negation, so NULL is never left between them.
import type { Knex } from 'knex'
import type { Condition, Filter, Test } from '../../shared/filters.ts'
import type { TableShape } from '../db/database.ts'
import { unfitFor } from '../db/charset.ts'
import { columnOf } from '../db/query.ts'
import type { SqlColumn, SqlDialect } from '../db/sql-dialect.ts'
import { searchedColumns } from './filter-check.ts'
import { isOfScheme } from './scheme-sql.ts'

/** What a filter is asked of, and by whom. */
interface Asking {
  dialect: SqlDialect
  shape: TableShape
  /** The rows are asked for in the order of the view, by an index of it. */
  isAlongOrder: boolean
}

/** The filter for WHERE. `checkFilter` comes before. */
export function filterOf(asking: Asking, filter: Filter): Knex.Raw {
  if (filter.kind === 'condition') return conditionOf(asking, filter)
  const parts = filter.parts.map((part) => filterOf(asking, part))
  return joined(asking.dialect, filter.join, parts)
}

export function joined({ knex }: SqlDialect, join: 'and' | 'or', parts: readonly Knex.Raw[]): Knex.Raw {
  if (parts.length === 1) return parts[0] as Knex.Raw
  return knex.raw(`(${parts.map(() => '?').join(` ${join} `)})`, parts as Knex.RawBinding[])
}

function conditionOf(asking: Asking, { column, isNot, test }: Condition): Knex.Raw {
  const { knex } = asking.dialect
  const isTrue = column === null ? anyText(asking, test) : testOf(asking, column, test)
  if (!isNot) return isTrue
  if (test.test === 'null' && column !== null) return knex.raw('not (?)', [isTrue])
  // Of NULL a comparison is neither true nor false: it is not true.
  return knex.raw('(?) is not true', [isTrue])
}

function anyText(asking: Asking, test: Test): Knex.Raw {
  const { dialect, shape } = asking
  const text = 'text' in test ? test.text : test.test === 'equals' ? String(test.value) : ''
  const asked = searchedColumns(dialect, shape, text).map((name) => {
    if (test.test !== 'equals') return testOf(asking, name, test)
    const column = columnOf(shape, name)
    return isHeld(column, text) ? dialect.equalsText(column, text) : none(dialect)
  })
  return asked.length === 0 ? none(dialect) : joined(dialect, 'or', asked)
}

/** Of what a column has no place for no row holds anything, and a server whose encoding has none refuses to be asked. */
const isHeld = ({ charset }: SqlColumn, text: string): boolean => unfitFor(charset, text) === null
const none = ({ knex }: SqlDialect) => knex.raw('1 = 0')

function testOf({ dialect, shape, isAlongOrder }: Asking, name: string, test: Test): Knex.Raw {
  const { knex } = dialect
  const column = columnOf(shape, name)
  switch (test.test) {
    case 'contains':
      return isHeld(column, test.text) ? dialect.contains(column, test.text) : none(dialect)
    case 'starts': {
      if (!isHeld(column, test.text)) return none(dialect)
      const byIndex = hasIndex(shape, name) ? dialect.startsByIndex(column, test.text, isAlongOrder) : null
      const starts = dialect.starts(column, test.text)
      return byIndex ? joined(dialect, 'and', [byIndex, starts]) : starts
    }
    case 'equals':
      return knex.raw('?? = ?', [column.name, dialect.asked(column, test.value)])
    case 'one-of':
      return oneOf(dialect, column, test.values)
    case 'range':
      return range(dialect, column, test)
    case 'null':
      return dialect.isNull(column)
    case 'empty':
      return dialect.isEmpty(column)
    case 'foreign':
      return knex.raw('(not ? and not ?)', [dialect.isNull(column), dialect.isWritten(column, test.to)])
    case 'scheme':
      return isOfScheme(dialect, column, test.schemes)
  }
}

/** An index of the column that LIKE with a beginning can read. */
const hasIndex = ({ columns, startsIndexed }: TableShape, name: string): boolean =>
  startsIndexed ? startsIndexed.includes(name) : columns.some((column) => column.name === name && column.isIndexed)

function oneOf(dialect: SqlDialect, column: SqlColumn, values: Extract<Test, { test: 'one-of' }>['values']): Knex.Raw {
  const { knex } = dialect
  const given = values.filter((value) => value !== null).map((value) => dialect.asked(column, value))
  const places = given.map(() => '?').join(', ')
  const isAmong = knex.raw(`?? in (${places})`, [column.name, ...given] as Knex.RawBinding[])
  const isNull = dialect.isNull(column)
  if (given.length === values.length) return isAmong
  return given.length === 0 ? isNull : joined(dialect, 'or', [isAmong, isNull])
}

function range(dialect: SqlDialect, column: SqlColumn, { from, to }: Extract<Test, { test: 'range' }>): Knex.Raw {
  const end = (bound: typeof from, sign: '<' | '>') =>
    bound === null
      ? []
      : [
          dialect.knex.raw(`?? ${sign}${bound.isIncluded ? '=' : ''} ?`, [
            column.name,
            dialect.value(column, bound.value),
          ]),
        ]
  return joined(dialect, 'and', [...end(from, '>'), ...end(to, '<')])
}
