// What a person should know of a table before editing it, because of who owns it: the traps that concern all of it. Source:
// interop.md of the reference, section 1.
import type { UserColumns } from '../../shared/owners.ts'
import type { Recognised } from './recognise.ts'
import type { Signs } from './signs.ts'
import { untouchedOf } from './touches.ts'

export function ownerNotes(signs: Signs, recognised: Recognised, user: UserColumns | null): string[] {
  const { shape } = signs
  if (shape.kind === 'view') return []
  return [
    ...(user?.deletedAt ? [softDelete(user.deletedAt, user.email)] : []),
    ...plainPasswords(signs, recognised, user),
    ...cascades(signs),
    ...oldUnicode(signs, recognised),
    ...notUnique(signs, recognised, user),
    ...untouched(signs, recognised),
  ]
}

function untouched(signs: Signs, recognised: Recognised): string[] {
  return untouchedOf(signs, recognised).map(
    (column) =>
      `The application sets ${column} in every change, and the login of this profile has no right to: saves leave it as it is.`,
  )
}

const softDelete = (column: string, email: string) =>
  `Rows with a moment in ${column} are deleted to the application (GORM's soft delete), and are shown here. Each still holds its ${email} in the unique index, so no other row can take it.`

/** A model that Flask-Security may read says so at the column. */
function plainPasswords(signs: Signs, { name }: Recognised, user: UserColumns | null): string[] {
  if (name !== 'flask-security' || !user?.password) return []
  const isNullable = signs.column(user.password.toLowerCase())?.isNullable === true
  const ways = [...(isNullable ? ['write NULL'] : []), ...(user.active ? [`set ${user.active} to false`] : [])]
  const out = ways.length === 0 ? '' : ` To keep a user out, ${ways.join(' or ')}.`
  return [
    `Flask-Security takes any text in ${user.password} that is no hash for the password itself, also “!”, “*” and the empty text; so nothing can be typed there.${out}`,
  ]
}

/** Keys of the table that point to itself: who deletes an administrator deletes the users that this one made. */
function cascades({ shape, structure }: Signs): string[] {
  const own = (structure?.referrers ?? []).filter(
    ({ from, onDelete }) => from === shape.name && /^cascade$/i.test(onDelete),
  )
  const pointing = new Set(own.flatMap((one) => one.columns))
  const columns = shape.columns.flatMap(({ name }) => (pointing.has(name) ? [name] : []))
  if (columns.length === 0) return []
  return [
    `Deleting a row deletes with it the rows whose ${columns.join(' or ')} points to it (ON DELETE CASCADE), and theirs in turn: who deletes an administrator deletes the users that this one made.`,
  ]
}

function oldUnicode({ dialect, ddl }: Signs, { writer }: Recognised): string[] {
  if (dialect !== 'mysql' || !/CHARSET=utf8(mb3)?\b/i.test(ddl)) return []
  const who = writer === 'pydal' ? ', as PyDAL makes every table' : ''
  return [
    `The table is utf8mb3${who}: it holds no emoji and no other character beyond U+FFFF. The server refuses them.`,
  ]
}

function notUnique({ isUnique, shape }: Signs, { name }: Recognised, user: UserColumns | null): string[] {
  if (name !== 'web2py' || !user || isUnique(user.email.toLowerCase())) return []
  return [
    `The database lets two rows of ${shape.name} have the same ${user.email}: web2py checks that in its own form alone.`,
  ]
}
