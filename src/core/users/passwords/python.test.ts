// The owners' own libraries, as Debian has them: they verify what Roster hashes, Roster verifies what they hash, and Flask-Security
// logs a user in whose password Roster has set.
import { createRouterClient } from '@orpc/server'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithPython } from '../../../../scripts/servers/missing.ts'
import { createHeadlessHost } from '../../../headless/host.ts'
import type { Api } from '../../../shared/contract.ts'
import type { HashChoice } from '../../../shared/passwords.ts'
import { createCore } from '../../core.ts'
import { router } from '../../router.ts'
import { makeHash } from './make-hash.ts'
import { verifyHash } from './verify-hash.ts'

const SALT = '146585145368132386173505678016728509634'
/** Letters that NFKD takes apart, letters beyond U+FFFF, and quotes. */
const PASSWORDS = ['correct horse battery staple', 'ﬁancée Ⅷ й 🔑', ' "quoted\' ', 'x'.repeat(72)]

/** Cheap, but as the libraries write them. */
const CHOICES: Omit<HashChoice, 'isDouble'>[] = [
  { scheme: 'argon2id', cost: { m: 1024, t: 1, p: 2 }, digest: null },
  { scheme: 'bcrypt', cost: { rounds: 4 }, digest: null },
  { scheme: 'pbkdf2-sha512', cost: { rounds: 1000 }, digest: null },
  { scheme: 'pbkdf2-sha256', cost: { rounds: 1000 }, digest: null },
  { scheme: 'crypt-pbkdf2', cost: { iterations: 1000, length: 20 }, digest: 'sha512' },
  { scheme: 'werkzeug-pbkdf2', cost: { iterations: 1000 }, digest: 'sha256' },
  { scheme: 'werkzeug-scrypt', cost: { n: 1024, r: 8, p: 1 }, digest: null },
  { scheme: 'django-pbkdf2', cost: { iterations: 1000 }, digest: 'sha256' },
  { scheme: 'django-scrypt', cost: { n: 1024, r: 8, p: 5 }, digest: null },
  { scheme: 'django-argon2', cost: { m: 1024, t: 1, p: 2 }, digest: null },
]

/** Debian's Werkzeug and Django know no scrypt yet: theirs and PyDAL's are computed anew from Python's own hashlib. */
const VERIFY = `
import base64, hashlib, json
import argon2, bcrypt
from passlib import hash as passlib_hash
from werkzeug.security import check_password_hash
from django.conf import settings
settings.configure(PASSWORD_HASHERS=['django.contrib.auth.hashers.%s' % n for n in
    ('PBKDF2PasswordHasher', 'Argon2PasswordHasher', 'BCryptSHA256PasswordHasher', 'PBKDF2SHA1PasswordHasher')])
from django.contrib.auth.hashers import check_password

def argon2_cffi(password, stored):
    try:
        return argon2.PasswordHasher().verify(stored, password)
    except argon2.exceptions.VerifyMismatchError:
        return False

def scrypt(password, n, r, p, salt):
    return hashlib.scrypt(password.encode(), salt=salt.encode(), n=int(n), r=int(r), p=int(p), dklen=64)

def werkzeug_scrypt(password, stored):
    method, salt, digest = stored.split('$')
    return scrypt(password, *method.split(':')[1:], salt).hex() == digest

def django_scrypt(password, stored):
    _, n, salt, r, p, digest = stored.split('$')
    return base64.b64encode(scrypt(password, n, r, p, salt)).decode() == digest

def crypt(password, stored):
    method, salt, digest = stored.split('$')
    rounds, length, name = method[7:-1].split(',')
    return hashlib.pbkdf2_hmac(name, password.encode(), salt.encode(), int(rounds), int(length)).hex() == digest

BY_SCHEME = {
    'argon2id': [argon2_cffi, lambda p, s: passlib_hash.argon2.verify(p, s)],
    'bcrypt': [lambda p, s: bcrypt.checkpw(p.encode(), s.encode()), lambda p, s: passlib_hash.bcrypt.verify(p, s)],
    'pbkdf2-sha512': [lambda p, s: passlib_hash.pbkdf2_sha512.verify(p, s)],
    'pbkdf2-sha256': [lambda p, s: passlib_hash.pbkdf2_sha256.verify(p, s)],
    'crypt-pbkdf2': [crypt],
    'werkzeug-pbkdf2': [lambda p, s: check_password_hash(s, p)],
    'werkzeug-scrypt': [werkzeug_scrypt],
    'django-pbkdf2': [check_password],
    'django-scrypt': [django_scrypt],
    'django-argon2': [check_password],
}
asked = json.load(__import__('sys').stdin)
print(json.dumps([[bool(verify(one['password'], one['hash'])) for verify in BY_SCHEME[one['scheme']]]
                  + [bool(verify(one['password'][:-1] + '?', one['hash'])) for verify in BY_SCHEME[one['scheme']]] for one in asked]))
`

