// What core and the hashing worker say to each other: one request, one answer.
import type { HashChoice } from '../../../shared/passwords.ts'

/** A password as the application gets it. */
export interface Given {
  password: string
  /** What Flask-Security or web2py mixes in; null for nothing. */
  pepper: string | null
  /** As Flask-Security's forms do, the password is brought to NFKD. */
  isNormalised: boolean
}

export interface ToHash extends Given {
  choice: HashChoice
  count: number
}

/** Which of the readings of a digest that is written `sha1$salt$hex` the application has. */
export type DigestReading = 'pydal' | 'django' | 'any'

export interface ToVerify extends Given {
  hash: string
  reading: DigestReading
}

/**
 * How a password is the one of a hash: as the application gets it, with what is mixed in, in clear, or as it was typed and not as
 * Flask-Security's forms would give it on. `isCut` of a verdict: bcrypt has looked at its first 72 bytes alone.
 */
export type How = 'plain' | 'mixed' | 'clear' | 'not-normalised'

export type Verdict =
  { answer: 'matches'; how: How; isCut: boolean } | { answer: 'differs' } | { answer: 'cannot-tell'; why: string }

export interface Requests {
  hash: ToHash
  verify: ToVerify
}
export interface Answers {
  hash: string[]
  verify: Verdict
}
export type Kind = keyof Requests

export type Request = { [K in Kind]: { id: number; kind: K; body: Requests[K] } }[Kind]

/** `failed` says nothing of what was asked: an error of a library could quote it. */
export type Reply = { id: number; kind: 'done'; value: Answers[Kind] } | { id: number; kind: 'failed' }
