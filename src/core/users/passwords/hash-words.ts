// What a stored hash tells of itself: its scheme and costs, for people and as a choice for new ones.
import { passwordScheme, type HashChoice } from '../../../shared/passwords.ts'
import { schemeOf } from '../../password-schemes.ts'

/** Costs by the scheme's own names, in the order in which they are said. */
export interface HashFacts {
  scheme: string
  cost: Record<string, number>
  digest: string | null
}

/** Where the numbers of each scheme stand in its text. */
const COSTS: Readonly<Record<string, RegExp>> = {
  argon2id: /\$m=(?<m>\d+),t=(?<t>\d+),p=(?<p>\d+)\$/,
  argon2i: /\$m=(?<m>\d+),t=(?<t>\d+),p=(?<p>\d+)\$/,
  argon2d: /\$m=(?<m>\d+),t=(?<t>\d+),p=(?<p>\d+)\$/,
  'django-argon2': /\$m=(?<m>\d+),t=(?<t>\d+),p=(?<p>\d+)\$/,
  bcrypt: /^\$2\w?\$(?<rounds>\d\d)\$/,
  'django-bcrypt': /\$2\w?\$(?<rounds>\d\d)\$/,
  'bcrypt-sha256': /,(r=)?(?<rounds>\d+)\$/,
  'pbkdf2-sha512': /^\$[\w-]+\$(?<rounds>\d+)\$/,
  'pbkdf2-sha256': /^\$[\w-]+\$(?<rounds>\d+)\$/,
  'pbkdf2-sha1': /^\$[\w-]+\$(?<rounds>\d+)\$/,
  'sha512-crypt': /rounds=(?<rounds>\d+)\$/,
  'sha256-crypt': /rounds=(?<rounds>\d+)\$/,
  'crypt-pbkdf2': /^pbkdf2\((?<iterations>\d+),(?<length>\d+),(?<digest>\w+)\)/,
  'crypt-digest': /^(?<digest>\w+)\$/,
  'werkzeug-pbkdf2': /^pbkdf2:(?<digest>\w+)(:(?<iterations>\d+))?\$/,
  'werkzeug-scrypt': /^scrypt:(?<n>\d+):(?<r>\d+):(?<p>\d+)\$/,
  'django-pbkdf2': /^pbkdf2_(?<digest>\w+)\$(?<iterations>\d+)\$/,
  'django-scrypt': /^scrypt\$(?<n>\d+)\$[^$]+\$(?<r>\d+)\$(?<p>\d+)\$/,
}

export function factsOf(hash: string): HashFacts {
  const scheme = schemeOf(hash)
  const { digest = null, ...numbers } = COSTS[scheme]?.exec(hash)?.groups ?? {}
  const known = Object.entries(numbers).flatMap(([name, text]) => (text ? [[name, Number(text)] as const] : []))
  return { scheme, cost: Object.fromEntries(known), digest }
}

/** "bcrypt, 12 rounds"; "argon2id, m=65536, t=3, p=4"; "crypt-pbkdf2, sha512, 1,000 iterations, 20 bytes". */
export function inWords({ scheme, cost, digest }: HashFacts): string {
  const counted = Object.entries(cost).map(([name, value]) => {
    const number = value.toLocaleString('en-US')
    if (name === 'length') return `${number} bytes`
    return name.length > 1 ? `${number} ${name}` : `${name}=${value}`
  })
  return [scheme, ...(digest === null ? [] : [digest]), ...counted].join(', ')
}

/** Null for a scheme that Roster does not write, and for a hash that lacks a cost. */
export function choiceLike(hash: string): Omit<HashChoice, 'isDouble'> | null {
  const facts = factsOf(hash)
  const scheme = passwordScheme.safeParse(facts.scheme)
  const isWhole = Object.keys(facts.cost).length > 0 && Object.values(facts.cost).every((value) => value > 0)
  return scheme.success && isWhole ? { ...facts, scheme: scheme.data } : null
}
