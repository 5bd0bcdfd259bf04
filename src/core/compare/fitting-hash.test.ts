// Which hashes may go from one application to another: every pair of the reference, against what each owner verifies.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Owner, OwnerName } from '../../shared/owners.ts'
import { schemeOf } from '../password-schemes.ts'
import { fixtures } from './compare.test-setup.ts'
import { hashGate } from './fitting-hash.ts'

const owner = (name: OwnerName): Owner => ({
  ...{ name, words: name, writer: 'unknown', evidence: [], meanings: {}, touches: [], user: null },
})
const side = (name: OwnerName) => ({ name: `the ${name}`, owner: owner(name) })

const hashes = Array.from(
  new Set(
    Array.from(readFileSync(join(fixtures, 'passwords.json'), 'utf8').matchAll(/"hash": ("(?:[^"\\]|\\.)*")/g)).map(
      ([, text = '""']) => JSON.parse(text) as string,
    ),
  ),
)

const CLEAR = ['', '!', '*', 'secret', 'correct horse battery staple', '$2b$12$cut', '$argon2id$v=19$m=65536']

describe('Flask-Security', () => {
  const gate = hashGate(side('web2py'), side('flask-security'), [])

  it('gets nothing that it would take for a password in clear', () => {
    expect(CLEAR.filter((text) => gate(text) === null)).toEqual([])
    const foreign = hashes.filter((hash) => /^(pbkdf2[(:]|scrypt:|sha\d+\$|md5\$|[./0-9A-Za-z]{13}$)/.test(hash))
    expect(foreign.length).toBeGreaterThan(8)
    expect(foreign.filter((hash) => gate(hash) === null)).toEqual([])
  })

  it('gets argon2, bcrypt and pbkdf2-sha512, and others where it has some', () => {
    const taken = new Set(hashes.filter((hash) => gate(hash) === null).map(schemeOf))
    expect(Array.from(taken).sort()).toEqual(['argon2i', 'argon2id', 'bcrypt', 'pbkdf2-sha512'])
    const crypt = hashes.find((hash) => hash.startsWith('$6$')) ?? ''
    expect(gate(crypt)).toMatch(/password in clear/)
    expect(hashGate(side('unknown'), side('flask-security'), [crypt])(crypt)).toBeNull()
    const web2py = hashes.find((hash) => hash.startsWith('pbkdf2(')) ?? ''
    // One that stands there already was put there by mistake.
    expect(hashGate(side('unknown'), side('flask-security'), [web2py])(web2py)).not.toBeNull()
  })
})

it('web2py and py4web get hashes of CRYPT alone', () => {
  for (const name of ['web2py', 'py4web'] as const) {
    const gate = hashGate(side('flask-security'), side(name), [])
    const taken = new Set(hashes.filter((hash) => gate(hash) === null).map(schemeOf))
    expect(Array.from(taken).sort()).toEqual(['crypt-digest', 'crypt-pbkdf2'])
    expect(CLEAR.filter((text) => gate(text) === null)).toEqual([])
  }
})

it('of others only what they have, or an empty one of the same kind', () => {
  const bcrypt = hashes.find((hash) => hash.startsWith('$2b$')) ?? ''
  const argon2 = hashes.find((hash) => hash.startsWith('$argon2id$')) ?? ''
  const gate = (from: OwnerName, to: OwnerName, present: string[]) => hashGate(side(from), side(to), present)(bcrypt)
  expect(gate('gorm', 'gorm', [])).toBeNull()
  expect(gate('gorm', 'gorm', [argon2])).toMatch(/nobody in the gorm has a bcrypt hash/)
  expect(gate('gorm', 'sqlalchemy', [bcrypt])).toBeNull()
  expect(gate('gorm', 'sqlalchemy', [])).not.toBeNull()
  expect(gate('unknown', 'unknown', [])).not.toBeNull()
  // What may be a password in clear is copied by nobody to nobody, also where there are such.
  const lax = hashGate(side('gorm'), side('gorm'), CLEAR)
  expect([...CLEAR, 'another'].filter((text) => lax(text) === null)).toEqual([])
  expect(hashGate(side('gorm'), side('gorm'), [])('secret')).not.toBeNull()
})

it('says why without the hash', () => {
  const words = hashes.flatMap((hash) => {
    const why = hashGate(side('unknown'), side('unknown'), [])(hash)
    return why === null ? [] : [[why, hash]]
  })
  expect(words.filter(([why, hash = '']) => hash.length > 8 && why?.includes(hash.slice(8)))).toEqual([])
})
