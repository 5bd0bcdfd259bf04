// Every form of hash is told, by the regular expressions and by SQL's LIKE alike.
import BetterSqlite3 from 'better-sqlite3'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isSecretColumn, SCHEME_FORMS, schemeOf, weaknessOf } from './password-schemes.ts'
import type { Form } from './scheme-forms.ts'

/** One of each form, with its scheme and whether it is weak. Hashes of nothing. */
const EXAMPLES: readonly [hash: string, scheme: string, isWeak: boolean][] = [
  [
    '$argon2id$v=19$m=65536,t=3,p=4$am3tXctZyxkjpNS6d+495w$Aj7kPywEJLPG1bSHtV0w/fartIbA5H2RK2V4vA7u0mc',
    'argon2id',
    false,
  ],
  ['$argon2i$m=65536,t=3,p=4$9F37i5NUTybAfhTHtG4lLA$5THPWj55t0iJwNb/f5UV/KyZyKAbHMkvRKPnLuU8ZfU', 'argon2i', false],
  ['$argon2d$v=19$m=16,t=2,p=1$am3tXctZ$Aj7kPywEJLPG1bSH', 'argon2d', false],
  ['$2b$10$F/WNX58fG5fApdCuxsWt1OMOZgnoaIMoU/ObHEUXGQqM.y.zICBI6', 'bcrypt', false],
  ['$2$05$F/WNX58fG5fApdCuxsWt1OMOZgnoaIMoU/ObHEUXGQqM.y.zICBI6', 'bcrypt', true],
  ['$bcrypt-sha256$2a,12$LrmaIX5x4TRtAwEfwJZa1.$2ehnw6LvuIUTM0iz4iz9hTxv21B6KFO', 'bcrypt-sha256', false],
  ['$bcrypt-sha256$v=2,t=2b,r=12$n79VH.0Q2TMWmt3Oqt9uku$Kq4Noyk3094Y2QlB8NdRT8SvGiI4ft2', 'bcrypt-sha256', false],
  [
    '$pbkdf2-sha512$25000$IuQc45wzZuxd69177z0HIA$5TrcIXy3XmtGf2XwhRXLABFCaLPS8M2EhwJqExL6T0SZb9Vw4hLUXi',
    'pbkdf2-sha512',
    false,
  ],
  ['$pbkdf2-sha256$9999$AQDgXKtV6p1zDqGUklKKUQ$14U5FRt7HAm.pOinSzd1U21MFJtZ48eePd9bM9HFegs', 'pbkdf2-sha256', true],
  ['$pbkdf2$131000$r5WythYixni.1wrB$f7PFbmfkb.5FWMjiP87Nh0o9MZU', 'pbkdf2-sha1', false],
  [`$6$rounds=656000$HoTiMQLQkgYKFPYG$${'a'.repeat(86)}`, 'sha512-crypt', false],
  [`$6$HoTiMQLQ$${'a'.repeat(86)}`, 'sha512-crypt', true],
  [`$5$rounds=5000$HoTiMQLQ$${'a'.repeat(43)}`, 'sha256-crypt', true],
  ['$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E', 'scrypt', false],
  ['$1$abcdefgh$irWbblnpmw.5z7wgBnprh0', 'md5-crypt', true],
  [`scrypt:32768:8:1$IwJM7W9XpXEUrcQs$${'a'.repeat(128)}`, 'werkzeug-scrypt', false],
  [`pbkdf2:sha256:600000$cYC9T8ijR7Kfuk0B$${'a'.repeat(64)}`, 'werkzeug-pbkdf2', false],
  [`pbkdf2:sha512:1000$BYShsovS7V8zn59p$${'a'.repeat(128)}`, 'werkzeug-pbkdf2', true],
  ['pbkdf2(1000,20,sha512)$bb57495afd3e7834$a6c29f792627c4163b2ab60eaf25d3bef7ebcd89', 'crypt-pbkdf2', true],
  ['pbkdf2(20000,20,sha256)$bb57495afd3e7834$a6c29f792627c4163b2ab60eaf25d3bef7ebcd89', 'crypt-pbkdf2', false],
  ['sha1$8339bcec56d356df$a1ce58aa0e2b5f346cd838473cc9ed90744b20de', 'crypt-digest', true],
  ['md5$$9cc2ae8a1ba7a93da39b46fc1019c481', 'crypt-digest', true],
  ['pbkdf2_sha256$870000$nzNPRn1mWOkwvYvxRm2Y9L$bbxrVcP9FrHzdWAWZTO0HIjxQyn0wy5vUh8x+1BcaNc=', 'django-pbkdf2', false],
  ['pbkdf2_sha1$999$abc$bbxrVcP9FrHzdWAWZTO0HIjxQyn=', 'django-pbkdf2', true],
  [`scrypt$16384$salt$8$5$${'a'.repeat(86)}==`, 'django-scrypt', false],
  ['argon2$argon2id$v=19$m=102400,t=2,p=8$c2FsdA$Aj7kPywEJLPG1bSHtV0w/fartIbA5H2RK2V4vA7u0mc', 'django-argon2', false],
  ['bcrypt_sha256$$2b$12$F/WNX58fG5fApdCuxsWt1OMOZgnoaIMoU/ObHEUXGQqM.y.zICBI6', 'django-bcrypt', false],
  ['bcrypt$$2b$08$F/WNX58fG5fApdCuxsWt1OMOZgnoaIMoU/ObHEUXGQqM.y.zICBI6', 'django-bcrypt', true],
  ['!H8Kwpf1Oz0oq5cfbbPIZDyKWJnGCmQ9Vvg2lCv1t', 'django-unusable', false],
  ['9cc2ae8a1ba7a93da39b46fc1019c481', 'hex-digest', true],
  ['A1CE58AA0E2B5F346CD838473CC9ED90744B20DE', 'hex-digest', true],
  ['nXWFgaDN73p3U', 'des-crypt', true],
  ['$argon2id$v=19$m=65536,t=3,p=4$am3tXctZyxkjpNS6d', 'damaged', false],
  ['$2b$12$abc', 'damaged', false],
  ['pbkdf2(1000,20', 'damaged', false],
  ['sha1$', 'damaged', false],
  ['', 'empty', true],
  ['!', 'unknown', true],
  ['*', 'unknown', true],
  ['correct horse battery staple', 'unknown', true],
  ['Passw0rd12345', 'unknown', true],
  ['x'.repeat(32), 'unknown', true],
  ['ein Satz mit Zeichen, zwei und dreißig lang', 'unknown', true],
]