const MAKE = `
import json, sys
import argon2, bcrypt
from passlib import hash as h
from werkzeug.security import generate_password_hash
from django.conf import settings
settings.configure(PASSWORD_HASHERS=['django.contrib.auth.hashers.%sPasswordHasher' % n for n in
    ('PBKDF2', 'PBKDF2SHA1', 'Argon2', 'BCryptSHA256', 'BCrypt', 'SHA1', 'MD5', 'UnsaltedMD5', 'UnsaltedSHA1')])
from django.contrib.auth.hashers import make_password
for each in (h.argon2, h.bcrypt, h.scrypt):
    each.set_backend()
def cffi(kind):
    return lambda p: argon2.PasswordHasher(time_cost=1, memory_cost=1024, parallelism=2, type=kind).hash(p)
makers = {
    'argon2id': [cffi(argon2.Type.ID), h.argon2.using(memory_cost=1024, time_cost=1, parallelism=1).hash],
    'argon2i': [cffi(argon2.Type.I)],
    'argon2d': [cffi(argon2.Type.D)],
    'bcrypt': [lambda p: bcrypt.hashpw(p.encode(), bcrypt.gensalt(4)).decode(), h.bcrypt.using(rounds=4).hash,
               lambda p: bcrypt.hashpw(p.encode(), bcrypt.gensalt(4, b'2a')).decode()],
    'bcrypt-sha256': [h.bcrypt_sha256.using(rounds=4).hash, h.bcrypt_sha256.using(rounds=4, version=1).hash],
    'pbkdf2-sha512': [h.pbkdf2_sha512.using(rounds=1000).hash],
    'pbkdf2-sha256': [h.pbkdf2_sha256.using(rounds=1000, salt_size=5).hash],
    'pbkdf2-sha1': [h.pbkdf2_sha1.using(rounds=1000).hash],
    'sha512-crypt': [h.sha512_crypt.using(rounds=1000).hash, h.sha512_crypt.using(rounds=5000, salt='a.b').hash],
    'sha256-crypt': [h.sha256_crypt.using(rounds=1001).hash, h.sha256_crypt.using(rounds=5000).hash],
    'des-crypt': [h.des_crypt.hash],
    'scrypt': [h.scrypt.using(rounds=8).hash],
    'werkzeug-pbkdf2': [lambda p: generate_password_hash(p, 'pbkdf2:sha1:1000'), lambda p: generate_password_hash(p, 'pbkdf2:sha512:1000')],
    'crypt-digest': [lambda p: generate_password_hash(p, 'sha256'), lambda p: make_password(p, hasher='sha1'),
                     lambda p: make_password(p, hasher='md5'), lambda p: make_password(p, '', 'unsalted_sha1')],
    'hex-digest': [lambda p: make_password(p, '', 'unsalted_md5')],
    'django-pbkdf2': [lambda p: make_password(p, hasher='pbkdf2_sha1')],
    'django-argon2': [lambda p: make_password(p, hasher='argon2')],
    'django-bcrypt': [lambda p: make_password(p, b'$2b$04$F/WNX58fG5fApdCuxsWt1O', 'bcrypt_sha256'),
                      lambda p: make_password(p, b'$2b$04$F/WNX58fG5fApdCuxsWt1O', 'bcrypt')],
}
print(json.dumps([[scheme, p, make(p)] for p in json.load(sys.stdin)['passwords'] for scheme, all in makers.items() for make in all]))
`

