// What the owner does with a column, a sentence each. Source: interop.md of the reference, sections 1 and 4.
import type { Recognised } from './recognise.ts'
import type { Signs } from './signs.ts'
import { setByDatabase } from './touches.ts'

type Meanings = Readonly<Record<string, string>>

const SECURITY: Meanings = {
  email:
    'Looked up without regard to case: of addresses that differ in case alone, only the one found first can log in. One with a blank around it is never found.',
  username: 'A second name to log in with, where the application allows it.',
  password:
    'A hash. Any text that is none is the password itself, in clear: to keep a user out, NULL is written, or active is set to false.',
  active:
    'False keeps the user from logging in. Without a value given, the application takes true; the database has no default.',
  fs_uniquifier:
    'The key of sessions and tokens: uuid4 in 32 hexadecimal digits. A new one ends all sessions of the user. It is never copied to another row.',
  confirmed_at: 'When the address was confirmed, in UTC. NULL: never.',
  last_login_at: 'The login before the current one, in UTC. The application sets it at login.',
  current_login_at: 'The latest login, in UTC. The application sets it at login.',
  last_login_ip: 'Where the login before the current one came from.',
  current_login_ip: 'Where the latest login came from.',
  login_count: 'How many logins there were. The application counts them.',
  create_datetime: 'When the row was made, in UTC.',
  update_datetime: 'When the row was last changed, in UTC.',
  tf_primary_method: 'How the second factor reaches the user: authenticator, email or sms. NULL: no second factor.',
  tf_totp_secret: 'The secret of the second factor, encrypted by the application.',
  tf_phone_number: 'Where a second factor by sms is sent.',
  us_totp_secrets: 'Secrets for logging in with a one-time code (unified sign-in), as JSON.',
  us_phone_number: 'The phone number to log in with (unified sign-in). Unique.',
  mf_recovery_codes: 'Codes that stand in for the second factor, each once; separated by commas.',
  fs_webauthn_user_handle:
    'The name under which security keys know the user: uuid4 in hexadecimal digits. It is never copied to another row.',
}

/** A model for Flask-Security that does not show whether it is used. */
const MODEL: Meanings = {
  fs_uniquifier: SECURITY.fs_uniquifier ?? '',
  confirmed_at: 'When the address was confirmed; UTC by convention of Flask-Security. NULL: never.',
  password: 'A hash. Where Flask-Security reads it, any text that is none is the password itself, in clear.',
  active:
    'False keeps the user from logging in. Where the model has a default, it is in Python: the database gives NULL.',
}

const PYDAL: Meanings = {
  active: 'T or F. Anything else reads as false, also 1.',
  confirmed_at: 'Digits without a zone: the clock of the application. No fractions of a second.',
  created_on: 'When the row was made.',
  modified_on: 'When the row was last changed in the application.',
  created_by: 'Which user of the application made the row. Roster leaves it alone: its own writes are nobody’s there.',
  modified_by:
    'Which user of the application changed the row last. Roster leaves it alone: its own writes are nobody’s there.',
  is_active: 'T or F. F hides the row where the application keeps its deleted records.',
}

const WEB2PY: Meanings = {
  email:
    'What users log in with. The form of web2py writes it in lower case and keeps it unique; the database does neither.',
  password: 'A hash of CRYPT, such as pbkdf2(1000,20,sha512)$salt$hash.',
  registration_key: 'NULL or empty: may log in. pending, blocked, disabled or a uuid: may not.',
  reset_password_key: 'While a new password was asked for: seconds since 1970, a hyphen and a uuid.',
  registration_id: 'Who the user is to another login service.',
}

const PY4WEB: Meanings = {
  password: 'A hash of CRYPT, such as pbkdf2(1000,20,sha512)$salt$hash.',
  action_token:
    'NULL or empty: may log in. pending-registration:…, pending-approval and account-blocked keep out; reset-password-request:… stands while a new password is asked for.',
  sso_id: 'Who the user is to another login service.',
  past_passwords_hash: 'Earlier hashes in a list of PyDAL: |one|two|, a | in one of them doubled.',
  last_password_change: 'When the password was last changed, in UTC.',
}

const GORM: Meanings = {
  created_at: 'When the row was made.',
  updated_at: 'When the row was last changed.',
  deleted_at:
    'A moment here is a soft delete: the row does not exist for the application, yet its email stays taken in the unique index.',
}

const DJANGO: Meanings = {
  password: 'A hash such as pbkdf2_sha256$…; one that begins with ! can never be matched.',
  is_active: 'False keeps the user from logging in.',
  is_staff: 'True may open Django’s admin site.',
  is_superuser: 'True has every permission.',
  date_joined: 'When the row was made.',
  last_login: 'The latest login. Django sets it at login.',
}

const ALEMBIC: Meanings = {
  version_num: 'A revision that the schema is at. Several rows are several heads.',
}

const TABLES: Partial<Record<Recognised['name'], readonly Meanings[]>> = {
  'flask-security': [SECURITY],
  pydal: [PYDAL],
  web2py: [PYDAL, WEB2PY],
  py4web: [PYDAL, PY4WEB],
  gorm: [GORM],
  django: [DJANGO],
}

/** By the column's name. */
export function meaningsOf(signs: Signs, { name, words }: Recognised): Record<string, string> {
  const isModel = signs.column('fs_uniquifier') !== undefined
  const own = Object.assign({}, isModel && MODEL, words === 'Alembic' && ALEMBIC, ...(TABLES[name] ?? [])) as Meanings
  return Object.fromEntries(
    Object.entries(own).flatMap(([column, meaning]) => {
      const found = signs.column(column)
      if (!found || (name.startsWith('py') && isNativeBoolean(found.kind, meaning))) return []
      const also = setByDatabase(signs, found)
      return [[found.name, also ? `${meaning} ${also}` : meaning]]
    }),
  )
}

/** PyDAL's adapter postgres3 writes no letters. */
const isNativeBoolean = (kind: string, meaning: string) => kind === 'boolean' && meaning.startsWith('T or F')
