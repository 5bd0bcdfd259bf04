// The statements of one part of a users table: how many rows each fact has, and what the charts are drawn of.
import type { Knex } from 'knex'
import type { Cell } from '../../../shared/cell.ts'
import { isNative } from '../../../shared/codecs.ts'
import type { Filter } from '../../../shared/filters.ts'
import type { Dialect } from '../../../shared/profiles.ts'
import type { Statement } from '../../db/database.ts'
import { columnOf, toStatement } from '../../db/query.ts'
import type { SqlColumn, SqlDialect } from '../../db/sql-dialect.ts'
import { filterOf } from '../../filters/filter-sql.ts'
import { schemeSql, weakSql } from '../../filters/scheme-sql.ts'
import { isImpossible, type Subject } from './facts.ts'
import type { Part } from '../../db/key-parts.ts'

/** Domains of one part that are told at most, the commonest first. */
export const DOMAINS_OF_PART = 1000
/** Characters of a domain that are kept. */
const LONGEST = 255

export interface Asking {
  dialect: SqlDialect
  subject: Subject
}

const rowsIn = ({ dialect, subject }: Asking, part: Part): Knex.QueryBuilder => {
  const query = dialect.knex(dialect.table(subject.shape.name))
  for (const condition of part) void query.where(condition)
  return query
}

const conditionOf = ({ dialect, subject: { shape } }: Asking, filter: Filter): Knex.Raw =>
  filterOf({ dialect, shape, isAlongOrder: false }, filter)

/** One row: how many rows there are, and how many each filter finds. */
export function countsOf(asking: Asking, part: Part, filters: readonly Filter[]): Statement {
  const { knex } = asking.dialect
  const counts = filters.map((filter) => knex.raw('count(case when ? then 1 end)', [conditionOf(asking, filter)]))
  return toStatement(rowsIn(asking, part).select([knex.raw('count(*)'), ...counts]))
}

/** Rows of scheme, 1 where it is weak, and how many. */
export function schemesOf(asking: Asking, part: Part, password: string): Statement {
  const { dialect, subject } = asking
  const column = columnOf(subject.shape, password)
  const select = [schemeSql(dialect, column), weakSql(dialect, column), dialect.knex.raw('count(*)')]
  return toStatement(rowsIn(asking, part).select(select).groupByRaw('1, 2'))
}

/** Rows of "2024-01" and how many; null where the column holds no dates that have months. */
export function monthsOf(asking: Asking, part: Part, name: string): Statement | null {
  const { dialect, subject } = asking
  const codec = subject.codecOf(name)
  if (codec?.kind !== 'moment' || codec.shape.of === 'time') return null
  const column = columnOf(subject.shape, name)
  const month = isNative(codec) ? MONTH[subject.engine] : 'substr(??, 1, 7)'
  const isTold: Filter = {
    kind: 'group',
    join: 'and',
    parts: [
      { kind: 'condition', column: name, isNot: true, test: { test: 'null' } },
      { kind: 'condition', column: name, isNot: true, test: { test: 'foreign', to: codec } },
    ],
  }
  const query = rowsIn(asking, part)
    .select([dialect.knex.raw(month, [column.name]), dialect.knex.raw('count(*)')])
    .where(conditionOf(asking, isTold))
    .where(dialect.knex.raw('not ?', [inBrackets(dialect, conditionOf(asking, isImpossible(name, codec)))]))
  return toStatement(query.groupByRaw('1'))
}

const inBrackets = ({ knex }: SqlDialect, condition: Knex.Raw) => knex.raw('(?)', [condition])

/** The month of a server's own date. SQLite has none. */
const MONTH: Record<Dialect, string> = {
  sqlite: 'substr(??, 1, 7)',
  postgres: `to_char(??, 'YYYY-MM')`,
  mysql: `date_format(??, '%Y-%m')`,
}

/** What stands behind the first @. */
const DOMAIN: Record<Dialect, string> = {
  sqlite: `lower(substr(??, instr(??, '@') + 1, ${LONGEST}))`,
  postgres: `lower(substr(??, strpos(??, '@') + 1, ${LONGEST}))`,
  mysql: `lower(substr(??, locate('@', ??) + 1, ${LONGEST}))`,
}

export const hasDomain = (email: string): Filter => ({
  kind: 'condition',
  column: email,
  isNot: false,
  test: { test: 'contains', text: '@' },
})

/** Rows of a domain and how many, the commonest DOMAINS_OF_PART. */
export function domainsOf(asking: Asking, part: Part, email: string): Statement {
  const { dialect, subject } = asking
  const column: SqlColumn = columnOf(subject.shape, email)
  const query = rowsIn(asking, part)
    .select([dialect.knex.raw(DOMAIN[subject.engine], [column.name, column.name]), dialect.knex.raw('count(*)')])
    .where(conditionOf(asking, hasDomain(email)))
  return toStatement(query.groupByRaw('1').orderByRaw('2 desc').limit(DOMAINS_OF_PART))
}

export const numberOf = (cell: Cell | undefined): number => Number(cell ?? 0)
