// What the owner does with a column, a sentence each. Source: interop.md of the reference, sections 1 and 4.
import type { Recognised } from './recognise.ts'
import type { Signs } from './signs.ts'

const SECURITY: Record<string, string> = {
  fs_uniquifier: 'The key of all sessions and tokens, uuid4 in hex: another value ends them all. It is never copied.',
  confirmed_at: 'When the address was confirmed, in UTC. Empty: never.',
  active: 'False keeps the user from logging in.',
  email: 'Looked up without upper and lower case: of addresses that differ in case alone, one user can log in.',
  password: 'A hash. Any text that is none is taken for the password itself.',
}
const WEB2PY: Record<string, string> = {
  registration_key: 'Empty: may log in. pending, blocked, disabled or a uuid: may not.',
  reset_password_key: 'Seconds since 1970 and a uuid, while a new password was asked for.',
  registration_id: 'Who the user is to another login service.',
  email: 'Not unique in the database: web2py checks it in its form.',
  modified_by: 'Who changed the row in the application. Roster leaves it alone.',
  created_by: 'Who made the row in the application. Roster leaves it alone.',
}
const PY4WEB: Record<string, string> = {
  action_token: 'Empty: may log in. pending-registration:…, pending-approval, account-blocked: may not.',
  sso_id: 'Who the user is to another login service.',
  past_passwords_hash: 'Earlier hashes, as |one|two|.',
  last_password_change: 'When the password was changed, in UTC.',
}
const GORM: Record<string, string> = {
  deleted_at: 'A moment here: the row does not exist for the application, but still holds its email.',
  updated_at: 'Set by GORM in every change.',
  created_at: 'Set by GORM in a new row.',
}

/** By the column's name. */
export function meaningsOf(signs: Signs, { name, writer }: Recognised): Record<string, string> {
  const all: Record<string, string> = {
    ...(signs.column('fs_uniquifier') && SECURITY),
    ...(name === 'web2py' && WEB2PY),
    ...(name === 'py4web' && PY4WEB),
    ...(writer === 'gorm' && GORM),
  }
  return Object.fromEntries(
    Object.entries(all).flatMap(([column, words]) => {
      const found = signs.column(column)
      return found ? [[found.name, words]] : []
    }),
  )
}
