// What the name of a password scheme alone says: the hash itself stays in the host.

const FAST = 'is one round of a fast digest: billions of passwords can be tried in a second'
const OLD = 'is so old that every password of its time can be tried'

/** Schemes of which every hash is weak, by the names that `schemeOf` of core gives; words that go on after the name. */
export const WEAK_SCHEMES: Readonly<Record<string, string>> = {
  'crypt-digest': FAST,
  'hex-digest': FAST,
  'md5-crypt': OLD,
  'des-crypt': OLD,
}

/** Forms that Flask-Security can be set up to verify. It takes the text of any other for the password itself. */
const KNOWN_TO_FLASK = /^(argon2(id|i|d)|bcrypt|pbkdf2-sha(512|256)|sha(512|256)-crypt|des-crypt|django-.*|damaged)$/

export const isKnownToFlask = (scheme: string): boolean => KNOWN_TO_FLASK.test(scheme)