/** An application with Flask-Security's own models, on the file that is given: `body` runs with it, and `after` beside it. */
const FLASK = (body: string, after: string) => `
import json, sys
asked = json.load(sys.stdin)
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_security import Security, SQLAlchemyUserDatastore, hash_password, verify_password
from flask_security.models import fsqla_v3 as fsqla
app = Flask('owner')
app.config.update(SECRET_KEY='x', SECURITY_PASSWORD_SALT=asked['salt'], SECURITY_PASSWORD_HASH='argon2', TESTING=True,
    SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS={'argon2__rounds': 1, 'argon2__memory_cost': 1024, 'argon2__parallelism': 2},
    WTF_CSRF_ENABLED=False, SQLALCHEMY_TRACK_MODIFICATIONS=False,
    SECURITY_EMAIL_VALIDATOR_ARGS={'check_deliverability': False},
    SQLALCHEMY_DATABASE_URI='sqlite:///' + asked['file'])
db = SQLAlchemy(app)
fsqla.FsModels.set_db_info(db)
class Role(db.Model, fsqla.FsRoleMixin): pass
class User(db.Model, fsqla.FsUserMixin): pass
store = SQLAlchemyUserDatastore(db, User, Role)
Security(app, store)
def logs_in(email, password):
    with app.test_client() as client:
        return client.post('/login', json={'email': email, 'password': password}).status_code == 200
with app.app_context():
    db.create_all()
${body
  .trim()
  .split('\n')
  .map((line) => `    ${line}`)
  .join('\n')}
${after}
`

