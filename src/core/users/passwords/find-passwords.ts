// What hashes a table holds, and what a new one should be.
import type { Owner } from '../../../shared/owners.ts'
import type { HashChoice, PasswordsFound } from '../../../shared/passwords.ts'
import type { ShapeColumn } from '../../db/database.ts'
import { weaknessOf } from '../../password-schemes.ts'
import { choiceLike, factsOf, inWords } from './hash-words.ts'
import { lengthOf, mayBeDouble, mayVerify, usualChoices } from './usual-choices.ts'

type Choice = PasswordsFound['choices'][number]

/** `hashes`: the newest first, null for a row without one. */
export function whatIsFound(
  owner: Owner,
  column: ShapeColumn,
  hashes: readonly (string | null)[],
): Pick<PasswordsFound, 'found' | 'choices'> {
  const groups = Map.groupBy(hashes, (hash) => (hash === null ? 'no password (NULL)' : wordsOf(hash)))
  const found = [...groups].map(([words, own]) => ({
    words,
    scheme: own[0] === null || own[0] === undefined ? 'none' : factsOf(own[0]).scheme,
    rows: own.length,
    isWeak: own.some((hash) => hash !== null && weaknessOf(hash) !== null),
  }))
  return { found: found.sort((a, b) => b.rows - a.rows), choices: choicesFor(owner, column, hashes) }
}

function wordsOf(hash: string): string {
  const facts = factsOf(hash)
  if (facts.scheme === 'unknown') return 'no hash that is known: it may be a password in clear'
  if (facts.scheme === 'damaged') return 'a hash that was cut off, or is damaged'
  return facts.scheme === 'empty' ? 'an empty text' : inWords(facts)
}

function choicesFor(owner: Owner, column: ShapeColumn, hashes: readonly (string | null)[]): Choice[] {
  // The newest of each scheme, and how many there are.
  const used = new Map<string, { like: Omit<HashChoice, 'isDouble'>; rows: number }>()
  for (const hash of hashes) {
    const like = hash === null ? null : choiceLike(hash)
    if (!like || !mayVerify(owner, like)) continue
    const known = used.get(like.scheme)
    if (known) known.rows += 1
    else used.set(like.scheme, { like, rows: 1 })
  }
  const inUse = [...used.values()].sort((a, b) => b.rows - a.rows)
  const usual = usualChoices(owner)
  const plain = [
    ...inUse.map(({ like, rows }) => ({ ...like, why: inUseWords(rows, hashes.length) })),
    ...usual.choices.filter(({ scheme }) => !used.has(scheme)).map((choice) => ({ ...choice, why: usual.why })),
  ]
  const choices = plain.flatMap((choice) => doubles(owner, choice).map((isDouble) => said({ ...choice, isDouble })))
  const fits = (choice: Choice) => column.maxLength === null || lengthOf(choice) <= column.maxLength
  const tooLong = choices.filter((choice) => !fits(choice))
  return [
    ...choices.filter(fits),
    ...tooLong.map((choice) => ({
      ...choice,
      why: `${column.name} holds ${column.maxLength} characters, and such a hash has ${lengthOf(choice)}: it will not fit.`,
    })),
  ]
}

const inUseWords = (rows: number, looked: number) =>
  `${rows} of the newest ${looked} rows ${rows === 1 ? 'has' : 'have'} such a hash; the costs are those of the newest.`

/** With and without Flask-Security's HMAC: nothing in a hash shows it. */
function doubles(owner: Owner, choice: Pick<HashChoice, 'scheme'>): boolean[] {
  if (!mayBeDouble(choice)) return [false]
  if (owner.name === 'flask-security') return [true, false]
  return owner.user?.uniquifier ? [false, true] : [false]
}

function said(choice: HashChoice & { why: string }): Choice {
  const { isDouble, why } = choice
  const words = inWords(choice)
  if (!isDouble) return { ...choice, words }
  return {
    ...choice,
    words: `${words}, over an HMAC with SECURITY_PASSWORD_SALT`,
    why: `${why} Flask-Security hashes an HMAC of the password unless SECURITY_PASSWORD_SINGLE_HASH says otherwise; nothing in a hash shows it. The environment variable that holds the salt is needed.`,
  }
}
