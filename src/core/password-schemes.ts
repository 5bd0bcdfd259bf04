// Which columns hold password hashes, what scheme a hash is of, and which are weak. The hash itself never leaves the host.
import { DAMAGED, SCHEMES, type SchemeForm } from './scheme-forms.ts'

/** Without what joins their words: password_hash, passwordHash and "Password Hash" are one. */
const SECRET_NAMES = new Set([
  ...['password', 'passwordhash', 'passworddigest', 'hashedpassword', 'encryptedpassword', 'userpassword'],
  ...['passwd', 'passwdhash', 'pwd', 'pwdhash', 'passhash'],
])

export function isSecretColumn(name: string): boolean {
  return SECRET_NAMES.has(name.toLowerCase().replace(/[\s_-]/g, ''))
}

/** All that `schemeOf` answers beside "empty" and "unknown", in the order in which they are tried, in SQL too. */
export const SCHEME_FORMS: readonly SchemeForm[] = [...SCHEMES, DAMAGED]

export const formOf = (text: string): SchemeForm | null =>
  SCHEME_FORMS.find(({ pattern }) => pattern.test(text)) ?? null

/**
 * What the stored text is: a name of `SCHEME_FORMS` ("argon2id", "crypt-pbkdf2", "damaged"), "empty", or "unknown": no hash
 * of any known form, which Flask-Security takes for a password in clear.
 */
export function schemeOf(text: string): string {
  return text === '' ? 'empty' : (formOf(text)?.name ?? 'unknown')
}

/** Why a hash is weak, a sentence; null when it is not. What is no hash is weak: it may be the password itself. */
export function weaknessOf(text: string): string | null {
  const form = formOf(text)
  if (!form) return 'It is no hash that is known: it may be a password in clear.'
  const { weak } = form
  return weak && (!weak.form || weak.form.pattern.test(text)) ? weak.why : null
}
