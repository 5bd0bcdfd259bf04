// Password hashes: what is found in a table, how a new one is made, and whether a password is the one of a row.
import { z } from 'zod'
import { cellSchema } from './cell.ts'
import { call } from './procedure.ts'

/** A way of hashing that Roster can write. */
export const passwordScheme = z.enum([
  'argon2id',
  'bcrypt',
  'pbkdf2-sha512',
  'pbkdf2-sha256',
  'crypt-pbkdf2',
  'werkzeug-scrypt',
  'werkzeug-pbkdf2',
  'django-pbkdf2',
  'django-scrypt',
  'django-argon2',
])
export type PasswordScheme = z.infer<typeof passwordScheme>

export const hashChoice = z.object({
  scheme: passwordScheme,
  /** By the scheme's own names: {m: 65536, t: 3, p: 4}, {rounds: 12}, {iterations: 1000, length: 20}. Whole numbers. */
  cost: z.record(z.string(), z.number().int().positive()),
  /** Digest of a PBKDF2 that takes one: "sha512"; null for the others. */
  digest: z.string().nullable(),
  /** Flask-Security hashes an HMAC of the password first, keyed by SECURITY_PASSWORD_SALT. */
  isDouble: z.boolean(),
})
export type HashChoice = z.infer<typeof hashChoice>

/**
 * Names of environment variables of the host that hold what the application mixes in: SECURITY_PASSWORD_SALT of
 * Flask-Security, the key of web2py's CRYPT. The values never leave the host.
 */
export const pepper = z.object({ variable: z.string().max(200).nullable() })

export const passwordsFound = z.object({
  /** Of the newest rows that were looked at, the commonest first. `words`: "bcrypt, 12 rounds". */
  found: z.array(z.object({ words: z.string(), scheme: z.string(), rows: z.number(), isWeak: z.boolean() })),
  looked: z.number(),
  /** The likeliest first; its cost follows the newest hash of that scheme here. Never empty. */
  choices: z.array(hashChoice.extend({ words: z.string(), why: z.string() })).min(1),
  /** Variables of the host's environment that look like a salt or key: offered, never read out. */
  variables: z.array(z.string()),
})
export type PasswordsFound = z.infer<typeof passwordsFound>

const table = z.object({ profileId: z.string(), table: z.string() })
const errors = {
  TABLE_NOT_FOUND: { data: z.object({ table: z.string() }) },
  /** The environment variable is not set, the password is longer than the scheme takes, …: words for people. */
  NOT_HASHED: { data: z.object({ why: z.string() }) },
}

/** Hashes of one call at most: each takes up to some hundred milliseconds. */
export const MOST_HASHES = 20

/** The clear text exists in the page's form, in this call, and in the worker that hashes; nowhere else. */
const clear = z.string().min(1).max(1024)

export const passwordCalls = {
  /** What hashes the table holds, and what a new one should be. */
  passwords: call().errors(errors).input(table).output(passwordsFound),
  /**
   * Hashes of one password, each with a salt of its own, kept by the host until they are saved or it ends. Answers with the
   * texts to stage (`kept-hash.ts`). `password` null: no password at all (NULL), which locks.
   */
  hash: call(120_000)
    .errors(errors)
    .input(
      table.extend({
        choice: hashChoice.nullable(),
        password: clear.nullable(),
        pepper,
        count: z.number().int().min(1).max(MOST_HASHES),
      }),
    )
    .output(z.object({ kept: z.array(z.string()) })),
  /** Whether it is the password of a row. Tells nothing else of the stored hash but its scheme. */
  checkPassword: call(60_000)
    .errors({ ...errors, ROW_GONE: {} })
    .input(table.extend({ key: z.array(cellSchema).min(1), password: clear, pepper }))
    .output(z.object({ answer: z.enum(['matches', 'differs', 'cannot-tell']), words: z.string() })),
}
