// How each owner hashes unless told otherwise, and what else it verifies: proposed where a table holds no hash yet.
import type { Owner, OwnerName } from '../../../shared/owners.ts'
import type { HashChoice } from '../../../shared/passwords.ts'

type Plain = Omit<HashChoice, 'isDouble'>

const argon2id: Plain = { scheme: 'argon2id', cost: { m: 65_536, t: 3, p: 4 }, digest: null }
const bcrypt = (rounds: number): Plain => ({ scheme: 'bcrypt', cost: { rounds }, digest: null })
const pbkdf2 = (scheme: 'pbkdf2-sha512' | 'pbkdf2-sha256', rounds: number): Plain => ({
  ...{ scheme, cost: { rounds }, digest: null },
})

const passlib = [argon2id, bcrypt(12), pbkdf2('pbkdf2-sha512', 25_000), pbkdf2('pbkdf2-sha256', 29_000)]
/** What Flask's own library writes, which applications without Flask-Security use. */
const werkzeug: Plain[] = [
  { scheme: 'werkzeug-scrypt', cost: { n: 32_768, r: 8, p: 1 }, digest: null },
  { scheme: 'werkzeug-pbkdf2', cost: { iterations: 1_000_000 }, digest: 'sha256' },
]
/** CRYPT of PyDAL. Its usual costs are low; an application that sets others shows them in its hashes. */
const crypt: Plain[] = [{ scheme: 'crypt-pbkdf2', cost: { iterations: 1_000, length: 20 }, digest: 'sha512' }]
/** Of Django 5.2. */
const django: Plain[] = [
  { scheme: 'django-pbkdf2', cost: { iterations: 1_000_000 }, digest: 'sha256' },
  { scheme: 'django-argon2', cost: { m: 102_400, t: 2, p: 8 }, digest: null },
  { scheme: 'django-scrypt', cost: { n: 16_384, r: 8, p: 5 }, digest: null },
]
const any = [...passlib.slice(0, 3), ...werkzeug]

const USUAL: Readonly<Record<OwnerName, { choices: Plain[]; why: string }>> = {
  'flask-security': { choices: passlib, why: 'Flask-Security verifies it unless it is set up otherwise.' },
  web2py: { choices: crypt, why: 'web2py hashes so unless it is set up otherwise.' },
  py4web: { choices: crypt, why: 'py4web hashes so unless it is set up otherwise.' },
  pydal: { choices: crypt, why: 'CRYPT of PyDAL hashes so unless it is set up otherwise.' },
  django: { choices: django, why: 'Django 5.2 verifies it unless it is set up otherwise.' },
  gorm: { choices: [bcrypt(10)], why: 'golang.org/x/crypto/bcrypt hashes so; GORM itself knows of no passwords.' },
  sqlalchemy: { choices: any, why: 'SQLAlchemy knows of no passwords: use what the application verifies.' },
  alembic: { choices: any, why: 'SQLAlchemy knows of no passwords: use what the application verifies.' },
  roster: { choices: any, why: 'The built-in migrations ask for no scheme: use what the application verifies.' },
  unknown: { choices: any, why: 'It is not known what the application verifies.' },
}

export const usualChoices = ({ name }: Owner) => USUAL[name]

/** All that an owner can be set up to verify; of the others nothing is known. */
const VERIFIED: Partial<Record<OwnerName, RegExp>> = {
  'flask-security': /^(argon2id|bcrypt|pbkdf2-|django-)/,
  web2py: /^crypt-/,
  py4web: /^crypt-/,
  django: /^django-/,
}

export const mayVerify = ({ name }: Owner, { scheme }: Pick<HashChoice, 'scheme'>): boolean =>
  VERIFIED[name]?.test(scheme) ?? true

/** Schemes that Flask-Security hashes an HMAC for: its own are double, Django's are not. */
export const mayBeDouble = ({ scheme }: Pick<HashChoice, 'scheme'>): boolean =>
  ['argon2id', 'bcrypt', 'pbkdf2-sha512', 'pbkdf2-sha256'].includes(scheme)

/** Letters of a hash. */
export function lengthOf({ scheme, cost, digest }: HashChoice): number {
  const of = (name: string) => String(cost[name] ?? '').length
  const numbers = Object.keys(cost).reduce((sum, name) => sum + of(name), 0)
  switch (scheme) {
    case 'bcrypt':
      return 60
    case 'argon2id':
      return '$argon2id$v=19$m=,t=,p=$$'.length + numbers + 22 + 43
    case 'django-argon2':
      return 'argon2$argon2id$v=19$m=,t=,p=$$'.length + numbers + 30 + 43
    case 'pbkdf2-sha512':
      return '$pbkdf2-sha512$$$'.length + numbers + 22 + 86
    case 'pbkdf2-sha256':
      return '$pbkdf2-sha256$$$'.length + numbers + 22 + 43
    case 'crypt-pbkdf2':
      return 'pbkdf2(,,)$$'.length + numbers + (digest?.length ?? 0) + 16 + 2 * (cost.length ?? 0)
    case 'werkzeug-pbkdf2':
      return 'pbkdf2::$$'.length + numbers + (digest?.length ?? 0) + 16 + hexLength(digest)
    case 'werkzeug-scrypt':
      return 'scrypt:::$$'.length + numbers + 16 + 128
    case 'django-pbkdf2':
      return 'pbkdf2_$$$'.length + numbers + (digest?.length ?? 0) + 22 + 4 * Math.ceil(hexLength(digest) / 6)
    case 'django-scrypt':
      return 'scrypt$$$$$'.length + numbers + 22 + 88
  }
}

const hexLength = (digest: string | null) =>
  ({ md5: 32, sha1: 40, sha224: 56, sha256: 64, sha384: 96, sha512: 128 })[digest ?? 'sha256'] ?? 64
