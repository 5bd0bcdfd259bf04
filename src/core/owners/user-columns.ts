// Which columns make a row a user, by the names that the owners give them: a table of users may have any name.
import type { UserColumns } from '../../shared/owners.ts'
import type { ShapeColumn } from '../db/database.ts'
import { isSecretColumn } from '../password-schemes.ts'
import type { Recognised } from './recognise.ts'
import type { Signs } from './signs.ts'

const EMAIL = ['email', 'email_address', 'mail', 'e_mail', 'user_email']
const ACTIVE = ['active', 'is_active', 'enabled', 'is_enabled']
const CONFIRMED = ['confirmed_at', 'email_confirmed_at', 'verified_at', 'email_verified_at']
const CREATED = ['create_datetime', 'created_at', 'created_on', 'date_joined']
/** Beside an email each of these makes a user, whatever the table is called. */
const OWN = ['fs_uniquifier', 'registration_key', 'action_token', 'sso_id', 'date_joined', 'last_login', 'is_superuser']
/** These only in a table that is named so: a list of recipients may have them. */
const TELLING = [...ACTIVE, ...CONFIRMED, 'username']
const NAMED_SO = /^(auth_|app_)?users?$|^accounts?$|^members?$|^(auth|custom|app)_?user$|_users?$/

/** Null where the rows are no users. Names as the table spells them. */
export function userColumnsOf(signs: Signs, { name }: Recognised): UserColumns | null {
  const of = (names: readonly string[], fits: (column: ShapeColumn) => boolean = () => true) =>
    names.flatMap((each) => signs.column(each) ?? []).find(fits)?.name ?? null
  const email = of(EMAIL, isText)
  const password = signs.shape.columns.find((column) => isSecretColumn(column.name))?.name ?? null
  const isUser = password !== null || of(OWN) !== null || (NAMED_SO.test(signs.name) && of(TELLING) !== null)
  if (email === null || !isUser) return null
  return {
    email,
    username: of(['username', 'user_name', 'login'], isText),
    password,
    active: of(ACTIVE, isFlag),
    gate: gateOf(name, of),
    confirmedAt: of(CONFIRMED, isMoment),
    uniquifier: of(['fs_uniquifier']),
    deletedAt: name === 'gorm' ? of(['deleted_at']) : null,
    createdAt: of(CREATED, isMoment),
  }
}

/** SQLite may have declared none, and PostgreSQL's citext is a type of its own. */
const isText = ({ kind }: ShapeColumn) => kind === 'text' || kind === 'other'

/** How its values are written, and whether they are booleans at all, is found from the values. */
const isFlag = ({ kind }: ShapeColumn) => !['date', 'datetime', 'time'].includes(kind)

/** `confirmed_at` as a flag or a counter is no moment; as a text it may be one. */
const isMoment = ({ kind, maxLength }: ShapeColumn) =>
  ['date', 'datetime', 'other'].includes(kind) || (kind === 'text' && maxLength !== 1)

function gateOf(
  name: Recognised['name'],
  of: (names: readonly string[], fits: (column: ShapeColumn) => boolean) => string | null,
): UserColumns['gate'] {
  const registration = of(['registration_key'], isText)
  if (name === 'web2py' && registration) {
    return { column: registration, blocked: ['blocked', 'disabled'], pending: ['pending'], others: 'pending' }
  }
  const token = of(['action_token'], isText)
  if (name !== 'py4web' || !token) return null
  const pending = ['pending-registration:', 'pending-approval']
  return { column: token, blocked: ['account-blocked'], pending, others: 'open' }
}
