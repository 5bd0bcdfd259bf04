// Whether a password hash of one application may be given to another. A text that Flask-Security does not know as a hash is
// a password in clear to it, so what is not known to be verified is not copied.
import type { OwnerName } from '../../shared/owners.ts'
import { schemeOf } from '../password-schemes.ts'
import type { Side } from './side.ts'

const CRYPT = ['crypt-pbkdf2', 'crypt-digest']
const DJANGO = ['django-pbkdf2', 'django-scrypt', 'django-argon2', 'django-bcrypt', 'django-unusable']

/** Schemes, by `schemeOf`, that an owner verifies: however it is set up, and where hashes there show that it is set up so. */
const VERIFIED: Partial<Record<OwnerName, { always: readonly string[]; perhaps: readonly string[] }>> = {
  'flask-security': {
    always: ['argon2id', 'argon2i', 'argon2d', 'bcrypt', 'pbkdf2-sha512'],
    perhaps: ['pbkdf2-sha256', 'pbkdf2-sha1', 'sha512-crypt', 'sha256-crypt', 'bcrypt-sha256', 'scrypt', ...DJANGO],
  },
  web2py: { always: CRYPT, perhaps: [] },
  py4web: { always: CRYPT, perhaps: [] },
  django: { always: DJANGO, perhaps: [] },
}

/** Any word may look like these, or nothing does. */
const NO_HASH = ['unknown', 'empty', 'damaged', 'des-crypt', 'hex-digest']

type Application = Pick<Side, 'name' | 'owner'>

/**
 * Answers with why the target would not verify a hash, null where it would. `present`: hashes that it has. Words go on after
 * a colon, and never hold the hash.
 */
export function hashGate(
  from: Application,
  to: Application,
  present: readonly string[],
): (hash: string) => string | null {
  const { name, words } = to.owner
  const seen = new Set(present.map(schemeOf))
  const known = VERIFIED[name]
  // Of other owners nothing is known but what their columns hold. An empty one is another of the same kind.
  const isAlike = seen.size === 0 && name !== 'unknown' && name === from.owner.name
  return (hash) => {
    const scheme = schemeOf(hash)
    if (NO_HASH.includes(scheme)) return `it is no hash of a form that is known for sure (${scheme})`
    if (known) {
      if (known.always.includes(scheme) || (known.perhaps.includes(scheme) && seen.has(scheme))) return null
      return name === 'flask-security'
        ? `Flask-Security may not know ${scheme} hashes here, and would take the text for a password in clear`
        : `${words} does not verify ${scheme} hashes`
    }
    if (seen.has(scheme) || isAlike) return null
    return `nobody in ${to.name} has a ${scheme} hash, so nothing tells that it is verified there`
  }
}
