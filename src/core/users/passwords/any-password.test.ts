// Any password in any scheme that Roster writes: its hash is told as of that scheme, verifies it, and verifies no other.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { passwordScheme, type HashChoice } from '../../../shared/passwords.ts'
import { schemeOf } from '../../password-schemes.ts'
import { choiceLike } from './hash-words.ts'
import { makeHash } from './make-hash.ts'
import { BCRYPT_BYTES, normalised } from './secret-of.ts'
import { lengthOf, mayBeDouble } from './usual-choices.ts'
import { verifyHash } from './verify-hash.ts'

const isFull = process.env.VERIFY === 'full'

/** As cheap as each goes. */
const CHEAP: Record<HashChoice['scheme'], Pick<HashChoice, 'cost' | 'digest'>> = {
  argon2id: { cost: { m: 16, t: 1, p: 2 }, digest: null },
  bcrypt: { cost: { rounds: 4 }, digest: null },
  'pbkdf2-sha512': { cost: { rounds: 3 }, digest: null },
  'pbkdf2-sha256': { cost: { rounds: 12 }, digest: null },
  'crypt-pbkdf2': { cost: { iterations: 5, length: 20 }, digest: 'sha512' },
  'werkzeug-scrypt': { cost: { n: 16, r: 1, p: 1 }, digest: null },
  'werkzeug-pbkdf2': { cost: { iterations: 7 }, digest: 'sha384' },
  'django-pbkdf2': { cost: { iterations: 9 }, digest: 'sha1' },
  'django-scrypt': { cost: { n: 32, r: 2, p: 3 }, digest: null },
  'django-argon2': { cost: { m: 16, t: 2, p: 1 }, digest: null },
}

/** Any characters, those that NFKD takes apart, and lengths around what bcrypt looks at. */
const password = fc.oneof(
  fc.string({ minLength: 1, maxLength: 40, unit: 'binary' }),
  fc.string({
    minLength: 1,
    maxLength: 30,
    unit: fc.constantFrom('ﬁ', 'Ⅷ', 'é', 'й', '가', '½', 'ſ', '🔑', ' ', '\0', '$'),
  }),
  fc.integer({ min: BCRYPT_BYTES - 3, max: BCRYPT_BYTES + 3 }).map((length) => 'x'.repeat(length)),
  fc.integer({ min: 20, max: 26 }).map((length) => '€'.repeat(length)),
)
const choice = fc
  .record({ scheme: fc.constantFrom(...passwordScheme.options), isDouble: fc.boolean() })
  .map(({ scheme, isDouble }) => ({ scheme, ...CHEAP[scheme], isDouble: isDouble && mayBeDouble({ scheme }) }))

/** What the algorithm looks at: two passwords of which that is the same are one to it. */
function lookedAt({ scheme, isDouble }: HashChoice, text: string, isNormalised: boolean): string {
  const form = isNormalised ? normalised(text) : text
  if (scheme !== 'bcrypt' || isDouble) return form
  // The bytes and a NUL behind them, again and again.
  const bytes = Buffer.from(`${form}\0`, 'utf8').subarray(0, BCRYPT_BYTES)
  return Buffer.alloc(BCRYPT_BYTES, bytes).toString('latin1')
}

it('is verified by its hash, and no other is', async () => {
  await fc.assert(
    fc.asyncProperty(choice, password, password, fc.boolean(), async (chosen, own, other, isNormalised) => {
      const pepper = chosen.isDouble ? 'a salt: ß' : null
      const hash = await makeHash({ password: own, pepper, isNormalised, choice: chosen, count: 1 })
      expect(schemeOf(hash)).toBe(chosen.scheme)
      expect(hash).toHaveLength(lengthOf(chosen))
      expect(choiceLike(hash)).toEqual({ scheme: chosen.scheme, cost: chosen.cost, digest: chosen.digest })
      const asked = { hash, pepper, isNormalised, reading: 'any' as const }
      const right = await verifyHash({ ...asked, password: own })
      expect(right).toMatchObject({ answer: 'matches', how: chosen.isDouble ? 'mixed' : 'plain' })
      const isOther =
        lookedAt(chosen, own, isNormalised) !== lookedAt(chosen, other, isNormalised) &&
        // What does not match normalised is tried as it was typed.
        lookedAt(chosen, isNormalised ? normalised(own) : own, false) !== lookedAt(chosen, other, false)
      expect((await verifyHash({ ...asked, password: other })).answer).toBe(isOther ? 'differs' : 'matches')
      if (!chosen.isDouble) return
      // With another salt it is no password, nor without any.
      expect((await verifyHash({ ...asked, pepper: 'another', password: own })).answer).toBe('differs')
      expect((await verifyHash({ ...asked, pepper: null, password: own })).answer).toBe('differs')
    }),
    { numRuns: isFull ? 3_000 : 60, seed: 8 },
  )
}, 300_000)
