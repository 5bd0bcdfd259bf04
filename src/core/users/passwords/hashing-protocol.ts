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
 * How a password is the one of a hash: as it was typed, with what is mixed in, as `clear` text, or none of these. `first-72`:
 * bcrypt has looked at no more of its bytes.
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
