// Who made a table, by signs of each library. Source: interop.md of the reference, section 2, from tables made by the libraries.
import type { OwnerName, Writer } from '../../shared/owners.ts'
import type { Signs } from './signs.ts'

export interface Recognised {
  name: OwnerName
  writer: Writer
  words: string
  evidence: string[]
}

const unknown: Recognised = { name: 'unknown', writer: 'unknown', words: 'unknown', evidence: [] }

/** The first that finds signs wins: an application's own columns tell more than the library below it. */
export function recognise(signs: Signs): Recognised {
  return (
    byVersionTable(signs) ??
    byPydal(signs) ??
    byDjango(signs) ??
    byRoster(signs) ??
    byGorm(signs) ??
    bySqlalchemy(signs) ??
    unknown
  )
}

/** Alembic's own table may have any name; its one column and the name of its key stay. */
export function isVersionTable({ shape, structure }: Signs): boolean {
  const [column, ...more] = shape.columns
  if (column?.name !== 'version_num' || more.length > 0) return false
  return column.maxLength === 32 || (structure?.constraints.some(({ name }) => name.endsWith('_pkc')) ?? false)
}

function byVersionTable(signs: Signs): Recognised | null {
  if (!isVersionTable(signs)) return null
  return {
    name: 'alembic',
    writer: 'sqlalchemy',
    words: 'Alembic',
    evidence: ['version_num VARCHAR(32) is its only column: it holds the revisions of Alembic.'],
  }
}