describeWithPython('the owners’ own libraries', (python) => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'roster-python-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('verify what Roster hashes, and no other password', async () => {
    const made: { scheme: string; password: string; hash: string }[] = []
    for (const choice of CHOICES) {
      for (const password of PASSWORDS) {
        const whole = { ...choice, isDouble: false }
        const hash = await makeHash({ password, pepper: null, isNormalised: false, choice: whole, count: 1 })
        made.push({ scheme: choice.scheme, password, hash })
      }
    }
    const verdicts = await python().run<boolean[][]>(VERIFY, made)
    const wrong = made.filter((_, index) => {
      const verdict = verdicts[index] ?? []
      const half = verdict.length / 2
      return half < 1 || verdict.slice(0, half).includes(false) || verdict.slice(half).includes(true)
    })
    expect(wrong).toEqual([])
    expect(verdicts).toHaveLength(CHOICES.length * PASSWORDS.length)
  }, 60_000)

  it('make hashes that Roster verifies, and no other password', async () => {
    const made = await python().run<[string, string, string][]>(MAKE, { passwords: PASSWORDS.slice(1, 2) })
    const asked = { pepper: null, isNormalised: false, reading: 'any' as const }
    const told = await Promise.all(
      made.map(async ([scheme, password, hash]) => {
        const right = await verifyHash({ ...asked, hash, password })
        const other = await verifyHash({ ...asked, hash, password: `?${password}` })
        return right.answer === 'matches' && right.how === 'plain' && other.answer === 'differs'
          ? []
          : [`${scheme} ${hash}: ${JSON.stringify([right, other])}`]
      }),
    )
    expect(told.flat()).toEqual([])
    expect(new Set(made.map(([scheme]) => scheme)).size).toBe(18)
  }, 60_000)

  it('log a user in whose password Roster has set, double-hashed, and none with the old one', async () => {
    const file = join(folder, 'owner.db')
    const given = { file, salt: SALT }
    const [old, fresh] = ['old ﬁancée', 'new Ⅷ й 🔑']
    await python().run(
      FLASK(
        `
for name in ('ann', 'bob', 'cy'):
    store.create_user(email=name + '@example.com', password=hash_password(asked['old']))
db.session.commit()`,
        "print('null')",
      ),
      // As the forms give it on.
      { ...given, old: old.normalize('NFKD') },
    )
    process.env.ROSTER_TEST_PASSWORD_SALT = SALT
    const host = createHeadlessHost({ version: 'test', dataFolder: join(folder, 'data'), roots: [folder] })
    const core = await createCore(host)
    try {
      const api: Api = createRouterClient(router, { context: { core } })
      const { id } = await api.profiles.create({ settings: { dialect: 'sqlite', name: 'owner', file } })
      const at = { profileId: id, table: 'user' }
      const found = await api.users.passwords(at)
      expect(found).toMatchObject({
        looked: 3,
        found: [{ words: 'argon2id, m=1024, t=1, p=2', rows: 3, isWeak: false }],
      })
      expect(found.choices[0]).toMatchObject({ scheme: 'argon2id', cost: { m: 1024, t: 1, p: 2 }, isDouble: true })
      expect(found.variables).toContain('ROSTER_TEST_PASSWORD_SALT')
      const pepper = { variable: 'ROSTER_TEST_PASSWORD_SALT' }
      const check = (password: string) => api.users.checkPassword({ ...at, key: [1n], password, pepper })
      expect(await check(old)).toMatchObject({ answer: 'matches' })
      expect(await check(fresh)).toMatchObject({ answer: 'differs' })
      const pasted = {
        scheme: 'crypt-pbkdf2' as const,
        cost: { iterations: 9, length: 20 },
        digest: 'sha512',
        isDouble: false,
      }
      await expect(api.users.hash({ ...at, choice: pasted, password: fresh, pepper, count: 1 })).rejects.toThrow(
        'itself',
      )
      const [choice] = found.choices
      const { kept } = await api.users.hash({ ...at, choice: choice ?? null, password: fresh, pepper, count: 2 })
      const locked = await api.users.hash({ ...at, choice: null, password: null, pepper, count: 1 })
      await api.tables.save({
        ...at,
        changes: [...kept, ...locked.kept].map((text, index) => ({
          ...{ kind: 'update' as const, id: `u${index}`, key: [BigInt(index + 1)] },
          ...{ original: {}, values: { password: text } },
        })),
      })
      expect(await check(fresh)).toMatchObject({ answer: 'matches' })
    } finally {
      await core.close()
      delete process.env.ROSTER_TEST_PASSWORD_SALT
    }
    const told = await python().run<Record<string, unknown>>(
      FLASK(
        `
users = {user.email: user for user in User.query.order_by(User.id)}
ann = users['ann@example.com']
told = {
    'read': [[user.email, user.password is None, user.active] for user in users.values()],
    'verified': [verify_password(asked['fresh'], ann.password), verify_password(asked['old'], ann.password)],
    'salts': len({user.password for user in users.values()}),
}`,
        // Each in a context of its own, or the first login would count for all.
        `
told['logins'] = [logs_in(name + '@example.com', word) for name in ('ann', 'bob', 'cy') for word in (asked['typed'], asked['was'])]
print(json.dumps(told))`,
      ),
      { ...given, fresh: fresh.normalize('NFKD'), old: old.normalize('NFKD'), typed: fresh, was: old },
    )
    expect(told).toEqual({
      read: [
        ['ann@example.com', false, true],
        ['bob@example.com', false, true],
        ['cy@example.com', true, true],
      ],
      verified: [true, false],
      salts: 3,
      logins: [true, false, true, false, false, false],
    })
  }, 60_000)
})
