// Which columns make a row a user, by the names that the owners give them.
import type { UserColumns } from '../../shared/owners.ts'
import { isSecretColumn } from '../password-schemes.ts'
import type { Recognised } from './recognise.ts'
import type { Signs } from './signs.ts'

const EMAIL = ['email', 'email_address', 'mail', 'e_mail', 'user_email']
const ACTIVE = ['active', 'is_active', 'enabled', 'is_enabled']
const CONFIRMED = ['confirmed_at', 'email_confirmed_at', 'verified_at', 'email_verified_at']
const CREATED = ['create_datetime', 'created_at', 'created_on', 'date_joined']
/** Any of these beside an email make a user; an address book has none. */
const TELLING = ['fs_uniquifier', ...ACTIVE, ...CONFIRMED, 'registration_key', 'action_token', 'username', 'last_login']

/** Null where the rows are no users. Names as the table spells them. */
export function userColumnsOf(signs: Signs, { name }: Recognised): UserColumns | null {
  const of = (...names: string[]) =>
    names.map((each) => signs.column(each)?.name).find((each) => each !== undefined) ?? null
  const email = of(...EMAIL)
  const password = signs.shape.columns.find((column) => isSecretColumn(column.name))?.name ?? null
  const isNamedSo = /^(auth_)?users?$|^accounts?$|^members?$/.test(signs.name)
  if (email === null || (password === null && !(isNamedSo && of(...TELLING) !== null))) return null
  const deletedAt = name === 'gorm' ? of('deleted_at') : null
  const flag = (column: string | null) => {
    const { kind, maxLength, type } = (column && signs.column(column.toLowerCase())) || {
      kind: 'other',
      maxLength: null,
      type: '',
    }
    const isFlag =
      kind === 'boolean' ||
      kind === 'integer' ||
      kind === 'decimal' ||
      maxLength === 1 ||
      /^(bit|bool|numeric)/i.test(type)
    return isFlag ? column : null
  }
  const gate = gateOf(name, of)
  return {
    email,
    username: of('username', 'user_name', 'login'),
    password,
    active: flag(of(...ACTIVE)),
    gate,
    confirmedAt: of(...CONFIRMED),
    uniquifier: of('fs_uniquifier'),
    deletedAt,
    createdAt: of(...CREATED),
  }
}

function gateOf(name: Recognised['name'], of: (...names: string[]) => string | null): UserColumns['gate'] {
  const registration = of('registration_key')
  if (name === 'web2py' && registration) return { column: registration, blocked: 'blocked', pending: ['pending'] }
  const token = of('action_token')
  if (name !== 'py4web' || !token) return null
  return { column: token, blocked: 'account-blocked', pending: ['pending-registration:', 'pending-approval'] }
}