function byPydal(signs: Signs): Recognised | null {
  const evidence: string[] = []
  const texts = signs.shape.columns.filter(({ maxLength }) => maxLength === 512)
  const letters = signs.shape.columns.filter(({ kind, maxLength }) => kind === 'text' && maxLength === 1)
  if (texts.length > 0) {
    evidence.push(`${texts[0]?.name ?? ''} is ${texts[0]?.type ?? ''}: PyDAL makes its texts 512 characters long.`)
  }
  if (letters.length > 0)
    evidence.push(`${letters[0]?.name ?? ''} is ${letters[0]?.type ?? ''}: PyDAL's booleans are letters.`)
  if (/\(\n {4}"/.test(signs.structure?.ddl ?? ''))
    evidence.push('The table was made with names in quotes, four blanks before each.')
  const web2py = ['registration_key', 'reset_password_key', 'registration_id'].filter((name) => signs.column(name))
  const py4web = ['sso_id', 'action_token', 'last_password_change'].filter((name) => signs.column(name))
  if (texts.length === 0 && web2py.length < 2 && py4web.length < 2) return null
  const hasNative = signs.shape.columns.some(({ kind, type }) => kind === 'boolean' && /^bool/i.test(type))
  const adapter = hasNative && signs.dialect === 'postgres' ? 'PyDAL, postgres3' : 'PyDAL'
  if (web2py.length >= 2) {
    const tables = ['auth_group', 'auth_membership', 'auth_permission', 'auth_event', 'auth_cas'].filter((name) =>
      signs.hasTable(name),
    )
    evidence.unshift(
      `${web2py.join(', ')} are columns of web2py's Auth${tables.length > 0 ? `, beside ${tables.join(', ')}` : ''}.`,
    )
    return { name: 'web2py', writer: 'pydal', words: `web2py (${adapter})`, evidence }
  }
  if (py4web.length >= 2) {
    evidence.unshift(`${py4web.join(', ')} are columns of py4web's Auth.`)
    return { name: 'py4web', writer: 'pydal', words: `py4web (${adapter})`, evidence }
  }
  return { name: 'pydal', writer: 'pydal', words: adapter, evidence }
}

function byDjango(signs: Signs): Recognised | null {
  const own = ['is_active', 'is_staff', 'is_superuser', 'date_joined', 'last_login'].filter((name) =>
    signs.column(name),
  )
  const hasLedger = signs.hasTable('django_migrations')
  if (own.length < 3 && !(hasLedger && own.length > 0)) return null
  const evidence = [`${own.join(', ')} are columns of Django's User.`]
  if (hasLedger) evidence.push('django_migrations stands beside it.')
  return { name: 'django', writer: 'django', words: 'Django', evidence }
}

/** The built-in migrations of this repository, as knex makes them. */
function byRoster(signs: Signs): Recognised | null {
  const own = ['id', 'email', 'password', 'active', 'fs_uniquifier', 'confirmed_at']
  if (signs.name !== 'auth_user' || !signs.hasTable('knex_migrations')) return null
  if (own.some((name) => !signs.column(name))) return null
  return {
    name: 'roster',
    writer: 'sqlalchemy',
    words: 'Roster’s migrations',
    evidence: ['It has the columns of the built-in migrations, and knex_migrations stands beside it.'],
  }
}

function byGorm(signs: Signs): Recognised | null {
  const ddl = signs.structure?.ddl ?? ''
  const indexes = signs.structure?.indexes ?? []
  const evidence: string[] = []
  const named = (start: string) => indexes.find(({ name }) => name.toLowerCase().startsWith(`${start}_${signs.name}_`))
  const v2 = named('idx')
  const v1 = named('uix')
  if (v2) evidence.push(`Its index ${v2.name} is named as GORM v2 names them.`)
  if (v1) evidence.push(`Its index ${v1.name} is named as GORM v1 names them.`)
  const times = ['created_at', 'updated_at', 'deleted_at'].filter((name) => signs.column(name))
  if (times.length === 3) evidence.push('created_at, updated_at and deleted_at are columns of gorm.Model.')
  const isLower =
    signs.dialect === 'sqlite' &&
    /^CREATE TABLE [`"][^`"]+[`"] \([`"]/.test(ddl) &&
    /[`"] (text|integer|numeric|datetime)\b/.test(ddl)
  if (isLower) evidence.push('The table was made with types in lower case and names in backticks.')
  if (signs.dialect === 'mysql' && signs.shape.columns.some(({ type }) => /^datetime\(3\)/i.test(type)))
    evidence.push('Its dates are datetime(3).')
  const [key] = signs.shape.key
  if (signs.dialect === 'mysql' && /^bigint.*unsigned/i.test(signs.column(key?.toLowerCase() ?? '')?.type ?? '')) {
    evidence.push('Its key is bigint unsigned.')
  }
  if (evidence.length < 2) return null
  const version = v1 && !v2 ? 'v1' : 'v2'
  return { name: 'gorm', writer: 'gorm', words: `GORM ${version}`, evidence }
}

function bySqlalchemy(signs: Signs): Recognised | null {
  const evidence: string[] = []
  const security = [
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
    'last_login_ip',
    'login_count',
  ].filter((name) => signs.column(name))
  const hasUniquifier = signs.column('fs_uniquifier') !== undefined
  const hasAlembic = signs.hasTable('alembic_version')
  if (hasUniquifier && (security.length >= 2 || signs.hasTable('roles_users'))) {
    evidence.push(
      `fs_uniquifier${security.length > 0 ? `, ${security.slice(0, 4).join(', ')}` : ''}: columns of Flask-Security's model.`,
    )
    if (signs.hasTable('roles_users')) evidence.push('roles_users stands beside it.')
    if (hasAlembic) evidence.push('alembic_version stands beside it: Alembic changes its schema.')
    return { name: 'flask-security', writer: 'sqlalchemy', words: 'Flask-Security (SQLAlchemy)', evidence }
  }
  if (hasUniquifier && signs.isUnique('fs_uniquifier')) {
    evidence.push(`fs_uniquifier ${signs.column('fs_uniquifier')?.type ?? ''} is unique: a model for Flask-Security.`)
  }
  if (hasAlembic) {
    evidence.unshift('alembic_version stands beside it: Alembic changes its schema.')
    return { name: 'alembic', writer: 'sqlalchemy', words: 'SQLAlchemy with Alembic', evidence }
  }
  const ddl = signs.structure?.ddl ?? ''
  if (
    signs.dialect === 'sqlite' &&
    /\b(VARCHAR|BOOLEAN|DATETIME|INTEGER NOT NULL)\b/.test(ddl) &&
    /PRIMARY KEY \(/.test(ddl) &&
    /^CREATE TABLE "?\w+"? \(\s*\n/.test(ddl)
  ) {
    evidence.push(
      'The table was made a column a line, with types in capitals and the key behind them, as SQLAlchemy does.',
    )
  }
  const [key] = signs.shape.key
  const uniques = signs.structure?.constraints.filter(({ kind }) => kind === 'unique').map(({ name }) => name) ?? []
  if (signs.dialect === 'postgres' && key && uniques.some((name) => name === `${signs.name}_email_key`)) {
    evidence.push(`${signs.name}_email_key is the constraint that PostgreSQL names for UNIQUE (email).`)
  }
  const flag = signs.shape.columns.find(({ kind, type }) => kind === 'boolean' || /^tinyint\(1\)/i.test(type))
  if (hasUniquifier && flag) evidence.push(`${flag.name} is ${flag.type}, SQLAlchemy's Boolean.`)
  if (evidence.length === 0 || (!hasUniquifier && signs.dialect !== 'sqlite')) return null
  return { name: 'sqlalchemy', writer: 'sqlalchemy', words: 'SQLAlchemy', evidence }
}
