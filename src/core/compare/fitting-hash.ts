// Whether a password hash of one application may be given to another. A text that Flask-Security does not know as a hash is
// a password in clear to it, so what is not known to be verified is not copied.
import type { OwnerName } from '../../shared/owners.ts'
import { schemeOf } from '../password-schemes.ts'
import type { Side } from './side.ts'

const FORMATS = {
  argon2: /^\$argon2(id|i|d)\$v=\d+\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/,
  bcrypt: /^\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}$/,
  'pbkdf2-sha512': /^\$pbkdf2-sha512\$\d+\$[./A-Za-z0-9]*\$[./A-Za-z0-9]+$/,
  'pbkdf2-sha256': /^\$pbkdf2-sha256\$\d+\$[./A-Za-z0-9]*\$[./A-Za-z0-9]+$/,
  'sha-crypt': /^\$[56]\$(rounds=\d+\$)?[./A-Za-z0-9]{0,16}\$[./A-Za-z0-9]+$/,
  'werkzeug-scrypt': /^scrypt:\d+:\d+:\d+\$[A-Za-z0-9]+\$[0-9a-f]{128}$/,
  'werkzeug-pbkdf2': /^pbkdf2:[a-z0-9]+(:\d+)?\$[A-Za-z0-9]+\$[0-9a-f]+$/,
  'crypt-pbkdf2': /^pbkdf2\(\d+,\d+,(md5|sha1|sha224|sha256|sha384|sha512)\)\$[^$]*\$[0-9a-f]+$/,
  'crypt-digest': /^(md5|sha1|sha224|sha256|sha384|sha512)\$[^$]*\$[0-9a-f]+$/,
  django: /^(pbkdf2_sha(256|1)\$\d+|argon2\$argon2|bcrypt(_sha256)?\$\$2|scrypt\$[A-Za-z0-9]+\$\d+)/,
} as const
type Format = keyof typeof FORMATS

/** What the owner verifies however it is set up; of the others nothing is known but what their columns hold. */
const ALWAYS: Partial<Record<OwnerName, readonly Format[]>> = {
  'flask-security': ['argon2', 'bcrypt', 'pbkdf2-sha512'],
  web2py: ['crypt-pbkdf2', 'crypt-digest'],
  py4web: ['crypt-pbkdf2', 'crypt-digest'],
  django: ['django'],
}
/** What it may be set up to verify, if hashes there are of it. */
const MAYBE: Partial<Record<OwnerName, readonly Format[]>> = {
  'flask-security': ['pbkdf2-sha256', 'sha-crypt'],
  web2py: [],
  py4web: [],
  django: [],
}

const formatOf = (hash: string): Format | null =>
  (Object.keys(FORMATS) as Format[]).find((format) => FORMATS[format].test(hash)) ?? null

/**
 * Answers with why the target would not verify a hash, null where it would. `present`: hashes that it has. Words go on after
 * a colon, and never hold the hash.
 */
export function hashGate(from: Side, to: Side, present: readonly string[]): (hash: string) => string | null {
  const { name, words } = to.owner
  const seen = new Set(present.map(formatOf))
  const isSameApplication = seen.size === 0 && name !== 'unknown' && name === from.owner.name
  return (hash) => {
    const format = formatOf(hash)
    if (format === null) return 'it is in no form of a hash that is known'
    if (ALWAYS[name]?.includes(format)) return null
    const mayBe = MAYBE[name]?.includes(format) ?? true
    if (mayBe && (seen.has(format) || (isSameApplication && !ALWAYS[name]))) return null
    if (name === 'flask-security') {
      return `Flask-Security may not know ${schemeOf(hash)} hashes of this form, and would take the text for a password in clear`
    }
    return ALWAYS[name]
      ? `${words} does not verify ${schemeOf(hash)} hashes of this form`
      : `no user of ${to.name} has a ${schemeOf(hash)} hash of this form, so nothing tells that it is verified there`
  }
}