const database = new BetterSqlite3(':memory:')
const isLike = database.prepare<[string, string], { is: number }>("select ? like ? escape '!' as 'is'")
const finds = ({ like, unlike = [] }: Form, text: string) => {
  const any = (patterns: readonly string[]) => patterns.some((pattern) => isLike.get(text, pattern)?.is === 1)
  return any(like) && !any(unlike)
}

describe('schemes of password hashes', () => {
  it.each(EXAMPLES)('%s', (hash, scheme, isWeak) => {
    expect(schemeOf(hash)).toBe(scheme)
    expect(weaknessOf(hash) !== null).toBe(isWeak)
    const found = SCHEME_FORMS.find((form) => finds(form, hash))
    expect(found?.name).toBe(scheme === 'unknown' || scheme === 'empty' ? undefined : scheme)
    if (!found?.weak) return
    expect(found.weak.form ? finds(found.weak.form, hash) : true).toBe(isWeak)
  })

  it('has an example of every scheme', () => {
    const shown = new Set(EXAMPLES.map(([, scheme]) => scheme))
    expect(SCHEME_FORMS.map(({ name }) => name).filter((name) => !shown.has(name))).toEqual([])
  })
})

const FILE = join(import.meta.dirname, '../../e2e/fixtures/passwords.json')

describe('the pairs that real libraries made', () => {
  const pairs = JSON.parse(readFileSync(FILE, 'utf8')) as { scheme: string; hash: string }[]
  const expected: Record<string, string> = {
    'fs-argon2': 'argon2id',
    'fs-bcrypt': 'bcrypt',
    'fs-pbkdf2_sha512': 'pbkdf2-sha512',
    'fs-pbkdf2_sha256': 'pbkdf2-sha256',
    'fs-sha512_crypt': 'sha512-crypt',
    'fs-sha256_crypt': 'sha256-crypt',
    'fs-des_crypt': 'des-crypt',
    'fs-plaintext': 'unknown',
    'argon2-cffi': 'argon2id',
    'argon2-cffi-i': 'argon2i',
    'bcrypt-2b': 'bcrypt',
    'bcrypt-2a': 'bcrypt',
    'go-bcrypt': 'bcrypt',
    'werkzeug-scrypt': 'werkzeug-scrypt',
    'werkzeug-pbkdf2-sha256': 'werkzeug-pbkdf2',
    'werkzeug-pbkdf2-sha512': 'werkzeug-pbkdf2',
    'crypt-pbkdf2': 'crypt-pbkdf2',
    'crypt-pbkdf2-strong': 'crypt-pbkdf2',
    'crypt-sha512-key': 'crypt-digest',
    'crypt-sha512': 'crypt-digest',
    'crypt-sha1': 'crypt-digest',
    'crypt-md5-nosalt': 'crypt-digest',
  }

  it('are told, each of them, in both ways', () => {
    const wrong = pairs.flatMap(({ scheme, hash }) => {
      const wanted = expected[scheme.replace(/-(hmac|single)$/, '')]
      const inSql = SCHEME_FORMS.find((form) => finds(form, hash))?.name ?? 'unknown'
      return schemeOf(hash) === wanted && inSql === wanted ? [] : [`${scheme} ${hash}: ${schemeOf(hash)}, ${inSql}`]
    })
    expect(pairs.length).toBeGreaterThan(100)
    expect(wrong).toEqual([])
  })
})

it.each([
  'password',
  'password_hash',
  'passwordHash',
  'PasswordHash',
  'hashed_password',
  'encrypted_password',
  'pwd-hash',
])('knows that %s holds hashes', (name) => expect(isSecretColumn(name)).toBe(true))

it.each(['password_changed_at', 'last_password_change', 'reset_password_key', 'past_passwords_hash', 'pass'])(
  'takes %s for no hash',
  (name) => expect(isSecretColumn(name)).toBe(false),
)
