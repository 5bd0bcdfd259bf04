// Whether a password is the one of a stored hash, by the rules of whoever wrote it. Runs in the hashing worker.
import { createHash, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { argon2d, argon2i, argon2id, bcrypt } from 'hash-wasm'
import { schemeOf } from '../../password-schemes.ts'
import { desCrypt } from './des-crypt.ts'
import { digestOf, digestReadings } from './digest-readings.ts'
import type { How, ToVerify, Verdict } from './hashing-protocol.ts'
import { scrypted } from './make-hash.ts'
import { BCRYPT_BYTES, doubled, normalised } from './secret-of.ts'
import { shaCrypt } from './sha-crypt.ts'
import { fromAdapted, fromBcrypt } from './spellings.ts'

const derive = promisify(pbkdf2)

/** Bytes of memory, and rounds, that one hash may ask for: whoever wrote the row decides what it costs. */
const MOST_MEMORY = 1024 ** 3
const MOST_ROUNDS = 20_000_000

class CannotTell extends Error {}

/** Never rejects for what is in the hash: what cannot be verified is "cannot tell", with the reason. */
export async function verifyHash(asked: ToVerify): Promise<Verdict> {
  const { hash, password, pepper, isNormalised } = asked
  const scheme = schemeOf(hash)
  if (scheme === 'empty') return { answer: 'differs' }
  try {
    if (scheme !== 'unknown') {
      const matches = matcherOf(scheme, asked)
      for (const { text, how } of waysOf(password, pepper, isNormalised)) {
        const secret = Buffer.from(text, 'utf8')
        const isCut = /^(django-)?bcrypt$/.test(scheme) && how !== 'mixed' && secret.length > BCRYPT_BYTES
        if (await matches(secret)) return { answer: 'matches', how, isCut }
      }
    }
    // A word of 13 letters, or of 32 digits, may be a hash or the password itself.
    const mayBeClear = ['unknown', 'des-crypt', 'hex-digest', 'django-unusable'].includes(scheme)
    const isClear = mayBeClear && (isSame(hash, password) || isSame(hash, normalised(password)))
    if (isClear) return { answer: 'matches', how: 'clear', isCut: false }
    return scheme === 'unknown'
      ? cannotTell('What is stored is no hash of a form that is known.')
      : { answer: 'differs' }
  } catch (error) {
    if (error instanceof CannotTell) return cannotTell(error.message)
    throw error
  }
}

const cannotTell = (why: string): Verdict => ({ answer: 'cannot-tell', why })

/** What the algorithm may have got, the likeliest first. */
function waysOf(password: string, pepper: string | null, isNormalised: boolean): { text: string; how: How }[] {
  const form = isNormalised ? normalised(password) : password
  const ways: { text: string; how: How }[] = pepper === null ? [] : [{ text: doubled(form, pepper), how: 'mixed' }]
  ways.push({ text: form, how: 'plain' })
  if (form === password) return ways
  if (pepper !== null) ways.push({ text: doubled(password, pepper), how: 'not-normalised' })
  return [...ways, { text: password, how: 'not-normalised' }]
}

type Matcher = (secret: Buffer) => Promise<boolean> | boolean

/** Throws CannotTell. */
function matcherOf(scheme: string, { hash, pepper, reading }: ToVerify): Matcher {
  const parts = hash.split('$')
  const part = (index: number) => parts[index] ?? ''
  switch (scheme) {
    case 'argon2id':
    case 'argon2i':
    case 'argon2d':
      return argon2Of(hash)
    case 'django-argon2':
      return argon2Of(hash.slice('argon2'.length))
    case 'bcrypt':
      return bcryptOf(hash)
    case 'django-bcrypt': {
      const matches = bcryptOf(hash.slice(hash.indexOf('$') + 1))
      if (!hash.startsWith('bcrypt_sha256')) return matches
      return (secret) => matches(Buffer.from(createHash('sha256').update(secret).digest('hex')))
    }
    case 'bcrypt-sha256':
      return bcryptSha256Of(hash)
    case 'pbkdf2-sha512':
    case 'pbkdf2-sha256':
    case 'pbkdf2-sha1':
      return pbkdf2Of(scheme.slice('pbkdf2-'.length), part(2), fromAdapted(part(3)), fromAdapted(part(4)))
    case 'django-pbkdf2':
      return pbkdf2Of(part(0).slice('pbkdf2_'.length), part(1), Buffer.from(part(2)), Buffer.from(part(3), 'base64'))
    case 'werkzeug-pbkdf2': {
      const [, digest = '', rounds] = part(0).split(':')
      if (rounds === undefined)
        throw new CannotTell('The hash does not say how many rounds it took; that was a setting of its Werkzeug.')
      return pbkdf2Of(digest, rounds, Buffer.from(part(1)), Buffer.from(part(2), 'hex'))
    }
    case 'crypt-pbkdf2': {
      const [, rounds = '', , digest = ''] = /\((\d+),(\d+),(\w+)\)/.exec(hash) ?? []
      return pbkdf2Of(digest, rounds, Buffer.from(part(1)), Buffer.from(part(2), 'hex'))
    }
    case 'scrypt': {
      const [, ln = '', r = '', p = ''] = /ln=(\d+),r=(\d+),p=(\d+)/.exec(hash) ?? []
      return scryptOf(2 ** Number(ln), r, p, Buffer.from(part(3), 'base64'), Buffer.from(part(4), 'base64'))
    }
    case 'werkzeug-scrypt': {
      const [, n = '', r = '', p = ''] = part(0).split(':')
      return scryptOf(Number(n), r, p, Buffer.from(part(1)), Buffer.from(part(2), 'hex'))
    }
    case 'django-scrypt':
      return scryptOf(Number(part(1)), part(3), part(4), Buffer.from(part(2)), Buffer.from(part(5), 'base64'))
    case 'sha512-crypt':
    case 'sha256-crypt':
      withinRounds(Number(/rounds=(\d+)/.exec(hash)?.[1] ?? 0))
      return async (secret) => isSame(await shaCrypt(secret, hash), hash)
    case 'des-crypt':
      return (secret) => isSame(desCrypt(secret, hash), hash)
    case 'crypt-digest':
    case 'hex-digest': {
      const { digest, salt, hex } = digestOf(hash)
      const made = (secret: Buffer) => digestReadings(digest, secret, salt, pepper, reading)
      return (secret) => made(secret).some((each) => isSame(each.toLowerCase(), hex.toLowerCase()))
    }
    case 'django-unusable':
      return () => false
    case 'damaged':
      throw new CannotTell('The stored hash was cut off, or is damaged.')
    default:
      throw new CannotTell(`Roster knows ${scheme} by its form, and cannot compute it.`)
  }
}

function isSame(a: string, b: string): boolean {
  return isSameBytes(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'))
}

const isSameBytes = (a: Uint8Array, b: Uint8Array) => a.length === b.length && timingSafeEqual(a, b)

function withinRounds(rounds: number): void {
  if (rounds > MOST_ROUNDS) throw new CannotTell('The hash asks for more rounds than Roster computes (20,000,000).')
}

function withinMemory(bytes: number): void {
  if (bytes > MOST_MEMORY) throw new CannotTell('The hash asks for more memory than Roster gives (1 GiB).')
}

function argon2Of(hash: string): Matcher {
  const [, kind = '', version, m = '', t = '', p = '', salt = '', stored = ''] =
    /^\$(argon2\w+)\$(?:v=(\d+)\$)?m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(hash) ?? []
  if (version !== '19')
    throw new CannotTell('The hash is of the first version of argon2 (1.0), which Roster does not compute.')
  withinMemory(Number(m) * 1024)
  const bytes = Buffer.from(stored, 'base64')
  const saltBytes = Buffer.from(salt, 'base64')
  const cost = { memorySize: Number(m), iterations: Number(t), parallelism: Number(p) }
  const isPossible =
    cost.parallelism > 0 && cost.iterations > 0 && cost.memorySize >= 8 * cost.parallelism && saltBytes.length >= 8
  if (!isPossible || bytes.length < 4 || cost.iterations > MOST_ROUNDS)
    throw new CannotTell('The costs, salt or length that the hash names are none that argon2 takes.')
  const algorithm = { argon2id, argon2i, argon2d }[kind] ?? argon2id
  const options = { ...cost, salt: saltBytes, hashLength: bytes.length, outputType: 'binary' as const }
  return async (secret) => isSameBytes(await algorithm({ ...options, password: secret }), bytes)
}

function bcryptOf(hash: string): Matcher {
  const [, kind = '', rounds = '', salt = '', stored = ''] =
    /^\$2([abxy]?)\$(\d\d)\$([./A-Za-z0-9]{22})([./A-Za-z0-9]{31})$/.exec(hash) ?? []
  if (kind === 'x' || kind === '')
    throw new CannotTell(`bcrypt of the kind $2${kind}$ reads letters beyond ASCII in its own way, which is not known.`)
  if (Number(rounds) < 4 || Number(rounds) > 31) throw new CannotTell('bcrypt takes 4 to 31 rounds.')
  if (Number(rounds) > 17) throw new CannotTell('The hash asks for more rounds of bcrypt than Roster computes (17).')
  const options = { salt: fromBcrypt(salt), costFactor: Number(rounds), outputType: 'encoded' as const }
  return async (secret) => {
    const made = await bcrypt({ ...options, password: secret.subarray(0, BCRYPT_BYTES) })
    return isSame(made.slice(-31), stored)
  }
}

/** passlib's: the first version hashes SHA-256 of the password, the second HMAC-SHA-256 keyed by the salt's text. */
function bcryptSha256Of(hash: string): Matcher {
  const [, first, rounds1 = '', second, rounds2 = '', salt = '', stored = ''] =
    /^\$bcrypt-sha256\$(?:(2[ab]),(\d+)|v=2,t=(2[ab]),r=(\d+))\$([^$]{22})\$([^$]{31})$/.exec(hash) ?? []
  const rounds = (rounds1 || rounds2).padStart(2, '0')
  const matches = bcryptOf(`$${first ?? second ?? ''}$${rounds}$${salt}${stored}`)
  return (secret) => {
    const hasher = second === undefined ? createHash('sha256') : createHmac('sha256', Buffer.from(salt, 'ascii'))
    return matches(Buffer.from(hasher.update(secret).digest('base64')))
  }
}

function pbkdf2Of(digest: string, rounds: string, salt: Buffer, stored: Buffer): Matcher {
  if (!/^(md5|sha1|sha224|sha256|sha384|sha512)$/.test(digest))
    throw new CannotTell(`PBKDF2 with ${digest} is not computed here.`)
  if (Number(rounds) < 1 || stored.length === 0) throw new CannotTell('The hash names no rounds, or is empty.')
  withinRounds(Number(rounds))
  return async (secret) => isSameBytes(await derive(secret, salt, Number(rounds), stored.length, digest), stored)
}

function scryptOf(n: number, r: string, p: string, salt: Buffer, stored: Buffer): Matcher {
  withinMemory(128 * Number(r) * (n + Number(p)))
  if (n < 2 || !Number.isInteger(Math.log2(n)) || Number(r) < 1 || Number(p) < 1 || Number(p) > 1024)
    throw new CannotTell('The costs that the hash names are none that scrypt takes.')
  return async (secret) => isSameBytes(await scrypted(secret, salt, n, Number(r), Number(p), stored.length), stored)
}
