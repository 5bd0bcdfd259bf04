// Signs of SQLAlchemy, and of what stands on it: Alembic and Flask-Security.
import type { Recognised } from './recognise.ts'
import { list, present, type Signs } from './signs.ts'
import { isVersionTable } from './version-table.ts'

/** Of Flask-Security's packaged models, beside what any users table has. */
const SECURITY = [
  'fs_webauthn_user_handle',
  'mf_recovery_codes',
  'us_phone_number',
  'us_totp_secrets',
  'tf_primary_method',
  'tf_totp_secret',
  'tf_phone_number',
  'create_datetime',
  'update_datetime',
  'current_login_at',
  'current_login_ip',
  'last_login_ip',
  'login_count',
]
const ALEMBIC = 'alembic_version stands beside it: Alembic changes its schema.'
const ROLES = ['roles_users', 'user_roles', 'role_users']

export function byVersionTable({ shape, structure }: Signs): Recognised | null {
  if (!isVersionTable(shape)) return null
  const key = structure?.constraints.find(({ name }) => name === `${shape.name}_pkc`)
  return {
    name: 'alembic',
    writer: 'sqlalchemy',
    words: 'Alembic',
    evidence: [
      `version_num ${shape.columns[0]?.type ?? ''} is its only column: Alembic keeps its revisions so.`,
      ...(key ? [`Its key is named ${key.name}, as Alembic names it.`] : []),
    ],
  }
}

export function byFlaskSecurity(signs: Signs): Recognised | null {
  const found = (evidence: string[]): Recognised => ({
    ...{ name: 'flask-security', writer: 'sqlalchemy', words: 'Flask-Security (SQLAlchemy)' },
    evidence: signs.hasTable('alembic_version') ? [...evidence, ALEMBIC] : evidence,
  })
  const uniquifier = signs.column('fs_uniquifier')
  const own = present(signs, SECURITY)
  const roles = ROLES.find((name) => signs.hasTable(name))
  if (!uniquifier) return roleTable(signs, found)
  const unique = signs.isUnique('fs_uniquifier') ? ' is unique' : ''
  const what = `${uniquifier.name} ${uniquifier.type}${unique}: Flask-Security knows sessions by it.`
  const beside = roles ? [`${roles} stands beside it.`] : []
  if (own.length >= 2) {
    return found([what, `${list(own.slice(0, 4))} are columns of Flask-Security's packaged model.`, ...beside])
  }
  // Its documentation asks a model of one's own for UNIQUE and NOT NULL.
  if (!uniquifier.isNullable && unique)
    return found([what, `${uniquifier.name} is NOT NULL, as it asks for.`, ...beside])
  return roles ? found([what, ...beside]) : null
}

/** The packaged model of roles, and the table between. */
function roleTable(signs: Signs, found: (evidence: string[]) => Recognised): Recognised | null {
  const role = present(signs, ['name', 'permissions', 'update_datetime'])
  if (role.length === 3) return found([`${list(role)} are columns of Flask-Security's packaged model of roles.`])
  const pair = present(signs, ['user_id', 'role_id'])
  const isPair = ROLES.includes(signs.name) && pair.length === 2 && signs.shape.columns.length <= 3
  return isPair ? found([`${signs.shape.name} gives users their roles, as in Flask-Security's models.`]) : null
}

export function byAlembicBeside(signs: Signs): Recognised | null {
  if (!signs.hasTable('alembic_version')) return null
  const evidence = [ALEMBIC, ...ownSigns(signs)]
  return { name: 'alembic', writer: 'sqlalchemy', words: 'SQLAlchemy with Alembic', evidence }
}

export function bySqlalchemy(signs: Signs): Recognised | null {
  const evidence = ownSigns(signs)
  return evidence.length > 0 ? { name: 'sqlalchemy', writer: 'sqlalchemy', words: 'SQLAlchemy', evidence } : null
}

/** A line each, a blank behind every comma. */
const DDL = /^CREATE TABLE (IF NOT EXISTS )?("[^"]+"|\w+) \(\n\t[^\n]+[^,\s], \n\t/

function ownSigns(signs: Signs): string[] {
  const { dialect, ddl, name, structure, shape } = signs
  const evidence: string[] = []
  if (dialect === 'sqlite' && DDL.test(ddl)) {
    evidence.push(
      'The table was made a column a line behind a tab, types in capitals, the key below, as SQLAlchemy does.',
    )
  }
  // The schema, where the model names one, stands before the table in the name of an index.
  const whole = shape.name.toLowerCase().replaceAll('"', '').replaceAll('.', '_')
  const named = [...(structure?.indexes ?? []), ...(structure?.constraints ?? [])].find(({ name: each }) =>
    [`ix_${name}_`, `uq_${name}_`, `ix_${whole}_`].some((start) => each.toLowerCase().startsWith(start)),
  )
  if (named) evidence.push(`${named.name} is named as SQLAlchemy names indexes and constraints.`)
  const check = structure?.constraints.find(
    ({ kind, definition }) => kind === 'check' && /\bIN \(0, 1\)/.test(definition),
  )
  if (check && dialect === 'sqlite') evidence.push(`${check.definition} is the CHECK of SQLAlchemy's Boolean.`)
  const uniquifier = signs.column('fs_uniquifier')
  if (uniquifier?.maxLength === 64 && signs.isUnique('fs_uniquifier')) {
    evidence.push(
      `${uniquifier.name} ${uniquifier.type} is unique: a model for Flask-Security, which stands on SQLAlchemy.`,
    )
  }
  return evidence
}
