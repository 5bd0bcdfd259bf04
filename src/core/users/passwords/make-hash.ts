// A new hash of a password, spelled as the library writes it that will verify it. Runs in the hashing worker.
import { pbkdf2, randomBytes, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { argon2id, bcrypt } from 'hash-wasm'
import type { HashChoice } from '../../../shared/passwords.ts'
import type { ToHash } from './hashing-protocol.ts'
import { BCRYPT_BYTES, doubled, normalised } from './secret-of.ts'
import { adapted, saltOf } from './spellings.ts'

const derive = promisify(pbkdf2)

/** `cost`: as of the choice; a missing one is an error, whose words say nothing of the password. */
export async function makeHash({ password, pepper, isNormalised, choice }: ToHash): Promise<string> {
  const given = isNormalised ? normalised(password) : password
  const text = choice.isDouble ? doubled(given, pepper ?? '') : given
  return spelled(Buffer.from(text, 'utf8'), choice)
}

async function spelled(secret: Buffer, { scheme, cost, digest }: HashChoice): Promise<string> {
  const of = (name: string) => {
    const value = cost[name]
    if (value === undefined) throw new Error(`${scheme} needs a cost ${name}.`)
    return value
  }
  switch (scheme) {
    case 'argon2id':
      return argon2(secret, of, randomBytes(16))
    case 'django-argon2':
      // Django's salt is text, and its bytes are what argon2 gets.
      return `argon2${await argon2(secret, of, Buffer.from(saltOf(22, randomBytes)))}`
    case 'bcrypt': {
      const made = await bcrypt({
        ...{ password: secret.subarray(0, BCRYPT_BYTES), salt: randomBytes(16) },
        ...{ costFactor: of('rounds'), outputType: 'encoded' },
      })
      // Of up to 72 bytes 2a and 2b are the same; 2b is what the libraries write.
      return made.replace(/^\$2a/, '$2b')
    }
    case 'pbkdf2-sha512':
    case 'pbkdf2-sha256': {
      const [salt, name] = [randomBytes(16), scheme === 'pbkdf2-sha512' ? 'sha512' : 'sha256']
      const bytes = await derive(secret, salt, of('rounds'), name === 'sha512' ? 64 : 32, name)
      return `$pbkdf2-${name}$${of('rounds')}$${adapted(salt)}$${adapted(bytes)}`
    }
    case 'crypt-pbkdf2': {
      const [salt, name] = [randomBytes(8).toString('hex'), digest ?? 'sha512']
      const bytes = await derive(secret, salt, of('iterations'), of('length'), name)
      return `pbkdf2(${of('iterations')},${of('length')},${name})$${salt}$${bytes.toString('hex')}`
    }
    case 'werkzeug-pbkdf2': {
      const [salt, name] = [saltOf(16, randomBytes), digest ?? 'sha256']
      const bytes = await derive(secret, salt, of('iterations'), DIGEST_BYTES[name] ?? 32, name)
      return `pbkdf2:${name}:${of('iterations')}$${salt}$${bytes.toString('hex')}`
    }
    case 'werkzeug-scrypt': {
      const salt = saltOf(16, randomBytes)
      const bytes = await scrypted(secret, salt, of('n'), of('r'), of('p'))
      return `scrypt:${of('n')}:${of('r')}:${of('p')}$${salt}$${bytes.toString('hex')}`
    }
    case 'django-pbkdf2': {
      const [salt, name] = [saltOf(22, randomBytes), digest ?? 'sha256']
      const bytes = await derive(secret, salt, of('iterations'), DIGEST_BYTES[name] ?? 32, name)
      return `pbkdf2_${name}$${of('iterations')}$${salt}$${bytes.toString('base64')}`
    }
    case 'django-scrypt': {
      const salt = saltOf(22, randomBytes)
      const bytes = await scrypted(secret, salt, of('n'), of('r'), of('p'))
      return `scrypt$${of('n')}$${salt}$${of('r')}$${of('p')}$${bytes.toString('base64')}`
    }
  }
}

export const DIGEST_BYTES: Readonly<Record<string, number>> = {
  md5: 16,
  sha1: 20,
  sha224: 28,
  sha256: 32,
  sha384: 48,
  sha512: 64,
}

const argon2 = (secret: Buffer, of: (name: string) => number, salt: Uint8Array): Promise<string> =>
  argon2id({
    ...{ password: secret, salt, memorySize: of('m'), iterations: of('t'), parallelism: of('p') },
    ...{ hashLength: 32, outputType: 'encoded' },
  })

/** 64 bytes. `maxmem` of Node is 32 MiB unless told. */
export function scrypted(
  secret: Buffer,
  salt: string | Uint8Array,
  n: number,
  r: number,
  p: number,
  length = 64,
): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const maxmem = 128 * r * (n + p + 2) + 1024 * 1024
  scrypt(secret, salt, length, { N: n, r, p, maxmem }, (error, bytes) => {
    if (error) reject(error)
    else resolve(bytes)
  })
  return promise
}
