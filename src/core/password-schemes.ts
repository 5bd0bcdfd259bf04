// Which columns hold password hashes, and what scheme a hash is of. The hash itself never leaves the host.

const SECRET_NAMES = new Set([
  'password',
  'password_hash',
  'passwd',
  'passwd_hash',
  'pwd',
  'pwd_hash',
  'hashed_password',
])

export function isSecretColumn(name: string): boolean {
  return SECRET_NAMES.has(name.toLowerCase())
}

/** Beginnings of hashes as the libraries write them (Flask-Security and passlib, web2py and PyDAL CRYPT, Werkzeug, crypt(3)). */
const SCHEMES: readonly [RegExp, string][] = [
  [/^\$argon2(id|i|d)\$/, 'argon2'],
  [/^\$2[abxy]\$\d\d\$/, 'bcrypt'],
  [/^\$bcrypt-sha256\$/, 'bcrypt-sha256'],
  [/^\$pbkdf2(-[a-z0-9]+)?\$/, 'pbkdf2'],
  [/^pbkdf2\(\d+,\d+,(\w+)\)\$/, 'pbkdf2'],
  [/^pbkdf2:(\w+)(:\d+)?\$/, 'pbkdf2'],
  [/^(scrypt:|\$scrypt\$)/, 'scrypt'],
  [/^\$6\$/, 'sha512-crypt'],
  [/^\$5\$/, 'sha256-crypt'],
  [/^\$1\$/, 'md5-crypt'],
  [/^(sha512|sha256|sha1|md5)\$/, 'salted hash'],
]

/** Enough of the beginning of a hash to know its scheme, in characters. */
export const SCHEME_LENGTH = 40

/** What the stored text is, in a word or two: "argon2id", "bcrypt", "pbkdf2-sha512", "empty", "unknown". */
export function schemeOf(text: string): string {
  if (text === '') return 'empty'
  const known = SCHEMES.find(([pattern]) => pattern.test(text))
  if (!known) return 'unknown'
  const [pattern, name] = known
  const detail = pattern.exec(text)?.[1] ?? ''
  if (name === 'argon2') return `argon2${detail}`
  if (name === 'pbkdf2' && detail) return `pbkdf2-${detail.replace(/^-/, '')}`
  return name
}
