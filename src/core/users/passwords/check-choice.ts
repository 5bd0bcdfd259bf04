// What cannot be hashed so, in words, before anything is computed.
import type { HashChoice } from '../../../shared/passwords.ts'
import { notHashed } from './hashing.ts'
import { BCRYPT_BYTES, normalised } from './secret-of.ts'
import { mayBeDouble } from './usual-choices.ts'

/** From and to, both included; a hash beyond takes minutes or more memory than there is. */
const RANGES: Readonly<Record<HashChoice['scheme'], Readonly<Record<string, readonly [number, number]>>>> = {
  argon2id: { m: [8, 1_048_576], t: [1, 100], p: [1, 64] },
  'django-argon2': { m: [8, 1_048_576], t: [1, 100], p: [1, 64] },
  bcrypt: { rounds: [4, 16] },
  'pbkdf2-sha512': { rounds: [1, 10_000_000] },
  'pbkdf2-sha256': { rounds: [1, 10_000_000] },
  'crypt-pbkdf2': { iterations: [1, 10_000_000], length: [8, 128] },
  'werkzeug-pbkdf2': { iterations: [1, 10_000_000] },
  'django-pbkdf2': { iterations: [1, 10_000_000] },
  'werkzeug-scrypt': { n: [2, 1_048_576], r: [1, 64], p: [1, 64] },
  'django-scrypt': { n: [2, 1_048_576], r: [1, 64], p: [1, 64] },
}

const DIGESTS: Partial<Record<HashChoice['scheme'], readonly string[]>> = {
  'crypt-pbkdf2': ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'],
  'werkzeug-pbkdf2': ['sha1', 'sha224', 'sha256', 'sha384', 'sha512'],
  'django-pbkdf2': ['sha256', 'sha1'],
}

/** Throws NOT_HASHED. No word of it holds the password. */
export function checkChoice(choice: HashChoice, password: string, pepper: string | null, isNormalised: boolean): void {
  const { scheme, cost, digest, isDouble } = choice
  for (const [name, [least, most]] of Object.entries(RANGES[scheme])) {
    const value = cost[name]
    if (value === undefined || value < least || value > most)
      throw notHashed(
        `${scheme} takes ${name} from ${least.toLocaleString('en-US')} to ${most.toLocaleString('en-US')}.`,
      )
  }
  if (Object.keys(cost).some((name) => !(name in RANGES[scheme])))
    throw notHashed(`${scheme} has other costs than these.`)
  checkTogether(choice)
  const digests = DIGESTS[scheme]
  if (digests ? digest === null || !digests.includes(digest) : digest !== null)
    throw notHashed(digests ? `${scheme} takes one of ${digests.join(', ')}.` : `${scheme} takes no digest.`)
  if (isDouble && !mayBeDouble(choice)) throw notHashed(`Flask-Security mixes nothing into ${scheme}.`)
  if (isDouble && pepper === null)
    throw notHashed('Name the environment variable that holds SECURITY_PASSWORD_SALT, or choose a hash without it.')
  if (!password.isWellFormed())
    throw notHashed('The password holds half of a character, which no application could read.')
  if (scheme === 'bcrypt' && !isDouble) checkForBcrypt(isNormalised ? normalised(password) : password)
}

function checkTogether({ scheme, cost }: HashChoice): void {
  const { m = 0, p = 1, n = 0, r = 1 } = cost
  if (scheme.endsWith('argon2id') || scheme === 'django-argon2') {
    if (m < 8 * p) throw notHashed('argon2 takes an m of at least eight times p.')
  }
  if (!scheme.endsWith('scrypt')) return
  if (!Number.isInteger(Math.log2(n))) throw notHashed('scrypt takes an n that is a power of two.')
  if (128 * n * r > 1024 ** 3) throw notHashed('These costs of scrypt take more than 1 GiB of memory.')
}

/** Libraries differ in what they make of more: some cut it off without a word, others refuse to verify it. */
function checkForBcrypt(given: string): void {
  const bytes = Buffer.byteLength(given, 'utf8')
  if (bytes > BCRYPT_BYTES)
    throw notHashed(
      `bcrypt looks at ${BCRYPT_BYTES} bytes, and the password has ${bytes}. Choose a shorter one, or another scheme.`,
    )
  if (given.includes('\0')) throw notHashed('bcrypt ends at a NUL character, and the password holds one.')
}
