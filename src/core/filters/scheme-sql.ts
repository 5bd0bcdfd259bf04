// The scheme of a password hash told by the database, so that no hash has to travel: the forms of `core/scheme-forms.ts` in SQL.
import type { Knex } from 'knex'
import { WEAK } from '../../shared/filters.ts'
import type { SqlColumn, SqlDialect } from '../db/sql-dialect.ts'
import { SCHEME_FORMS } from '../password-schemes.ts'
import type { Form, SchemeForm } from '../scheme-forms.ts'

const either = ({ knex }: SqlDialect, join: 'and' | 'or', parts: readonly Knex.Raw[]): Knex.Raw =>
  parts.length === 1
    ? (parts[0] as Knex.Raw)
    : knex.raw(`(${parts.map(() => '?').join(` ${join} `)})`, parts as Knex.RawBinding[])

function isOfForm(dialect: SqlDialect, column: SqlColumn, { like, unlike = [] }: Form): Knex.Raw {
  const isLike = (pattern: string) => dialect.isLike(column, pattern)
  const found = either(dialect, 'or', like.map(isLike))
  if (unlike.length === 0) return found
  return dialect.knex.raw('(? and not ?)', [found, either(dialect, 'or', unlike.map(isLike))])
}

/** A CASE over the forms, in their order: the first that a text is of counts. NULL of NULL. */
function caseOf(
  dialect: SqlDialect,
  column: SqlColumn,
  forms: readonly SchemeForm[],
  of: { empty: string; form: (form: SchemeForm) => Knex.Raw; unknown: string },
): Knex.Raw {
  const { knex } = dialect
  const parts = forms.flatMap((form) => [isOfForm(dialect, column, form), of.form(form)])
  const whens = forms.map(() => 'when ? then ?').join(' ')
  const bindings = [dialect.isNull(column), dialect.isEmpty(column), ...parts] as Knex.RawBinding[]
  return knex.raw(`case when ? then null when ? then ${of.empty} ${whens} else ${of.unknown} end`, bindings)
}

/** Names are letters, digits and hyphens: they stand in the text, so that an engine sees the same expression in GROUP BY. */
const quoted = (name: string) => {
  if (!/^[a-z0-9-]+$/.test(name)) throw new Error(`${name} is no name of a scheme.`)
  return `'${name}'`
}

/** What `schemeOf` says of each row; NULL where there is no hash. `last`: forms behind it need not be told apart. */
export function schemeSql(dialect: SqlDialect, column: SqlColumn, last = SCHEME_FORMS.length - 1): Knex.Raw {
  return caseOf(dialect, column, SCHEME_FORMS.slice(0, last + 1), {
    empty: `'empty'`,
    form: ({ name }) => dialect.knex.raw(quoted(name)),
    unknown: `'unknown'`,
  })
}

/** 1 where `weaknessOf` names a weakness of the row's hash, 0 where it has none; NULL without a hash, 0 for ''. */
export function weakSql(dialect: SqlDialect, column: SqlColumn): Knex.Raw {
  const weak = ({ weak }: SchemeForm) => {
    if (!weak) return dialect.knex.raw('0')
    if (!weak.form) return dialect.knex.raw('1')
    return dialect.knex.raw('case when ? then 1 else 0 end', [isOfForm(dialect, column, weak.form)])
  }
  return caseOf(dialect, column, SCHEME_FORMS, { empty: '0', form: weak, unknown: '1' })
}

/** The row's hash is of one of these schemes, or weak where WEAK is among them. */
export function isOfScheme(dialect: SqlDialect, column: SqlColumn, schemes: readonly string[]): Knex.Raw {
  const { knex } = dialect
  const named = [...new Set(schemes)].filter((name) => name !== WEAK)
  const parts: Knex.Raw[] = []
  if (named.length > 0) {
    const places = named.map((name) => SCHEME_FORMS.findIndex((form) => form.name === name))
    // Whoever asks for what is known needs no form behind it; what is unknown is none of them.
    const last = named.includes('unknown') ? SCHEME_FORMS.length - 1 : Math.max(...places)
    const asked = named.map(() => '?').join(', ')
    parts.push(knex.raw(`? in (${asked})`, [inBrackets(dialect, schemeSql(dialect, column, last)), ...named]))
  }
  if (schemes.includes(WEAK)) parts.push(knex.raw('? = 1', [inBrackets(dialect, weakSql(dialect, column))]))
  return either(dialect, 'or', parts)
}

const inBrackets = ({ knex }: SqlDialect, expression: Knex.Raw) => knex.raw('(?)', [expression])
