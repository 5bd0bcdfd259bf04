// The names by which schemes of password hashes are told and asked for, for people to choose among.

/** In the order in which they are offered; core's forms of hashes have these names (`core/filters/scheme-sql.test.ts`). */
export const SCHEME_NAMES = [
  ...['argon2id', 'argon2i', 'argon2d', 'bcrypt', 'bcrypt-sha256', 'scrypt'],
  ...['pbkdf2-sha512', 'pbkdf2-sha256', 'pbkdf2-sha1', 'sha512-crypt', 'sha256-crypt', 'md5-crypt', 'des-crypt'],
  ...['werkzeug-scrypt', 'werkzeug-pbkdf2', 'crypt-pbkdf2', 'crypt-digest', 'hex-digest'],
  ...['django-argon2', 'django-scrypt', 'django-bcrypt', 'django-pbkdf2', 'django-unusable', 'damaged', 'unknown'],
] as const
