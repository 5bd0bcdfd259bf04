// Signs of PyDAL, and of the two frameworks that make their users table with it.
import type { Recognised } from './recognise.ts'
import { list, present, type Signs } from './signs.ts'

const WEB2PY = ['registration_key', 'reset_password_key', 'registration_id']
const WEB2PY_TABLES = ['auth_group', 'auth_membership', 'auth_permission', 'auth_event', 'auth_cas']
const PY4WEB = ['sso_id', 'action_token', 'last_password_change', 'past_passwords_hash']

/** `CREATE TABLE "auth_user"(` without a blank, and four blanks before each quoted name. */
const DDL = /^CREATE TABLE (IF NOT EXISTS )?"[^"]+"\(\n {4}"/

export function byPydal(signs: Signs): Recognised | null {
  const [web2py, py4web] = [present(signs, WEB2PY), present(signs, PY4WEB)]
  const own = ownSigns(signs)
  const tables = WEB2PY_TABLES.filter((name) => signs.hasTable(name))
  const beside = tables.length > 0 ? ` ${list(tables)} ${tables.length > 1 ? 'stand' : 'stands'} beside it.` : ''
  const booleans = hasNativeBooleans(signs)
  const library = booleans ? 'PyDAL, postgres3' : 'PyDAL'
  const evidence = booleans ? [...own, booleans] : own
  const found = (name: 'web2py' | 'py4web', what: string): Recognised => ({
    ...{ name, writer: 'pydal', words: `${name} (${library})` },
    evidence: [what, ...evidence],
  })
  if (web2py.length >= 2) {
    return found('web2py', `${list(web2py)} are columns of web2py's Auth.${beside}`)
  }
  if (py4web.length >= 2) return found('py4web', `${list(py4web)} are columns of py4web's Auth.`)
  if (WEB2PY_TABLES.includes(signs.name) && tables.length >= 4) {
    return found('web2py', `${signs.shape.name} is a table of web2py's Auth.${beside}`)
  }
  return own.length > 0 ? { name: 'pydal', writer: 'pydal', words: library, evidence } : null
}

/** Texts of 512 characters are made by other tools too, but hardly most texts of a table. */
function ownSigns({ dialect, shape, ddl, hasTable }: Signs): string[] {
  const bounded = shape.columns.filter(({ kind, maxLength }) => kind === 'text' && maxLength !== null && maxLength > 1)
  // On SQLite the declared type tells: others write VARCHAR there.
  const isOwn = (type: string) => (dialect === 'sqlite' ? /^char\s*\(512\)/i.test(type) : true)
  const texts = bounded.filter(({ maxLength, type }) => maxLength === 512 && isOwn(type))
  const letters = shape.columns.filter(({ kind, maxLength }) => kind === 'text' && maxLength === 1)
  const isOfDdl = dialect === 'sqlite' && DDL.test(ddl)
  const isOldUnicode = dialect === 'mysql' && /CHARSET=utf8(mb3)?\b/i.test(ddl)
  const isMostly = texts.length > 0 && texts.length * 2 >= bounded.length && !hasTable('alembic_version')
  const isEnough =
    texts.length > 1 || letters.length > 0 || isOldUnicode || hasTable('auth_user') || dialect === 'sqlite'
  if (!(isMostly && isEnough) && !isOfDdl && !(letters.length > 0 && isOldUnicode)) return []
  const [text, letter] = [texts[0], letters[0]]
  return [
    ...(text ? [`${text.name} is ${text.type}: PyDAL makes its texts 512 characters long.`] : []),
    ...(letter ? [`${letter.name} is ${letter.type}: PyDAL's booleans are the letters T and F.`] : []),
    ...(isOfDdl ? ['The table was made with quoted names, four blanks before each, as PyDAL does.'] : []),
    ...(isOldUnicode ? ['The table is utf8mb3: PyDAL asks for CHARACTER SET utf8.'] : []),
  ]
}

/** The adapter that writes booleans as the server's own. */
function hasNativeBooleans({ dialect, shape }: Signs): string | null {
  const column = dialect === 'postgres' ? shape.columns.find(({ kind }) => kind === 'boolean') : undefined
  return column ? `${column.name} is ${column.type}: PyDAL's adapter postgres3 makes booleans of the server.` : null
}
