// Emails that are there more than once but for case and blanks: asked of the whole table at once, behind its parts.
import type { Knex } from 'knex'
import type { Cell } from '../../../shared/cell.ts'
import { MOST_VALUES, where } from '../../../shared/filters.ts'
import type { HealthFact } from '../../../shared/health.ts'
import type { Dialect } from '../../../shared/profiles.ts'
import type { Rows, Statement } from '../../db/database.ts'
import { columnOf, toStatement } from '../../db/query.ts'
import { numberOf, type Asking } from './part-sql.ts'

type Found = Pick<HealthFact, 'rows' | 'filter' | 'filterNote'>

/** Not lower case without blanks around it, byte by byte. */
const IS_ODD: Record<Dialect, string> = {
  sqlite: '@ collate binary <> lower(trim(@))',
  postgres: '@ <> lower(trim(@))',
  mysql: 'cast(@ as binary) <> cast(lower(trim(@)) as binary)',
}

/**
 * Emails with what they are compared by (`f`): all, or those that another one may be alike to. Where no email is there twice as it
 * is, one of each group at least is odd; the one that is not is found by the index of the emails. Grouping all of a million takes
 * MariaDB seven seconds, and this less than one.
 */
function membersOf({ dialect, subject }: Asking): Knex.Raw {
  const { shape, user, engine } = subject
  const { name } = columnOf(shape, user.email)
  const isUnique = shape.unique.some((set) => set.length === 1 && set[0] === user.email)
  const odd = (email: string) => IS_ODD[engine].replaceAll('@', email)
  const isGiven = (email: string) => `trim(${email}) <> ''`
  const one = (condition: string) =>
    `select lower(trim(EMAIL)) as f, EMAIL as email from TABLE where ${condition} and ${isGiven('EMAIL')}`
  const oddFolds = `select distinct lower(trim(EMAIL)) as f from TABLE where ${odd('EMAIL')} and ${isGiven('EMAIL')}`
  const even = `select o.f, u.EMAIL as email from (${oddFolds}) o join TABLE u on u.EMAIL = o.f where not (${odd('u.EMAIL')})`
  const text = isUnique ? `${one(odd('EMAIL'))} union all ${even}` : one('1 = 1')
  return named(dialect.knex, text, { TABLE: dialect.table(shape.name), EMAIL: name })
}

/** A piece of SQL in which words stand for names. */
function named(knex: Knex, text: string, names: Record<string, string>): Knex.Raw {
  const words = new RegExp(Object.keys(names).join('|'), 'g')
  const bindings = Array.from(text.matchAll(words), ([word]) => names[word] ?? '')
  return knex.raw(text.replace(words, '??'), bindings)
}

/** Both are compared as the database does: what its collation takes for equal is one email. */
export async function duplicateEmails(asking: Asking, read: (statement: Statement) => Promise<Rows>): Promise<Found> {
  const { knex } = asking.dialect
  const { email } = asking.subject.user
  const groups = knex.raw('select f, count(*) as n from (?) m group by f having count(*) > 1', [membersOf(asking)])
  const counted = (await read(toStatement(knex.raw('select sum(n) from (?) g', [groups])))).rows
  const rows = numberOf(counted[0]?.[0])
  if (rows === 0) return { rows, filter: null, filterNote: null }
  const text = `select f, email, count(*) from (?) m where f in (select f from (?) g) group by f, email
    order by f, email limit ${MOST_VALUES + 1}`
  const found = (await read(toStatement(knex.raw(text, [membersOf(asking), groups])))).rows
  const asked = found.slice(0, MOST_VALUES)
  const values = asked.map(([, value = null]): Cell => value)
  const reached = asked.reduce((sum, row) => sum + numberOf(row[2]), 0)
  const note = `The grid shows ${inDigits(reached)} of ${inDigits(rows)}: those of the first ${inDigits(MOST_VALUES)} emails.`
  return {
    rows,
    filter: where(email, { test: 'one-of', values }),
    filterNote: found.length > asked.length ? note : null,
  }
}

const inDigits = (count: number) => count.toLocaleString('en-US')
