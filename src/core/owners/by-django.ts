// Signs of Django, and of this repository's own migrations.
import type { Recognised } from './recognise.ts'
import { list, present, type Signs } from './signs.ts'

const USER = ['is_active', 'is_staff', 'is_superuser', 'date_joined', 'last_login']

export function byDjango(signs: Signs): Recognised | null {
  const own = present(signs, USER)
  const hasLedger = signs.hasTable('django_migrations')
  if (own.length < 3 && !(hasLedger && own.length > 0)) return null
  const evidence = [`${list(own)} ${own.length > 1 ? 'are columns' : 'is a column'} of Django's User.`]
  return django(hasLedger ? [...evidence, BESIDE] : evidence)
}

const BESIDE = 'django_migrations stands beside it.'
const django = (evidence: string[]): Recognised => ({ name: 'django', writer: 'django', words: 'Django', evidence })

/** Where Django keeps a schema, a table that shows no other owner is its too. */
export function byDjangoBeside(signs: Signs): Recognised | null {
  return signs.hasTable('django_migrations') || signs.name === 'django_migrations' ? django([BESIDE]) : null
}

const ROSTER = ['id', 'email', 'password', 'active', 'fs_uniquifier', 'confirmed_at']

/** The built-in migrations make no other columns; their ledger alone tells them from a table of another tool. */
export function byRoster(signs: Signs): Recognised | null {
  if (signs.name !== 'auth_user' || !signs.hasTable('knex_migrations')) return null
  if (present(signs, ROSTER).length < ROSTER.length) return null
  const named = signs.structure?.indexes.find(({ name }) => /^auth_user_\w+_(unique|index)$/.test(name))
  if (!named) return null
  return {
    name: 'roster',
    writer: 'sqlalchemy',
    words: 'Roster’s migrations',
    evidence: [
      `It has the columns of Roster’s built-in migrations, and ${named.name} is named as they name it.`,
      'knex_migrations, their ledger, stands beside it.',
      'Values are written as SQLAlchemy writes them, which the built-in migrations stand for.',
    ],
  }
}
