// A filter as a condition of SQL: every row is either in a condition or in its negation.
import type { Knex } from 'knex'
import { conditionsOf, MOST_CONDITIONS, type Condition, type Filter } from '../../shared/filters.ts'
import type { TableShape } from '../db/database.ts'
import { columnOf } from '../db/query.ts'
import type { SqlColumn, SqlDialect } from '../db/sql-dialect.ts'
import { isSecretColumn } from '../password-schemes.ts'
import { Refusal } from '../refusal.ts'

/** Groups within groups at most. */
const MOST_DEEP = 4

const refuse = (message: string, code: string) => new Refusal('QUERY_FAILED', message, { code })

/** Throws a Refusal that says what cannot be asked of this table: a column that is not there, a secret, too much at once. */
export function checkFilter(shape: TableShape, filter: Filter | null): void {
  if (filter === null) return
  const conditions = conditionsOf(filter)
  if (conditions.length > MOST_CONDITIONS) {
    const words = `The filter has ${conditions.length} conditions; up to ${MOST_CONDITIONS} can be asked at once.`
    throw refuse(words, 'TOO_MANY')
  }
  if (depthOf(filter) > MOST_DEEP) {
    throw refuse(`The filter has groups within groups more than ${MOST_DEEP} deep. Take one away.`, 'TOO_DEEP')
  }
  for (const { column } of conditions) {
    if (column === null) continue
    if (!shape.columns.some(({ name }) => name === column)) {
      throw refuse(`${shape.name} has no column ${column} any more. Reload the table.`, 'NO_COLUMN')
    }
    if (isSecretColumn(column)) {
      throw refuse(`${column} holds password hashes, which cannot be searched.`, 'SECRET')
    }
  }
}

const depthOf = (filter: Filter): number =>
  filter.kind === 'condition' ? 0 : 1 + Math.max(...filter.parts.map(depthOf))

/** The filter for WHERE. `checkFilter` comes before. */
export function filterOf(dialect: SqlDialect, shape: TableShape, filter: Filter): Knex.Raw {
  if (filter.kind === 'condition') return conditionOf(dialect, shape, filter)
  return joined(
    dialect,
    filter.join,
    filter.parts.map((part) => filterOf(dialect, shape, part)),
  )
}

function joined({ knex }: SqlDialect, join: 'and' | 'or', parts: readonly Knex.Raw[]): Knex.Raw {
  if (parts.length === 1) return parts[0] as Knex.Raw
  return knex.raw(`(${parts.map(() => '?').join(` ${join} `)})`, parts as Knex.RawBinding[])
}

function conditionOf(dialect: SqlDialect, shape: TableShape, { column, isNot, test }: Condition): Knex.Raw {
  const { knex } = dialect
  const asked = (column === null ? textColumns(shape) : [column]).map((name) =>
    testOf(dialect, columnOf(shape, name), test),
  )
  const isTrue = asked.length === 0 ? knex.raw('1 = 0') : joined(dialect, 'or', asked)
  // Of NULL a comparison is neither true nor false: what is not true is asked for.
  return isNot ? knex.raw('not coalesce(?, false)', [isTrue]) : isTrue
}

/** Columns that the quick search asks: whatever a person reads as text. One letter is a flag, 'T' of PyDAL. */
function textColumns(shape: TableShape): string[] {
  const isText = ({ name, kind, maxLength }: TableShape['columns'][number]) =>
    ['text', 'other'].includes(kind) && maxLength !== 1 && !isSecretColumn(name)
  return shape.columns.filter(isText).map(({ name }) => name)
}

function testOf(dialect: SqlDialect, column: SqlColumn, test: Condition['test']): Knex.Raw {
  switch (test.test) {
    case 'contains':
      return dialect.contains(column, test.text)
    default:
      throw refuse(`This test is not known: ${test.test}.`, 'NO_TEST')
  }
}
