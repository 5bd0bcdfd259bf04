// Emails that are there more than once but for case and blanks: one grouping over the whole table.
import type { Cell } from '../../../shared/cell.ts'
import { MOST_VALUES, where } from '../../../shared/filters.ts'
import type { HealthFact } from '../../../shared/health.ts'
import type { Dialect } from '../../../shared/profiles.ts'
import type { Rows, Statement } from '../../db/database.ts'
import { columnOf, toStatement } from '../../db/query.ts'
import { numberOf, type Asking } from './part-sql.ts'

type Found = Pick<HealthFact, 'rows' | 'filter' | 'filterNote'>

/**
 * Not lower case without blanks around it, byte by byte. Where no email is there twice as it is, one of each group is odd, and
 * emails that are alike to none of those need not be grouped: MariaDB would write a million of them to disk (7 s).
 */
const IS_ODD: Record<Dialect, string> = {
  sqlite: '?? collate binary <> lower(trim(??))',
  postgres: '?? <> lower(trim(??))',
  mysql: 'cast(?? as binary) <> cast(lower(trim(??)) as binary)',
}

/** Both are compared as the database does: what its collation takes for equal is one email. */
export async function duplicateEmails(
  { dialect, subject }: Asking,
  read: (statement: Statement) => Promise<Rows>,
): Promise<Found> {
  const { knex } = dialect
  const { name } = columnOf(subject.shape, subject.user.email)
  const folded = () => knex.raw('lower(trim(??))', [name])
  const table = dialect.table(subject.shape.name)
  const isUnique = subject.shape.unique.some((set) => set.length === 1 && set[0] === subject.user.email)
  const twice = () => {
    const groups = knex(table).whereRaw(`trim(??) <> ''`, [name])
    if (isUnique) {
      const odd = knex(table).whereRaw(IS_ODD[subject.engine], [name, name])
      void groups.where(knex.raw('? in ?', [folded(), odd.select(folded())]))
    }
    return groups.groupBy(folded()).havingRaw('count(*) > 1')
  }
  const counted = knex
    .from(
      twice()
        .select(knex.raw('count(*) as ??', ['n']))
        .as('d'),
    )
    .select(knex.raw('sum(??)', ['n']))
  const rows = numberOf((await read(toStatement(counted))).rows[0]?.[0])
  if (rows === 0) return { rows, filter: null, filterNote: null }
  const emails = knex(table)
    .select([folded(), dialect.stored(columnOf(subject.shape, subject.user.email)), knex.raw('count(*)')])
    .where(knex.raw('? in ?', [folded(), twice().select(folded())]))
    .groupByRaw('1, 2')
    .orderByRaw('1, 2')
    .limit(MOST_VALUES + 1)
  const found = (await read(toStatement(emails))).rows
  const asked = found.slice(0, MOST_VALUES)
  const values = asked.map(([, email = null]): Cell => email)
  const reached = asked.reduce((sum, row) => sum + numberOf(row[2]), 0)
  const isCut = found.length > asked.length
  const note = `The grid shows ${inDigits(reached)} of ${inDigits(rows)}: those of the first ${inDigits(MOST_VALUES)} emails.`
  return {
    rows,
    filter: where(subject.user.email, { test: 'one-of', values }),
    filterNote: isCut ? note : null,
  }
}

const inDigits = (count: number) => count.toLocaleString('en-US')
