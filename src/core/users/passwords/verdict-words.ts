// The answer of checking a password, as a sentence for people.
import type { Owner } from '../../../shared/owners.ts'
import { isKnownToFlask } from '../../../shared/scheme-words.ts'
import type { Verdict } from './hashing-protocol.ts'
import { BCRYPT_BYTES } from './secret-of.ts'

export interface Answer {
  answer: 'matches' | 'differs' | 'cannot-tell'
  words: string
}

/** `variable`: the one that was named, or null. `isText`: the column holds some text. */
export function answerOf(verdict: Verdict, owner: Owner, scheme: string, variable: string | null): Answer {
  const isFlask = owner.name === 'flask-security'
  if (scheme === 'none')
    return { answer: 'differs', words: 'No password is stored (NULL): nobody can log in with one.' }
  if (scheme === 'empty')
    return {
      answer: 'differs',
      words: isFlask
        ? 'An empty text is stored, which Flask-Security takes for an empty password.'
        : 'An empty text is stored, and no hash.',
    }
  const beside = isFlask && !isKnownToFlask(scheme) && scheme !== 'unknown'
  const warning = beside
    ? ' Flask-Security does not know hashes of this form: it takes the stored text itself for the password.'
    : ''
  switch (verdict.answer) {
    case 'matches':
      return { answer: 'matches', words: `${howItMatches(verdict, scheme, variable)}${warning}` }
    case 'differs':
      return { answer: 'differs', words: `${differs(owner, scheme, variable)}${warning}` }
    case 'cannot-tell':
      // For Flask-Security a text that is no hash is the password, and it is another one.
      if (isFlask && scheme === 'unknown')
        return {
          answer: 'differs',
          words: 'It is not the password. What is stored is no hash: Flask-Security takes it for a password in clear.',
        }
      return { answer: 'cannot-tell', words: `It cannot be told. ${verdict.why}` }
  }
}

function howItMatches(
  { how, isCut }: Extract<Verdict, { answer: 'matches' }>,
  scheme: string,
  variable: string | null,
): string {
  if (how === 'clear')
    return 'It is the password, and it is stored in clear: whoever reads the table can log in with it.'
  const cut = isCut ? ` bcrypt has looked at its first ${BCRYPT_BYTES} bytes alone.` : ''
  if (how === 'mixed') return `It is the password: ${scheme} over an HMAC with ${variable ?? 'the salt'}.`
  const mixed = variable !== null && !/digest|^crypt-|^werkzeug|^django/.test(scheme)
  const alone = mixed ? `, without ${variable}: an application that mixes it in does not accept it` : ''
  if (how === 'not-normalised')
    return `It is the password as it was typed (${scheme}). Forms of Flask-Security bring it to another Unicode form (NFKD) first, and then it is not.${cut}`
  return `It is the password (${scheme}${alone}).${cut}`
}

function differs(owner: Owner, scheme: string, variable: string | null): string {
  if (scheme === 'django-unusable') return 'It is not the password: Django has locked this user, and no password is.'
  const mayBeMixed = variable === null && /^(argon2|bcrypt$|pbkdf2-|sha\d+-crypt|des-crypt)/.test(scheme)
  const hint =
    mayBeMixed && (owner.name === 'flask-security' || owner.user?.uniquifier)
      ? ' Flask-Security mixes SECURITY_PASSWORD_SALT in, unless told otherwise: name the environment variable that holds it.'
      : variable === null && scheme === 'crypt-digest'
        ? ' CRYPT may have mixed a key in: name the environment variable that holds it.'
        : ''
  return `It is not the password (${scheme}).${hint}`
}
